// SPDX-License-Identifier: Apache-2.0
// What exists and how it fares: the nodes and edges of the live map. Plain values, immutable once
// published.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace levee {

/// "No data", never zero: a latency that nobody measured, a share of nothing.
constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

enum class NodeKind { Service, Database, Queue, Cache, External, User };
enum class Health { Unknown, Idle, Ok, Degraded, Failing };

/// Where the knowledge of an edge comes from; a bit set.
enum Evidence : std::uint32_t { kFromTraces = 1, kFromGateway = 2, kFromSockets = 4 };

/// One second (or a longer window) of traffic. Rates are per second; shares are 0 to 1; latencies
/// seconds. Latency and shares are kUnknown when nothing was seen.
struct Traffic {
    double requestRate = 0;  ///< everything that arrived, refused requests included
    double errorRate = 0;    ///< answered with a failure by the service
    double shedRate = 0;     ///< refused by a limit or an open breaker, never sent to the service
    double p50 = kUnknown;
    double p95 = kUnknown;
    double p99 = kUnknown;

    double errorShare() const { return requestRate > 0 ? errorRate / requestRate : kUnknown; }
    double shedShare() const { return requestRate > 0 ? shedRate / requestRate : kUnknown; }
};

/// What the processes of a service on the agent's host use together.
struct ResourceUsage {
    int processes = 0;  ///< 0: none is known, and the rest means nothing
    int threads = 0;
    double cpuCores = kUnknown;  ///< 1: one core busy all the time
    double rssBytes = kUnknown;
    double cpuPressure = kUnknown;     ///< share of the time in which one waited for a core
    double throttledShare = kUnknown;  ///< share of the time in which a CPU quota was used up
};

/// The connections behind an edge, as the kernel of the agent's host sees them. A round trip ends
/// with the acknowledgement, which the other end may hold back for up to 40 ms or send with its
/// answer: minRtt is the network's, rtt has some of the server's time in it.
struct SocketFigures {
    int connections = 0;       ///< established now; 0: none is known
    double rtt = kUnknown;     ///< seconds: median of the connections' smoothed round-trip times
    double minRtt = kUnknown;  ///< seconds: the smallest that any of them measured
    double retransmissionRate = 0;  ///< segments per second, over about the last 5 s
    double sentBytesRate = 0;       ///< client to server, over about the last 5 s
    double receivedBytesRate = 0;   ///< server to client
};

/// To whom a service belongs, as its traces (resource attributes service.namespace and team) or
/// agent.yaml say; "" where nobody does.
struct Owner {
    std::string nameSpace;
    std::string team;

    bool operator==(const Owner&) const = default;
};
/// Takes over what the other one says.
inline void update(Owner& owner, const Owner& said) {
    if (!said.nameSpace.empty())
        owner.nameSpace = said.nameSpace;
    if (!said.team.empty())
        owner.team = said.team;
}

struct Node {
    std::string name;  ///< unique among nodes: "payment", "redis:6379", "rabbitmq:orders"
    NodeKind kind = NodeKind::Service;
    Health health = Health::Unknown;
    Traffic traffic;             ///< of requests that arrive at this node
    double inFlight = kUnknown;  ///< requests being worked on, mean over the window
    double selfTime = kUnknown;  ///< seconds: median span time less its children's
    int instances = 0;           ///< 0: not known
    std::vector<std::string> hosts;
    Owner owner;
    ResourceUsage usage;
    std::int64_t seenMillis = 0;  ///< wall time of the newest evidence
};

/// Where the time of an edge's answered calls goes: means in seconds over the last 5 to 10 s, from
/// the durations of spans alone, so that clocks of two hosts are never compared. The four add up
/// to the client's mean latency of those calls.
struct LatencySplit {
    /// There and back: the least that the client's duration exceeded the server's lately. A queue
    /// that never empties reads as network: the kernel's round-trip time (socket evidence) and the
    /// gateway's connect and response times are what to check it against.
    double network = kUnknown;
    double queue = kUnknown;       ///< in front of the server: what they differ by beyond that
    double processing = kUnknown;  ///< the server's own work (self time)
    double waiting = kUnknown;     ///< the server waited for others
};

/// What traces say about the rest of an edge's numbers.
struct TraceQuality {
    /// Calls of which both halves came, of those and of the halves without a partner that may
    /// belong here; 0 to 1. Unknown where only one half exists (databases, queues, user).
    double confidence = kUnknown;
    double sampled = kUnknown;  ///< share of the calls that spans came for; 1: all
};

struct Edge {
    std::string client;
    std::string server;
    NodeKind serverKind = NodeKind::Service;
    std::uint32_t evidence = 0;  ///< bits of Evidence
    Health health = Health::Unknown;
    Traffic traffic;
    SocketFigures sockets;
    LatencySplit split;
    TraceQuality traces;
    std::int64_t seenMillis = 0;

    /// "checkout->payment": the edge's name everywhere (rules, events, guards, API).
    std::string id() const { return client + "->" + server; }
};

}  // namespace levee
