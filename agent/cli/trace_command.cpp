// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <iterator>
#include <nlohmann/json.hpp>

#include "agent/api/trace_json.h"
#include "agent/cli/agent_client.h"
#include "agent/cli/commands.h"
#include "agent/cli/exit_code.h"
#include "agent/cli/table.h"
#include "agent/cli/text_file.h"
#include "agent/cli/waterfall.h"
#include "agent/ingest/hex_id.h"
#include "agent/ingest/span_format.h"
#include "shared/model/names.h"

namespace levee::cli {
namespace {

using Json = nlohmann::ordered_json;
using namespace ingest;

constexpr std::size_t kBarWidth = 40;

int fail(const Error& error) {
    std::fprintf(stderr, "levee: %s\n", error.message.c_str());
    return kFailure;
}

std::string listOf(const std::vector<std::string>& names) {
    std::string text;
    for (const std::string& name : names)
        text += (text.empty() ? "" : ", ") + name;
    return text;
}

Table table(const std::vector<TraceSummary>& traces) {
    Table table({{"TRACE"},
                 {"TIME"},
                 {"TOOK", Table::Align::Right},
                 {"STATE"},
                 {"SPANS", Table::Align::Right},
                 {"STARTS WITH"},
                 {"KEPT FOR"}});
    for (const TraceSummary& trace : traces)
        table.add({trace.id, formatTime(trace.startMillis), formatLatency(trace.seconds),
                   trace.failed ? "failed" : "ok", std::to_string(trace.spans),
                   trace.service + ": " + trace.name, listOf(trace.keptFor)});
    return table;
}

SpanFormat formatNamed(const std::string& name) {
    return name == "otlp-json" ? SpanFormat::OtlpJson
           : name == "zipkin"  ? SpanFormat::Zipkin
                               : SpanFormat::OtlpProtobuf;
}

/// What the pairing sees of a span; what is not there is left out.
Json jsonOf(const SpanBatch& batch, const SpanRecord& span) {
    Json out{{"trace", hexOf(span.trace)}, {"span", hexOfSpan(span.span)}};
    const auto add = [&out](const char* key, std::string_view text) {
        if (!text.empty())
            out[key] = text;
    };
    if (span.parent != 0)
        out["parent"] = hexOfSpan(span.parent);
    const ServiceSource& source = batch.services[span.service];
    add("service", source.name);
    add("instance", source.instance);
    add("host", source.host);
    add("name", span.name);
    out["kind"] = name(span.kind);
    out["start_nanos"] = span.startNanos;
    out["end_nanos"] = span.endNanos;
    if (span.statusError)
        out["error"] = true;
    if (span.shared)
        out["shared"] = true;
    if (span.weight > 0)
        out["weight"] = span.weight;
    for (std::uint16_t i = 0; i < span.linkCount; ++i) {
        const SpanLink& link = batch.links[span.firstLink + i];
        out["links"].push_back({{"trace", hexOf(link.trace)}, {"span", hexOfSpan(link.span)}});
    }
    if (span.peer == SpanRecord::kNoPeer)
        return out;
    const PeerAttributes& peer = batch.peers[span.peer];
    add("peer_service", peer.peerService);
    add("db_system", peer.dbSystem);
    add("db_name", peer.dbName);
    add("server_address", peer.serverAddress);
    add("network_address", peer.networkAddress);
    add("messaging_system", peer.messagingSystem);
    add("destination", peer.destination);
    add("destination_template", peer.destinationTemplate);
    add("rpc_system", peer.rpcSystem);
    if (peer.serverPort != 0)
        out["server_port"] = peer.serverPort;
    if (peer.httpStatus != 0)
        out["http_status"] = peer.httpStatus;
    return out;
}

}  // namespace

int getTraces(const GetOptions& options) {
    AgentClient client(options.agent);
    const auto traces = client.traces(options.service);
    if (!traces)
        return fail(traces.error());
    std::fputs((options.output == "json" ? tracesJson(*traces) : table(*traces).text()).c_str(),
               stdout);
    return kOk;
}

int describeTrace(const DescribeOptions& options) {
    AgentClient client(options.agent);
    const auto trace = client.trace(options.id);
    if (!trace)
        return fail(trace.error());
    if (options.output == "json") {
        std::fputs(traceJson(*trace).c_str(), stdout);
        return kOk;
    }
    const TraceSummary& summary = trace->summary;
    std::printf("trace %s, %s, %s\n", summary.id.c_str(), formatTime(summary.startMillis).c_str(),
                summary.failed ? "failed" : "ok");
    if (summary.spansLeftOut > 0)
        std::printf("%d more spans are left out\n", summary.spansLeftOut);
    std::fputs(waterfall(*trace, kBarWidth).c_str(), stdout);
    return kOk;
}

int decodeTrace(const std::string& file, const std::string& format) {
    const Result<std::string> body = readText(file);
    if (!body)
        return fail(body.error());
    SpanBatch batch;
    const Status decoded = decodeSpans(formatNamed(format), *body, {}, batch);
    if (!decoded)
        return fail({(file == "-" ? "stdin" : file) + ": " + decoded.error().message});
    for (const SpanRecord& span : batch.spans)
        std::printf(
            "%s\n",
            jsonOf(batch, span).dump(-1, ' ', false, Json::error_handler_t::replace).c_str());
    if (batch.rejected() == 0)
        return kOk;
    std::fprintf(stderr,
                 "levee: left out: %llu spans without a service name, %llu with an invalid id, "
                 "%llu over the limit of one body\n",
                 static_cast<unsigned long long>(batch.withoutService),
                 static_cast<unsigned long long>(batch.invalidIds),
                 static_cast<unsigned long long>(batch.overLimit));
    return kPartial;
}

}  // namespace levee::cli
