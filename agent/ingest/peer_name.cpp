// SPDX-License-Identifier: Apache-2.0
#include "agent/ingest/peer_name.h"

#include <algorithm>
#include <array>

namespace levee::ingest {
namespace {

bool isNumber(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

bool isAlphanumeric(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool isHex(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/// The word that starts `text`: letters and digits of ASCII.
std::string_view wordOf(std::string_view text) {
    return text.substr(
        0, static_cast<std::size_t>(std::ranges::find_if_not(text, isAlphanumeric) - text.begin()));
}

/// A number of five digits or more, or eight hexadecimal digits or more with a figure among them.
bool isId(std::string_view word) {
    if (isNumber(word))
        return word.size() >= 5;
    return word.size() >= 8 && std::ranges::all_of(word, isHex) &&
           word.find_first_of("0123456789") != std::string_view::npos;
}

/// Appends `name` with '*' in place of each id; the parts of a UUID are one.
void appendWithoutIds(std::string_view name, std::string& out) {
    while (!name.empty()) {
        const std::string_view word = wordOf(name);
        if (!isId(word)) {
            const std::size_t size = std::max<std::size_t>(word.size(), 1);
            out += name.substr(0, size);
            name.remove_prefix(size);
            continue;
        }
        out += '*';
        name.remove_prefix(word.size());
        while (name.starts_with('-')) {
            const std::string_view part = wordOf(name.substr(1));
            if (part.empty() || !std::ranges::all_of(part, isHex))
                break;
            name.remove_prefix(1 + part.size());
        }
    }
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
    if (queue.empty())
        return {};
    if (queue.starts_with("amq.gen-"))  // RabbitMQ's own names for queues without one
        return peer.messagingSystem;
    buffer.assign(peer.messagingSystem);
    buffer += ':';
    appendWithoutIds(queue, buffer);
    return buffer;
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
