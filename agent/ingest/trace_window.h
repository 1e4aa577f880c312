// SPDX-License-Identifier: Apache-2.0
// What one second of spans says about the services and the edges between them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "shared/base/time.h"
#include "shared/model/topology.h"
#include "shared/stats/histogram.h"

namespace levee::ingest {

/// Where the time of answered calls went, as sums over `calls`; durations only, so that no clock of
/// two hosts is compared. Calls with one answer, whose self time is known and which took the server
/// no longer than the client.
struct SplitSums {
    std::uint64_t calls = 0;
    double client = 0;               ///< seconds, as the caller saw them
    double server = 0;               ///< as the answering service saw them
    double self = 0;                 ///< of those, its own work
    double leastTransit = kUnknown;  ///< the least of client less server

    void add(const SplitSums& other);
};

/// Calls from one node to another that became known in the window. A call is counted once however
/// often it was attempted; `attempts` has the answers seen. Counts are of calls made: a sampled
/// span counts for those it stands for. Latencies are in seconds.
struct EdgeWindow {
    std::string client;
    std::string server;
    NodeKind clientKind = NodeKind::Service;
    NodeKind serverKind = NodeKind::Service;
    std::uint64_t requests = 0;
    std::uint64_t failures = 0;
    std::uint64_t attempts = 0;
    stats::Histogram clientLatency;  ///< as the caller saw it, the way included
    stats::Histogram serverLatency;  ///< as the answering service saw it, one a attempt
    std::uint64_t seen = 0;          ///< requests that spans came for: all of them unless sampled
    double matched = 0;              ///< requests of which both halves came
    double unmatched = 0;            ///< halves without a partner that may belong to this edge
    SplitSums split{};
};

/// One service's own spans in the window.
struct ServiceWindow {
    std::string service;
    std::uint64_t requests = 0;  ///< SERVER and CONSUMER spans
    std::uint64_t failures = 0;
    stats::Histogram latency;            ///< of those spans, seconds
    stats::Histogram selfTime;           ///< less the time they waited for others, seconds
    std::vector<std::string> instances;  ///< service.instance.id seen, sorted, at most 256
    std::vector<std::string> hosts;      ///< host.name seen, sorted, at most 256
    Owner owner;                         ///< as the newest batch says
};

/// Counters of the pairing, since the start.
struct PairingCounters {
    std::uint64_t paired = 0;           ///< attempts that met their caller
    std::uint64_t immediate = 0;        ///< edges known from one half: databases, queues, user
    std::uint64_t virtualPeers = 0;     ///< callers that nobody answered, drawn to a virtual node
    std::uint64_t unpaired = 0;         ///< halves that expired and gave no edge
    std::uint64_t late = 0;             ///< halves that came after their other half had expired
    std::uint64_t duplicates = 0;       ///< the same half again: an export sent twice
    std::uint64_t droppedFull = 0;      ///< halves refused: the store was full
    std::uint64_t tombstonesCut = 0;    ///< tombstones forgotten early to stay inside the bound
    std::uint64_t collapsed = 0;        ///< hops through a service's own proxy, not drawn
    std::uint64_t skewed = 0;           ///< pairs whose server interval is not inside the client's
    std::uint64_t selfTimeDropped = 0;  ///< spans left out of self times: that store was full
    std::uint64_t namesOverflowed = 0;  ///< lookups that ended in "(other)"
    std::uint64_t edgesOverflowed = 0;  ///< calls counted on an "(other)" edge

    bool operator==(const PairingCounters&) const = default;
};

/// Immutable once handed out.
struct TraceWindow {
    MonotonicTime start;
    MonotonicTime end;
    std::vector<EdgeWindow> edges;        ///< by client, server
    std::vector<ServiceWindow> services;  ///< by name
    PairingCounters counters;
    std::uint64_t waiting = 0;  ///< halves in the store now
};

}  // namespace levee::ingest
