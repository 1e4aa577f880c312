// SPDX-License-Identifier: Apache-2.0
#include "agent/api/state_json.h"

#include <cmath>
#include <nlohmann/json.hpp>

#include "shared/model/names.h"

namespace levee {
namespace {

using Json = nlohmann::ordered_json;

Json number(double value) {
    return std::isfinite(value) ? Json(value) : Json(nullptr);
}

Json json(const Traffic& traffic) {
    return {
        {"request_rate", number(traffic.requestRate)}, {"error_rate", number(traffic.errorRate)},
        {"shed_rate", number(traffic.shedRate)},       {"p50_seconds", number(traffic.p50)},
        {"p95_seconds", number(traffic.p95)},          {"p99_seconds", number(traffic.p99)}};
}

Json json(const Node& node) {
    return {{"name", node.name},
            {"kind", name(node.kind)},
            {"health", name(node.health)},
            {"traffic", json(node.traffic)},
            {"in_flight", number(node.inFlight)},
            {"self_time_seconds", number(node.selfTime)},
            {"instances", node.instances},
            {"hosts", node.hosts},
            {"seen_millis", node.seenMillis}};
}

Json json(const Edge& edge) {
    Json evidence = Json::array();
    if ((edge.evidence & kFromTraces) != 0)
        evidence.push_back("traces");
    if ((edge.evidence & kFromGateway) != 0)
        evidence.push_back("gateway");
    if ((edge.evidence & kFromSockets) != 0)
        evidence.push_back("sockets");
    return {{"client", edge.client},
            {"server", edge.server},
            {"server_kind", name(edge.serverKind)},
            {"evidence", evidence},
            {"health", name(edge.health)},
            {"traffic", json(edge.traffic)},
            {"split",
             {{"network_seconds", number(edge.split.network)},
              {"queue_seconds", number(edge.split.queue)},
              {"processing_seconds", number(edge.split.processing)},
              {"waiting_seconds", number(edge.split.waiting)}}},
            {"traces",
             {{"confidence", number(edge.traces.confidence)},
              {"sampled", number(edge.traces.sampled)}}},
            {"seen_millis", edge.seenMillis}};
}

Json json(const InstanceState& instance) {
    return {{"instance", instance.instance},
            {"status", name(instance.status)},
            {"share", number(instance.share)},
            {"back_in_seconds", number(instance.backInSeconds)},
            {"ejections", instance.ejections},
            {"reason", instance.reason},
            {"good_share", number(instance.goodShare)},
            {"median_seconds", number(instance.median)}};
}

Json json(const GuardState& guard) {
    Json instances = Json::array();
    for (const InstanceState& instance : guard.instances)
        instances.push_back(json(instance));
    return {{"subject", guard.subject},
            {"rule", guard.rule},
            {"revision", guard.revision},
            {"mode", name(guard.mode)},
            {"has_breaker", guard.hasBreaker},
            {"breaker", name(guard.breaker)},
            {"admit_share", number(guard.admitShare)},
            {"distance_to_trip", number(guard.distanceToTrip)},
            {"failure_share", number(guard.failureShare)},
            {"slow_share", number(guard.slowShare)},
            {"reopen_in_seconds", number(guard.reopenInSeconds)},
            {"trips", guard.trips},
            {"trips_suppressed", guard.tripsSuppressed},
            {"has_limit", guard.hasLimit},
            {"limit", number(guard.limit)},
            {"in_flight", number(guard.inFlight)},
            {"baseline_seconds", number(guard.baseline)},
            {"queue_limit", number(guard.queueLimit)},
            {"instances", instances},
            {"shed_rate", number(guard.shedRate)},
            {"would_have_shed", number(guard.wouldHaveShed)},
            {"enforcement", name(guard.enforcement)},
            {"enforcement_detail", guard.enforcementDetail}};
}

Json json(const Advice& advice) {
    return {{"service", advice.service},
            {"current", advice.current},
            {"recommended", advice.recommended},
            {"demand", number(advice.demand)},
            {"capacity", number(advice.capacity)},
            {"confidence", name(advice.confidence)},
            {"reason", advice.reason}};
}

Json json(const TargetState& target) {
    return {{"job", target.job},
            {"url", target.url},
            {"up", target.up},
            {"duration_seconds", number(target.durationSeconds)},
            {"samples", target.samples},
            {"error", target.error},
            {"scraped_millis", target.scrapedMillis}};
}

Json json(const AgentInfo& agent) {
    return {{"host", agent.host},
            {"version", agent.version},
            {"started_millis", agent.startedMillis},
            {"rules_revision", agent.rulesRevision},
            {"cpu_share", number(agent.cpuShare)},
            {"rss_bytes", number(agent.rssBytes)},
            {"gateway_up", agent.gatewayUp},
            {"gateway_detail", agent.gatewayDetail}};
}

Json json(const Event& event) {
    return {{"id", event.id},           {"millis", event.millis},
            {"kind", name(event.kind)}, {"severity", name(event.severity)},
            {"subject", event.subject}, {"text", event.text},
            {"rule", event.rule},       {"revision", event.revision},
            {"detail", event.detail},   {"counterfactual", event.counterfactual}};
}

template <typename T>
Json list(const std::vector<T>& values) {
    Json array = Json::array();
    for (const T& value : values)
        array.push_back(json(value));
    return array;
}

}  // namespace

std::string stateJson(const AgentSnapshot& snapshot) {
    const Json document{{"sequence", snapshot.sequence},   {"millis", snapshot.millis},
                        {"agent", json(snapshot.agent)},   {"nodes", list(snapshot.nodes)},
                        {"edges", list(snapshot.edges)},   {"guards", list(snapshot.guards)},
                        {"advice", list(snapshot.advice)}, {"targets", list(snapshot.targets)}};
    // Names come from untrusted spans: bytes that are not UTF-8 are replaced, never thrown over.
    return document.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string eventsJson(const std::vector<Event>& events) {
    return list(events).dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace levee
