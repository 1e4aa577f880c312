// SPDX-License-Identifier: Apache-2.0
// A decoded span: only what the service graph needs. Text is not copied from protobuf: every
// string_view points into the body that the batch was decoded from, and the batch must not outlive
// that body. Text from JSON, where it may be escaped, lies in the batch.
#pragma once

#include <cstdint>
#include <limits>
#include <string_view>
#include <vector>

#include "agent/ingest/text_arena.h"
#include "shared/model/trace.h"

namespace levee::ingest {

/// W3C trace id: the first eight bytes and the last eight, each as they lie in memory.
struct TraceId {
    std::uint64_t high = 0;  ///< 0: an id of 64 bits, as Zipkin still has them
    std::uint64_t low = 0;

    bool operator==(const TraceId&) const = default;
};

using levee::SpanKind;

/// What a messaging span does, from messaging.operation.type or the older messaging.operation.
enum class MessagingOperation : std::uint8_t { None, Create, Send, Receive, Process, Settle };

/// Where a link points: the span that made the message, for a consumer.
struct SpanLink {
    TraceId trace;
    std::uint64_t span = 0;
};

/// The attributes that say who is at the other end. Empty text: not given. Old and new attribute
/// names fill the same field; the new one wins where a span carries both.
struct PeerAttributes {
    std::string_view peerService{};     ///< service.peer.name, peer.service
    std::string_view dbSystem{};        ///< db.system.name, db.system
    std::string_view dbName{};          ///< db.namespace, db.name
    std::string_view serverAddress{};   ///< server.address, net.peer.name
    std::string_view networkAddress{};  ///< network.peer.address, net.sock.peer.addr
    std::string_view messagingSystem{};
    std::string_view destination{};          ///< messaging.destination.name, messaging.destination
    std::string_view destinationTemplate{};  ///< low in cardinality, preferred to the name
    /// messaging.rabbitmq.destination.routing_key, messaging.rabbitmq.routing_key: the queue, when
    /// a message went to the default exchange, which has no name.
    std::string_view routingKey{};
    std::string_view rpcSystem{};
    std::uint16_t serverPort = 0;
    std::uint16_t httpStatus = 0;  ///< 0: not an HTTP span
    MessagingOperation operation = MessagingOperation::None;
    bool destinationTemporary = false;  ///< a reply queue or the like: its name means nothing
    bool destinationAnonymous = false;
};

/// One span. Times are nanoseconds of the sender's wall clock: good for durations, not for
/// comparing two hosts.
struct SpanRecord {
    static constexpr std::uint32_t kNoPeer = std::numeric_limits<std::uint32_t>::max();

    TraceId trace;             ///< never zero
    std::uint64_t span = 0;    ///< never zero
    std::uint64_t parent = 0;  ///< 0: root
    std::uint64_t startNanos = 0;
    std::uint64_t endNanos = 0;
    std::uint32_t service = 0;     ///< index into SpanBatch::services
    std::uint32_t peer = kNoPeer;  ///< index into SpanBatch::peers
    std::uint32_t firstLink = 0;   ///< index into SpanBatch::links
    std::uint16_t linkCount = 0;   ///< at most DecodeLimits::linksPerSpan
    SpanKind kind = SpanKind::Unspecified;
    bool statusError = false;
    bool shared = false;       ///< Zipkin: a SERVER span under its caller's own id
    std::uint32_t weight = 0;  ///< calls it stands for after sampling; 0: the sender does not say
    std::string_view name{};
};

/// The instance that sent a group of spans.
struct ServiceSource {
    std::string_view name{};       ///< service.name, never empty
    std::string_view instance{};   ///< service.instance.id, or ""
    std::string_view host{};       ///< host.name, or ""
    std::string_view nameSpace{};  ///< service.namespace, or ""
    std::string_view team{};       ///< team, or ""
};

/// All spans of one request body, and what was left out of it. Reused from body to body so that a
/// steady stream allocates nothing. Confined to one thread.
struct SpanBatch {
    std::vector<SpanRecord> spans;
    std::vector<PeerAttributes> peers;
    std::vector<SpanLink> links;
    std::vector<ServiceSource> services;
    TextArena texts;

    std::uint64_t withoutService = 0;  ///< spans refused: their resource has no service.name
    std::uint64_t invalidIds = 0;  ///< spans refused: trace or span id missing, zero or ill-sized
    std::uint64_t overLimit = 0;   ///< spans refused: more in one body than the limit
    std::uint64_t attributesCut = 0;  ///< attributes beyond the limit of a span, not read
    std::uint64_t linksCut = 0;       ///< links beyond the limit, not read
    std::uint64_t stringsCut = 0;     ///< attribute values cut to the limit

    std::uint64_t rejected() const { return withoutService + invalidIds + overLimit; }
    void clear();
};

}  // namespace levee::ingest
