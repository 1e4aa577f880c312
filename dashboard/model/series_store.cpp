// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/model/series_store.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

namespace levee {
namespace {

constexpr std::uint32_t kKeepSeconds = 15 * 60;
constexpr std::int64_t kForgetEveryMillis = 60 * 1'000;

constexpr int kDroppedBits = 15;

std::uint32_t secondOf(std::int64_t millis) {
    return static_cast<std::uint32_t>(millis / 1'000);
}

/// Edge::id() without putting it together.
bool isIdOf(const Edge& edge, std::string_view id) {
    return id.size() == edge.client.size() + 2 + edge.server.size() &&
           id.starts_with(edge.client) && id.substr(edge.client.size(), 2) == "->" &&
           id.ends_with(edge.server);
}

}  // namespace

SeriesStore::Half::Half(double value) {
    const auto bits = std::bit_cast<std::uint32_t>(static_cast<float>(std::max(value, 0.0)));
    constexpr std::uint32_t kHalfway = 1U << (kDroppedBits - 1);
    // A NaN is left as it is: rounding could make an infinity or a zero of it.
    bits_ =
        static_cast<std::uint16_t>((std::isnan(value) ? bits : bits + kHalfway) >> kDroppedBits);
}

SeriesStore::Half::operator float() const {
    return std::bit_cast<float>(static_cast<std::uint32_t>(bits_) << kDroppedBits);
}

SeriesStore::Second SeriesStore::makeSecond(const Traffic& traffic, std::int64_t millis) {
    return {secondOf(millis),       Half(traffic.requestRate), Half(traffic.errorRate),
            Half(traffic.shedRate), Half(traffic.p50),         Half(traffic.p95),
            Half(traffic.p99)};
}

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
    const Second made = makeSecond(traffic, millis);
    if (!ring.seconds.empty()) {
        Second& newest = ring.newest();
        if (newest.second == made.second) {
            newest = made;
            return;
        }
        // The agent's clock was set back: what lies in its future now would never leave the chart.
        if (newest.second > made.second) {
            ring.seconds.clear();
            ring.oldest = 0;
        }
    }
    push(ring, made);
}

void SeriesStore::push(Ring& ring, const Second& second) {
    std::vector<Second>& seconds = ring.seconds;
    if (seconds.size() < ring.capacity) {
        if (seconds.size() == seconds.capacity())
            seconds.reserve(std::min(ring.capacity, 2 * seconds.size() + 4));
        seconds.push_back(second);
        return;
    }
    seconds[ring.oldest] = second;
    if (++ring.oldest == seconds.size())
        ring.oldest = 0;
}

std::vector<SeriesStore::Second> SeriesStore::ordered(const Ring& ring) {
    std::vector<Second> result;
    result.reserve(ring.seconds.size());
    for (std::size_t i = 0; i < ring.seconds.size(); ++i)
        result.push_back(ring.at(i));
    return result;
}

void SeriesStore::widen(Ring& ring, std::vector<Second> ordered) {
    if (ordered.size() > kFullSamples)
        ordered.erase(ordered.begin(), ordered.end() - static_cast<std::ptrdiff_t>(kFullSamples));
    ring.seconds = std::move(ordered);
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
    const std::vector<Second> recorded = ordered(ring);
    const std::uint32_t until =
        recorded.empty() ? std::numeric_limits<std::uint32_t>::max() : recorded.front().second;
    std::vector<Second> all;
    for (const SeriesPoint& point : points) {
        const Second made = makeSecond(point.traffic, point.millis);
        if (made.second < until && (all.empty() || made.second > all.back().second))
            all.push_back(made);
    }
    all.insert(all.end(), recorded.begin(), recorded.end());
    widen(ring, std::move(all));
}

std::vector<SeriesSample> SeriesStore::samples(const std::string& subject) const {
    std::vector<SeriesSample> result;
    const auto found = rings_.find(subject);
    if (found == rings_.end())
        return result;
    const Ring& ring = found->second;
    result.reserve(ring.seconds.size());
    for (std::size_t i = 0; i < ring.seconds.size(); ++i) {
        const Second& s = ring.at(i);
        result.push_back({s.second * std::int64_t{1'000}, float(s.requestRate), float(s.errorRate),
                          float(s.shedRate), float(s.p50), float(s.p95), float(s.p99)});
    }
    return result;
}

std::vector<double> SeriesStore::recentRates(const std::string& subject, std::size_t count,
                                             std::int64_t untilMillis) const {
    std::vector<double> rates(count, kUnknown);
    const auto found = rings_.find(subject);
    if (found == rings_.end())
        return rates;
    const Ring& ring = found->second;
    for (std::size_t i = ring.seconds.size(); i-- > 0;) {
        const Second& sample = ring.at(i);
        const std::int64_t back = std::int64_t{secondOf(untilMillis)} - sample.second;
        if (back >= static_cast<std::int64_t>(count))
            break;
        if (back >= 0)
            rates[count - 1 - static_cast<std::size_t>(back)] =
                static_cast<double>(float(sample.requestRate));
    }
    return rates;
}

void SeriesStore::forgetTheGone(std::int64_t nowMillis) {
    if (nowMillis - forgotAtMillis_ < kForgetEveryMillis)
        return;
    forgotAtMillis_ = nowMillis;
    const std::size_t gone = std::erase_if(rings_, [&](const auto& entry) {
        const Ring& ring = entry.second;
        const bool isGone =
            ring.seconds.empty() ||
            ring.at(ring.seconds.size() - 1).second + kKeepSeconds < secondOf(nowMillis);
        if (isGone && ring.capacity == kFullSamples && fullRings_ > 0)
            --fullRings_;
        return isGone;
    });
    if (gone == 0)
        return;
    nodes_.clear();
    edges_.clear();
}

}  // namespace levee
