// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>

#include "shared/base/time.h"

namespace levee::stats {

/// One sample of a cumulative counter, or of a gauge.
struct CounterReading {
    MonotonicTime at;
    double value = 0;
};

/// How a difference is stretched to the edges of its window.
enum class Extrapolation {
    /// Resets are added back; to the left never past the point where the counter was zero, which is
    /// looked at after the 1.1 mean intervals. Prometheus since release 3.
    Counter,
    /// The same, but cut at zero before the 1.1 intervals are looked at, and so stretched by up to
    /// 1.1 instead of 0.5. Prometheus before release 3.
    CounterPrometheus2,
    /// No resets, no zero: PromQL's delta().
    Gauge,
};

/// PromQL's increase() and delta(): the difference between the first and the last reading,
/// stretched to the edges of the window [end - range, end]: to the edge where the nearest reading
/// is closer than 1.1 mean intervals, else by half an interval. Formula: Prometheus,
/// promql/functions.go extrapolatedRate.
///
/// None with fewer than two readings. Start timestamps (`_created`) are not taken into account.
/// REQUIRES: times ascending and inside the window, range > 0.
std::optional<double> extrapolatedDelta(std::span<const CounterReading> readings, MonotonicTime end,
                                        Duration range, Extrapolation how = Extrapolation::Counter);

/// PromQL's rate(), for rules and panels that shall show what Prometheus shows; control decisions
/// use CounterRate (rate.h), which guesses nothing. Per second: the delta over the range.
std::optional<double> extrapolatedRate(std::span<const CounterReading> readings, MonotonicTime end,
                                       Duration range, Extrapolation how = Extrapolation::Counter);

}  // namespace levee::stats
