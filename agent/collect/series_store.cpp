// SPDX-License-Identifier: Apache-2.0
#include "agent/collect/series_store.h"

#include <algorithm>
#include <cmath>

namespace levee {

std::optional<double> SeriesState::current() const {
    if (isStale || std::isnan(value))
        return std::nullopt;
    return value;
}

bool SeriesState::wasReset() const {
    return hasPrevious && value < previous;
}

std::optional<double> SeriesState::rate() const {
    if (isStale || !hasPrevious || !std::isfinite(value) || !std::isfinite(previous) ||
        at <= previousAt)
        return std::nullopt;
    const double increase = wasReset() ? value : value - previous;
    // A "counter" below zero is none.
    return increase < 0 ? std::nullopt
                        : std::optional<double>(increase / toSeconds(at - previousAt));
}

void SeriesStore::apply(const ScrapeResult& result) {
    TargetSeries& target = targets_[result.state.key];
    ++target.scrape;
    sweptThisScrape_ = false;
    for (const Sample& sample : result.kept)
        store(sample, result, target);
    endScrape(target, result);
    if (result.removed)
        targets_.erase(result.state.key);
}

void SeriesStore::store(const Sample& sample, const ScrapeResult& result, TargetSeries& target) {
    auto found = states_.find(sample.series);
    if (found == states_.end()) {
        if (states_.size() >= maxSeries_ && !makeRoom()) {
            ++refused_;
            return;
        }
        found = states_.emplace(sample.series, Stored{}).first;
        Stored& added = found->second;
        added.state.series = sample.series;
        added.target = result.state.key;
        auto& named = byName_[sample.series->name];
        added.place = named.size();
        named.push_back(&added);
        target.series.push_back(sample.series);
    }
    Stored& stored = found->second;
    // Another target's series, or a second line of the same series: the first one counts.
    if (stored.target != result.state.key || stored.scrape == target.scrape)
        return;
    SeriesState& state = stored.state;
    state.hasPrevious = stored.scrape != 0 && !state.isStale;
    state.previous = state.value;
    state.previousAt = state.at;
    state.value = sample.value;
    state.at = result.at;
    state.isStale = false;
    stored.scrape = target.scrape;
}

void SeriesStore::endScrape(TargetSeries& target, const ScrapeResult& result) {
    std::erase_if(target.series, [&](const std::shared_ptr<const Series>& series) {
        Stored& stored = states_.find(series)->second;
        if (stored.scrape == target.scrape)
            return false;
        stored.state.isStale = true;
        if (!result.removed && result.at - stored.state.at < kStaleKept)
            return false;
        forget(series);
        return true;
    });
}

/// Forgets every stale series; at most once a scrape, as it visits them all.
bool SeriesStore::makeRoom() {
    if (sweptThisScrape_)
        return false;
    sweptThisScrape_ = true;
    for (auto& [key, target] : targets_) {
        std::erase_if(target.series, [this](const std::shared_ptr<const Series>& series) {
            if (!states_.find(series)->second.state.isStale)
                return false;
            forget(series);
            return true;
        });
    }
    return states_.size() < maxSeries_;
}

void SeriesStore::forget(const std::shared_ptr<const Series>& series) {
    const auto found = states_.find(series);
    const auto named = byName_.find(series->name);
    std::vector<Stored*>& list = named->second;
    const std::size_t place = found->second.place;
    list[place] = list.back();
    list[place]->place = place;
    list.pop_back();
    if (list.empty())
        byName_.erase(named);
    states_.erase(found);
}

template <typename Visit>
void SeriesStore::visit(std::string_view name, std::span<const LabelMatcher> matchers,
                        Visit visitor) const {
    const auto named = byName_.find(name);
    if (named == byName_.end())
        return;
    for (const Stored* stored : named->second) {
        const Labels& labels = stored->state.series->labels;
        if (std::all_of(matchers.begin(), matchers.end(), [&](const LabelMatcher& matcher) {
                return labelValue(labels, matcher.name) == matcher.value;
            }))
            visitor(stored->state);
    }
}

std::vector<SeriesState> SeriesStore::select(std::string_view name,
                                             std::span<const LabelMatcher> matchers) const {
    std::vector<SeriesState> selected;
    visit(name, matchers, [&](const SeriesState& state) { selected.push_back(state); });
    return selected;
}

std::optional<double> SeriesStore::sum(std::string_view name,
                                       std::span<const LabelMatcher> matchers) const {
    std::optional<double> total;
    visit(name, matchers, [&](const SeriesState& state) {
        if (const auto value = state.current())
            total = total.value_or(0) + *value;
    });
    return total;
}

std::optional<double> SeriesStore::sumRate(std::string_view name,
                                           std::span<const LabelMatcher> matchers) const {
    std::optional<double> total;
    visit(name, matchers, [&](const SeriesState& state) {
        if (const auto rate = state.rate())
            total = total.value_or(0) + *rate;
    });
    return total;
}

}  // namespace levee
