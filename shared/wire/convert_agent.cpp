// SPDX-License-Identifier: Apache-2.0
#include "shared/wire/convert_agent.h"

#include <cmath>

#include "shared/wire/convert_guard.h"
#include "shared/wire/convert_host.h"
#include "shared/wire/convert_topology.h"

namespace levee::wire {
namespace {

template <typename T, typename Messages>
void listToWire(const std::vector<T>& values, Messages& messages) {
    messages.Reserve(static_cast<int>(values.size()));
    for (const T& value : values)
        toWire(value, *messages.Add());
}

template <typename T, typename Messages>
void listFromWire(const Messages& messages, std::vector<T>& values) {
    values.reserve(static_cast<std::size_t>(messages.size()));
    for (const auto& message : messages)
        values.push_back(fromWire(message));
}

}  // namespace

void toWire(const TargetState& value, v1::TargetState& message) {
    message.set_job(value.job);
    message.set_url(value.url);
    message.set_up(value.up);
    message.set_duration_seconds(value.durationSeconds);
    message.set_samples(value.samples);
    message.set_error(value.error);
    message.set_scraped_millis(value.scrapedMillis);
}

TargetState fromWire(const v1::TargetState& message) {
    TargetState value;
    value.job = message.job();
    value.url = message.url();
    value.up = message.up();
    value.durationSeconds = message.duration_seconds();
    value.samples = message.samples();
    value.error = message.error();
    value.scrapedMillis = message.scraped_millis();
    return value;
}

void toWire(const AgentInfo& value, v1::AgentInfo& message) {
    message.set_host(value.host);
    message.set_version(value.version);
    message.set_started_millis(value.startedMillis);
    message.set_rules_revision(value.rulesRevision);
    message.set_cpu_share(value.cpuShare);
    message.set_rss_bytes(value.rssBytes);
    message.set_gateway_up(value.gatewayUp);
    message.set_gateway_detail(value.gatewayDetail);
    message.set_enforcement_off(!value.isEnforcing);
    message.set_enforcement_off_detail(value.enforcingDetail);
    if (!std::isnan(value.series))
        message.set_series(value.series);
    if (!std::isnan(value.lost))
        message.set_lost(value.lost);
}

AgentInfo fromWire(const v1::AgentInfo& message) {
    AgentInfo value;
    value.host = message.host();
    value.version = message.version();
    value.startedMillis = message.started_millis();
    value.rulesRevision = message.rules_revision();
    value.cpuShare = message.cpu_share();
    value.rssBytes = message.rss_bytes();
    value.gatewayUp = message.gateway_up();
    value.gatewayDetail = message.gateway_detail();
    value.isEnforcing = !message.enforcement_off();
    value.enforcingDetail = message.enforcement_off_detail();
    value.series = message.has_series() ? message.series() : kUnknown;
    value.lost = message.has_lost() ? message.lost() : kUnknown;
    return value;
}

void toWire(const AgentSnapshot& value, v1::Snapshot& message) {
    message.set_sequence(value.sequence);
    message.set_millis(value.millis);
    toWire(value.agent, *message.mutable_agent());
    if (value.host.millis > 0)
        toWire(value.host, *message.mutable_host());
    listToWire(value.nodes, *message.mutable_nodes());
    listToWire(value.edges, *message.mutable_edges());
    listToWire(value.guards, *message.mutable_guards());
    listToWire(value.advice, *message.mutable_advice());
    listToWire(value.targets, *message.mutable_targets());
}

AgentSnapshot fromWire(const v1::Snapshot& message) {
    AgentSnapshot value;
    value.sequence = message.sequence();
    value.millis = message.millis();
    value.agent = fromWire(message.agent());
    if (message.has_host())
        value.host = fromWire(message.host());
    listFromWire(message.nodes(), value.nodes);
    listFromWire(message.edges(), value.edges);
    listFromWire(message.guards(), value.guards);
    listFromWire(message.advice(), value.advice);
    listFromWire(message.targets(), value.targets);
    return value;
}

void toWire(const SnapshotDelta& value, v1::SnapshotDelta& message) {
    message.set_sequence(value.sequence);
    message.set_millis(value.millis);
    toWire(value.agent, *message.mutable_agent());
    if (value.host.millis > 0)
        toWire(value.host, *message.mutable_host());
    listToWire(value.nodes, *message.mutable_nodes());
    message.mutable_removed_nodes()->Assign(value.removedNodes.begin(), value.removedNodes.end());
    listToWire(value.edges, *message.mutable_edges());
    message.mutable_removed_edges()->Assign(value.removedEdges.begin(), value.removedEdges.end());
    listToWire(value.guards, *message.mutable_guards());
    message.mutable_removed_guards()->Assign(value.removedGuards.begin(),
                                             value.removedGuards.end());
    listToWire(value.targets, *message.mutable_targets());
    message.mutable_removed_targets()->Assign(value.removedTargets.begin(),
                                              value.removedTargets.end());
    listToWire(value.advice, *message.mutable_advice());
}

SnapshotDelta fromWire(const v1::SnapshotDelta& message) {
    SnapshotDelta value;
    value.sequence = message.sequence();
    value.millis = message.millis();
    value.agent = fromWire(message.agent());
    if (message.has_host())
        value.host = fromWire(message.host());
    listFromWire(message.nodes(), value.nodes);
    value.removedNodes.assign(message.removed_nodes().begin(), message.removed_nodes().end());
    listFromWire(message.edges(), value.edges);
    value.removedEdges.assign(message.removed_edges().begin(), message.removed_edges().end());
    listFromWire(message.guards(), value.guards);
    value.removedGuards.assign(message.removed_guards().begin(), message.removed_guards().end());
    listFromWire(message.targets(), value.targets);
    value.removedTargets.assign(message.removed_targets().begin(), message.removed_targets().end());
    listFromWire(message.advice(), value.advice);
    return value;
}

}  // namespace levee::wire
