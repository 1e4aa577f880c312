// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/model/series_store.h"

#include <algorithm>
#include <limits>

namespace levee {
namespace {

constexpr std::int64_t kKeepMillis = 15 * 60 * 1'000;
constexpr std::int64_t kForgetEveryMillis = 60 * 1'000;

std::int64_t second(std::int64_t millis) {
    return millis / 1'000;
}

SeriesSample makeSample(const Traffic& traffic, std::int64_t millis) {
    return {millis,
            static_cast<float>(traffic.requestRate),
            static_cast<float>(traffic.errorRate),
            static_cast<float>(traffic.shedRate),
            static_cast<float>(traffic.p50),
            static_cast<float>(traffic.p95),
            static_cast<float>(traffic.p99)};
}

/// Edge::id() without putting it together.
bool isIdOf(const Edge& edge, std::string_view id) {
    return id.size() == edge.client.size() + 2 + edge.server.size() &&
           id.starts_with(edge.client) && id.substr(edge.client.size(), 2) == "->" &&
           id.ends_with(edge.server);
}

}  // namespace

void SeriesStore::record(const FleetView& fleet) {
    nodes_.resize(fleet.nodes.size());
    for (std::size_t i = 0; i < fleet.nodes.size(); ++i) {
        const Node& node = fleet.nodes[i].node;
        if (!nodes_[i] || nodes_[i]->first != node.name)
            nodes_[i] = &entryOf(node.name);
        put(nodes_[i]->second, node.traffic, fleet.millis);
    }
    edges_.resize(fleet.edges.size());
    for (std::size_t i = 0; i < fleet.edges.size(); ++i) {
        const Edge& edge = fleet.edges[i].edge;
        if (!edges_[i] || !isIdOf(edge, edges_[i]->first))
            edges_[i] = &entryOf(edge.id());
        put(edges_[i]->second, edge.traffic, fleet.millis);
    }
    forgetTheGone(fleet.millis);
}

SeriesStore::Entry& SeriesStore::entryOf(const std::string& subject) {
    const auto [found, isNew] = rings_.try_emplace(subject);
    if (isNew && fullRings_ < kFullRings) {
        found->second.capacity = kFullSamples;
        ++fullRings_;
    }
    return *found;
}

void SeriesStore::put(Ring& ring, const Traffic& traffic, std::int64_t millis) {
    if (!ring.samples.empty()) {
        SeriesSample& newest = ring.newest();
        if (second(newest.millis) == second(millis)) {
            newest = makeSample(traffic, millis);
            return;
        }
        // The agent's clock was set back: what lies in its future now would never leave the chart.
        if (newest.millis > millis) {
            ring.samples.clear();
            ring.oldest = 0;
        }
    }
    push(ring, makeSample(traffic, millis));
}

void SeriesStore::push(Ring& ring, const SeriesSample& sample) {
    if (ring.samples.size() < ring.capacity) {
        ring.samples.push_back(sample);
        return;
    }
    ring.samples[ring.oldest] = sample;
    ring.oldest = (ring.oldest + 1) % ring.samples.size();
}

std::vector<SeriesSample> SeriesStore::ordered(const Ring& ring) {
    std::vector<SeriesSample> result;
    result.reserve(ring.samples.size());
    for (std::size_t i = 0; i < ring.samples.size(); ++i)
        result.push_back(ring.at(i));
    return result;
}

void SeriesStore::widen(Ring& ring, std::vector<SeriesSample> ordered) {
    if (ordered.size() > kFullSamples)
        ordered.erase(ordered.begin(), ordered.end() - static_cast<std::ptrdiff_t>(kFullSamples));
    ring.samples = std::move(ordered);
    ring.oldest = 0;
    ring.capacity = kFullSamples;
}

void SeriesStore::watch(const std::string& subject) {
    Ring& ring = rings_[subject];
    if (ring.capacity < kFullSamples)
        widen(ring, ordered(ring));
}

void SeriesStore::backfill(const std::string& subject, const std::vector<SeriesPoint>& points) {
    Ring& ring = rings_[subject];
    const std::vector<SeriesSample> recorded = ordered(ring);
    const std::int64_t until =
        recorded.empty() ? std::numeric_limits<std::int64_t>::max() : recorded.front().millis;
    std::vector<SeriesSample> all;
    for (const SeriesPoint& point : points)
        if (second(point.millis) < second(until) &&
            (all.empty() || point.millis > all.back().millis))
            all.push_back(makeSample(point.traffic, point.millis));
    all.insert(all.end(), recorded.begin(), recorded.end());
    widen(ring, std::move(all));
}

std::vector<SeriesSample> SeriesStore::samples(const std::string& subject) const {
    const auto found = rings_.find(subject);
    return found == rings_.end() ? std::vector<SeriesSample>{} : ordered(found->second);
}

std::vector<double> SeriesStore::recentRates(const std::string& subject, std::size_t count,
                                             std::int64_t untilMillis) const {
    std::vector<double> rates(count, kUnknown);
    const auto found = rings_.find(subject);
    if (found == rings_.end())
        return rates;
    const Ring& ring = found->second;
    for (std::size_t i = ring.samples.size(); i-- > 0;) {
        const SeriesSample& sample = ring.at(i);
        const std::int64_t back = second(untilMillis) - second(sample.millis);
        if (back >= static_cast<std::int64_t>(count))
            break;
        if (back >= 0)
            rates[count - 1 - static_cast<std::size_t>(back)] =
                static_cast<double>(sample.requestRate);
    }
    return rates;
}

void SeriesStore::forgetTheGone(std::int64_t nowMillis) {
    if (nowMillis - forgotAtMillis_ < kForgetEveryMillis)
        return;
    forgotAtMillis_ = nowMillis;
    std::erase_if(rings_, [&](const auto& entry) {
        const Ring& ring = entry.second;
        const bool isGone = ring.samples.empty() ||
                            ring.at(ring.samples.size() - 1).millis < nowMillis - kKeepMillis;
        if (isGone && ring.capacity == kFullSamples && fullRings_ > 0)
            --fullRings_;
        return isGone;
    });
    nodes_.clear();
    edges_.clear();
}

}  // namespace levee
