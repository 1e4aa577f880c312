// SPDX-License-Identifier: Apache-2.0
#include "agent/host/socket_edges.h"

#include <algorithm>
#include <tuple>

namespace levee::host {
namespace {

using Role = SocketEnd::Role;

const std::string kOther = "(other)";

double toSeconds(std::uint32_t micros) {
    return micros == 0 ? kUnknown : micros / 1e6;
}

std::uint32_t median(std::vector<std::uint32_t>& values) {
    if (values.empty())
        return 0;
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

void lower(std::uint32_t& least, std::uint32_t value) {
    if (value != 0 && (least == 0 || value < least))
        least = value;
}

bool isByEnds(const SocketRow* a, const SocketRow* b) {
    return std::tie(a->local, a->remote) < std::tie(b->local, b->remote);
}

}  // namespace

/// Finds listeners and the other ends of connections among the rows of one reading.
class SocketEdges::Reading {
public:
    explicit Reading(const std::vector<SocketRow>& rows) {
        for (const SocketRow& row : rows)
            (row.isListening ? listeners_ : connections_).push_back(&row);
        std::ranges::sort(connections_, isByEnds);
        std::ranges::sort(listeners_, {}, [](const SocketRow* row) { return row->local.port; });
    }

    const std::vector<const SocketRow*>& connections() const { return connections_; }

    /// The row of the other end, when that is on this host as well.
    const SocketRow* otherEnd(const SocketRow& row) const {
        SocketRow wanted;
        wanted.local = row.remote;
        wanted.remote = row.local;
        const auto found =
            std::lower_bound(connections_.begin(), connections_.end(), &wanted, isByEnds);
        const bool isIt = found != connections_.end() && (*found)->local == wanted.local &&
                          (*found)->remote == wanted.remote;
        return isIt ? *found : nullptr;
    }

    /// The listener that gets what is sent to this address of the host; the exact one before one on
    /// all addresses.
    const SocketRow* listenerAt(const SocketAddress& address) const {
        const auto [first, last] = std::ranges::equal_range(
            listeners_, address.port, {}, [](const SocketRow* row) { return row->local.port; });
        const SocketRow* found = nullptr;
        for (auto each = first; each != last; ++each) {
            if ((*each)->local == address)
                return *each;
            if (accepts((*each)->local, address))
                found = *each;
        }
        return found;
    }

private:
    std::vector<const SocketRow*> listeners_;    ///< by port
    std::vector<const SocketRow*> connections_;  ///< by both ends
};

/// What the connection's counters grew by since the reading before. What is there already at the
/// first reading has its past elsewhere.
SocketEdges::Growth SocketEdges::growthOf(const SocketRow& row) {
    const auto [place, isNew] = past_.try_emplace(row.cookie);
    Past& past = place->second;
    if (isNew && reading_ == 1)
        past.total = {row.retransmissions, row.sentBytes, row.receivedBytes};
    const Growth growth{row.retransmissions - past.total.retransmissions,
                        row.sentBytes - past.total.sentBytes,
                        row.receivedBytes - past.total.receivedBytes};
    past.total = {row.retransmissions, row.sentBytes, row.receivedBytes};
    past.reading = reading_;
    return growth;
}

std::string SocketEdges::peerName(const SocketAddress& address, MonotonicTime now) {
    std::string name = address.ipText();
    const auto known = peers_.find(name);
    if (known != peers_.end()) {
        known->second = now;
        return name;
    }
    if (peers_.size() >= limits_.peers) {
        ++counters_.peersOverflowed;
        return kOther;
    }
    peers_.emplace(name, now);
    return name;
}

SocketEdges::Draft& SocketEdges::draft(Drafts& drafts, const Ends& ends) {
    auto found = drafts.find({ends.client.name, ends.server.name});
    if (found != drafts.end())
        return found->second;
    const bool hasRoom = drafts.size() < limits_.edges;
    if (!hasRoom)
        ++counters_.edgesOverflowed;
    const auto key =
        hasRoom ? std::pair(ends.client.name, ends.server.name) : std::pair(kOther, kOther);
    const auto [place, isNew] = drafts.try_emplace(key);
    SocketEdge& edge = place->second.edge;
    if (isNew) {
        edge.client = key.first;
        edge.server = key.second;
        edge.clientKind = hasRoom ? ends.client.kind : NodeKind::External;
        edge.serverKind = hasRoom ? ends.server.kind : NodeKind::External;
        edge.isClientGuess = hasRoom && ends.client.isGuess;
        edge.isClientHere = hasRoom && ends.isClientHere;
        edge.isServerHere = hasRoom && ends.isServerHere;
    }
    return place->second;
}

/// One connection as it is judged: the row that tells of it, and who holds its ends.
struct SocketEdges::Connection {
    const SocketRow& row;
    bool isInside = false;      ///< both ends are on this host
    bool isServerSide = false;  ///< the row is the server's, and the client is elsewhere
    const SocketEnd* client = nullptr;
    const SocketEnd* server = nullptr;

