// SPDX-License-Identifier: Apache-2.0
// The live map: which nodes exist, who calls whom, and how each fares. Evidence of several kinds
// (traces, gateway, sockets) arrives in batches and is merged on one edge:
//
// - Where the gateway sees an edge its numbers are shown: it sees every request, and the refused
//   ones as well. Traces fill in the edges it does not see (caches, queues, other hosts).
// - Rates are means over the last 5 s, quantiles over the last 10 s, so that numbers can be read.
// - A node or edge is Idle 15 s after its last request, and gone 5 min after its last evidence.
// - Health is judged by errors: of at least 20 answers in 10 s, 1 % failed is Degraded, 5 %
// Failing.
//   Refusing 1 % of what comes is Degraded as well: the guards are at work.
// - Sockets tell who is connected and how far away, not how many requests there are: they bring
//   edges that nobody else sees, and figures to those that somebody does. Where traces know better
//   what a connection is for, it is counted there: a connection to "rabbitmq" is that of the
//   client's queues on it, one to 10.0.0.9 that of "postgresql:10.0.0.9". A program or an address
//   that nobody knows is the user where requests from outside are known to arrive; connected to
//   another service whose requests are seen, or to an address, it is not drawn.
// - Beyond 2,000 nodes and 10,000 edges, what is new is counted on one node, "(other)".
//
// Not here: where evidence comes from, and what is done about a failing edge.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "agent/topology/call_times.h"
#include "agent/topology/traffic_window.h"
#include "shared/base/time.h"
#include "shared/model/topology.h"
#include "shared/stats/histogram.h"

namespace levee::topology {

struct GraphLimits {
    std::size_t nodes = 2'000;
    std::size_t edges = 10'000;
    Duration idleAfter = std::chrono::seconds(15);
    Duration removeAfter = std::chrono::minutes(5);
    Duration instanceFor =
        std::chrono::seconds(60);  ///< an instance counts so long after its last sign
    std::size_t instancesPerNode = 256;
    double degradedShare = 0.01;        ///< failures of answered requests
    double failingShare = 0.05;         ///< the same
    std::uint64_t healthRequests = 20;  ///< answered in the last 10 s, for a verdict on errors
};

/// What one source saw of one edge since it last reported.
struct EdgeEvidence {
    std::string client;
    std::string server;
    NodeKind clientKind = NodeKind::Service;
    NodeKind serverKind = NodeKind::Service;
    std::uint32_t evidence = 0;  ///< one bit of Evidence
    TrafficCounts counts;
    stats::Histogram latency{};  ///< of answered requests, seconds; empty: not known
    CallEvidence calls{};        ///< from traces only
};

/// The connections of one client to one server, out of one reading of the host's sockets.
struct ConnectionEvidence {
    std::string client;
    std::string server;
    NodeKind clientKind = NodeKind::Service;
    NodeKind serverKind = NodeKind::Service;
    bool isClientGuess = false;  ///< called after its program or address for want of better
    std::string clientHost{};    ///< "" where it is not known
    std::string serverHost{};
    SocketFigures figures{};  ///< rates over the time since the reading before
};

/// The node that requests from outside the map come from.
inline constexpr const char* kUserNode = "user";

/// What one source saw of one node itself. Unset parts leave what is known as it is.
struct NodeEvidence {
    std::string name;
    NodeKind kind = NodeKind::Service;
    std::uint32_t evidence = 0;
    /// Requests that arrived at the node, when the source sees them (its own SERVER spans, its
    /// inbound listener). Wins over the sum of the edges that lead to the node.
    bool hasTraffic = false;
    TrafficCounts counts{};
    stats::Histogram latency{};
    double inFlight = kUnknown;
    stats::Histogram selfTime{};
    std::vector<std::string> instances{};
    std::vector<std::string> hosts{};
    Owner owner{};
    int instanceCount = 0;  ///< for sources that know the number only (a listener's targets)
};

/// Since the start.
struct GraphCounters {
    std::uint64_t nodesOverflowed = 0;  ///< sightings counted on "(other)" for want of room
    std::uint64_t edgesOverflowed = 0;
    std::uint64_t nodesRemoved = 0;
    std::uint64_t edgesRemoved = 0;
};

struct GraphSnapshot {
    std::vector<Node> nodes;  ///< by name
    std::vector<Edge> edges;  ///< by client, server
};

/// Confined to one thread (the control thread). `now` must not run backwards.
class Graph {
public:
    explicit Graph(GraphLimits limits = {}) : limits_(limits) {}

