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

Json json(const ResourceUsage& usage) {
    if (usage.processes == 0)
        return nullptr;
    return {{"processes", usage.processes},
            {"threads", usage.threads},
            {"cpu_cores", number(usage.cpuCores)},
            {"rss_bytes", number(usage.rssBytes)},
            {"cpu_pressure", number(usage.cpuPressure)},
            {"throttled_share", number(usage.throttledShare)}};
}

Json json(const SocketFigures& sockets) {
    if (sockets.connections == 0)
        return nullptr;
    return {{"connections", sockets.connections},
            {"rtt_seconds", number(sockets.rtt)},
            {"min_rtt_seconds", number(sockets.minRtt)},
            {"retransmission_rate", number(sockets.retransmissionRate)},
            {"sent_bytes_rate", number(sockets.sentBytesRate)},
            {"received_bytes_rate", number(sockets.receivedBytesRate)}};
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
            {"usage", json(node.usage)},
            {"seen_millis", node.seenMillis},
            {"namespace", node.owner.nameSpace},
            {"team", node.owner.team}};
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
            {"sockets", json(edge.sockets)},
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

Json json(const RateState& rate) {
    if (rate.key.empty())
        return nullptr;
    return {{"limit", number(rate.limit)},
            {"key", rate.key},
            {"refused_rate", number(rate.refusedRate)},
            {"refused", rate.refused},
            {"keys", rate.keys},
            {"most_keys", rate.mostKeys},
            {"times_full", rate.timesFull}};
}

Json json(const DeadlineState& deadline) {
    if (!isGiven(deadline))
        return nullptr;
    return {{"answer_seconds", number(deadline.answer)},
            {"header", deadline.header},
            {"least_seconds", number(deadline.least)},
            {"refused_rate", number(deadline.refusedRate)},
            {"refused", deadline.refused}};
}

Json json(const ClassState& each) {
    return {{"name", each.name},
            {"share", number(each.share)},
            {"arrival_rate", number(each.arrivalRate)}};
}

Json json(const std::optional<Override>& held) {
    if (!held)
        return nullptr;
    return {{"id", held->id},
            {"kind", name(held->kind)},
            {"limit", held->kind == OverrideKind::Limit ? Json(held->limit) : Json(nullptr)},
            {"factor", number(held->factor)},
            {"class", held->kind == OverrideKind::Shed ? Json(held->className) : Json(nullptr)},
            {"author", held->author},
            {"reason", held->reason},
            {"start_millis", held->startMillis},
            {"expires_millis", held->expiresMillis},
            {"remaining_seconds", held->remainingSeconds},
            {"rule", held->rule},
            {"rule_file", held->ruleFile}};
}

Json json(const GuardState& guard) {
    Json classes = Json::array();
    for (const ClassState& each : guard.classes)
        classes.push_back(json(each));
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
            {"rate", json(guard.rate)},
            {"deadline", json(guard.deadline)},
            {"classes", classes},
            {"retry_share", number(guard.retryShare)},
            {"retries_allowed", number(guard.retriesAllowed)},
            {"shed_rate", number(guard.shedRate)},
            {"would_have_shed", number(guard.wouldHaveShed)},
            {"enforcement", name(guard.enforcement)},
            {"enforcement_detail", guard.enforcementDetail},
            {"held_by", json(guard.heldBy)}};
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

Json json(const Pressure& pressure) {
    return {{"some", number(pressure.some)}, {"full", number(pressure.full)}};
}

Json json(const DiskState& disk) {
    return {{"device", disk.device},
            {"read_bytes_rate", number(disk.readBytesRate)},
            {"written_bytes_rate", number(disk.writtenBytesRate)},
            {"read_rate", number(disk.readRate)},
            {"write_rate", number(disk.writeRate)},
            {"busy_share", number(disk.busyShare)}};
}

Json json(const InterfaceState& each) {
    return {{"name", each.name},
            {"received_bytes_rate", number(each.receivedBytesRate)},
            {"sent_bytes_rate", number(each.sentBytesRate)},
            {"received_packet_rate", number(each.receivedPacketRate)},
            {"sent_packet_rate", number(each.sentPacketRate)},
            {"error_rate", number(each.errorRate)},
            {"drop_rate", number(each.dropRate)}};
}

Json json(const ProcessState& process) {
    return {{"service", process.service},
            {"pid", process.pid},
            {"program", process.program},
            {"cpu_cores", number(process.cpuCores)},
            {"rss_bytes", number(process.rssBytes)},
            {"threads", process.threads},
            {"open_files", process.openFiles >= 0 ? Json(process.openFiles) : Json(nullptr)},
            {"cgroup", process.cgroup},
            {"cpu_pressure", number(process.cpuPressure)},
            {"throttled_share", number(process.throttledShare)},
            {"cgroup_cpu_cores", number(process.cgroupCpuCores)},
            {"cgroup_memory_bytes", number(process.cgroupMemoryBytes)}};
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

Json json(const HostState& host) {
    if (host.millis == 0)
        return nullptr;
    return {{"millis", host.millis},
            {"cores", host.cores},
            {"cpu",
             {{"user", number(host.cpu.user)},
              {"system", number(host.cpu.system)},
              {"interrupt", number(host.cpu.interrupt)},
              {"steal", number(host.cpu.steal)},
              {"iowait", number(host.cpu.ioWait)},
              {"idle", number(host.cpu.idle)},
              {"used", number(host.cpu.used())}}},
            {"load1", number(host.load1)},
            {"load5", number(host.load5)},
            {"load15", number(host.load15)},
            {"memory_bytes", number(host.memoryBytes)},
            {"memory_available_bytes", number(host.memoryAvailableBytes)},
            {"swap_bytes", number(host.swapBytes)},
            {"swap_free_bytes", number(host.swapFreeBytes)},
            {"cpu_pressure", json(host.cpuPressure)},
            {"memory_pressure", json(host.memoryPressure)},
            {"io_pressure", json(host.ioPressure)},
            {"disks", list(host.disks)},
            {"interfaces", list(host.interfaces)},
            {"processes", list(host.processes)}};
}

Json json(const AgentInfo& agent) {
    return {{"host", agent.host},
            {"version", agent.version},
            {"started_millis", agent.startedMillis},
            {"rules_revision", agent.rulesRevision},
            {"cpu_share", number(agent.cpuShare)},
            {"rss_bytes", number(agent.rssBytes)},
            {"gateway_up", agent.gatewayUp},
            {"gateway_detail", agent.gatewayDetail},
            {"enforcing", agent.isEnforcing},
            {"enforcing_detail", agent.enforcingDetail},
            {"series", number(agent.series)},
            {"lost", number(agent.lost)}};
}

}  // namespace

std::string stateJson(const AgentSnapshot& snapshot) {
    const Json document{{"sequence", snapshot.sequence},    {"millis", snapshot.millis},
                        {"agent", json(snapshot.agent)},    {"host", json(snapshot.host)},
                        {"nodes", list(snapshot.nodes)},    {"edges", list(snapshot.edges)},
                        {"guards", list(snapshot.guards)},  {"advice", list(snapshot.advice)},
                        {"targets", list(snapshot.targets)}};
    // Names come from untrusted spans: bytes that are not UTF-8 are replaced, never thrown over.
    return document.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string eventsJson(const std::vector<Event>& events) {
    return list(events).dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace levee
