// SPDX-License-Identifier: Apache-2.0
#include "agent/ingest/peer_name.h"

#include <algorithm>
#include <array>

namespace levee::ingest {
namespace {

bool isNumber(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

std::string_view joined(std::string_view left, std::string_view right, std::string& buffer) {
    buffer.assign(left);
    buffer += ':';
    buffer += right;
    return buffer;
}

/// The host that the call went to, or "" when that is this host or not told.
std::string_view foreignHost(const PeerAttributes& peer) {
    for (const std::string_view address : {peer.serverAddress, peer.networkAddress}) {
        const std::string_view host = bareHost(address);
        if (!host.empty())
            return isThisHost(host) ? std::string_view() : host;
    }
    return {};
}

}  // namespace

bool isDatabase(const PeerAttributes& peer) {
    return !peer.dbSystem.empty() || !peer.dbName.empty();
}

NodeKind databaseKind(std::string_view system) {
    static constexpr std::array<std::string_view, 7> kCaches{
        "redis", "memcached", "valkey", "keydb", "dragonfly", "hazelcast", "aerospike"};
    return std::ranges::find(kCaches, system) != kCaches.end() ? NodeKind::Cache
                                                               : NodeKind::Database;
}

std::string_view databaseName(const PeerAttributes& peer, std::string& buffer) {
    if (!peer.peerService.empty())
        return peer.peerService;
    const std::string_view system = peer.dbSystem.empty() ? "database" : peer.dbSystem;
    const std::string_view host = foreignHost(peer);
    if (!host.empty())
        return joined(system, host, buffer);
    if (!peer.dbName.empty() && !isNumber(peer.dbName))
        return joined(system, peer.dbName, buffer);
    return system;
}

std::string_view queueName(const PeerAttributes& peer, std::string& buffer) {
    if (peer.messagingSystem.empty())
        return {};
    if (!peer.destinationTemplate.empty())
        return joined(peer.messagingSystem, peer.destinationTemplate, buffer);
    if (peer.destinationTemporary || peer.destinationAnonymous)
        return peer.messagingSystem;
    const std::string_view queue = peer.destination.empty() ? peer.routingKey : peer.destination;
    return queue.empty() ? std::string_view() : joined(peer.messagingSystem, queue, buffer);
}

std::string_view remoteName(const PeerAttributes& peer) {
    return peer.peerService.empty() ? foreignHost(peer) : peer.peerService;
}

std::string_view bareHost(std::string_view address) {
    address = address.substr(0, address.find(','));
    if (address.starts_with('[')) {
        const auto close = address.find(']');
        return close == std::string_view::npos ? address : address.substr(1, close - 1);
    }
    // A single colon separates a port; more of them make an IPv6 address.
    const auto colon = address.find(':');
    if (colon != std::string_view::npos && address.find(':', colon + 1) == std::string_view::npos)
        address = address.substr(0, colon);
    if (address.size() > 1 && address.ends_with('.'))
        address.remove_suffix(1);
    return address;
}

bool isThisHost(std::string_view host) {
    if (host.starts_with("::ffff:"))
        host.remove_prefix(7);
    return host.starts_with("127.") || host == "::1" || host == "localhost" || host == "::" ||
           host == "0.0.0.0" || host.ends_with(".localhost") || host.starts_with('/') ||
           host.starts_with('@');
}

}  // namespace levee::ingest
