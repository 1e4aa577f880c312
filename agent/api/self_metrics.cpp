// SPDX-License-Identifier: Apache-2.0
#include "agent/api/self_metrics.h"

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include <array>
#include <cmath>
#include <map>

#include "shared/model/names.h"

namespace levee {
namespace {

using prometheus::MetricType;

struct Declaration {
    std::string_view name;
    MetricType type;
    std::string_view help;
};

constexpr std::array kMetrics{
    Declaration{"levee_build_info", MetricType::Gauge, "1, labelled with the version."},
    Declaration{"levee_start_time_seconds", MetricType::Gauge,
                "When the agent started, Unix time."},
    Declaration{"levee_cpu_share", MetricType::Gauge,
                "CPU used by the agent over the last second, of one core."},
    Declaration{"levee_resident_memory_bytes", MetricType::Gauge, "Resident memory of the agent."},
    Declaration{"levee_rules_revision", MetricType::Gauge, "The rule revision in force."},
    Declaration{"levee_config_last_reload_successful", MetricType::Gauge,
                "1 when the last reload of the configuration was applied."},
    Declaration{"levee_rules_last_load_successful", MetricType::Gauge,
                "1 when the rule files were right the last time they were read."},
    Declaration{"levee_gateway_up", MetricType::Gauge, "1 when the managed HAProxy answers."},
    Declaration{"levee_gateway_log_lines_total", MetricType::Counter,
                "Request lines read from the gateway."},
    Declaration{"levee_gateway_log_requests_total", MetricType::Counter,
                "Requests that those lines stand for: of many good ones not each is logged."},
    Declaration{"levee_gateway_log_malformed_total", MetricType::Counter,
                "Request lines that could not be read."},
    Declaration{"levee_gateway_log_dropped_total", MetricType::Counter,
                "Request records dropped because the control loop did not keep up."},
    Declaration{
        "levee_gateway_log_late_total", MetricType::Counter,
        "Request records left out of the decisions because they came more than two seconds late."},
    Declaration{"levee_control_ticks_total", MetricType::Counter,
                "Ticks of the control loop, one each 100 ms."},
    Declaration{"levee_control_tick_lateness_seconds", MetricType::Gauge,
                "How late ticks came over the last minute, by percentile."},
    Declaration{"levee_scrapes_total", MetricType::Counter, "Scrapes, by result."},
    Declaration{"levee_scrape_samples_total", MetricType::Counter, "Samples parsed."},
    Declaration{"levee_scrape_bytes_total", MetricType::Counter,
                "Bytes scraped, after decompression."},
    Declaration{"levee_scrapes_skipped_total", MetricType::Counter,
                "Scrapes not started, because the one before had not ended or the agent was late."},
    Declaration{"levee_discovered_targets", MetricType::Gauge,
                "Targets that a job's discoveries know, before relabelling, by kind."},
    Declaration{"levee_discoveries_total", MetricType::Counter,
                "Looks for targets, by kind and result; after a failed one the former stay."},
    Declaration{"levee_discovered_targets_refused_total", MetricType::Counter,
                "Discovered targets that cannot be scraped, and whole updates that had too many."},
    Declaration{"levee_remote_write_samples_total", MetricType::Counter,
                "Samples by receiver and result: sent, rejected by it, dropped for want of room, "
                "filtered by write_relabel_configs."},
    Declaration{"levee_remote_write_pending_samples", MetricType::Gauge,
                "Samples that wait for their receiver."},
    Declaration{"levee_remote_write_requests_total", MetricType::Counter,
                "Requests of remote write, repeated ones included."},
    Declaration{"levee_remote_write_retries_total", MetricType::Counter,
                "Requests of remote write that were sent again."},
    Declaration{"levee_remote_write_bytes_total", MetricType::Counter,
                "Bytes of remote write, compressed."},
    Declaration{"levee_signal_series", MetricType::Gauge, "Series kept for expressions."},
    Declaration{"levee_signal_bytes", MetricType::Gauge,
                "Memory of the series kept for expressions, of the most that keep.memory allows."},
    Declaration{"levee_signal_samples_lost_total", MetricType::Counter,
                "Samples that were not kept for as long as asked, by reason."},
    Declaration{"levee_signal", MetricType::Gauge,
                "The signals of the packs in use, by pack and signal and what they tell apart."},
    Declaration{"levee_signal_elements_left_out", MetricType::Gauge,
                "Elements of signals that are not shown because a signal has more than 50."},
    Declaration{"levee_automation_looks_total", MetricType::Counter,
                "Conditions of automations that were evaluated, by what they said."},
    Declaration{"levee_automation_firings_total", MetricType::Counter,
                "Times that an automation began to act, or in shadow would have."},
    Declaration{"levee_automation_refusals_total", MetricType::Counter,
                "Actions of automations that could not be held when they should begin."},
    Declaration{"levee_webhook_notices_total", MetricType::Counter,
                "Notices to webhooks: sent, failed after all tries, dropped for want of room."},
    Declaration{"levee_webhook_retries_total", MetricType::Counter,
                "Requests to webhooks that were sent again."},
    Declaration{"levee_webhook_waiting", MetricType::Gauge, "Notices that wait to be sent."},
    Declaration{"levee_target_up", MetricType::Gauge, "1 when the target's last scrape was good."},
    Declaration{"levee_spans_total", MetricType::Counter, "Spans received, by result."},
    Declaration{"levee_span_requests_total", MetricType::Counter, "Trace exports, by result."},
    Declaration{"levee_span_pairs_total", MetricType::Counter,
                "Halves of calls, by what became of them."},
    Declaration{"levee_socket_readings_total", MetricType::Counter,
                "Readings of the host's TCP sockets, by result; cut: more than max_sockets."},
    Declaration{"levee_sockets", MetricType::Gauge, "TCP sockets in the last reading."},
    Declaration{"levee_sockets_unowned", MetricType::Gauge,
                "Sockets that no process holds which the agent may look at."},
    Declaration{"levee_connections_unattributed", MetricType::Gauge,
                "Connections whose client is not known, so that they are on no edge."},
    Declaration{
        "levee_socket_overflows_total", MetricType::Counter,
        "Sightings counted on \"(other)\" for want of room, by what there were too many of."},
    Declaration{"levee_open_file_links_read_total", MetricType::Counter,
                "Links of /proc/PID/fd read to find the owners of sockets."},
    Declaration{"levee_host_left_out", MetricType::Gauge,
                "Processes that may not be read, and processes and devices beyond the limits."},
    Declaration{"levee_host_cpu_share", MetricType::Gauge,
                "Share of all cores' time over the last reading, by mode."},
    Declaration{"levee_host_load1", MetricType::Gauge, "Load average of one minute."},
    Declaration{"levee_host_memory_bytes", MetricType::Gauge, "Memory of the host, by state."},
    Declaration{
        "levee_host_pressure_share", MetricType::Gauge,
        "Share of the time in which tasks waited, by resource and by how many: some, full."},
    Declaration{"levee_service_cpu_cores", MetricType::Gauge,
                "Cores that the service's processes on this host use."},
    Declaration{"levee_service_resident_memory_bytes", MetricType::Gauge,
                "Resident memory of the service's processes on this host."},
    Declaration{"levee_service_cpu_pressure_share", MetricType::Gauge,
                "Share of the time in which a process of the service waited for a core."},
    Declaration{"levee_service_cpu_throttled_share", MetricType::Gauge,
                "Share of the time in which the service's CPU quota was used up."},
    Declaration{"levee_edge_connections", MetricType::Gauge, "Established connections, by edge."},
    Declaration{"levee_edge_rtt_seconds", MetricType::Gauge,
                "Round-trip time of the edge's connections: smoothed (median), and the smallest."},
    Declaration{"levee_edge_retransmission_rate", MetricType::Gauge,
                "Segments per second sent again, by edge."},
    Declaration{"levee_traces_collected_share", MetricType::Gauge,
                "Share of all traces that are collected whole, to keep the slow and the failed."},
    Declaration{"levee_traces_dropped_total", MetricType::Counter,
                "Traces given up while they were collected, for want of room."},
    Declaration{"levee_latency_cells", MetricType::Gauge,
                "Cells of the latency heatmaps that are kept, of 8 bytes."},
    Declaration{"levee_latency_slices_evicted_total", MetricType::Counter,
                "Slices of latency heatmaps given up before their time for want of room."},
    Declaration{
        "levee_latency_requests_unattributed_total", MetricType::Counter,
        "Requests in no heatmap (subjects), or there without how they were answered (facets), "
        "for want of room."},
    Declaration{"levee_history_seconds_total", MetricType::Counter,
                "Seconds of history, by result."},
    Declaration{"levee_history_failures_total", MetricType::Counter,
                "Writes of the history that failed."},
    Declaration{"levee_events_total", MetricType::Counter, "Events since the agent's first start."},
    Declaration{"levee_api_refused_total", MetricType::Counter,
                "Connections and calls of the gRPC API that were not let in, by reason."},
    Declaration{"levee_watchers", MetricType::Gauge, "Dashboards and command lines that watch."},
    Declaration{"levee_service_request_rate", MetricType::Gauge,
                "Requests per second that arrive, by service."},
    Declaration{"levee_service_error_rate", MetricType::Gauge,
                "Failed requests per second, by service."},
    Declaration{"levee_service_shed_rate", MetricType::Gauge,
                "Requests refused per second, by service."},
    Declaration{"levee_service_latency_seconds", MetricType::Gauge,
                "Latency over the last ten seconds, by service and percentile."},
    Declaration{"levee_edge_request_rate", MetricType::Gauge, "Requests per second, by edge."},
    Declaration{"levee_edge_error_rate", MetricType::Gauge, "Failed requests per second, by edge."},
    Declaration{"levee_breaker_state", MetricType::Gauge,
                "1 for the state the breaker is in, by guard and state."},
    Declaration{"levee_breaker_admit_share", MetricType::Gauge,
                "Share of requests the breaker lets through."},
    Declaration{"levee_breaker_trips_total", MetricType::Counter, "Times the breaker opened."},
    Declaration{"levee_breaker_trips_suppressed_total", MetricType::Counter,
                "Times it did not: too many of the fleet's were open."},
    Declaration{"levee_limit", MetricType::Gauge, "Concurrent requests the guard lets through."},
    Declaration{"levee_in_flight", MetricType::Gauge,
                "Requests in flight, mean of the last window."},
    Declaration{"levee_rate_limit", MetricType::Gauge,
                "Requests per second that the rule allows, of each key."},
    Declaration{"levee_rate_refused_total", MetricType::Counter,
                "Requests refused for the rate of their key, by guard."},
    Declaration{"levee_rate_keys", MetricType::Gauge, "Keys whose rate is remembered, by guard."},
    Declaration{"levee_rate_keys_full_total", MetricType::Counter,
                "Times the memory for keys was found full, so that old ones were forgotten."},
    Declaration{"levee_deadline_refused_total", MetricType::Counter,
                "Requests refused since their callers would not wait for an answer, by guard."},
    Declaration{"levee_class_admit_share", MetricType::Gauge,
                "Share of a class of requests that is let through to the limit."},
    Declaration{"levee_retry_share", MetricType::Gauge,
                "Retries by first attempts in the budget's window, by guard."},
    Declaration{"levee_enforcing", MetricType::Gauge,
                "0 while all enforcement is switched off by hand."},
    Declaration{"levee_guard_enforced", MetricType::Gauge,
                "1 when the data plane was read back to do what the guard wants."},
    Declaration{"levee_recommended_replicas", MetricType::Gauge, "Instances the service needs."},
};

class Page {
public:
    Page() {
        for (std::size_t i = 0; i < kMetrics.size(); ++i) {
            places_[kMetrics[i].name] = i;
            families_[i].name = kMetrics[i].name;
            families_[i].help = kMetrics[i].help;
            families_[i].type = kMetrics[i].type;
        }
    }

