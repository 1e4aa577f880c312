// SPDX-License-Identifier: Apache-2.0
#include "agent/ingest/otlp_decoder.h"

#include <cstring>
#include <protozero/pbf_reader.hpp>
#include <protozero/types.hpp>
#include <string>

#include "agent/ingest/sampling_weight.h"

namespace levee::ingest {

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

struct Attribute {
    std::string_view key;
    AttributeValue value;
};

AttributeValue readValue(pbf_reader reader) {
    AttributeValue value;
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

/// Decodes one body. protozero's exceptions pass through it and end in decodeTraces().
class Decoder {
public:
    Decoder(const DecodeLimits& limits, SpanBatch& out) : builder_(limits, out), out_(out) {}

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
                source.name = builder_.cut(attribute.value.text);
            else if (attribute.key == "service.instance.id")
                source.instance = builder_.cut(attribute.value.text);
            else if (attribute.key == "host.name")
                source.host = builder_.cut(attribute.value.text);
            else if (attribute.key == "service.namespace")
                source.nameSpace = builder_.cut(attribute.value.text);
            else if (attribute.key == "team")
                source.team = builder_.cut(attribute.value.text);
        }
    }

    void readSpan(pbf_reader message, bool named) {
        SpanRecord& span = builder_.begin();
        bool validTrace = false;
        bool validSpan = false;
        bool validParent = true;
        std::string_view traceState;
        while (message.next()) {
            switch (message.tag_and_type()) {
                case field(1, kBytes):
                    validTrace = readTraceId(view(message.get_view()), span.trace);
                    break;
                case field(2, kBytes):
                    validSpan = readSpanId(view(message.get_view()), span.span);
                    break;
                case field(3, kBytes):
                    traceState = view(message.get_view());
                    break;
                case field(4, kBytes):
                    validParent = readParent(view(message.get_view()), span.parent);
                    break;
                case field(5, kBytes):
                    span.name = view(message.get_view());
                    break;
                case field(6, kVarint):
                    span.kind = kindOf(message.get_enum());
                    break;
                case field(7, kFixed64):
                    span.startNanos = message.get_fixed64();
                    break;
                case field(8, kFixed64):
                    span.endNanos = message.get_fixed64();
                    break;
                case field(9, kBytes):
                    if (builder_.mayAddAttribute()) {
                        const Attribute attribute = readAttribute(message.get_message());
                        builder_.addAttribute(attribute.key, attribute.value);
                    } else {
                        message.skip();
                    }
                    break;
                case field(13, kBytes):
                    readLink(message.get_message());
                    break;
                case field(15, kBytes):
                    span.statusError = readStatus(message.get_message());
                    break;
                default:
                    message.skip();
            }
        }
        if (!traceState.empty())
            span.weight = samplingWeight(builder_.cut(traceState), span.trace);
        builder_.finish(named, validTrace && validSpan && validParent);
    }

    static SpanKind kindOf(std::int32_t number) {
        return number >= 0 && number <= 5 ? static_cast<SpanKind>(number) : SpanKind::Unspecified;
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

    void readLink(pbf_reader message) {
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
        if (validTrace && validSpan)
            builder_.addLink(link);
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

    SpanBuilder builder_;
    SpanBatch& out_;
};

}  // namespace

Status decodeTraces(std::string_view body, const DecodeLimits& limits, SpanBatch& out) {
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
