// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <limits>
#include <optional>

#include "shared/base/time.h"

namespace levee::stats {

/// An exponentially weighted average whose memory is measured in time, not in samples: a value's
/// weight falls to 1/e after `memory`. Unbiased from the first sample on (the weights are
/// normalised), so it needs no warm-up. Samples that come at the same instant share it equally.
/// Confined to one thread.
class DecayingAverage {
public:
    /// REQUIRES: memory > 0.
    explicit DecayingAverage(Duration memory) : memory_(toSeconds(memory)) {}

    /// A `now` before the last one counts as the last one. Values that are not finite are ignored.
    void add(double value, MonotonicTime now, double weight = 1) {
        if (!std::isfinite(value) || !(weight > 0)) {
            return;
        }
        const double age = last_ && now > *last_ ? toSeconds(now - *last_) : 0;
        const double keep = std::exp(-age / memory_);
        sum_ = sum_ * keep + value * weight;
        weight_ = weight_ * keep + weight;
        last_ = last_ && now < *last_ ? *last_ : now;
    }
    /// NaN before the first sample.
    double value() const {
        return weight_ > 0 ? sum_ / weight_ : std::numeric_limits<double>::quiet_NaN();
    }
    bool isEmpty() const { return !(weight_ > 0); }
    void clear() {
        sum_ = weight_ = 0;
        last_.reset();
    }

private:
    double memory_;
    double sum_ = 0;
    double weight_ = 0;
    std::optional<MonotonicTime> last_;
};

}  // namespace levee::stats
