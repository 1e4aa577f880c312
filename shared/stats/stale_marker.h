// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cstdint>

namespace levee::stats {

/// The NaN that Prometheus writes where a series ends: one bit pattern, told from every other NaN
/// by its bits alone. It means "no data from here on", never a value.
constexpr std::uint64_t kStaleMarkerBits = 0x7ff0000000000002ULL;

inline double staleMarker() {
    return std::bit_cast<double>(kStaleMarkerBits);
}
inline bool isStaleMarker(double value) {
    return std::bit_cast<std::uint64_t>(value) == kStaleMarkerBits;
}

}  // namespace levee::stats
