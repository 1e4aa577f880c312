// SPDX-License-Identifier: Apache-2.0
// The traffic of the ingest benches: traces user -> frontend -> checkout -> redis with INTERNAL
// spans between, twelve spans each, in batches of 240 a service as the SDK exports them.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <string>
#include <vector>

#include "tests/agent/ingest/otlp_builder.h"

namespace levee::bench {

constexpr std::size_t kBatch = 240;
constexpr std::size_t kSpansPerTrace = 12;

inline std::string idBytes(std::uint64_t id, std::size_t size) {
    std::string bytes(size, '\x5a');
    std::memcpy(bytes.data() + size - sizeof id, &id, sizeof id);
    return bytes;
}

/// Bodies of so many traces.
inline std::vector<std::string> makeBodies(std::uint64_t traces) {
    std::vector<test::SpanText> frontend;
    std::vector<test::SpanText> checkout;
    std::uint64_t id = 1;
    for (std::uint64_t trace = 1; trace <= traces; ++trace) {
        const std::string traceId = idBytes(trace, 16);
        const auto add = [&](std::vector<test::SpanText>& to, int kind, const std::string& parent) {
            test::SpanText span{
                .trace = traceId, .span = idBytes(id++, 8), .parent = parent, .kind = kind};
            span.attributes = {{"http.request.method", "GET"},
                               {"url.path", "/api/products/17"},
                               {"network.protocol.version", "1.1"}};
            if (kind == 3) {
                span.attributes.emplace_back("server.address", "127.0.0.1");
                span.attributes.emplace_back("http.response.status_code", std::int64_t{200});
            }
            to.push_back(span);
            return span.span;
        };
        std::string parent = add(frontend, 2, "");
        for (int i = 0; i < 4; ++i)
            parent = add(frontend, 1, parent);
        parent = add(frontend, 3, parent);
        parent = add(checkout, 2, parent);
        for (int i = 0; i < 4; ++i)
            parent = add(checkout, 1, parent);
        add(checkout, 3, parent);
        checkout.back().attributes.emplace_back("db.system.name", "redis");
    }
    std::vector<std::string> bodies;
    for (std::size_t at = 0; at < frontend.size(); at += kBatch)
        for (const auto* service : {&frontend, &checkout}) {
            const auto end = std::min(at + kBatch, service->size());
            bodies.push_back(
                test::encodeRequest(service == &frontend ? "frontend" : "checkout",
                                    {service->begin() + static_cast<std::ptrdiff_t>(at),
                                     service->begin() + static_cast<std::ptrdiff_t>(end)}));
        }
    return bodies;
}

/// One body of kBatch spans in OTLP's JSON form.
inline std::string makeJsonBody() {
    std::string spans;
    for (std::size_t i = 0; i < kBatch; ++i) {
        char ids[160];
        std::snprintf(ids, sizeof ids,
                      "{'traceId':'5b8efff798038103d269b633813f%04zx','spanId':'eee19b7ec3c1%04zx',"
                      "'parentSpanId':'eee19b7ec3c1%04zx',",
                      i / 6 + 1, i + 1, i);
        spans +=
            (i == 0 ? "" : ",") + std::string(ids) +
            "'name':'a name that nobody reads','kind':1,"
            "'startTimeUnixNano':'1544712660000000000','endTimeUnixNano':'1544712661000000000',"
            "'attributes':[{'key':'http.request.method','value':{'stringValue':'GET'}},"
            "{'key':'url.path','value':{'stringValue':'/api/products/17'}},"
            "{'key':'network.protocol.version','value':{'stringValue':'1.1'}}],'status':{}}";
    }
    std::string body =
        "{'resourceSpans':[{'resource':{'attributes':[{'key':'service.name','value':"
        "{'stringValue':'frontend'}}]},'scopeSpans':[{'spans':[" +
        spans + "]}]}]}";
    std::ranges::replace(body, '\'', '"');
    return body;
}

}  // namespace levee::bench
