// SPDX-License-Identifier: Apache-2.0
#include "agent/collect/sample_history.h"

#include <algorithm>

#include "shared/stats/stale_marker.h"

namespace levee {
namespace {

using promql::Millis;

constexpr std::size_t kFirstCapacity = 8;
constexpr Millis kSweepEvery = 60'000;
constexpr const char* kOrphans = "";

/// What a series costs besides its samples: its names, its nodes and pointers, estimated.
std::size_t overheadOf(const Series& series) {
    std::size_t bytes = 256 + series.name.size();
    for (const Label& label : series.labels)
        bytes += sizeof(Label) + label.name.size() + label.value.size();
    return bytes;
}

std::size_t bytesOf(std::size_t capacity) {
    return capacity * sizeof(promql::Sample);
}

}  // namespace

bool SampleHistory::Kept::isStale() const {
    return ring.size() == 0 || stats::isStaleMarker(ring.newest().value);
}

void SampleHistory::configure(SampleHistorySettings settings) {
    settings_ = std::move(settings);
    for (auto& [series, kept] : kept_)
        kept->reach = reachOf(*series);
}

Millis SampleHistory::reachOf(const Series& series) const {
    Millis reach = settings_.kept;
    for (const promql::NeededSeries& needed : settings_.needed) {
        if (needed.reach > reach && matchAll(needed.matchers, series))
            reach = needed.reach;
    }
    return reach;
}

void SampleHistory::apply(const ScrapeResult& result, Millis at) {
    if (at - sweptAt_ >= kSweepEvery)
        sweep(at);
    TargetSeries& target = targets_[result.state.key];
    ++target.scrape;
    for (const Sample& sample : result.kept)
        store(sample, result, at, target);
    endScrape(target, at);
    if (result.removed) {
        for (Kept* kept : target.series)
            kept->target = kOrphans;
        std::vector<Kept*>& orphans = targets_[kOrphans].series;
        orphans.insert(orphans.end(), target.series.begin(), target.series.end());
        targets_.erase(result.state.key);
    }
}

void SampleHistory::store(const Sample& sample, const ScrapeResult& result, Millis at,
                          TargetSeries& target) {
    const auto found = kept_.find(sample.series);
    const bool isNew = found == kept_.end();
    Kept* kept = isNew ? add(sample.series, result.state.key) : found->second.get();
    if (kept == nullptr)
        return;
    if (kept->target != result.state.key) {
        // Another target's series: its own as long as it lives.
        if (!kept->isStale())
            return;
        std::erase(targets_[kept->target].series, kept);
        kept->target = result.state.key;
        kept->scrape = 0;
        target.series.push_back(kept);
    } else if (isNew) {
        target.series.push_back(kept);
    }
    if (kept->scrape == target.scrape)  // a second line of the same series: the first one counts
        return;
    kept->scrape = target.scrape;
    push(*kept, {at, sample.value});
}

SampleHistory::Kept* SampleHistory::add(const std::shared_ptr<const Series>& series,
                                        const std::string& target) {
    const std::size_t bytes = overheadOf(*series) + bytesOf(kFirstCapacity);
    if (counters_.bytes + bytes > settings_.bytes) {
        ++counters_.seriesRefused;
        return nullptr;
    }
    counters_.bytes += bytes;
    auto kept = std::make_unique<Kept>();
    kept->series = series;
    kept->target = target;
    kept->reach = reachOf(*series);
    kept->ring.resize(kFirstCapacity);
    Kept* const added = kept.get();
    kept_.emplace(series, std::move(kept));
    byName_[series->name].push_back(added);
    return added;
}

void SampleHistory::push(Kept& kept, promql::Sample sample) {
    SampleRing& ring = kept.ring;
    if (ring.size() > 0 && sample.at <= ring.newest().at)
        return;
    ring.dropBefore(sample.at - kept.reach);
    if (ring.isFull())
        makeRoom(kept);
    ring.push(sample);
}

/// Grows to what the reach needs at the series' own pace, at most twofold.
void SampleHistory::makeRoom(Kept& kept) {
    SampleRing& ring = kept.ring;
    const Millis interval =
        std::max<Millis>(1, (ring.newest().at - ring[0].at) / static_cast<Millis>(ring.size() - 1));
    const auto needed = static_cast<std::size_t>(kept.reach / interval) + 2;
    const std::size_t capacity =
        std::min(2 * ring.capacity(), std::max(needed, ring.capacity() + 1));
    const std::size_t more = bytesOf(capacity - ring.capacity());
    if (counters_.bytes + more > settings_.bytes) {
        ++counters_.samplesShortened;
        return;
    }
    counters_.bytes += more;
    ring.resize(capacity);
}

void SampleHistory::endScrape(TargetSeries& target, Millis at) {
    for (Kept* kept : target.series) {
        if (kept->scrape != target.scrape && !kept->isStale())
            push(*kept, {at, stats::staleMarker()});
    }
}

/// Forgets the series whose newest sample is too old.
void SampleHistory::sweep(Millis at) {
    sweptAt_ = at;
    for (auto& [key, target] : targets_) {
        std::erase_if(target.series, [&](Kept* kept) {
            kept->ring.dropBefore(at - kept->reach);
            if (kept->ring.size() > 0)
                return false;
            forget(kept);
            return true;
        });
    }
}

void SampleHistory::forget(Kept* kept) {
    counters_.bytes -= overheadOf(*kept->series) + bytesOf(kept->ring.capacity());
    const auto named = byName_.find(kept->series->name);
    std::erase(named->second, kept);
    if (named->second.empty())
        byName_.erase(named);
    kept_.erase(kept_.find(kept->series));
}

void SampleHistory::select(std::span<const promql::Matcher> matchers, Millis from, Millis to,
                           Depth depth, const Take& take) const {
    std::vector<promql::Sample> window;
    const auto hand = [&](const Kept& kept) {
        const SampleRing& ring = kept.ring;
        const std::size_t end = ring.firstFrom(to + 1);
        std::size_t begin = ring.firstFrom(from);
        if (begin >= end || !matchAll(matchers, *kept.series))
            return true;
        if (depth == Depth::Newest)
            begin = end - 1;
        window.clear();
        for (std::size_t i = begin; i < end; ++i)
            window.push_back(ring[i]);
        return take(promqlLabels(*kept.series), window);
    };
    const std::string_view name = promql::exactName(matchers);
    if (!name.empty()) {
        const auto named = byName_.find(name);
        if (named != byName_.end())
            (void)std::all_of(named->second.begin(), named->second.end(),
                              [&](const Kept* kept) { return hand(*kept); });
        return;
    }
    (void)std::all_of(kept_.begin(), kept_.end(),
                      [&](const auto& item) { return hand(*item.second); });
}

SampleHistoryCounters SampleHistory::counters() const {
    SampleHistoryCounters counters = counters_;
    counters.series = kept_.size();
    return counters;
}

}  // namespace levee
