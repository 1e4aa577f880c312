// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <memory>
#include <string>

#include "agent/collect/scrape_reader.h"
#include "agent/collect/target.h"
#include "shared/base/time.h"

namespace levee {

/// One target's schedule, state and known series. Confined to the loop thread.
class ScrapeLoop {
public:
    explicit ScrapeLoop(Target target);

    const Target& target() const { return target_; }
    const TargetStatus& state() const { return state_; }
    SeriesCache& cache() { return cache_; }

    /// Takes over new timing and limits for the same target. Only between scrapes.
    void update(Target target);

    /// The first due time after `now`: a fixed place in each interval, so that targets spread.
    MonotonicTime firstDue(MonotonicTime now) const;
    /// The due time after `due`; `skipped` grows by the intervals that passed without a scrape.
    MonotonicTime nextDue(MonotonicTime due, MonotonicTime now, std::uint64_t& skipped) const;

    /// Notes the outcome and makes the result to hand over. `bodyBytes` is after decompression.
    ScrapeResult finish(ReadOutcome outcome, std::uint64_t bodyBytes, MonotonicTime began,
                        MonotonicTime now, WallTime wall);
    /// What to hand over when the target leaves the configuration.
    ScrapeResult removal(MonotonicTime now) const;

private:
    void addSynthetic(ScrapeResult& result) const;

    Target target_;
    TargetStatus state_;
    SeriesCache cache_;
    std::array<std::shared_ptr<const Series>, 4> synthetic_;
};

}  // namespace levee
