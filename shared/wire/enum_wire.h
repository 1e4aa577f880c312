// SPDX-License-Identifier: Apache-2.0
// Private to shared/wire. Every enumeration stands on the wire one higher than in the model: 0 is
// "unspecified" there, as protobuf's style wants it.
#pragma once

namespace levee::wire {

template <typename Wire, typename Model>
Wire enumToWire(Model value) {
    return static_cast<Wire>(static_cast<int>(value) + 1);
}

/// `last` is the model's last enumerator; whatever lies outside becomes the first one.
template <typename Wire, typename Model>
Model enumFromWire(Wire value, Model last) {
    const int index = static_cast<int>(value) - 1;
    return index >= 0 && index <= static_cast<int>(last) ? static_cast<Model>(index) : Model{};
}

}  // namespace levee::wire
