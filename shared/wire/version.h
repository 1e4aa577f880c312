// SPDX-License-Identifier: Apache-2.0
// The handshake: both sides say which protocol they speak (Hello), and a client refuses an agent
// that it cannot understand. A field is only ever added; the number counts up when the meaning of
// one changes.
#pragma once

#include <cstdint>

namespace levee::wire {

constexpr std::int32_t kProtocol = 1;
/// The oldest protocol that this build still understands from the other side.
constexpr std::int32_t kOldestProtocol = 1;

/// True when two sides that speak [oldest, newest] each have a version in common.
constexpr bool isCompatible(std::int32_t theirOldest, std::int32_t theirNewest) {
    return theirNewest >= kOldestProtocol && theirOldest <= kProtocol;
}

}  // namespace levee::wire
