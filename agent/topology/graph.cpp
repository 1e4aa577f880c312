// SPDX-License-Identifier: Apache-2.0
#include "agent/topology/graph.h"

#include <algorithm>

namespace levee::topology {
namespace {

const std::string kOther = "(other)";

// A gateway that has been silent for so long no longer speaks for its edges.
constexpr Duration kGatewayReports = std::chrono::seconds(15);

/// Which of two claims about one node is believed: who answers with spans or stands behind a
/// listener is a service, and an address is the weakest evidence.
NodeKind stronger(NodeKind a, NodeKind b) {
    const auto rank = [](NodeKind kind) {
        switch (kind) {
            case NodeKind::User:
                return 3;
            case NodeKind::Service:
                return 2;
            case NodeKind::External:
                return 0;
            default:
                return 1;
        }
    };
    return rank(b) > rank(a) ? b : a;
}

void noteAll(std::map<std::string, MonotonicTime>& known, const std::vector<std::string>& seen,
             std::size_t limit, MonotonicTime now) {
    for (const std::string& name : seen)
        if (known.size() < limit || known.contains(name))
            known[name] = now;
}

void dropBefore(std::map<std::string, MonotonicTime>& known, MonotonicTime since) {
    std::erase_if(known, [since](const auto& entry) { return entry.second < since; });
}

}  // namespace

TrafficWindow& Graph::Sources::of(std::uint32_t evidence) {
    return (evidence & kFromGateway) != 0 ? gateway : traces;
}

/// The gateway's window while it reports, else the traces'.
const TrafficWindow& Graph::Sources::best(MonotonicTime now) const {
    const bool gatewayReports =
        gateway.reportedAt() != MonotonicTime{} && now - gateway.reportedAt() < kGatewayReports;
    return gatewayReports ? gateway : traces;
}

void Graph::Seen::note(std::uint32_t bits, MonotonicTime now, std::int64_t wallMillis) {
    at = std::max(at, now);
    millis = std::max(millis, wallMillis);
    for (const std::uint32_t bit : {kFromTraces, kFromGateway, kFromSockets})
        if ((bits & bit) != 0)
            evidence[bit] = now;
}

std::uint32_t Graph::Seen::bits(MonotonicTime since) const {
    std::uint32_t all = 0;
    for (const auto& [bit, when] : evidence)
        all |= when >= since ? bit : 0U;
    return all;
}

/// The node's state; the overflow node's when there is no room. `used` is the name it stands under.
Graph::NodeState& Graph::node(const std::string& name, NodeKind kind, std::string& used) {
    auto found = nodes_.find(name);
    if (found == nodes_.end() && nodes_.size() >= limits_.nodes) {
        ++counters_.nodesOverflowed;
        kind = NodeKind::External;
        found = nodes_.try_emplace(kOther).first;
    } else if (found == nodes_.end()) {
        found = nodes_.try_emplace(name).first;
    }
    used = found->first;
    found->second.kind = stronger(found->second.kind, kind);
    return found->second;
}

Graph::EdgeState& Graph::edge(const EdgeKey& key, EdgeKey& used) {
    auto found = edges_.find(key);
    if (found == edges_.end() && edges_.size() >= limits_.edges) {
        ++counters_.edgesOverflowed;
        found = edges_.try_emplace(EdgeKey{kOther, kOther}).first;
    } else if (found == edges_.end()) {
        found = edges_.try_emplace(key).first;
    }
    used = found->first;
    return found->second;
}

void Graph::observe(const EdgeEvidence& seen, MonotonicTime now, std::int64_t wallMillis) {
    if (seen.client.empty() || seen.server.empty())
        return;
    EdgeKey wanted;
    node(seen.client, seen.clientKind, wanted.first).seen.note(seen.evidence, now, wallMillis);
    node(seen.server, seen.serverKind, wanted.second).seen.note(seen.evidence, now, wallMillis);
    EdgeKey used;
    EdgeState& state = edge(wanted, used);
    if (used != wanted) {  // the overflow edge needs its node
        nodes_.try_emplace(kOther).first->second.seen.note(seen.evidence, now, wallMillis);
    }
    state.seen.note(seen.evidence, now, wallMillis);
    if ((seen.evidence & (kFromTraces | kFromGateway)) != 0)
        state.traffic.of(seen.evidence).add(seen.counts, seen.latency, now);
    if ((seen.evidence & kFromTraces) != 0)
        state.calls.add(seen.calls, now);
}

void Graph::observeNode(const NodeEvidence& seen, MonotonicTime now, std::int64_t wallMillis) {
    if (seen.name.empty())
        return;
    std::string used;
    NodeState& state = node(seen.name, seen.kind, used);
    state.seen.note(seen.evidence, now, wallMillis);
    if (seen.hasTraffic) {
        state.hasTraffic = true;
        state.traffic.of(seen.evidence).add(seen.counts, seen.latency, now);
    }
    if (seen.inFlight == seen.inFlight) {  // not NaN
        state.inFlight = seen.inFlight;
        state.inFlightAt = now;
    }
    state.selfTime.merge(seen.selfTime, now);
    noteAll(state.instances, seen.instances, limits_.instancesPerNode, now);
    noteAll(state.hosts, seen.hosts, limits_.instancesPerNode, now);
    if (seen.instanceCount > 0)
        state.instanceCount = seen.instanceCount;
}

void Graph::removeOld(MonotonicTime now) {
    const MonotonicTime horizon = now - limits_.removeAfter;
    counters_.edgesRemoved +=
        std::erase_if(edges_, [&](const auto& entry) { return entry.second.seen.at < horizon; });
    // An edge's evidence is evidence of both its ends: no node goes before its edges.
    counters_.nodesRemoved +=
        std::erase_if(nodes_, [&](const auto& entry) { return entry.second.seen.at < horizon; });
    for (auto& [name, state] : nodes_) {
        dropBefore(state.instances, now - limits_.instanceFor);
        dropBefore(state.hosts, now - limits_.instanceFor);
        state.selfTime.forget(now);
        state.traffic.gateway.forget(now);
        state.traffic.traces.forget(now);
    }
    for (auto& [key, state] : edges_) {
        state.traffic.gateway.forget(now);
        state.traffic.traces.forget(now);
    }
}

/// True when a source has lately reported what arrived at the node; else its edges are added up.
bool Graph::countsItsOwn(const NodeState& state, MonotonicTime now) const {
    return state.hasTraffic && now - state.traffic.best(now).requestsAt() < limits_.idleAfter;
}

Health Graph::healthOf(const TrafficSum& sum, const Seen& seen, MonotonicTime now) const {
    if (sum.requestsAt == MonotonicTime{} || now - sum.requestsAt >= limits_.idleAfter) {
        const bool connectedOnly = seen.bits(now - limits_.idleAfter) == kFromSockets;
        return connectedOnly ? Health::Unknown : Health::Idle;
    }
    const double answered = sum.requests - sum.sheds;
    const double failed = answered > 0 ? sum.failures / answered : 0;
    // Sums of parts of reports are not whole numbers; half a request is no reason for a verdict.
    if (answered + 0.5 >= static_cast<double>(limits_.healthRequests)) {
        if (failed >= limits_.failingShare)
            return Health::Failing;
        if (failed >= limits_.degradedShare)
            return Health::Degraded;
    }
    const bool sheds = sum.requests + 0.5 >= static_cast<double>(limits_.healthRequests) &&
                       sum.sheds / sum.requests >= limits_.degradedShare;
    return sheds ? Health::Degraded : Health::Ok;
}

Node Graph::describe(const std::string& name, const NodeState& state, const Arrivals& arrivals,
                     MonotonicTime now) const {
    Node node;
    node.name = name;
    node.kind = state.kind;
    node.seenMillis = state.seen.millis;
    TrafficSum sum;
    if (countsItsOwn(state, now))
        sum = state.traffic.best(now).sum(now);
    else if (const auto arriving = arrivals.find(name); arriving != arrivals.end())
        sum = arriving->second;
    node.traffic = sum.traffic();
    const bool fresh = now - state.seen.at < limits_.idleAfter;
    if (state.kind == NodeKind::User)
        node.health = fresh ? Health::Ok : Health::Idle;
    else
        node.health = healthOf(sum, state.seen, now);
    if (now - state.inFlightAt < limits_.idleAfter)
        node.inFlight = state.inFlight;
    node.selfTime = state.selfTime.sum(now).quantile(0.5);
    node.instances = std::max(static_cast<int>(state.instances.size()), state.instanceCount);
    for (const auto& [host, when] : state.hosts)
        node.hosts.push_back(host);
    return node;
}

GraphSnapshot Graph::snapshot(MonotonicTime now) {
    removeOld(now);
    GraphSnapshot snapshot;
    snapshot.edges.reserve(edges_.size());
    snapshot.nodes.reserve(nodes_.size());
    Arrivals arrivals;
    for (const auto& [key, state] : edges_) {
        const TrafficSum sum = state.traffic.best(now).sum(now);
        Edge edge;
        edge.client = key.first;
        edge.server = key.second;
        edge.serverKind = nodes_.at(key.second).kind;
        edge.evidence = state.seen.bits(now - limits_.removeAfter);
        edge.health = healthOf(sum, state.seen, now);
        edge.traffic = sum.traffic();
        edge.split = state.calls.split(now);
        edge.traces = state.calls.quality(now);
        edge.seenMillis = state.seen.millis;
        snapshot.edges.push_back(std::move(edge));
        if (!countsItsOwn(nodes_.at(key.second), now))
            arrivals[key.second].add(sum);
    }
    for (const auto& [name, state] : nodes_)
        snapshot.nodes.push_back(describe(name, state, arrivals, now));
    return snapshot;
}

}  // namespace levee::topology
