// SPDX-License-Identifier: Apache-2.0
#include "agent/forward/sent_series.h"

#include <unordered_set>

namespace levee::forward {
namespace {

using SeriesPointer = std::shared_ptr<const Series>;

struct Hash {
    std::size_t operator()(const Series* series) const { return series->hash; }
};
struct Equal {
    bool operator()(const Series* a, const Series* b) const { return a == b || *a == *b; }
};

/// Those of `before` that are not in `now`. The same series in the same order, which is the rule,
/// costs a comparison of pointers each.
std::vector<SeriesPointer> ended(const std::vector<SeriesPointer>& before,
                                 const std::vector<SeriesPointer>& now) {
    if (before == now)
        return {};
    std::unordered_set<const Series*, Hash, Equal> present;
    for (const SeriesPointer& series : now)
        present.insert(series.get());
    std::vector<SeriesPointer> gone;
    for (const SeriesPointer& series : before) {
        if (present.find(series.get()) == present.end())
            gone.push_back(series);
    }
    return gone;
}

}  // namespace

std::vector<TimedSample> SentSeries::take(const ScrapeResult& result, WallTime now) {
    // The time of a scrape is that of its beginning.
    const std::int64_t millis =
        toUnixMillis(result.removed ? now : result.state.scrapedAt - result.state.duration);
    std::vector<TimedSample> samples;
    samples.reserve(result.kept.size());
    SeriesList present;
    present.reserve(result.kept.size());
    for (const Sample& sample : result.kept) {
        samples.push_back({sample.series, sample.value, sample.timestampMillis.value_or(millis)});
        if (!sample.timestampMillis)
            present.push_back(sample.series);
    }
    SeriesList& before = targets_[result.state.key];
    for (SeriesPointer& series : ended(before, present))
        samples.push_back({std::move(series), staleMarker(), millis});
    if (result.removed)
        targets_.erase(result.state.key);
    else
        before = std::move(present);
    return samples;
}

}  // namespace levee::forward