    /// An unknown number is left out.
    void add(const MetricValue& value) {
        const auto place = places_.find(value.name);
        if (place == places_.end() || std::isnan(value.value))
            return;
        prometheus::ClientMetric metric;
        for (const auto& [name, text] : value.labels)
            metric.label.push_back({name, text});
        if (kMetrics[place->second].type == MetricType::Counter)
            metric.counter.value = value.value;
        else
            metric.gauge.value = value.value;
        families_[place->second].metric.push_back(std::move(metric));
    }

    std::string text() const {
        std::vector<prometheus::MetricFamily> filled;
        for (const auto& family : families_) {
            if (!family.metric.empty())
                filled.push_back(family);
        }
        return prometheus::TextSerializer().Serialize(filled);
    }

private:
    std::map<std::string_view, std::size_t> places_;
    std::array<prometheus::MetricFamily, kMetrics.size()> families_;
};

void addAgent(const AgentInfo& agent, Page& page) {
    page.add({"levee_build_info", 1, {{"version", agent.version}}});
    page.add({"levee_start_time_seconds", static_cast<double>(agent.startedMillis) / 1e3, {}});
    page.add({"levee_cpu_share", agent.cpuShare, {}});
    page.add({"levee_resident_memory_bytes", agent.rssBytes, {}});
    page.add({"levee_rules_revision", static_cast<double>(agent.rulesRevision), {}});
    page.add({"levee_gateway_up", agent.gatewayUp ? 1.0 : 0.0, {}});
}

void addNode(const Node& node, Page& page) {
    if (node.kind == NodeKind::User)
        return;
    page.add({"levee_service_request_rate", node.traffic.requestRate, {{"service", node.name}}});
    page.add({"levee_service_error_rate", node.traffic.errorRate, {{"service", node.name}}});
    page.add({"levee_service_shed_rate", node.traffic.shedRate, {{"service", node.name}}});
    const std::array<std::pair<const char*, double>, 3> percentiles{
        {{"50", node.traffic.p50}, {"95", node.traffic.p95}, {"99", node.traffic.p99}}};
    for (const auto& [percentile, value] : percentiles)
        page.add({"levee_service_latency_seconds",
                  value,
                  {{"service", node.name}, {"percentile", percentile}}});
    if (node.usage.processes == 0)
        return;
    page.add({"levee_service_cpu_cores", node.usage.cpuCores, {{"service", node.name}}});
    page.add(
        {"levee_service_resident_memory_bytes", node.usage.rssBytes, {{"service", node.name}}});
    page.add(
        {"levee_service_cpu_pressure_share", node.usage.cpuPressure, {{"service", node.name}}});
    page.add(
        {"levee_service_cpu_throttled_share", node.usage.throttledShare, {{"service", node.name}}});
}

void addEdge(const Edge& edge, Page& page) {
    const std::vector<std::pair<std::string, std::string>> labels{{"client", edge.client},
                                                                  {"server", edge.server}};
    page.add({"levee_edge_request_rate", edge.traffic.requestRate, labels});
    page.add({"levee_edge_error_rate", edge.traffic.errorRate, labels});
    if (edge.sockets.connections == 0)
        return;
    page.add({"levee_edge_connections", static_cast<double>(edge.sockets.connections), labels});
    page.add({"levee_edge_retransmission_rate", edge.sockets.retransmissionRate, labels});
    for (const auto& [figure, value] :
         {std::pair{"smoothed", edge.sockets.rtt}, {"min", edge.sockets.minRtt}}) {
        auto all = labels;
        all.emplace_back("figure", figure);
        page.add({"levee_edge_rtt_seconds", value, all});
    }
}

void addHost(const HostState& host, Page& page) {
    if (host.millis == 0)
        return;
    for (const auto& [mode, share] : {std::pair{"user", host.cpu.user},
                                      {"system", host.cpu.system},
                                      {"interrupt", host.cpu.interrupt},
                                      {"steal", host.cpu.steal},
                                      {"iowait", host.cpu.ioWait},
                                      {"idle", host.cpu.idle}})
        page.add({"levee_host_cpu_share", share, {{"mode", mode}}});
    page.add({"levee_host_load1", host.load1, {}});
    page.add({"levee_host_memory_bytes", host.memoryBytes, {{"state", "total"}}});
    page.add({"levee_host_memory_bytes", host.memoryAvailableBytes, {{"state", "available"}}});
    for (const auto& [resource, pressure] : {std::pair{"cpu", host.cpuPressure},
                                             {"memory", host.memoryPressure},
                                             {"io", host.ioPressure}}) {
        page.add({"levee_host_pressure_share",
                  pressure.some,
                  {{"resource", resource}, {"stalled", "some"}}});
        page.add({"levee_host_pressure_share",
                  pressure.full,
                  {{"resource", resource}, {"stalled", "full"}}});
    }
}

void addRate(const GuardState& guard, Page& page) {
    const std::pair<std::string, std::string> label{"guard", guard.subject};
    if (!guard.rate.key.empty()) {
        page.add({"levee_rate_limit", guard.rate.limit, {label}});
        page.add({"levee_rate_refused_total", static_cast<double>(guard.rate.refused), {label}});
        page.add({"levee_rate_keys", static_cast<double>(guard.rate.keys), {label}});
        page.add(
            {"levee_rate_keys_full_total", static_cast<double>(guard.rate.timesFull), {label}});
    }
    if (!guard.deadline.header.empty())
        page.add(
            {"levee_deadline_refused_total", static_cast<double>(guard.deadline.refused), {label}});
    for (const ClassState& each : guard.classes)
        page.add({"levee_class_admit_share", each.share, {label, {"class", each.name}}});
    page.add({"levee_retry_share", guard.retryShare, {label}});
}

void addGuard(const GuardState& guard, Page& page) {
    const std::pair<std::string, std::string> label{"guard", guard.subject};
    if (guard.hasBreaker) {
        for (int i = 0; i <= static_cast<int>(BreakerState::ForcedClosed); ++i) {
            const auto state = static_cast<BreakerState>(i);
            page.add({"levee_breaker_state",
                      guard.breaker == state ? 1.0 : 0.0,
                      {label, {"state", std::string(name(state))}}});
        }
        page.add({"levee_breaker_admit_share", guard.admitShare, {label}});
        page.add({"levee_breaker_trips_total", static_cast<double>(guard.trips), {label}});
        page.add({"levee_breaker_trips_suppressed_total",
                  static_cast<double>(guard.tripsSuppressed),
                  {label}});
    }
    if (guard.hasLimit)
        page.add({"levee_limit", guard.limit, {label}});
    page.add({"levee_in_flight", guard.inFlight, {label}});
    addRate(guard, page);
    page.add(
        {"levee_guard_enforced", guard.enforcement == Enforcement::Enforcing ? 1.0 : 0.0, {label}});
}

}  // namespace

std::string renderMetrics(const AgentSnapshot& snapshot, const std::vector<MetricValue>& counters) {
    Page page;
    addAgent(snapshot.agent, page);
    page.add({"levee_enforcing", snapshot.agent.isEnforcing ? 1.0 : 0.0, {}});
    addHost(snapshot.host, page);
    for (const Node& node : snapshot.nodes)
        addNode(node, page);
    for (const Edge& edge : snapshot.edges)
        addEdge(edge, page);
    for (const GuardState& guard : snapshot.guards)
        addGuard(guard, page);
    for (const Advice& advice : snapshot.advice)
        page.add({"levee_recommended_replicas",
                  static_cast<double>(advice.recommended),
                  {{"service", advice.service}}});
    for (const TargetState& target : snapshot.targets)
        page.add(
            {"levee_target_up", target.up ? 1.0 : 0.0, {{"job", target.job}, {"url", target.url}}});
    for (const MetricValue& counter : counters)
        page.add(counter);
    return page.text();
}

std::string metricsReference() {
    std::string table = "| metric | type | meaning |\n| --- | --- | --- |\n";
    for (const Declaration& metric : kMetrics) {
        table += "| `" + std::string(metric.name) + "` | " +
                 (metric.type == MetricType::Counter ? "counter" : "gauge") + " | " +
                 std::string(metric.help) + " |\n";
    }
    return table;
}

}  // namespace levee
