// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "agent/collect/target.h"
#include "agent/forward/write_request.h"

namespace levee::forward {

/// From scrapes to the samples that are sent: each with its time, and a stale marker for every
/// series that the scrape before had and this one has not (after a failed scrape: for all of them).
/// Samples with times of their target's own are sent with these, and their series never end, as in
/// Prometheus. Confined to one thread.
class SentSeries {
public:
    /// `now` is used where the result has no time of its own: for a target that was removed.
    std::vector<TimedSample> take(const ScrapeResult& result, WallTime now);

private:
    using SeriesList = std::vector<std::shared_ptr<const Series>>;
    std::map<std::string, SeriesList> targets_;  ///< of the last scrape, by TargetStatus::key
};

}  // namespace levee::forward
