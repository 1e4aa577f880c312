// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/client/fleet_view.h"

#include <algorithm>
#include <cmath>
#include <tuple>

namespace levee {
namespace {

double larger(double a, double b) {
    return std::fmax(a, b);  // an unknown one gives way
}

double sum(double a, double b) {
    if (std::isnan(a))
        return b;
    return std::isnan(b) ? a : a + b;
}

void add(Traffic& into, const Traffic& from) {
    into.requestRate += from.requestRate;
    into.errorRate += from.errorRate;
    into.shedRate += from.shedRate;
    into.p50 = larger(into.p50, from.p50);
    into.p95 = larger(into.p95, from.p95);
    into.p99 = larger(into.p99, from.p99);
}

void add(FleetNode& into, const FleetNode& from) {
    into.heardAt = std::max(into.heardAt, from.heardAt);
    Node& node = into.node;
    // The agent beside the service knows its kind; others may only guess that it is one.
    if (node.kind == NodeKind::Service)
        node.kind = from.node.kind;
    node.health = std::max(node.health, from.node.health);
    add(node.traffic, from.node.traffic);
    node.inFlight = sum(node.inFlight, from.node.inFlight);
    node.selfTime = larger(node.selfTime, from.node.selfTime);
    node.instances = std::max(node.instances, from.node.instances);
    node.seenMillis = std::max(node.seenMillis, from.node.seenMillis);
    for (const std::string& host : from.node.hosts)
        if (std::ranges::find(node.hosts, host) == node.hosts.end())
            node.hosts.push_back(host);
}

void add(FleetEdge& into, const FleetEdge& from) {
    into.heardAt = std::max(into.heardAt, from.heardAt);
    into.edge.evidence |= from.edge.evidence;
    into.edge.health = std::max(into.edge.health, from.edge.health);
    add(into.edge.traffic, from.edge.traffic);
    into.edge.seenMillis = std::max(into.edge.seenMillis, from.edge.seenMillis);
}

void add(Advice& into, const Advice& from) {
    if (from.recommended > into.recommended) {
        into.reason = from.reason;
        into.confidence = from.confidence;
    }
    into.current += from.current;
    into.recommended += from.recommended;
    into.demand = sum(into.demand, from.demand);
    into.capacity = sum(into.capacity, from.capacity);
}

/// Sorts and folds neighbours with the same key into one.
template <typename T, typename Key>
void fold(std::vector<T>& items, Key key) {
    std::ranges::stable_sort(items, {}, key);
    std::size_t kept = 0;
    for (std::size_t i = 1; i < items.size(); ++i) {
        if (key(items[i]) == key(items[kept]))
            add(items[kept], items[i]);
        else if (++kept != i)
            items[kept] = std::move(items[i]);
    }
    if (!items.empty())
        items.resize(kept + 1);
}

void collect(const FleetSource& source, FleetView& view) {
    const AgentSnapshot& snapshot = *source.snapshot;
    const MonotonicTime heardAt = source.agent.heardAt;
    for (const Node& node : snapshot.nodes)
        view.nodes.push_back({node, heardAt});
    for (const Edge& edge : snapshot.edges)
        view.edges.push_back({edge, heardAt});
    for (const GuardState& guard : snapshot.guards)
        view.guards.push_back({snapshot.agent.host, guard, heardAt});
    for (const TargetState& target : snapshot.targets)
        view.targets.push_back({snapshot.agent.host, target});
    view.advice.insert(view.advice.end(), snapshot.advice.begin(), snapshot.advice.end());
    view.millis = std::max(view.millis, snapshot.millis);
}

}  // namespace

FleetView mergeFleet(const std::vector<FleetSource>& sources) {
    FleetView view;
    for (const FleetSource& source : sources) {
        view.agents.push_back(source.agent);
        if (source.snapshot)
            collect(source, view);
    }
    fold(view.nodes, [](const FleetNode& n) -> const std::string& { return n.node.name; });
    fold(view.edges, [](const FleetEdge& e) { return std::tie(e.edge.client, e.edge.server); });
    fold(view.advice, [](const Advice& a) -> const std::string& { return a.service; });
    std::ranges::stable_sort(view.guards, [](const FleetGuard& a, const FleetGuard& b) {
        return std::tie(a.guard.subject, a.host) < std::tie(b.guard.subject, b.host);
    });
    return view;
}

}  // namespace levee
