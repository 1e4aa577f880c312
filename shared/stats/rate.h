// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <optional>

#include "shared/base/time.h"

namespace levee::stats {

/// What a counter did between two readings.
struct CounterStep {
    double delta = 0;      ///< increase, not negative
    double perSecond = 0;  ///< delta / elapsed
    Duration elapsed = Duration::zero();
    /// The counter started again in between. The delta is then what it has counted since: a lower
    /// bound. Averages formed from two counters (sum and count) must drop such a step.
    bool wasReset = false;
};

/// The rate of a cumulative counter for control decisions: exactly delta / elapsed between our own
/// readings, without the extrapolation to window edges that PromQL's rate() does. Take rates
/// before sums: a sum of counters hides a reset of one of them. A reset that the counter outgrows
/// between two readings cannot be seen. Confined to one thread.
class CounterRate {
public:
    /// The step since the previous reading; none for the first one, for a reading that is negative
    /// or not finite, or one that is not later than the previous (such readings are ignored).
    std::optional<CounterStep> observe(double value, MonotonicTime now) {
        if (!std::isfinite(value) || value < 0 || (last_ && now <= last_->at)) {
            return std::nullopt;
        }
        const std::optional<Reading> previous = last_;
        last_ = Reading{value, now};
        if (!previous) {
            return std::nullopt;
        }
        CounterStep step;
        step.wasReset = value < previous->value;
        step.delta = step.wasReset ? value : value - previous->value;
        step.elapsed = now - previous->at;
        step.perSecond = step.delta / toSeconds(step.elapsed);
        return step;
    }
    /// The next reading starts anew: after a gap in which the target was away.
    void clear() { last_.reset(); }

private:
    struct Reading {
        double value;
        MonotonicTime at;
    };
    std::optional<Reading> last_;
};

}  // namespace levee::stats
