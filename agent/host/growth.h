// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>

#include "shared/model/topology.h"

namespace levee::host {

/// By how much a counter grew each second. Unknown without a time, and for a counter that ran
/// backwards: it began anew.
inline double rateOf(std::uint64_t now, std::uint64_t before, double seconds) {
    return seconds > 0 && now >= before ? static_cast<double>(now - before) / seconds : kUnknown;
}

/// The share of the time that a counter of time grew by, at most 1.
inline double shareOf(std::uint64_t now, std::uint64_t before, double seconds,
                      double unitsPerSecond) {
    return std::min(rateOf(now, before, seconds) / unitsPerSecond, 1.0);
}

}  // namespace levee::host
