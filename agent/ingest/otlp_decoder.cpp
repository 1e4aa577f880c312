// SPDX-License-Identifier: Apache-2.0
#include "agent/ingest/otlp_decoder.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <protozero/pbf_reader.hpp>
#include <protozero/types.hpp>
#include <string>

namespace levee::ingest {

void SpanBatch::clear() {
    spans.clear();
    peers.clear();
    links.clear();
    services.clear();
    withoutService = invalidIds = overLimit = attributesCut = linksCut = stringsCut = 0;
}

namespace {

using protozero::pbf_reader;
using protozero::pbf_wire_type;

// A field is only read when number and wire type agree; with another wire type it is an unknown
// field and stepped over, as protobuf has it.
constexpr std::uint32_t field(std::uint32_t number, pbf_wire_type type) {
    return protozero::tag_and_type(number, type);
}
constexpr auto kBytes = pbf_wire_type::length_delimited;
constexpr auto kVarint = pbf_wire_type::varint;
constexpr auto kFixed64 = pbf_wire_type::fixed64;

std::string_view view(protozero::data_view data) {
    return {data.data(), data.size()};
}

bool readTraceId(std::string_view bytes, TraceId& id) {
    if (bytes.size() != 16)
        return false;
    std::memcpy(&id.high, bytes.data(), 8);
    std::memcpy(&id.low, bytes.data() + 8, 8);
    return (id.high | id.low) != 0;
}

bool readSpanId(std::string_view bytes, std::uint64_t& id) {
    if (bytes.size() != 8)
        return false;
    std::memcpy(&id, bytes.data(), 8);
    return id != 0;
}

/// An attribute's value; the member that its type fills is set, the others keep their defaults.
struct Value {
    std::string_view text;
    std::int64_t number = 0;
    bool flag = false;
};

struct Attribute {
    std::string_view key;
    Value value;
};

Value readValue(pbf_reader reader) {
    Value value;
    while (reader.next()) {
        switch (reader.tag_and_type()) {
            case field(1, kBytes):
                value.text = view(reader.get_view());
                break;
            case field(2, kVarint):
                value.flag = reader.get_bool();
                break;
            case field(3, kVarint):
                value.number = reader.get_int64();
                break;
            default:
                reader.skip();
        }
    }
    return value;
}

Attribute readAttribute(pbf_reader reader) {
    Attribute attribute;
    while (reader.next()) {
        switch (reader.tag_and_type()) {
            case field(1, kBytes):
                attribute.key = view(reader.get_view());
                break;
            case field(2, kBytes):
                attribute.value = readValue(reader.get_message());
                break;
            default:
                reader.skip();
        }
    }
    return attribute;
}

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

void assign(PeerAttributes& peer, Field which, const Value& value) {
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

/// Decodes one body. protozero's exceptions pass through it and end in decodeTraces().
class Decoder {
public:
    Decoder(const DecodeLimits& limits, SpanBatch& out) : limits_(limits), out_(out) {}

    void readRequest(pbf_reader request) {
        while (request.next(1, kBytes))
            readResourceSpans(request.get_message());
    }

private:
    void readResourceSpans(pbf_reader message) {
        // The resource may stand behind its spans: it is looked for first.
        ServiceSource source;
        pbf_reader spans = message;
        while (message.next())
            if (message.tag_and_type() == field(1, kBytes))
                readResource(message.get_message(), source);
            else
                message.skip();
        const bool named = !source.name.empty();
        if (named)
            out_.services.push_back(source);
        while (spans.next(2, kBytes)) {
            pbf_reader scope = spans.get_message();
            while (scope.next(2, kBytes))
                readSpan(scope.get_message(), named);
        }
    }

    void readResource(pbf_reader resource, ServiceSource& source) {
        while (resource.next(1, kBytes)) {
            const Attribute attribute = readAttribute(resource.get_message());
            if (attribute.key == "service.name")
                source.name = cut(attribute.value.text);
            else if (attribute.key == "service.instance.id")
                source.instance = cut(attribute.value.text);
            else if (attribute.key == "host.name")
                source.host = cut(attribute.value.text);
        }
    }

    void readSpan(pbf_reader message, bool named) {
        SpanRecord span;
        span.service = static_cast<std::uint32_t>(out_.services.size() - 1);
        span.firstLink = static_cast<std::uint32_t>(out_.links.size());
        const std::size_t peersBefore = out_.peers.size();
        bool validTrace = false;
        bool validSpan = false;
        bool validParent = true;
        std::uint32_t attributes = 0;
        newNames_ = 0;
        while (message.next()) {
            switch (message.tag_and_type()) {
                case field(1, kBytes):
                    validTrace = readTraceId(view(message.get_view()), span.trace);
                    break;
                case field(2, kBytes):
                    validSpan = readSpanId(view(message.get_view()), span.span);
                    break;
                case field(4, kBytes):
                    validParent = readParent(view(message.get_view()), span.parent);
                    break;
                case field(6, kVarint): {
                    const std::int32_t kind = message.get_enum();
                    span.kind = kind >= 0 && kind <= 5 ? static_cast<SpanKind>(kind)
                                                       : SpanKind::Unspecified;
                    break;
                }
                case field(7, kFixed64):
                    span.startNanos = message.get_fixed64();
                    break;
                case field(8, kFixed64):
                    span.endNanos = message.get_fixed64();
                    break;
                case field(9, kBytes):
                    if (++attributes > limits_.attributesPerSpan) {
                        ++out_.attributesCut;
                        message.skip();
                    } else {
                        readPeerAttribute(readAttribute(message.get_message()), span);
                    }
                    break;
                case field(13, kBytes):
                    readLink(message.get_message(), span);
                    break;
                case field(15, kBytes):
                    span.statusError = readStatus(message.get_message());
                    break;
                default:
                    message.skip();
            }
        }
        if (keep(named, validTrace && validSpan && validParent)) {
            out_.spans.push_back(span);
        } else {
            out_.peers.resize(peersBefore);
            out_.links.resize(span.firstLink);
        }
    }

    bool keep(bool named, bool validIds) {
        if (!named)
            ++out_.withoutService;
        else if (!validIds)
            ++out_.invalidIds;
        else if (out_.spans.size() >= limits_.spans)
            ++out_.overLimit;
        else
            return true;
        return false;
    }

    /// Absent, empty and all-zero parents all mean a root span; another size is an error.
    static bool readParent(std::string_view bytes, std::uint64_t& parent) {
        if (bytes.empty())
            return true;
        if (bytes.size() != 8)
            return false;
        std::memcpy(&parent, bytes.data(), 8);
        return true;
    }

    void readPeerAttribute(const Attribute& attribute, SpanRecord& span) {
        const KnownKey* known = findKey(attribute.key);
        if (known == nullptr)
            return;
        const std::uint32_t bit = 1U << static_cast<unsigned>(known->field);
        if (!known->current && (newNames_ & bit) != 0)
            return;
        if (known->current)
            newNames_ |= bit;
        if (span.peer == SpanRecord::kNoPeer) {
            span.peer = static_cast<std::uint32_t>(out_.peers.size());
            out_.peers.emplace_back();
        }
        Value value = attribute.value;
        value.text = cut(value.text);
        assign(out_.peers[span.peer], known->field, value);
    }

    void readLink(pbf_reader message, SpanRecord& span) {
        SpanLink link;
        bool validTrace = false;
        bool validSpan = false;
        while (message.next()) {
            switch (message.tag_and_type()) {
                case field(1, kBytes):
                    validTrace = readTraceId(view(message.get_view()), link.trace);
                    break;
                case field(2, kBytes):
                    validSpan = readSpanId(view(message.get_view()), link.span);
                    break;
                default:
                    message.skip();
            }
        }
        if (!validTrace || !validSpan)
            return;
        if (span.linkCount >= limits_.linksPerSpan || out_.links.size() >= limits_.links) {
            ++out_.linksCut;
            return;
        }
        out_.links.push_back(link);
        ++span.linkCount;
    }

    static bool readStatus(pbf_reader message) {
        bool error = false;
        while (message.next()) {
            if (message.tag_and_type() == field(3, kVarint))
                error = message.get_enum() == 2;
            else
                message.skip();
        }
        return error;
    }

    std::string_view cut(std::string_view text) {
        if (text.size() <= limits_.stringBytes)
            return text;
        ++out_.stringsCut;
        return text.substr(0, limits_.stringBytes);
    }

    const DecodeLimits& limits_;
    SpanBatch& out_;
    std::uint32_t newNames_ = 0;  ///< fields of the current span that a current name has filled
};

}  // namespace

Status decodeTraces(std::string_view body, const DecodeLimits& limits, SpanBatch& out) {
    out.clear();
    try {
        Decoder(limits, out).readRequest(pbf_reader(body.data(), body.size()));
        return Status::ok();
    } catch (const protozero::exception& e) {
        out.clear();
        return Error{std::string("not an ExportTraceServiceRequest: ") + e.what(),
                     ErrorKind::Invalid};
    }
}

}  // namespace levee::ingest
