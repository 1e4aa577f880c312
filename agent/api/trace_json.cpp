// SPDX-License-Identifier: Apache-2.0
#include "agent/api/trace_json.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "shared/model/names.h"

namespace levee {
namespace {

using Json = nlohmann::ordered_json;

Json json(const TraceSummary& trace) {
    return {{"id", trace.id},           {"service", trace.service},
            {"name", trace.name},       {"start_millis", trace.startMillis},
            {"seconds", trace.seconds}, {"failed", trace.failed},
            {"spans", trace.spans},     {"spans_left_out", trace.spansLeftOut},
            {"kept_for", trace.keptFor}};
}

// Ids are shown in the order of their bytes, as every tracer does.
std::string hexOf(std::uint64_t id) {
    std::string text;
    for (int i = 0; i < 8; ++i, id >>= 8U)
        text += fmt::format("{:02x}", id & 0xffU);
    return text;
}

Json json(const TraceSpan& span) {
    return {{"id", hexOf(span.id)},
            {"parent", span.parent == 0 ? Json(nullptr) : Json(hexOf(span.parent))},
            {"service", span.service},
            {"name", span.name},
            {"peer", span.peer},
            {"kind", name(span.kind)},
            {"failed", span.failed},
            {"start_nanos", span.startNanos},
            {"seconds", span.seconds()}};
}

std::string text(const Json& json) {
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace

std::string tracesJson(const std::vector<TraceSummary>& traces) {
    Json all = Json::array();
    for (const TraceSummary& trace : traces)
        all.push_back(json(trace));
    return text(all);
}

std::string traceJson(const Trace& trace) {
    Json document = json(trace.summary);
    document["span_list"] = Json::array();
    for (const TraceSpan& span : trace.spans)
        document["span_list"].push_back(json(span));
    return text(document);
}

}  // namespace levee
