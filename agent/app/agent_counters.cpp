// SPDX-License-Identifier: Apache-2.0
#include "agent/app/agent_counters.h"

#include "agent/collect/collector.h"
#include "agent/collect/sample_history.h"
#include "agent/control/control_loop.h"
#include "agent/enforce/log_reader.h"
#include "agent/host/host_window.h"
#include "agent/ingest/ingest.h"
#include "agent/store/history_store.h"

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

std::vector<MetricValue> controlCounters(const ControlLoop& control) {
    const ControlCounters counters = control.counters();
    return {counted("levee_control_ticks_total", counters.ticks),
            counted("levee_gateway_log_dropped_total", counters.recordsDropped),
            counted("levee_gateway_log_late_total", counters.recordsLate),
            {"levee_control_tick_lateness_seconds", counters.latenessP50, {{"percentile", "50"}}},
            {"levee_control_tick_lateness_seconds", counters.latenessP99, {{"percentile", "99"}}}};
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
            counted(requests, stats.timeouts, "result", "timeout")};
}

std::vector<MetricValue> pairingCounters(const ingest::PairingCounters& counters) {
    const char* pairs = "levee_span_pairs_total";
    return {counted(pairs, counters.paired, "result", "paired"),
            counted(pairs, counters.immediate, "result", "immediate"),
            counted(pairs, counters.unpaired, "result", "unpaired"),
            counted(pairs, counters.late, "result", "late"),
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

std::vector<MetricValue> gatewayCounters(const LogCounters& log) {
    return {counted("levee_gateway_log_lines_total", log.records),
            counted("levee_gateway_log_malformed_total", log.malformed)};
}

}  // namespace levee
