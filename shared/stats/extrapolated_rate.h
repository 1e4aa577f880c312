// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>

#include "shared/base/time.h"

namespace levee::stats {

/// One sample of a cumulative counter.
struct CounterReading {
    MonotonicTime at;
    double value = 0;
};

/// PromQL's rate(), for rules and panels that shall show what Prometheus shows; control decisions
/// use CounterRate (rate.h), which guesses nothing. Per second. The increase between the first and
/// the last reading, resets added back, is stretched to the edges of the window (end - range, end]:
/// to the edge where the nearest reading is closer than 1.1 mean intervals, else by half an
/// interval, and to the left never past the point where the counter was zero. Formula: Prometheus,
/// promql/functions.go extrapolatedRate. Releases before 3 differ in one case: they cut at zero
/// before they look at the 1.1 intervals, and so stretch by up to 1.1 instead of 0.5.
///
/// None with fewer than two readings. Start timestamps (`_created`) are not taken into account.
/// REQUIRES: times ascending and inside the window, range > 0.
std::optional<double> extrapolatedRate(std::span<const CounterReading> readings, MonotonicTime end,
                                       Duration range);

}  // namespace levee::stats
