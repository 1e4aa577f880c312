// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <mutex>

#include "agent/collect/sample_history.h"
#include "rules/promql/evaluator.h"
#include "shared/base/time.h"

namespace levee {

/// The sample history of the running agent: the collector writes, whoever has an expression
/// evaluates. An evaluation is bounded by its limits and holds up the collector and other
/// evaluations for as long as it runs; so the control thread, which never waits, must not call
/// evaluate(). Its time runs with the monotonic clock from the wall clock of the start, so that a
/// clock that is set moves no sample. Thread-safe.
class LiveHistory {
public:
    LiveHistory(const TimeSource& time, SampleHistorySettings settings);

    void configure(SampleHistorySettings settings);
    void apply(const ScrapeResult& result);

    struct Answer {
        promql::Millis at = 0;
        promql::Value value;
    };
    /// At the present time.
    Result<Answer> evaluate(const promql::Expression& expression) const;
    /// Lets `use` read the series, at the present time, with the bounds and at the costs of
    /// evaluate().
    void read(const std::function<void(const promql::SeriesSource& series, promql::Millis now)>&
                  use) const;
    SampleHistoryCounters counters() const;

private:
    promql::Millis millis(MonotonicTime at) const;

    const TimeSource& time_;
    const Duration offset_;  ///< from monotonic to wall time
    mutable std::mutex mutex_;
    SampleHistory history_;  // guarded by mutex_
};

}  // namespace levee
