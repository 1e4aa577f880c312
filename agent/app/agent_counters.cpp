// SPDX-License-Identifier: Apache-2.0
#include "agent/app/agent_counters.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "agent/collect/collector.h"
#include "agent/collect/sample_history.h"
#include "agent/control/automation_book.h"
#include "agent/control/control_loop.h"
#include "agent/discover/discovery.h"
#include "agent/enforce/log_reader.h"
#include "agent/forward/forwarder.h"
#include "agent/forward/webhook_sender.h"
#include "agent/host/host_window.h"
#include "agent/ingest/ingest.h"
#include "agent/store/history_store.h"
#include "rules/promql/signal_reading.h"

namespace levee {
namespace {

MetricValue counted(std::string_view metric, std::uint64_t value) {
    return {metric, static_cast<double>(value), {}};
}

MetricValue counted(std::string_view metric, std::uint64_t value, const char* label,
                    std::string_view text) {
    return {metric, static_cast<double>(value), {{label, std::string(text)}}};
}

}  // namespace

std::vector<MetricValue> collectorCounters(const Collector& collector) {
    const CollectStats& stats = collector.stats();
    std::vector<MetricValue> values{counted("levee_scrape_samples_total", stats.samplesParsed),
                                    counted("levee_scrape_bytes_total", stats.bytes)};
    std::uint64_t failed = 0;
    for (std::size_t i = 1; i < kScrapeFailures; ++i) {
        const auto failure = static_cast<ScrapeFailure>(i);
        failed += stats.failed(failure);
        values.push_back(
            counted("levee_scrapes_total", stats.failed(failure), "result", name(failure)));
    }
    values.push_back(counted("levee_scrapes_total", stats.scrapes - failed, "result", "ok"));
    values.push_back(counted("levee_scrapes_skipped_total", stats.skipped));
    values.push_back(counted("levee_discovered_targets_refused_total", stats.targetsRefused,
                             "reason", "unusable"));
    values.push_back(counted("levee_discovered_targets_refused_total", stats.updatesRefused,
                             "reason", "too_many"));
    return values;
}

std::vector<MetricValue> discoveryCounters(const discover::Discovery& discovery) {
    std::vector<MetricValue> values;
    std::map<std::pair<std::string, std::string>, double> targets;
    for (const discover::SourceState& state : discovery.states())
        targets[{state.job, std::string(state.kind)}] += static_cast<double>(state.targets);
    for (const auto& [source, count] : targets)
        values.push_back(
            {"levee_discovered_targets", count, {{"job", source.first}, {"kind", source.second}}});
    constexpr std::array<std::string_view, 5> kKinds{"file", "http", "dns", "docker", "kubernetes"};
    for (std::size_t kind = 0; kind < kKinds.size(); ++kind) {
        const std::uint64_t looks = discovery.stats(kind).looks;
        const std::uint64_t failures = discovery.stats(kind).failures;
        if (looks == 0)
            continue;
        for (const auto& [result, count] :
             {std::pair{"ok", looks - std::min(failures, looks)}, std::pair{"failed", failures}})
            values.push_back({"levee_discoveries_total",
                              static_cast<double>(count),
                              {{"kind", std::string(kKinds[kind])}, {"result", result}}});
    }
    return values;
}

std::vector<MetricValue> forwardCounters(const forward::Forwarder& forwarder) {
    std::vector<MetricValue> values;
    for (const forward::WriterCounters& writer : forwarder.counters()) {
        const auto add = [&](std::string_view metric, std::uint64_t value, const char* label = "",
                             const char* text = "") {
            MetricValue one{metric, static_cast<double>(value), {{"remote", writer.name}}};
            if (*label != '\0')
                one.labels.push_back({label, text});
            values.push_back(std::move(one));
        };
        const char* samples = "levee_remote_write_samples_total";
        add(samples, writer.sent, "result", "sent");
        add(samples, writer.rejected, "result", "rejected");
        add(samples, writer.dropped, "result", "dropped");
        add(samples, writer.filtered, "result", "filtered");
        add("levee_remote_write_requests_total", writer.requests);
        add("levee_remote_write_retries_total", writer.retries);
        add("levee_remote_write_bytes_total", writer.bytes);
        add("levee_remote_write_pending_samples", writer.pending);
    }
    return values;
}

std::vector<MetricValue> signalCounters(const SampleHistoryCounters& counters) {
    return {{"levee_signal_series", static_cast<double>(counters.series), {}},
            {"levee_signal_bytes", static_cast<double>(counters.bytes), {}},
            counted("levee_signal_samples_lost_total", counters.seriesRefused, "reason",
                    "no_room_for_series"),
            counted("levee_signal_samples_lost_total", counters.samplesShortened, "reason",
                    "history_shortened")};
}

std::vector<MetricValue> signalValues(const std::vector<promql::SignalReading>& readings) {
    std::vector<MetricValue> values;
    std::map<std::string, std::size_t> leftOut;  // of each pack
    for (const promql::SignalReading& reading : readings) {
        leftOut[reading.pack] += reading.leftOut;
        for (const promql::Element& element : reading.elements) {
            MetricValue value{"levee_signal", element.value, {}};
            // The names of the element's own labels may be any.
            for (const promql::Label& label : element.labels) {
                if (label.name != "pack" && label.name != "signal")
                    value.labels.emplace_back(label.name, label.value);
            }
            value.labels.emplace_back("pack", reading.pack);
            value.labels.emplace_back("signal", reading.name);
            values.push_back(std::move(value));
        }
    }
    for (const auto& [pack, count] : leftOut)
        values.push_back(
            {"levee_signal_elements_left_out", static_cast<double>(count), {{"pack", pack}}});
    return values;
}

std::vector<MetricValue> controlCounters(const ControlLoop& control) {
    const ControlCounters counters = control.counters();
    return {counted("levee_control_ticks_total", counters.ticks),
            counted("levee_gateway_log_dropped_total", counters.recordsDropped),
            counted("levee_gateway_log_late_total", counters.recordsLate),
            {"levee_control_tick_lateness_seconds", counters.latenessP50, {{"percentile", "50"}}},
            {"levee_control_tick_lateness_seconds", counters.latenessP99, {{"percentile", "99"}}}};
}

std::vector<MetricValue> latencyCounters(const LatencyCounters& counters) {
    return {
        {"levee_latency_cells", static_cast<double>(counters.cells), {}},
        counted("levee_latency_slices_evicted_total", counters.slicesEvicted),
        counted("levee_latency_requests_unattributed_total", counters.facetsFull, "why", "facets"),
        counted("levee_latency_requests_unattributed_total", counters.subjectsFull, "why",
                "subjects")};
}

std::vector<MetricValue> historyCounters(const HistoryStore& history) {
    const HistoryStats stats = history.stats();
    return {counted("levee_history_seconds_total", stats.secondsWritten, "result", "written"),
            counted("levee_history_seconds_total", stats.secondsDropped, "result", "dropped"),
            counted("levee_history_failures_total", stats.failures)};
}

std::vector<MetricValue> ingestCounters(const ingest::IngestStats& stats) {
    const char* spans = "levee_spans_total";
    const char* requests = "levee_span_requests_total";
    return {counted(spans, stats.spans, "result", "accepted"),
            counted(spans, stats.rejectedWithoutService, "result", "without_service"),
            counted(spans, stats.rejectedInvalidIds, "result", "invalid_ids"),
            counted(spans, stats.rejectedOverLimit, "result", "over_limit"),
            counted(requests, stats.bodies, "result", "accepted"),
            counted(requests, stats.malformed, "result", "malformed"),
            counted(requests, stats.tooLarge, "result", "too_large"),
            counted(requests, stats.refusedBusy, "result", "busy"),
            counted(requests, stats.badRequests, "result", "bad_request"),
            counted(requests, stats.timeouts, "result", "timeout"),
            {"levee_traces_collected_share", stats.tracesCollectedShare, {}},
            counted("levee_traces_dropped_total", stats.tracesDropped)};
}

std::vector<MetricValue> pairingCounters(const ingest::PairingCounters& counters) {
    const char* pairs = "levee_span_pairs_total";
    return {counted(pairs, counters.paired, "result", "paired"),
            counted(pairs, counters.immediate, "result", "immediate"),
            counted(pairs, counters.unpaired, "result", "unpaired"),
            counted(pairs, counters.late, "result", "late"),
            counted(pairs, counters.duplicates, "result", "duplicate"),
            counted(pairs, counters.collapsed, "result", "collapsed"),
            counted(pairs, counters.droppedFull, "result", "dropped_full")};
}

std::vector<MetricValue> hostCounters(const host::HostCounters& counters) {
    const char* readings = "levee_socket_readings_total";
    const char* overflowed = "levee_socket_overflows_total";
    return {counted(readings, counters.readings - counters.readingsFailed - counters.readingsCut,
                    "result", "ok"),
            counted(readings, counters.readingsFailed, "result", "failed"),
            counted(readings, counters.readingsCut, "result", "cut"),
            counted(overflowed, counters.peersOverflowed, "what", "peers"),
            counted(overflowed, counters.edgesOverflowed, "what", "edges"),
            counted("levee_sockets", counters.sockets),
            counted("levee_sockets_unowned", counters.socketsUnowned),
            counted("levee_connections_unattributed", counters.unattributed),
            counted("levee_open_file_links_read_total", counters.linksRead),
            counted("levee_host_left_out", counters.processesUnreadable, "what", "unreadable"),
            counted("levee_host_left_out", counters.processesLeftOut, "what", "processes"),
            counted("levee_host_left_out", counters.devicesLeftOut, "what", "devices")};
}

std::vector<MetricValue> automationCounters(const AutomationCounters& counters) {
    const char* looks = "levee_automation_looks_total";
    const char* firings = "levee_automation_firings_total";
    return {counted(looks, counters.readTrue, "result", "true"),
            counted(looks, counters.readFalse, "result", "false"),
            counted(looks, counters.readAbsent, "result", "absent"),
            counted(looks, counters.readFailed, "result", "failed"),
            counted(firings, counters.firings, "mode", "enforce"),
            counted(firings, counters.shadowFirings, "mode", "shadow"),
            counted("levee_automation_refusals_total", counters.refusals)};
}

std::vector<MetricValue> webhookCounters(const forward::WebhookCounters& counters) {
    const char* notices = "levee_webhook_notices_total";
    return {counted(notices, counters.sent, "result", "sent"),
            counted(notices, counters.failed, "result", "failed"),
            counted(notices, counters.dropped, "result", "dropped"),
            counted("levee_webhook_retries_total", counters.retries),
            counted("levee_webhook_waiting", counters.waiting)};
}

std::vector<MetricValue> gatewayCounters(const LogCounters& log) {
    return {counted("levee_gateway_log_lines_total", log.records),
            counted("levee_gateway_log_requests_total", log.requests),
            counted("levee_gateway_log_malformed_total", log.malformed)};
}

}  // namespace levee
