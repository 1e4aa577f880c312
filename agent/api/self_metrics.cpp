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
    Declaration{"levee_target_up", MetricType::Gauge, "1 when the target's last scrape was good."},
    Declaration{"levee_spans_total", MetricType::Counter, "Spans received, by result."},
    Declaration{"levee_span_requests_total", MetricType::Counter, "Trace exports, by result."},
    Declaration{"levee_span_pairs_total", MetricType::Counter,
                "Halves of calls, by what became of them."},
    Declaration{"levee_traces_collected_share", MetricType::Gauge,
                "Share of all traces that are collected whole, to keep the slow and the failed."},
    Declaration{"levee_traces_dropped_total", MetricType::Counter,
                "Traces given up while they were collected, for want of room."},
    Declaration{"levee_history_seconds_total", MetricType::Counter,
                "Seconds of history, by result."},
    Declaration{"levee_history_failures_total", MetricType::Counter,
                "Writes of the history that failed."},
    Declaration{"levee_events_total", MetricType::Counter, "Events since the agent's first start."},
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
    page.add(
        {"levee_guard_enforced", guard.enforcement == Enforcement::Enforcing ? 1.0 : 0.0, {label}});
}

}  // namespace

std::string renderMetrics(const AgentSnapshot& snapshot, const std::vector<MetricValue>& counters) {
    Page page;
    addAgent(snapshot.agent, page);
    for (const Node& node : snapshot.nodes)
        addNode(node, page);
    for (const Edge& edge : snapshot.edges) {
        page.add({"levee_edge_request_rate",
                  edge.traffic.requestRate,
                  {{"client", edge.client}, {"server", edge.server}}});
        page.add({"levee_edge_error_rate",
                  edge.traffic.errorRate,
                  {{"client", edge.client}, {"server", edge.server}}});
    }
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
