// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <span>

#include "rules/promql/expression.h"

namespace levee::promql {

/// A value at a time. A stale marker (shared/stats/stale_marker.h) ends the series.
struct Sample {
    Millis at = 0;
    double value = 0;
};

/// Where the evaluator gets its series from. Confined to the thread that evaluates.
class SeriesSource {
public:
    enum class Depth { Newest, All };
    /// One series: its labels, and its samples oldest first. Answers false to stop.
    using Take = std::function<bool(Labels&&, std::span<const Sample>)>;

    virtual ~SeriesSource() = default;
    /// Hands over every series that passes all matchers and has samples in [from, to], in any
    /// order: those samples, or the newest of them only. Stale markers are samples.
    virtual void select(std::span<const Matcher> matchers, Millis from, Millis to, Depth depth,
                        const Take& take) const = 0;
};

}  // namespace levee::promql
