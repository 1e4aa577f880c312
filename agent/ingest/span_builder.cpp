// SPDX-License-Identifier: Apache-2.0
#include "agent/ingest/span_builder.h"

#include <algorithm>
#include <array>

namespace levee::ingest {

void SpanBatch::clear() {
    spans.clear();
    peers.clear();
    links.clear();
    services.clear();
    texts.clear();
    withoutService = invalidIds = overLimit = attributesCut = linksCut = stringsCut = 0;
}

namespace {

enum class Field : std::uint8_t {
    PeerService,
    DbSystem,
    DbName,
    ServerAddress,
    NetworkAddress,
    MessagingSystem,
    Destination,
    DestinationTemplate,
    RoutingKey,
    RpcSystem,
    ServerPort,
    HttpStatus,
    Operation,
    Temporary,
    Anonymous,
};

struct KnownKey {
    std::string_view key;
    Field field;
    bool current;  ///< false: a name that semantic conventions have since replaced
};

// Sorted by length, so that a key is compared with the few of its own length only.
constexpr std::array kKnownKeys{
    KnownKey{"db.name", Field::DbName, false},
    KnownKey{"db.system", Field::DbSystem, false},
    KnownKey{"rpc.system", Field::RpcSystem, true},
    KnownKey{"server.port", Field::ServerPort, true},
    KnownKey{"db.namespace", Field::DbName, true},
    KnownKey{"peer.service", Field::PeerService, false},
    KnownKey{"net.peer.name", Field::ServerAddress, false},
    KnownKey{"net.peer.port", Field::ServerPort, false},
    KnownKey{"db.system.name", Field::DbSystem, true},
    KnownKey{"server.address", Field::ServerAddress, true},
    KnownKey{"rpc.system.name", Field::RpcSystem, true},
    KnownKey{"http.status_code", Field::HttpStatus, false},
    KnownKey{"messaging.system", Field::MessagingSystem, true},
    KnownKey{"service.peer.name", Field::PeerService, true},
    KnownKey{"net.sock.peer.addr", Field::NetworkAddress, false},
    KnownKey{"messaging.operation", Field::Operation, false},
    KnownKey{"network.peer.address", Field::NetworkAddress, true},
    KnownKey{"messaging.destination", Field::Destination, false},
    KnownKey{"messaging.operation.type", Field::Operation, true},
    KnownKey{"http.response.status_code", Field::HttpStatus, true},
    KnownKey{"messaging.destination.name", Field::Destination, true},
    KnownKey{"messaging.rabbitmq.routing_key", Field::RoutingKey, false},
    KnownKey{"messaging.destination.template", Field::DestinationTemplate, true},
    KnownKey{"messaging.destination.temporary", Field::Temporary, true},
    KnownKey{"messaging.destination.anonymous", Field::Anonymous, true},
    KnownKey{"messaging.rabbitmq.destination.routing_key", Field::RoutingKey, true},
};
constexpr std::size_t kLongestKey = kKnownKeys.back().key.size();
static_assert(std::ranges::is_sorted(kKnownKeys, {},
                                     [](const KnownKey& k) { return k.key.size(); }));

/// kFirstOfLength[n]: the first known key of at least n bytes.
constexpr auto kFirstOfLength = [] {
    std::array<std::uint8_t, kLongestKey + 2> first{};
    for (std::size_t length = 0; length < first.size(); ++length)
        while (first[length] < kKnownKeys.size() && kKnownKeys[first[length]].key.size() < length)
            ++first[length];
    return first;
}();

const KnownKey* findKey(std::string_view key) {
    if (key.size() > kLongestKey)
        return nullptr;
    for (std::size_t i = kFirstOfLength[key.size()]; i < kFirstOfLength[key.size() + 1]; ++i)
        if (kKnownKeys[i].key == key)
            return &kKnownKeys[i];
    return nullptr;
}

MessagingOperation operationOf(std::string_view text) {
    // "publish" and "deliver" are what conventions before 1.26 and RabbitMQ's library say.
    if (text == "send" || text == "publish")
        return MessagingOperation::Send;
    if (text == "process" || text == "deliver")
        return MessagingOperation::Process;
    if (text == "receive")
        return MessagingOperation::Receive;
    if (text == "create")
        return MessagingOperation::Create;
    if (text == "settle")
        return MessagingOperation::Settle;
    return MessagingOperation::None;
}

std::uint16_t narrow(std::int64_t number) {
    return number > 0 && number <= 65535 ? static_cast<std::uint16_t>(number) : 0;
}

void assign(PeerAttributes& peer, Field which, const AttributeValue& value) {
    switch (which) {
        case Field::PeerService:
            peer.peerService = value.text;
            break;
        case Field::DbSystem:
            peer.dbSystem = value.text;
            break;
        case Field::DbName:
            peer.dbName = value.text;
            break;
        case Field::ServerAddress:
            peer.serverAddress = value.text;
            break;
        case Field::NetworkAddress:
            peer.networkAddress = value.text;
            break;
        case Field::MessagingSystem:
            peer.messagingSystem = value.text;
            break;
        case Field::Destination:
            peer.destination = value.text;
            break;
        case Field::DestinationTemplate:
            peer.destinationTemplate = value.text;
            break;
        case Field::RoutingKey:
            peer.routingKey = value.text;
            break;
        case Field::RpcSystem:
            peer.rpcSystem = value.text;
            break;
        case Field::ServerPort:
            peer.serverPort = narrow(value.number);
            break;
        case Field::HttpStatus:
            peer.httpStatus = narrow(value.number);
            break;
        case Field::Operation:
            peer.operation = operationOf(value.text);
            break;
        case Field::Temporary:
            peer.destinationTemporary = value.flag;
            break;
        case Field::Anonymous:
            peer.destinationAnonymous = value.flag;
            break;
    }
}

}  // namespace

bool isPeerAttribute(std::string_view key) {
    return findKey(key) != nullptr;
}

SpanBuilder::Mark SpanBuilder::mark() const {
    return {out_.spans.size(), out_.peers.size(), out_.links.size()};
}

void SpanBuilder::dropSince(const Mark& mark) {
    out_.withoutService += out_.spans.size() - mark.spans;
    out_.spans.resize(mark.spans);
    out_.peers.resize(mark.peers);
    out_.links.resize(mark.links);
}

SpanRecord& SpanBuilder::begin() {
    span_ = {};
    span_.service = static_cast<std::uint32_t>(out_.services.size() - 1);
    span_.firstLink = static_cast<std::uint32_t>(out_.links.size());
    peersBefore_ = out_.peers.size();
    attributes_ = currentNames_ = 0;
    return span_;
}

void SpanBuilder::addAttribute(std::string_view key, const AttributeValue& value) {
    const KnownKey* known = findKey(key);
    if (known == nullptr)
        return;
    const std::uint32_t bit = 1U << static_cast<unsigned>(known->field);
    if (!known->current && (currentNames_ & bit) != 0)
        return;
    if (known->current)
        currentNames_ |= bit;
    if (span_.peer == SpanRecord::kNoPeer) {
        span_.peer = static_cast<std::uint32_t>(out_.peers.size());
        out_.peers.emplace_back();
    }
    AttributeValue kept = value;
    kept.text = cut(value.text);
    assign(out_.peers[span_.peer], known->field, kept);
}

void SpanBuilder::addLink(const SpanLink& link) {
    if (span_.linkCount >= limits_.linksPerSpan || out_.links.size() >= limits_.links) {
        ++out_.linksCut;
        return;
    }
    out_.links.push_back(link);
    ++span_.linkCount;
}

void SpanBuilder::finish(bool hasService, bool hasValidIds) {
    if (!hasService) {
        ++out_.withoutService;
    } else if (!hasValidIds) {
        ++out_.invalidIds;
    } else if (out_.spans.size() >= limits_.spans) {
        ++out_.overLimit;
    } else {
        out_.spans.push_back(span_);
        return;
    }
    out_.peers.resize(peersBefore_);
    out_.links.resize(span_.firstLink);
}

}  // namespace levee::ingest
