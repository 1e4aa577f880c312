// SPDX-License-Identifier: Apache-2.0
// Who is connected to whom, out of one reading of all sockets and who holds them.
//
// - A connection inside the host shows both its ends; it counts once, at the client's, which is the
//   one whose other end is a listener's.
// - A connection through the gateway is the edge of the listener that it goes to: caller -> callee.
//   What the gateway itself opens beyond it is no edge; its round trip and retransmissions are
//   added to those of every edge whose listener leads to that target.
// - The agent's own connections, and those of programs that the configuration ignores, are left
// out.
// - A host's address is one node, whatever the port; beyond maxPeers they are one, "(other)".
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "agent/host/service_names.h"
#include "agent/host/socket_dump.h"
#include "agent/host/socket_ends.h"
#include "shared/base/time.h"

namespace levee::host {

struct SocketEdge {
    std::string client;
    std::string server;
    NodeKind clientKind = NodeKind::Service;
    NodeKind serverKind = NodeKind::Service;
    bool isClientGuess = false;  ///< called after its program or address: nobody knows it better
    bool isClientHere = false;   ///< runs on this host
    bool isServerHere = false;
    int connections = 0;
    double rtt = kUnknown;     ///< seconds: median over the connections, the gateway's way included
    double minRtt = kUnknown;  ///< the smallest
    std::uint64_t retransmissions = 0;  ///< segments since the reading before
    std::uint64_t sentBytes = 0;        ///< client to server, since the reading before
    std::uint64_t receivedBytes = 0;
};

struct SocketEdgeLimits {
    std::size_t edges = 2'000;  ///< beyond it: one edge from "(other)" to "(other)"
    std::size_t peers = 256;    ///< addresses of other hosts
    Duration forgetPeerAfter = std::chrono::minutes(5);
};

/// Since the start, but for `unattributed`.
struct SocketEdgeCounters {
    std::uint64_t edgesOverflowed = 0;
    std::uint64_t peersOverflowed = 0;
    std::uint64_t unattributed = 0;  ///< connections of the last reading whose client is not known
};

/// Confined to one thread. No clock, no I/O: the same readings give the same edges.
class SocketEdges {
public:
    using EndOf = std::function<const SocketEnd*(std::uint32_t inode)>;

    explicit SocketEdges(SocketEdgeLimits limits = {}) : limits_(limits) {}

    /// By client, server.
    std::vector<SocketEdge> update(const std::vector<SocketRow>& rows, const EndOf& endOf,
                                   const ServiceNames& names, MonotonicTime now);
    const SocketEdgeCounters& counters() const { return counters_; }

private:
    struct Growth {
        std::uint64_t retransmissions = 0;
        std::uint64_t sentBytes = 0;
        std::uint64_t receivedBytes = 0;
    };
    struct Past {
        Growth total;
        std::uint64_t reading = 0;
    };
    struct Draft {
        SocketEdge edge;
        std::vector<std::uint32_t> rtts;
        std::vector<std::uint32_t> beyond;  ///< of the gateway's connections to the target
        std::uint32_t minBeyond = 0;
        std::uint32_t minRtt = 0;
    };
    using Drafts = std::map<std::pair<std::string, std::string>, Draft>;
    struct Ends {
        ServiceName client;
        ServiceName server;
        bool isClientHere = false;
        bool isServerHere = false;
    };
    class Reading;
    struct Connection;

    Growth growthOf(const SocketRow& row);
    std::string peerName(const SocketAddress& address, MonotonicTime now);
    static std::optional<Connection> connectionOf(const SocketRow& row, const Reading& reading,
                                                  const EndOf& endOf);
    std::optional<ServiceName> serverOf(const Connection& connection, const ServiceNames& names,
                                        MonotonicTime now);
    std::optional<Ends> endsOf(const Connection& connection, const ServiceNames& names,
                               MonotonicTime now);
    Draft& draft(Drafts& drafts, const Ends& ends);
    static void count(const Connection& connection, const Growth& growth, Draft& draft);
    static void addBeyond(const SocketRow& row, const Growth& growth, const ServiceNames& names,
                          Drafts& drafts);
    std::vector<SocketEdge> finish(Drafts& drafts, MonotonicTime now);

    const SocketEdgeLimits limits_;
    SocketEdgeCounters counters_;
    std::uint64_t reading_ = 0;
    std::unordered_map<std::uint64_t, Past> past_;  ///< by cookie
    std::map<std::string, MonotonicTime> peers_;    ///< address -> when it was last seen
};

}  // namespace levee::host