    void observe(const EdgeEvidence& seen, MonotonicTime now, std::int64_t wallMillis);
    void observeNode(const NodeEvidence& seen, MonotonicTime now, std::int64_t wallMillis);
    /// A whole reading: edges that it does not have are connected no longer.
    void observeConnections(const std::vector<ConnectionEvidence>& reading, MonotonicTime now,
                            std::int64_t wallMillis);

    /// The map as it stands; drops what is too old. The same history gives the same answer.
    GraphSnapshot snapshot(MonotonicTime now);

    const GraphCounters& counters() const { return counters_; }

private:
    struct Sources {
        TrafficWindow gateway;
        TrafficWindow traces;

        TrafficWindow& of(std::uint32_t evidence);
        const TrafficWindow& best(MonotonicTime now) const;
    };
    struct Seen {
        MonotonicTime at;
        std::int64_t millis = 0;
        std::map<std::uint32_t, MonotonicTime> evidence;  ///< bit -> newest sign

        void note(std::uint32_t bits, MonotonicTime now, std::int64_t wallMillis);
        std::uint32_t bits(MonotonicTime since) const;
        /// Nobody but the sockets has ever told of it.
        bool isOfSocketsOnly() const;
    };
    struct NodeState {
        NodeKind kind = NodeKind::External;
        Seen seen;
        Sources traffic;
        bool hasTraffic = false;
        MonotonicTime inFlightAt;
        double inFlight = kUnknown;
        SlidingHistogram selfTime;
        std::map<std::string, MonotonicTime> instances;
        std::map<std::string, MonotonicTime> hosts;
        Owner owner;
        int instanceCount = 0;
    };
    struct EdgeState {
        Seen seen;
        Sources traffic;
        SocketFigures sockets;
        MonotonicTime connectedAt{};  ///< the newest reading that had it
        CallTimes calls;
    };
    using EdgeKey = std::pair<std::string, std::string>;
    using Arrivals = std::map<std::string, TrafficSum>;

    NodeState& node(const std::string& name, NodeKind kind, std::uint32_t evidence,
                    std::string& used);
    EdgeState& edge(const EdgeKey& key, EdgeKey& used);
    EdgeState& touch(const EdgeEvidence& seen, MonotonicTime now, std::int64_t wallMillis,
                     EdgeKey& used);
    std::vector<EdgeKey> observeConnection(const ConnectionEvidence& seen, MonotonicTime now,
                                           std::int64_t wallMillis);
    bool isNobodysBusiness(const ConnectionEvidence& seen) const;
    std::vector<EdgeKey> betterKnown(const ConnectionEvidence& seen) const;
    void retire(const EdgeKey& key);
    static void noteFigures(EdgeState& state, const SocketFigures& figures, MonotonicTime now);
    void removeOld(MonotonicTime now);
    Node describe(const std::string& name, const NodeState& state, const Arrivals& arrivals,
                  MonotonicTime now) const;
    bool countsItsOwn(const NodeState& state, MonotonicTime now) const;
    Health healthOf(const TrafficSum& sum, const Seen& seen, MonotonicTime now) const;

    const GraphLimits limits_;
    GraphCounters counters_;
    std::map<std::string, NodeState> nodes_;
    std::map<EdgeKey, EdgeState> edges_;
    MonotonicTime socketsReadAt_{};
};

}  // namespace levee::topology
