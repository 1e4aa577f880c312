// SPDX-License-Identifier: Apache-2.0
#include "agent/control/latency_ledger.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

#include "shared/stats/histogram.h"

namespace levee {
namespace {

constexpr int kScale = 1;         // two buckets an octave
constexpr int kFirstIndex = -28;  // of bucket 0 at that scale
constexpr std::size_t kUnknownFacet = 0;
constexpr std::size_t kFacetWeight = 16;

std::size_t bucketOf(double seconds) {
    if (!(seconds > 0))
        return 0;
    const int index = stats::Histogram::indexOf(std::min(seconds, 1e9), kScale);
    return static_cast<std::size_t>(std::clamp(index - kFirstIndex, 0, kLatencyBuckets - 1));
}

bool isEdgeOf(const std::string& edge, const std::string& service) {
    const std::size_t arrow = edge.find("->");
    return arrow != std::string::npos && (edge.compare(0, arrow, service) == 0 ||
                                          edge.compare(arrow + 2, std::string::npos, service) == 0);
}

}  // namespace

class LatencyLedger::Subject {
public:
    using Buckets = std::array<std::uint32_t, kLatencyBuckets>;

    // The control thread's. Facets stay from slice to slice, so that slices share their table.
    std::vector<LatencyFacet> facets{{.isUnknown = true}};
    std::vector<Buckets> counts{Buckets{}};  ///< of the slice that is being filled, by facet
    std::unordered_map<std::uint64_t, std::size_t> keys;
    bool isOpen = false;  ///< something was counted in it
    // Under the ledger's lock.
    std::deque<Slice> closed;
    std::shared_ptr<const std::vector<LatencyFacet>> table;  ///< of the newest closed slice

