// SPDX-License-Identifier: Apache-2.0
#include "agent/topology/graph.h"

#include <algorithm>
#include <cmath>

namespace levee::topology {
namespace {

const std::string kOther = "(other)";

// Rates of sockets are smoothed over so long.
constexpr double kSocketSeconds = 5;

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

void add(SocketFigures& sum, const SocketFigures& more) {
    sum.connections += more.connections;
    sum.rtt = std::fmax(sum.rtt, more.rtt);
    sum.minRtt = std::fmin(sum.minRtt, more.minRtt);
    sum.retransmissionRate += more.retransmissionRate;
    sum.sentBytesRate += more.sentBytesRate;
    sum.receivedBytesRate += more.receivedBytesRate;
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

bool Graph::Seen::isOfSocketsOnly() const {
    return evidence.size() == 1 && evidence.contains(kFromSockets);
}

/// The node's state; the overflow node's when there is no room. `used` is the name it stands under.
Graph::NodeState& Graph::node(const std::string& name, NodeKind kind, std::uint32_t evidence,
                              std::string& used) {
    auto found = nodes_.find(name);
    if (found == nodes_.end() && nodes_.size() >= limits_.nodes) {
        ++counters_.nodesOverflowed;
        kind = NodeKind::External;
        found = nodes_.try_emplace(kOther).first;
    } else if (found == nodes_.end()) {
        found = nodes_.try_emplace(name).first;
    }
    used = found->first;
    // What a program does is the weakest evidence of what it is.
    NodeState& state = found->second;
    const bool isConnection = evidence == kFromSockets;
    if (!isConnection && state.seen.isOfSocketsOnly())
        state.kind = kind;
    else if (!isConnection || state.seen.evidence.empty() || state.seen.isOfSocketsOnly())
        state.kind = stronger(state.kind, kind);
    return state;
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

/// The edge's state, with both its nodes there and all three noted as seen.
Graph::EdgeState& Graph::touch(const EdgeEvidence& seen, MonotonicTime now, std::int64_t wallMillis,
                               EdgeKey& used) {
    EdgeKey wanted;
    node(seen.client, seen.clientKind, seen.evidence, wanted.first)
        .seen.note(seen.evidence, now, wallMillis);
    node(seen.server, seen.serverKind, seen.evidence, wanted.second)
        .seen.note(seen.evidence, now, wallMillis);
    EdgeState& state = edge(wanted, used);
    if (used != wanted) {  // the overflow edge needs its node
        nodes_.try_emplace(kOther).first->second.seen.note(seen.evidence, now, wallMillis);
    }
    state.seen.note(seen.evidence, now, wallMillis);
    return state;
}

void Graph::observe(const EdgeEvidence& seen, MonotonicTime now, std::int64_t wallMillis) {
    if (seen.client.empty() || seen.server.empty())
        return;
    EdgeKey used;
    EdgeState& state = touch(seen, now, wallMillis, used);
    if ((seen.evidence & (kFromTraces | kFromGateway)) != 0)
        state.traffic.of(seen.evidence).add(seen.counts, seen.latency, now);
    if ((seen.evidence & kFromTraces) != 0)
        state.calls.add(seen.calls, now);
}

void Graph::observeConnections(const std::vector<ConnectionEvidence>& reading, MonotonicTime now,
                               std::int64_t wallMillis) {
    socketsReadAt_ = now;
    std::map<EdgeKey, SocketFigures> figures;  // several clients may be counted on one edge
    for (const ConnectionEvidence& seen : reading) {
        if (seen.client.empty() || seen.server.empty())
            continue;
        for (const EdgeKey& key : observeConnection(seen, now, wallMillis))
            add(figures[key], seen.figures);
    }
    for (const auto& [key, sum] : figures) {
        if (const auto edge = edges_.find(key); edge != edges_.end())
            noteFigures(edge->second, sum, now);
    }
}

/// The edges that these connections are counted on.
std::vector<Graph::EdgeKey> Graph::observeConnection(const ConnectionEvidence& seen,
                                                     MonotonicTime now, std::int64_t wallMillis) {
    const std::vector<EdgeKey> known = betterKnown(seen);
    for (const EdgeKey& key : known) {
        edges_.at(key).seen.note(kFromSockets, now, wallMillis);
        nodes_.at(key.first).seen.note(kFromSockets, now, wallMillis);
        nodes_.at(key.second).seen.note(kFromSockets, now, wallMillis);
    }
    if (!known.empty() || isNobodysBusiness(seen)) {
        retire({seen.client, seen.server});
        return known;
    }
    EdgeEvidence evidence;
    evidence.client = seen.client;
    evidence.server = seen.server;
    evidence.clientKind = seen.clientKind;
    evidence.serverKind = seen.serverKind;
    evidence.evidence = kFromSockets;
    EdgeKey used;
    touch(evidence, now, wallMillis, used);
    for (const auto& [name, host] :
         {std::pair(seen.client, seen.clientHost), std::pair(seen.server, seen.serverHost)}) {
        const auto found = nodes_.find(name);
        if (found != nodes_.end() && !host.empty())
            noteAll(found->second.hosts, {host}, limits_.instancesPerNode, now);
    }
    return {used};
}

/// A program or an address that nobody knows, connected to a service whose requests are seen: who
/// sends those is known better than by a connection, and this is a probe, a scrape, somebody at a
/// shell. Or to an address that nobody knows either: a browser, an update.
bool Graph::isNobodysBusiness(const ConnectionEvidence& seen) const {
    if (!seen.isClientGuess || seen.serverKind == NodeKind::External)
        return seen.isClientGuess;
    const auto server = nodes_.find(seen.server);
    return server != nodes_.end() && server->second.kind == NodeKind::Service &&
           !server->second.seen.isOfSocketsOnly();
}

/// The edges, known by other evidence, that these connections are. None: they are an edge of their
/// own.
std::vector<Graph::EdgeKey> Graph::betterKnown(const ConnectionEvidence& seen) const {
    std::vector<EdgeKey> found;
    const auto addIfKnown = [&](const EdgeKey& key) {
        const auto edge = edges_.find(key);
        if (edge != edges_.end() && !edge->second.seen.isOfSocketsOnly())
            found.push_back(key);
    };
    addIfKnown({seen.client, seen.server});
    if (found.empty() && seen.isClientGuess)
        addIfKnown({kUserNode, seen.server});
    if (!found.empty())
        return found;
    // "rabbitmq": the client's edges to and from "rabbitmq:orders".
    const std::string prefix = seen.server + ':';
    for (auto node = nodes_.lower_bound(prefix);
         node != nodes_.end() && node->first.starts_with(prefix); ++node) {
        addIfKnown({seen.client, node->first});
        addIfKnown({node->first, seen.client});
    }
    if (seen.serverKind != NodeKind::External)
        return found;
    // "10.0.0.9": the client's edges to "postgresql:10.0.0.9".
    const std::string suffix = ':' + seen.server;
    for (auto edge = edges_.lower_bound({seen.client, ""});
         edge != edges_.end() && edge->first.first == seen.client; ++edge) {
        if (edge->first.second.ends_with(suffix))
            addIfKnown(edge->first);
    }
    return found;
}

/// Drops an edge that only sockets knew, and its ends where nothing else is known of them.
void Graph::retire(const EdgeKey& key) {
    const auto edge = edges_.find(key);
    if (edge == edges_.end() || !edge->second.seen.isOfSocketsOnly())
        return;
    edges_.erase(edge);
    ++counters_.edgesRemoved;
    for (const std::string& name : {key.first, key.second}) {
        const auto node = nodes_.find(name);
        const bool isNeeded = std::ranges::any_of(edges_, [&name = name](const auto& each) {
            return each.first.first == name || each.first.second == name;
        });
        if (node != nodes_.end() && node->second.seen.isOfSocketsOnly() && !isNeeded) {
            nodes_.erase(node);
            ++counters_.nodesRemoved;
        }
    }
}

void Graph::noteFigures(EdgeState& state, const SocketFigures& figures, MonotonicTime now) {
    SocketFigures& known = state.sockets;
    const double weight = state.connectedAt == MonotonicTime{}
                              ? 1
                              : 1 - std::exp(-toSeconds(now - state.connectedAt) / kSocketSeconds);
    const auto smooth = [weight](double& value, double news) { value += weight * (news - value); };
    smooth(known.retransmissionRate, figures.retransmissionRate);
    smooth(known.sentBytesRate, figures.sentBytesRate);
    smooth(known.receivedBytesRate, figures.receivedBytesRate);
    known.connections = figures.connections;
    known.rtt = figures.rtt;
    known.minRtt = figures.minRtt;
    state.connectedAt = now;
}

void Graph::observeNode(const NodeEvidence& seen, MonotonicTime now, std::int64_t wallMillis) {
    if (seen.name.empty())
        return;
    std::string used;
    NodeState& state = node(seen.name, seen.kind, seen.evidence, used);
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
    update(state.owner, seen.owner);
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

/// Connections alone say nothing of how requests fare.
Health Graph::healthOf(const TrafficSum& sum, const Seen& seen, MonotonicTime now) const {
    if (sum.requestsAt == MonotonicTime{} || now - sum.requestsAt >= limits_.idleAfter) {
        return seen.isOfSocketsOnly() ? Health::Unknown : Health::Idle;
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
    node.owner = state.owner;
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
        if (state.connectedAt == socketsReadAt_ && now - socketsReadAt_ < limits_.idleAfter)
            edge.sockets = state.sockets;
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
