// SPDX-License-Identifier: Apache-2.0
#include "agent/ingest/window_builder.h"

#include <algorithm>
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
    if (seen.clientSeconds)
        sum.clientLatency.record(*seen.clientSeconds);
    if (seen.serverSeconds)
        sum.serverLatency.record(*seen.serverSeconds);
    if (seen.serverKind == NodeKind::Queue)
        queues_[seen.server] = NodeKind::Queue;
}

void WindowBuilder::addSpan(NameId name, bool failed, double seconds) {
    ServiceSum& sum = service(name);
    ++sum.requests;
    sum.failures += failed ? 1 : 0;
    sum.latency.record(seconds);
}

void WindowBuilder::addSelfTime(NameId name, double seconds) {
    service(name).selfTime.record(seconds);
}

void WindowBuilder::addSource(NameId name, std::string_view instance, std::string_view host) {
    ServiceSum& sum = service(name);
    addBounded(sum.instances, instance);
    addBounded(sum.hosts, host);
}

NodeKind WindowBuilder::clientKindOf(NameId client) const {
    if (client == kUserName)
        return NodeKind::User;
    const auto found = queues_.find(client);
    return found == queues_.end() ? NodeKind::Service : found->second;
}

TraceWindow WindowBuilder::take(MonotonicTime start, MonotonicTime end) {
    TraceWindow window;
    window.start = start;
    window.end = end;
    window.edges.reserve(edges_.size());
    for (const auto& [key, sum] : edges_) {
        const auto client = static_cast<NameId>(key >> 32U);
        const auto server = static_cast<NameId>(key);
        window.edges.push_back({names_.text(client), names_.text(server), clientKindOf(client),
                                services_.contains(server) ? NodeKind::Service : sum->serverKind,
                                sum->requests, sum->failures, sum->attempts, sum->clientLatency,
                                sum->serverLatency});
    }
    for (const auto& [id, sum] : services_)
        window.services.push_back({names_.text(id), sum->requests, sum->failures, sum->latency,
                                   sum->selfTime, sorted(sum->instances), sorted(sum->hosts)});
    std::ranges::sort(window.edges, [](const EdgeWindow& a, const EdgeWindow& b) {
        return std::tie(a.client, a.server) < std::tie(b.client, b.server);
    });
    std::ranges::sort(window.services, {}, &ServiceWindow::service);
    edges_.clear();
    services_.clear();
    queues_.clear();
    return window;
}

}  // namespace levee::ingest