    const SocketAddress& target() const { return isServerSide ? row.local : row.remote; }
    bool isTargetHere() const { return isServerSide || isInside; }
    bool has(Role role) const {
        return (client != nullptr && client->role == role) ||
               (server != nullptr && server->role == role);
    }
};

/// Nothing for the server's end of a connection inside the host: the client's tells of it.
std::optional<SocketEdges::Connection> SocketEdges::connectionOf(const SocketRow& row,
                                                                 const Reading& reading,
                                                                 const EndOf& endOf) {
    Connection connection{row};
    const SocketRow* other = reading.otherEnd(row);
    const SocketRow* listener = reading.listenerAt(row.local);
    connection.isInside = other != nullptr;
    connection.isServerSide = listener != nullptr;
    if (connection.isServerSide && connection.isInside)
        return std::nullopt;
    const SocketRow* accepted = connection.isServerSide ? &row : other;
    if (!connection.isServerSide) {
        connection.client = endOf(row.inode);
        listener = other != nullptr ? reading.listenerAt(row.remote) : nullptr;
    }
    if (accepted != nullptr)
        connection.server = endOf(accepted->inode);
    if (connection.server == nullptr && listener != nullptr)
        connection.server = endOf(listener->inode);
    return connection;
}

std::optional<ServiceName> SocketEdges::serverOf(const Connection& connection,
                                                 const ServiceNames& names, MonotonicTime now) {
    const ServiceName* configured = names.at(connection.target());
    if (connection.server != nullptr) {
        // The address has its name in the configuration, the program tells what it is.
        ServiceName server = connection.server->service;
        if (configured != nullptr)
            server = {configured->name,
                      configured->kind == NodeKind::Service ? server.kind : configured->kind};
        return server;
    }
    if (configured != nullptr)
        return *configured;
    // Nobody's that is known, or of another network namespace.
    if (connection.isTargetHere() || connection.target().isLoopback())
        return std::nullopt;
    return ServiceName{peerName(connection.target(), now), NodeKind::External, true};
}

std::optional<SocketEdges::Ends> SocketEdges::endsOf(const Connection& connection,
                                                     const ServiceNames& names, MonotonicTime now) {
    const SocketEnd* client = connection.client;
    const ListenerConfig* through =
        connection.isTargetHere() ? names.listenerAt(connection.target()) : nullptr;
    Ends ends;
    ends.isServerHere = connection.isTargetHere() && through == nullptr;
    ends.isClientHere = !connection.isServerSide;
    if (through != nullptr) {
        ends.server = {through->service};
    } else if (auto server = serverOf(connection, names, now)) {
        ends.server = *std::move(server);
    } else {
        return std::nullopt;
    }
    // Whoever is not known better and calls a listener is the one that the listener is for.
    if (through != nullptr && !through->client.empty() &&
        (client == nullptr || client->service.isGuess))
        ends.client = {through->client};
    else if (client != nullptr)
        ends.client = client->service;
    else if (connection.isServerSide)
        ends.client = {peerName(connection.row.remote, now), NodeKind::External, true};
    else
        return std::nullopt;
    return ends;
}

void SocketEdges::count(const Connection& connection, const Growth& growth, Draft& draft) {
    const SocketRow& row = connection.row;
    ++draft.edge.connections;
    draft.edge.retransmissions += growth.retransmissions;
    draft.edge.sentBytes += connection.isServerSide ? growth.receivedBytes : growth.sentBytes;
    draft.edge.receivedBytes += connection.isServerSide ? growth.sentBytes : growth.receivedBytes;
    if (row.rttMicros != 0)
        draft.rtts.push_back(row.rttMicros);
    lower(draft.minRtt, row.minRttMicros);
}

void SocketEdges::addBeyond(const SocketRow& row, const Growth& growth, const ServiceNames& names,
                            Drafts& drafts) {
    for (const ListenerConfig* listener : names.listenersTo(row.remote)) {
        const auto found = drafts.find({listener->client, listener->service});
        if (found == drafts.end())
            continue;
        found->second.edge.retransmissions += growth.retransmissions;
        if (row.rttMicros != 0)
            found->second.beyond.push_back(row.rttMicros);
        lower(found->second.minBeyond, row.minRttMicros);
    }
}

std::vector<SocketEdge> SocketEdges::update(const std::vector<SocketRow>& rows, const EndOf& endOf,
                                            const ServiceNames& names, MonotonicTime now) {
    ++reading_;
    counters_.unattributed = 0;
    const Reading reading(rows);
    Drafts drafts;
    std::vector<std::pair<const SocketRow*, Growth>> beyondGateway;
    for (const SocketRow* row : reading.connections()) {
        const Growth growth = growthOf(*row);
        const auto connection = connectionOf(*row, reading, endOf);
        if (!connection || connection->has(Role::Agent) || connection->has(Role::Ignored))
            continue;
        if (connection->client != nullptr && connection->client->role == Role::Gateway) {
            beyondGateway.emplace_back(row, growth);
            continue;
        }
        if (connection->has(Role::Gateway) && names.listenerAt(connection->target()) == nullptr)
            continue;  // its statistics
        const auto ends = endsOf(*connection, names, now);
        if (!ends)
            ++counters_.unattributed;
        else if (ends->client.name != ends->server.name)
            count(*connection, growth, draft(drafts, *ends));
    }
    for (const auto& [row, growth] : beyondGateway)
        addBeyond(*row, growth, names, drafts);
    return finish(drafts, now);
}

std::vector<SocketEdge> SocketEdges::finish(Drafts& drafts, MonotonicTime now) {
    std::vector<SocketEdge> edges;
    edges.reserve(drafts.size());
    for (auto& [key, found] : drafts) {
        found.edge.rtt = toSeconds(median(found.rtts) + median(found.beyond));
        found.edge.minRtt = toSeconds(found.minRtt + found.minBeyond);
        edges.push_back(std::move(found.edge));
    }
    std::erase_if(past_, [this](const auto& item) { return item.second.reading != reading_; });
    std::erase_if(peers_,
                  [&](const auto& item) { return now - item.second >= limits_.forgetPeerAfter; });
    return edges;
}

}  // namespace levee::host
