// SPDX-License-Identifier: Apache-2.0
// Parts of OTLP and Zipkin bodies in JSON, for tests.
#pragma once

#include <algorithm>
#include <string>

namespace levee::test {

/// JSON written with ' in place of ": raw strings confuse moc.
inline std::string json(std::string text) {
    std::ranges::replace(text, '\'', '"');
    return text;
}

inline const std::string kTraceHex = "5b8efff798038103d269b633813fc60c";
inline const std::string kSpanHex = "eee19b7ec3c1b174";

inline std::string otlpSpan(const std::string& more = "") {
    return R"({"traceId":")" + kTraceHex + R"(","spanId":")" + kSpanHex + R"(","kind":2)" +
           (more.empty() ? "" : "," + more) + "}";
}

/// One resource with the spans, which are given as JSON, separated by commas.
inline std::string otlpJson(const std::string& spans, const std::string& service = "a") {
    return R"({"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":)"
           R"({"stringValue":")" +
           service + R"("}}]},"scopeSpans":[{"scope":{"name":"test"},"spans":[)" + spans + "]}]}]}";
}

inline std::string zipkinSpan(const std::string& more = "", const std::string& service = "a") {
    return R"({"traceId":")" + kTraceHex + R"(","id":")" + kSpanHex +
           R"(","localEndpoint":{"serviceName":")" + service + R"("})" +
           (more.empty() ? "" : "," + more) + "}";
}

}  // namespace levee::test