    bool isIdle() const { return !isOpen && closed.empty(); }
    void startAnew() {
        facets.resize(1);
        counts.assign(1, Buckets{});
        keys.clear();
        isOpen = false;
    }
};

LatencyLedger::LatencyLedger(LatencyLimits limits) : limits_(limits) {}
LatencyLedger::~LatencyLedger() = default;

LatencyLedger::Subject* LatencyLedger::find(Subjects& subjects, const std::string& name,
                                            std::uint64_t requests) {
    const auto found = subjects.find(name);
    if (found != subjects.end())
        return found->second.get();
    const std::lock_guard lock(mutex_);
    if (subjects.size() >= limits_.subjects) {
        // One that nobody asks for any more makes room.
        const auto idle =
            std::ranges::find_if(subjects, [](const auto& each) { return each.second->isIdle(); });
        if (idle == subjects.end()) {
            counters_.subjectsFull += requests;
            return nullptr;
        }
        subjects.erase(idle);
    }
    return subjects.emplace(name, std::make_unique<Subject>()).first->second.get();
}

LatencyLedger::Subject* LatencyLedger::subject(const std::string& name) {
    return find(listeners_, name, 1);
}

void LatencyLedger::count(Subject& subject, std::size_t facet, double seconds,
                          std::uint64_t count) {
    subject.isOpen = true;
    std::uint32_t& cell = subject.counts[facet][bucketOf(seconds)];
    const std::uint64_t sum = cell + count;
    cell = static_cast<std::uint32_t>(
        std::min<std::uint64_t>(sum, std::numeric_limits<std::uint32_t>::max()));
}

void LatencyLedger::add(Subject& subject, std::uint64_t key, double seconds, std::uint64_t requests,
                        const std::function<LatencyFacet()>& facet) {
    const auto known = subject.keys.find(key);
    if (known != subject.keys.end()) {
        count(subject, known->second, seconds, requests);
        return;
    }
    LatencyFacet told = facet();
    const auto same = std::ranges::find(subject.facets, told);
    const auto place = static_cast<std::size_t>(same - subject.facets.begin());
    if (same == subject.facets.end()) {
        if (subject.facets.size() > limits_.facets) {
            count(subject, kUnknownFacet, seconds, requests);
            const std::lock_guard lock(mutex_);
            counters_.facetsFull += requests;
            return;
        }
        subject.facets.push_back(std::move(told));
        subject.counts.emplace_back();
    }
    subject.keys.emplace(key, place);
    count(subject, place, seconds, requests);
}

void LatencyLedger::addTraces(const ingest::TraceWindow& window) {
    const auto add = [this](const std::string& name, const stats::Histogram& latency) {
        if (latency.isEmpty())
            return;
        Subject* subject = find(traced_, name, latency.count());
        if (subject == nullptr)
            return;
        latency.forEachBucket([&](double low, double high, std::uint64_t n) {
            // The buckets of a finer scale lie in one of ours as a whole: so does their middle.
            count(*subject, kUnknownFacet, std::sqrt(low * high), n);
        });
        if (latency.zeroCount() > 0)
            count(*subject, kUnknownFacet, 0, latency.zeroCount());
    };
    for (const ingest::ServiceWindow& service : window.services)
        add(service.service, service.latency);
    for (const ingest::EdgeWindow& edge : window.edges)
        add(edge.client + "->" + edge.server,
            edge.clientLatency.isEmpty() ? edge.serverLatency : edge.clientLatency);
}

void LatencyLedger::forgetKeys() {
    for (Subjects* subjects : {&listeners_, &traced_})
        for (const auto& [name, subject] : *subjects)
            subject->keys.clear();
}

void LatencyLedger::closeSlices(std::int64_t wallMillis) {
    const std::int64_t number = wallMillis / limits_.sliceMillis;
    if (number == open_ || number == open_ - 1)
        return;
    const std::lock_guard lock(mutex_);
    if (number < open_)
        clear();
    if (number < open_ || open_ == 0)
        keptFrom_ = number * limits_.sliceMillis;
    if (open_ != 0 && number > open_) {
        for (Subjects* subjects : {&listeners_, &traced_})
            for (const auto& [name, subject] : *subjects)
                close(*subject);
    }
    open_ = number;
    closedUntil_ = number * limits_.sliceMillis;
    const std::int64_t oldest =
        (number - static_cast<std::int64_t>(limits_.slices)) * limits_.sliceMillis;
    keptFrom_ = std::max(keptFrom_, oldest);
    while (!order_.empty() && order_.front()->closed.front().millis < oldest)
        dropOldest(false);
    while (counters_.cells > limits_.cells)
        dropOldest(true);
}

void LatencyLedger::close(Subject& subject) {
    if (!std::exchange(subject.isOpen, false))
        return;
    std::vector<LatencyCell> cells;
    for (std::size_t bucket = 0; bucket < kLatencyBuckets; ++bucket)
        for (std::size_t facet = 0; facet < subject.facets.size(); ++facet)
            if (const std::uint32_t n = std::exchange(subject.counts[facet][bucket], 0); n > 0)
                cells.push_back(
                    {static_cast<std::uint8_t>(bucket), static_cast<std::uint8_t>(facet), n});
    cells.shrink_to_fit();
    Slice slice;
    slice.millis = open_ * limits_.sliceMillis;
    slice.weight = cells.size();
    slice.cells = std::make_shared<const std::vector<LatencyCell>>(std::move(cells));
    if (subject.table == nullptr || *subject.table != subject.facets) {
        subject.table = std::make_shared<const std::vector<LatencyFacet>>(subject.facets);
        slice.weight += kFacetWeight * subject.facets.size();
    }
    slice.facets = subject.table;
    counters_.cells += slice.weight;
    subject.closed.push_back(std::move(slice));
    order_.push_back(&subject);
    if (subject.facets.size() > limits_.facets)
        subject.startAnew();  // what is in it may be long gone
}

void LatencyLedger::dropOldest(bool isEarly) {
    Subject& subject = *order_.front();
    order_.pop_front();
    const std::int64_t millis = subject.closed.front().millis;
    counters_.cells -= subject.closed.front().weight;
    subject.closed.pop_front();
    if (subject.closed.empty())
        subject.table.reset();
    if (isEarly) {
        keptFrom_ = std::max(keptFrom_, millis + limits_.sliceMillis);
        ++counters_.slicesEvicted;
    }
}

void LatencyLedger::clear() {
    while (!order_.empty())
        dropOldest(false);
    for (Subjects* subjects : {&listeners_, &traced_})
        for (const auto& [name, subject] : *subjects)
            subject->startAnew();
}

LatencyMap LatencyLedger::read(const std::string& subject, std::int64_t fromMillis) const {
    struct Found {
        LatencyStream stream;
        std::vector<Slice> slices;
        std::size_t cells = 0;
    };
    std::vector<Found> found;
    LatencyMap map;
    map.sliceMillis = limits_.sliceMillis;
    {
        const std::lock_guard lock(mutex_);
        map.keptFromMillis = keptFrom_;
        map.untilMillis = closedUntil_;
        const auto take = [&](const std::string& name, const Subject& from, bool isFromTraces) {
            Found& each = found.emplace_back();
            each.stream.subject = name;
            each.stream.isFromTraces = isFromTraces;
            for (const Slice& slice : from.closed) {
                if (slice.millis < fromMillis)
                    continue;
                each.slices.push_back(slice);
                each.cells += slice.cells->size();
            }
        };
        for (const auto& [name, from] : listeners_)
            if ((name == subject || isEdgeOf(name, subject)) && !from->closed.empty())
                take(name, *from, false);
        // Where the gateway sees them, its numbers are shown.
        for (const auto& [name, from] : traced_) {
            const auto listener = listeners_.find(name);
            if ((name == subject || isEdgeOf(name, subject)) && !from->closed.empty() &&
                (listener == listeners_.end() || listener->second->closed.empty()))
                take(name, *from, true);
        }
    }
    std::ranges::stable_sort(found, [&](const Found& a, const Found& b) {
        const bool isOwn = a.stream.subject == subject;
        if (isOwn != (b.stream.subject == subject))
            return isOwn;
        return a.cells > b.cells;
    });
    std::size_t cells = 0;
    for (Found& each : found) {
        cells += each.cells;
        if (cells > limits_.cellsInReply && !map.streams.empty()) {
            ++map.streamsLeftOut;
            continue;
        }
        for (const Slice& slice : each.slices)
            each.stream.slices.push_back({slice.millis, *slice.facets, *slice.cells});
        map.streams.push_back(std::move(each.stream));
    }
    return map;
}

LatencyCounters LatencyLedger::counters() const {
    const std::lock_guard lock(mutex_);
    return counters_;
}

}  // namespace levee
