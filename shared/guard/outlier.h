// SPDX-License-Identifier: Apache-2.0
// Which instances of a group are worse than the others, in one window. Worse has to be sure, not
// seen: Wilson's bound (99 %) on the share of good, or of slow, calls has to be beyond the limit.
// One failure in three calls proves nothing. Pure functions; any thread.
//
// - Failing: the share of good calls lies below the others' mean by `deviations` of their standard
//   deviations, and by five points at least, and below what the others' own calls can prove.
// - Slow: more than half of the good calls took `latencyFactor` times the others' median, and 5 ms
//   longer at least.
//
// "mean - k * stdev" is Envoy's outlier detection; there the instance itself is part of both. Then
// none of n can lie more than sqrt(n - 1) deviations below, so that k = 1.9 needs five instances
// and a total failure of one. Against the others alone two instances are enough, and the five
// points keep others that are all alike from making a difference of one call an outlier. What
// remains: two bad ones among few hide each other; their failures in a row do not.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "shared/guard/decision.h"
#include "shared/model/guard_settings.h"
#include "shared/stats/histogram.h"

namespace levee {

/// What one instance did in a window. A value.
struct InstanceWindow {
    std::uint64_t calls = 0;
    std::uint64_t failures = 0;
    stats::Histogram latency;  ///< of good calls, seconds

    double goodShare() const;  ///< kUnknown without calls
    double median() const;     ///< of good calls, seconds; kUnknown without them
};

/// One that is worse than the others. A value.
struct Outlier {
    std::size_t index = 0;  ///< into the group
    double badness = 0;     ///< the higher, the worse; comparable within one answer
    std::string text;       ///< "52.1 % of 96 calls were good (the others: 99.8 %)"
    Decision why;
};

/// Worst first. Those with fewer than `minimumCalls` (good calls, for slow) are neither judged nor
/// compared with; below two of them there is no answer.
std::vector<Outlier> failingOutliers(const std::vector<const InstanceWindow*>& group,
                                     const EjectionSettings& settings);
std::vector<Outlier> slowOutliers(const std::vector<const InstanceWindow*>& group,
                                  const EjectionSettings& settings);

}  // namespace levee
