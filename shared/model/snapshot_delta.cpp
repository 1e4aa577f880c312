// SPDX-License-Identifier: Apache-2.0
#include "shared/model/snapshot_delta.h"

#include <algorithm>
#include <cmath>
#include <string_view>
#include <unordered_set>

namespace levee {
namespace {

bool same(double a, double b) {
    return a == b || (std::isnan(a) && std::isnan(b));
}

std::string key(const Node& node) {
    return node.name;
}
std::string key(const Edge& edge) {
    return edge.id();
}
std::string key(const GuardState& guard) {
    return guard.subject;
}
std::string key(const TargetState& target) {
    return target.url;
}

bool isBefore(const Node& a, const Node& b) {
    return a.name < b.name;
}
bool isBefore(const Edge& a, const Edge& b) {
    return a.client != b.client ? a.client < b.client : a.server < b.server;
}
bool isBefore(const GuardState& a, const GuardState& b) {
    return a.subject < b.subject;
}
bool isBefore(const TargetState& a, const TargetState& b) {
    return a.job != b.job ? a.job < b.job : a.url < b.url;
}

/// One walk over two sorted lists.
template <typename T>
void compare(const std::vector<T>& before, const std::vector<T>& after, std::vector<T>& changed,
             std::vector<std::string>& removed) {
    auto old = before.begin();
    for (const T& item : after) {
        for (; old != before.end() && isBefore(*old, item); ++old)
            removed.push_back(key(*old));
        const bool isKnown = old != before.end() && !isBefore(item, *old);
        if (!isKnown || !isSame(*old, item))
            changed.push_back(item);
        if (isKnown)
            ++old;
    }
    for (; old != before.end(); ++old)
        removed.push_back(key(*old));
}

template <typename T>
void update(std::vector<T>& items, const std::vector<T>& changed,
            const std::vector<std::string>& removed) {
    if (!removed.empty()) {
        const std::unordered_set<std::string_view> gone(removed.begin(), removed.end());
        std::erase_if(items, [&](const T& item) { return gone.contains(key(item)); });
    }
    for (const T& item : changed) {
        const auto place = std::lower_bound(items.begin(), items.end(), item,
                                            [](const T& a, const T& b) { return isBefore(a, b); });
        if (place != items.end() && !isBefore(item, *place))
            *place = item;
        else
            items.insert(place, item);
    }
}

}  // namespace

bool isSame(const Traffic& a, const Traffic& b) {
    return same(a.requestRate, b.requestRate) && same(a.errorRate, b.errorRate) &&
           same(a.shedRate, b.shedRate) && same(a.p50, b.p50) && same(a.p95, b.p95) &&
           same(a.p99, b.p99);
}

bool isSame(const ResourceUsage& a, const ResourceUsage& b) {
    return a.processes == b.processes && a.threads == b.threads && same(a.cpuCores, b.cpuCores) &&
           same(a.rssBytes, b.rssBytes) && same(a.cpuPressure, b.cpuPressure) &&
           same(a.throttledShare, b.throttledShare);
}

bool isSame(const SocketFigures& a, const SocketFigures& b) {
    return a.connections == b.connections && same(a.rtt, b.rtt) && same(a.minRtt, b.minRtt) &&
           same(a.retransmissionRate, b.retransmissionRate) &&
           same(a.sentBytesRate, b.sentBytesRate) && same(a.receivedBytesRate, b.receivedBytesRate);
}

bool isSame(const Node& a, const Node& b) {
    return a.name == b.name && a.kind == b.kind && a.health == b.health &&
           isSame(a.traffic, b.traffic) && same(a.inFlight, b.inFlight) &&
           same(a.selfTime, b.selfTime) && a.instances == b.instances && a.hosts == b.hosts &&
           a.owner == b.owner && isSame(a.usage, b.usage) && a.seenMillis == b.seenMillis;
}

bool isSame(const Edge& a, const Edge& b) {
    return same(a.split.network, b.split.network) && same(a.split.queue, b.split.queue) &&
           same(a.split.processing, b.split.processing) && same(a.split.waiting, b.split.waiting) &&
           same(a.traces.confidence, b.traces.confidence) &&
           same(a.traces.sampled, b.traces.sampled) && a.client == b.client &&
           a.server == b.server && a.serverKind == b.serverKind && a.evidence == b.evidence &&
           a.health == b.health && isSame(a.traffic, b.traffic) && isSame(a.sockets, b.sockets) &&
           a.seenMillis == b.seenMillis;
}

bool isSame(const InstanceState& a, const InstanceState& b) {
    return a.instance == b.instance && a.status == b.status && same(a.share, b.share) &&
           same(a.backInSeconds, b.backInSeconds) && a.ejections == b.ejections &&
           a.reason == b.reason && same(a.goodShare, b.goodShare) && same(a.median, b.median);
}

bool isSame(const RateState& a, const RateState& b) {
    return same(a.limit, b.limit) && a.key == b.key && same(a.refusedRate, b.refusedRate) &&
           a.refused == b.refused && a.keys == b.keys && a.mostKeys == b.mostKeys &&
           a.timesFull == b.timesFull;
}

bool isSame(const DeadlineState& a, const DeadlineState& b) {
    return same(a.answer, b.answer) && a.header == b.header && same(a.least, b.least) &&
           same(a.refusedRate, b.refusedRate) && a.refused == b.refused;
}

bool isSame(const ClassState& a, const ClassState& b) {
    return a.name == b.name && same(a.share, b.share) && same(a.arrivalRate, b.arrivalRate);
}

bool isSame(const GuardState& a, const GuardState& b) {
    return a.subject == b.subject && a.rule == b.rule && a.revision == b.revision &&
           a.mode == b.mode && a.hasBreaker == b.hasBreaker && a.breaker == b.breaker &&
           same(a.admitShare, b.admitShare) && same(a.distanceToTrip, b.distanceToTrip) &&
           same(a.failureShare, b.failureShare) && same(a.slowShare, b.slowShare) &&
           same(a.reopenInSeconds, b.reopenInSeconds) && a.trips == b.trips &&
           a.tripsSuppressed == b.tripsSuppressed &&
           std::equal(
               a.instances.begin(), a.instances.end(), b.instances.begin(), b.instances.end(),
               [](const InstanceState& x, const InstanceState& y) { return isSame(x, y); }) &&
           a.hasLimit == b.hasLimit && same(a.limit, b.limit) && same(a.inFlight, b.inFlight) &&
           same(a.baseline, b.baseline) && same(a.queueLimit, b.queueLimit) &&
           isSame(a.rate, b.rate) && isSame(a.deadline, b.deadline) &&
           std::equal(a.classes.begin(), a.classes.end(), b.classes.begin(), b.classes.end(),
                      [](const ClassState& x, const ClassState& y) { return isSame(x, y); }) &&
           same(a.retryShare, b.retryShare) && same(a.retriesAllowed, b.retriesAllowed) &&
           same(a.shedRate, b.shedRate) && same(a.wouldHaveShed, b.wouldHaveShed) &&
           a.enforcement == b.enforcement && a.enforcementDetail == b.enforcementDetail &&
           a.heldBy.has_value() == b.heldBy.has_value() &&
           (!a.heldBy || isSame(*a.heldBy, *b.heldBy));
}

bool isSame(const TargetState& a, const TargetState& b) {
    return a.job == b.job && a.url == b.url && a.up == b.up &&
           same(a.durationSeconds, b.durationSeconds) && a.samples == b.samples &&
           a.error == b.error && a.scrapedMillis == b.scrapedMillis;
}

SnapshotDelta difference(const AgentSnapshot& before, const AgentSnapshot& after) {
    SnapshotDelta delta;
    delta.sequence = after.sequence;
    delta.millis = after.millis;
    delta.agent = after.agent;
    delta.host = after.host;
    delta.advice = after.advice;
    compare(before.nodes, after.nodes, delta.nodes, delta.removedNodes);
    compare(before.edges, after.edges, delta.edges, delta.removedEdges);
    compare(before.guards, after.guards, delta.guards, delta.removedGuards);
    compare(before.targets, after.targets, delta.targets, delta.removedTargets);
    return delta;
}

void apply(const SnapshotDelta& delta, AgentSnapshot& snapshot) {
    snapshot.sequence = delta.sequence;
    snapshot.millis = delta.millis;
    snapshot.agent = delta.agent;
    snapshot.host = delta.host;
    snapshot.advice = delta.advice;
    update(snapshot.nodes, delta.nodes, delta.removedNodes);
    update(snapshot.edges, delta.edges, delta.removedEdges);
    update(snapshot.guards, delta.guards, delta.removedGuards);
    update(snapshot.targets, delta.targets, delta.removedTargets);
}

}  // namespace levee
