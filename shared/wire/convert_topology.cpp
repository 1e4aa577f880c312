// SPDX-License-Identifier: Apache-2.0
#include "shared/wire/convert_topology.h"

#include "shared/wire/enum_wire.h"

namespace levee::wire {

void toWire(const Traffic& value, v1::Traffic& message) {
    message.set_request_rate(value.requestRate);
    message.set_error_rate(value.errorRate);
    message.set_shed_rate(value.shedRate);
    message.set_p50_seconds(value.p50);
    message.set_p95_seconds(value.p95);
    message.set_p99_seconds(value.p99);
}

Traffic fromWire(const v1::Traffic& message) {
    Traffic value;
    value.requestRate = message.request_rate();
    value.errorRate = message.error_rate();
    value.shedRate = message.shed_rate();
    value.p50 = message.p50_seconds();
    value.p95 = message.p95_seconds();
    value.p99 = message.p99_seconds();
    return value;
}

void toWire(const ResourceUsage& value, v1::ResourceUsage& message) {
    message.set_processes(value.processes);
    message.set_threads(value.threads);
    message.set_cpu_cores(value.cpuCores);
    message.set_rss_bytes(value.rssBytes);
    message.set_cpu_pressure(value.cpuPressure);
    message.set_throttled_share(value.throttledShare);
}

ResourceUsage fromWire(const v1::ResourceUsage& message) {
    ResourceUsage value;
    value.processes = message.processes();
    value.threads = message.threads();
    value.cpuCores = message.cpu_cores();
    value.rssBytes = message.rss_bytes();
    value.cpuPressure = message.cpu_pressure();
    value.throttledShare = message.throttled_share();
    return value;
}

void toWire(const SocketFigures& value, v1::SocketFigures& message) {
    message.set_connections(value.connections);
    message.set_rtt_seconds(value.rtt);
    message.set_min_rtt_seconds(value.minRtt);
    message.set_retransmission_rate(value.retransmissionRate);
    message.set_sent_bytes_rate(value.sentBytesRate);
    message.set_received_bytes_rate(value.receivedBytesRate);
}

SocketFigures fromWire(const v1::SocketFigures& message) {
    SocketFigures value;
    value.connections = message.connections();
    value.rtt = message.rtt_seconds();
    value.minRtt = message.min_rtt_seconds();
    value.retransmissionRate = message.retransmission_rate();
    value.sentBytesRate = message.sent_bytes_rate();
    value.receivedBytesRate = message.received_bytes_rate();
    return value;
}

void toWire(const Node& value, v1::Node& message) {
    message.set_name(value.name);
    message.set_kind(enumToWire<v1::NodeKind>(value.kind));
    message.set_health(enumToWire<v1::Health>(value.health));
    toWire(value.traffic, *message.mutable_traffic());
    message.set_in_flight(value.inFlight);
    message.set_self_time_seconds(value.selfTime);
    message.set_instances(value.instances);
    message.mutable_hosts()->Assign(value.hosts.begin(), value.hosts.end());
    if (value.usage.processes > 0)
        toWire(value.usage, *message.mutable_usage());
    message.set_seen_millis(value.seenMillis);
    message.set_namespace_(value.owner.nameSpace);
    message.set_team(value.owner.team);
}

Node fromWire(const v1::Node& message) {
    Node value;
    value.name = message.name();
    value.kind = enumFromWire(message.kind(), NodeKind::User);
    value.health = enumFromWire(message.health(), Health::Failing);
    value.traffic = fromWire(message.traffic());
    value.inFlight = message.in_flight();
    value.selfTime = message.self_time_seconds();
    value.instances = message.instances();
    value.hosts.assign(message.hosts().begin(), message.hosts().end());
    if (message.has_usage())
        value.usage = fromWire(message.usage());
    value.owner = {message.namespace_(), message.team()};
    value.seenMillis = message.seen_millis();
    return value;
}

void toWire(const LatencySplit& value, v1::LatencySplit& message) {
    message.set_network_seconds(value.network);
    message.set_queue_seconds(value.queue);
    message.set_processing_seconds(value.processing);
    message.set_waiting_seconds(value.waiting);
}

LatencySplit fromWire(const v1::LatencySplit& message) {
    LatencySplit value;
    value.network = message.network_seconds();
    value.queue = message.queue_seconds();
    value.processing = message.processing_seconds();
    value.waiting = message.waiting_seconds();
    return value;
}

void toWire(const TraceQuality& value, v1::TraceQuality& message) {
    message.set_confidence(value.confidence);
    message.set_sampled(value.sampled);
}

TraceQuality fromWire(const v1::TraceQuality& message) {
    TraceQuality value;
    value.confidence = message.confidence();
    value.sampled = message.sampled();
    return value;
}

void toWire(const Edge& value, v1::Edge& message) {
    message.set_client(value.client);
    message.set_server(value.server);
    message.set_server_kind(enumToWire<v1::NodeKind>(value.serverKind));
    message.set_evidence(value.evidence);
    message.set_health(enumToWire<v1::Health>(value.health));
    toWire(value.traffic, *message.mutable_traffic());
    if (value.sockets.connections > 0)
        toWire(value.sockets, *message.mutable_sockets());
    toWire(value.split, *message.mutable_split());
    toWire(value.traces, *message.mutable_traces());
    message.set_seen_millis(value.seenMillis);
}

Edge fromWire(const v1::Edge& message) {
    Edge value;
    value.client = message.client();
    value.server = message.server();
    value.serverKind = enumFromWire(message.server_kind(), NodeKind::User);
    value.evidence = message.evidence();
    value.health = enumFromWire(message.health(), Health::Failing);
    value.traffic = fromWire(message.traffic());
    if (message.has_sockets())
        value.sockets = fromWire(message.sockets());
    if (message.has_split())  // agents before it send none, and none is not zero
        value.split = fromWire(message.split());
    if (message.has_traces())
        value.traces = fromWire(message.traces());
    value.seenMillis = message.seen_millis();
    return value;
}

}  // namespace levee::wire
