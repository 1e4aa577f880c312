// SPDX-License-Identifier: Apache-2.0
#include "agent/ingest/window_builder.h"

#include <algorithm>
#include <cmath>
#include <tuple>

namespace levee::ingest {
namespace {

constexpr std::size_t kMostSources = 256;

std::uint64_t keyOf(NameId client, NameId server) {
    return std::uint64_t{client} << 32U | server;
}

/// Which of two claims about one node is believed: who answers with spans is a service, and an
/// address is the weakest evidence.
NodeKind stronger(NodeKind a, NodeKind b) {
    const auto rank = [](NodeKind kind) {
        return kind == NodeKind::Service ? 2 : kind == NodeKind::External ? 0 : 1;
    };
    return rank(b) > rank(a) ? b : a;
}

void addBounded(absl::flat_hash_set<std::string>& set, std::string_view text) {
    if (!text.empty() && set.size() < kMostSources &&
        !set.contains(absl::string_view(text.data(), text.size())))
        set.insert(cleanName(text));
}

std::vector<std::string> sorted(const absl::flat_hash_set<std::string>& set) {
    std::vector<std::string> list(set.begin(), set.end());
    std::ranges::sort(list);
    return list;
}

}  // namespace

void SplitSums::add(const SplitSums& other) {
    calls += other.calls;
    client += other.client;
    server += other.server;
    self += other.self;
    leastTransit = std::fmin(leastTransit, other.leastTransit);  // the number, when one is none
}

WindowBuilder::EdgeSum& WindowBuilder::edge(NameId client, NameId server) {
    std::uint64_t key = keyOf(client, server);
    auto found = edges_.find(key);
    if (found == edges_.end() && edges_.size() >= edgeLimit_) {
        ++overflowed_;
        key = keyOf(kOtherName, kOtherName);
        found = edges_.find(key);
    }
    if (found == edges_.end())
        found = edges_.emplace(key, std::make_unique<EdgeSum>()).first;
    return *found->second;
}

WindowBuilder::ServiceSum& WindowBuilder::service(NameId id) {
    std::unique_ptr<ServiceSum>& sum = services_[id];
    if (sum == nullptr)
        sum = std::make_unique<ServiceSum>();
    return *sum;
}

void WindowBuilder::add(const EdgeObservation& seen) {
    EdgeSum& sum = edge(seen.client, seen.server);
    sum.serverKind = stronger(sum.serverKind, seen.serverKind);
    sum.requests += seen.requests;
    sum.failures += seen.failures;
    sum.attempts += seen.attempts;
    sum.seen += seen.requests > 0 ? 1 : 0;
    if (seen.clientSeconds)
        sum.clientLatency.record(*seen.clientSeconds, seen.weight);
    if (seen.serverSeconds)
        sum.serverLatency.record(*seen.serverSeconds, seen.weight);
    if (seen.serverKind == NodeKind::Queue)
        queues_[seen.server] = NodeKind::Queue;
    if (seen.unmatched)
        sum.unmatched += seen.requests;
    if (seen.matched)
        sum.matched += seen.requests;
}

void WindowBuilder::addSplit(NameId client, NameId server, const SplitSums& split) {
    edge(client, server).split.add(split);
}

void WindowBuilder::addOrphan(NameId service, bool isCaller, std::uint32_t weight) {
    Halves& halves = halves_[service];
    (isCaller ? halves.callerOrphans : halves.calledOrphans) += weight;
}

void WindowBuilder::addSpan(NameId name, bool failed, double seconds, std::uint32_t weight) {
    ServiceSum& sum = service(name);
    sum.requests += weight;
    sum.failures += failed ? weight : 0;
    sum.latency.record(seconds, weight);
}

void WindowBuilder::addSelfTime(NameId name, double seconds, std::uint32_t weight) {
    service(name).selfTime.record(seconds, weight);
}

void WindowBuilder::addSource(NameId name, const ServiceSource& source) {
    ServiceSum& sum = service(name);
    addBounded(sum.instances, source.instance);
    addBounded(sum.hosts, source.host);
    update(sum.owner, {cleanName(source.nameSpace), cleanName(source.team)});
}

NodeKind WindowBuilder::clientKindOf(NameId client) const {
    if (client == kUserName)
        return NodeKind::User;
    const auto found = queues_.find(client);
    return found == queues_.end() ? NodeKind::Service : found->second;
}

/// Halves without a partner whose other end is not known are held against the edges of their
/// service in proportion to what was matched there.
EdgeWindow WindowBuilder::describe(NameId client, NameId server, const EdgeSum& sum) const {
    EdgeWindow edge{.client = names_.text(client),
                    .server = names_.text(server),
                    .clientKind = clientKindOf(client),
                    .serverKind = services_.contains(server) ? NodeKind::Service : sum.serverKind,
                    .requests = sum.requests,
                    .failures = sum.failures,
                    .attempts = sum.attempts,
                    .clientLatency = sum.clientLatency,
                    .serverLatency = sum.serverLatency,
                    .seen = sum.seen,
                    .matched = static_cast<double>(sum.matched),
                    .unmatched = static_cast<double>(sum.unmatched),
                    .split = sum.split};
    const auto share = [&](std::uint64_t orphans, std::uint64_t matched) {
        return orphans == 0
                   ? 0
                   : edge.matched * static_cast<double>(orphans) / static_cast<double>(matched);
    };
    if (sum.matched == 0)
        return edge;
    const Halves& calling = halves_.at(client);
    const Halves& called = halves_.at(server);
    edge.unmatched += share(calling.callerOrphans, calling.callerMatched) +
                      share(called.calledOrphans, called.calledMatched);
    return edge;
}

TraceWindow WindowBuilder::take(MonotonicTime start, MonotonicTime end) {
    TraceWindow window;
    window.start = start;
    window.end = end;
    window.edges.reserve(edges_.size());
    for (const auto& [key, sum] : edges_) {
        if (sum->matched == 0)
            continue;
        halves_[static_cast<NameId>(key >> 32U)].callerMatched += sum->matched;
        halves_[static_cast<NameId>(key)].calledMatched += sum->matched;
    }
    for (const auto& [key, sum] : edges_)
        window.edges.push_back(
            describe(static_cast<NameId>(key >> 32U), static_cast<NameId>(key), *sum));
    for (const auto& [id, sum] : services_)
        window.services.push_back({names_.text(id), sum->requests, sum->failures, sum->latency,
                                   sum->selfTime, sorted(sum->instances), sorted(sum->hosts),
                                   sum->owner});
    std::ranges::sort(window.edges, [](const EdgeWindow& a, const EdgeWindow& b) {
        return std::tie(a.client, a.server) < std::tie(b.client, b.server);
    });
    std::ranges::sort(window.services, {}, &ServiceWindow::service);
    edges_.clear();
    services_.clear();
    queues_.clear();
    halves_.clear();
    return window;
}

}  // namespace levee::ingest
