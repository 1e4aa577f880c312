// SPDX-License-Identifier: Apache-2.0
// Writes OTLP trace bodies for tests, by a protobuf writer that shares nothing with the decoder.
#pragma once

#include <cstdint>
#include <protozero/pbf_writer.hpp>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace levee::test {

using AttributeValue = std::variant<std::string, std::int64_t, bool>;

struct SpanText {
    std::string trace = std::string(16, 't');
    std::string span = std::string(8, 's');
    std::string parent{};
    int kind = 3;
    std::uint64_t start = 1'000'000'000;
    std::uint64_t end = 2'000'000'000;
    std::vector<std::pair<std::string, AttributeValue>> attributes{};
    std::vector<std::pair<std::string, std::string>> links{};  ///< trace, span
    int status = 0;
};

inline void writeAttribute(protozero::pbf_writer& to, int tag, const std::string& key,
                           const AttributeValue& value) {
    protozero::pbf_writer attribute(to, static_cast<protozero::pbf_tag_type>(tag));
    attribute.add_string(1, key);
    protozero::pbf_writer any(attribute, 2);
    if (const auto* text = std::get_if<std::string>(&value))
        any.add_string(1, *text);
    else if (const auto* number = std::get_if<std::int64_t>(&value))
        any.add_int64(3, *number);
    else
        any.add_bool(2, std::get<bool>(value));
}

inline std::string encodeSpan(const SpanText& span) {
    std::string bytes;
    protozero::pbf_writer to(bytes);
    to.add_bytes(1, span.trace);
    to.add_bytes(2, span.span);
    if (!span.parent.empty())
        to.add_bytes(4, span.parent);
    to.add_string(5, "a name that nobody reads");
    to.add_enum(6, span.kind);
    to.add_fixed64(7, span.start);
    to.add_fixed64(8, span.end);
    for (const auto& [key, value] : span.attributes)
        writeAttribute(to, 9, key, value);
    for (const auto& [trace, id] : span.links) {
        protozero::pbf_writer link(to, 13);
        link.add_bytes(1, trace);
        link.add_bytes(2, id);
    }
    if (span.status != 0) {
        protozero::pbf_writer status(to, 15);
        status.add_enum(3, span.status);
    }
    to.add_fixed32(16, 0x101);
    return bytes;
}

/// One ResourceSpans. `service` "": a resource without service.name.
inline std::string encodeResourceSpans(const std::string& service,
                                       const std::vector<SpanText>& spans,
                                       bool resourceLast = false) {
    std::string bytes;
    protozero::pbf_writer to(bytes);
    const auto writeResource = [&] {
        protozero::pbf_writer resource(to, 1);
        writeAttribute(resource, 1, "telemetry.sdk.language", std::string("test"));
        if (!service.empty()) {
            writeAttribute(resource, 1, "service.name", service);
            writeAttribute(resource, 1, "service.instance.id", service + "-1");
            writeAttribute(resource, 1, "host.name", std::string("host-a"));
            writeAttribute(resource, 1, "service.namespace", std::string("shop"));
            writeAttribute(resource, 1, "team", service + "-team");
        }
    };
    if (!resourceLast)
        writeResource();
    {
        protozero::pbf_writer scope(to, 2);
        for (const SpanText& span : spans)
            scope.add_message(2, encodeSpan(span));
    }
    if (resourceLast)
        writeResource();
    return bytes;
}

inline std::string encodeRequest(const std::vector<std::string>& resourceSpans) {
    std::string bytes;
    protozero::pbf_writer to(bytes);
    for (const std::string& one : resourceSpans)
        to.add_message(1, one);
    return bytes;
}

inline std::string encodeRequest(const std::string& service, const std::vector<SpanText>& spans) {
    return encodeRequest(std::vector<std::string>{encodeResourceSpans(service, spans)});
}

}  // namespace levee::test
