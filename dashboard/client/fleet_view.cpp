// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/client/fleet_view.h"

#include <algorithm>
#include <cmath>
#include <tuple>
#include <utility>

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
    if (node.owner.nameSpace.empty())
        node.owner.nameSpace = from.node.owner.nameSpace;
    if (node.owner.team.empty())
        node.owner.team = from.node.owner.team;
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

/// Something that an agent told, where it stands in the agent's snapshot.
template <typename T>
struct Told {
    const T* item;
    MonotonicTime heardAt;
};

/// Sorts what was told and folds neighbours with the same key into one. What is sorted are
/// pointers: 25,000 nodes and edges are copied once, and not moved about.
template <typename Out, typename T, typename Key>
std::vector<Out> fold(std::vector<Told<T>> told, Key key) {
    const auto keyOf = [&](const Told<T>& t) -> decltype(auto) { return key(*t.item); };
    if (!std::ranges::is_sorted(told, {}, keyOf))
        std::ranges::stable_sort(told, {}, keyOf);
    std::vector<Out> folded;
    folded.reserve(told.size());
    const T* last = nullptr;
    for (const Told<T>& t : told) {
        if (last && key(*last) == key(*t.item))
            add(folded.back(), Out{*t.item, t.heardAt});
        else
            folded.push_back(Out{*t.item, t.heardAt});
        last = t.item;
    }
    return folded;
}

struct ToldAdvice {
    const Advice* advice;
    const std::string* host;
};

void add(Advice& into, const Advice& from) {
    into.current += from.current;
    into.recommended += from.recommended;
    into.demand = sum(into.demand, from.demand);
    into.capacity = sum(into.capacity, from.capacity);
}

std::vector<Advice> foldAdvice(std::vector<ToldAdvice> told) {
    std::ranges::stable_sort(
        told, {}, [](const ToldAdvice& t) -> const std::string& { return t.advice->service; });
    std::vector<Advice> folded;
    for (auto first = told.begin(); first != told.end();) {
        const auto end = std::find_if(first, told.end(), [&](const ToldAdvice& t) {
            return t.advice->service != first->advice->service;
        });
        const auto largest = std::max_element(first, end, [](const auto& a, const auto& b) {
            return a.advice->recommended < b.advice->recommended;
        });
        Advice& advice = folded.emplace_back(*largest->advice);
        // Its numbers are those of one host, the sums are not.
        if (end - first > 1)
            advice.reason = *largest->host + ": " + advice.reason;
        for (auto each = first; each != end; ++each)
            if (each != largest)
                add(advice, *each->advice);
        first = end;
    }
    return folded;
}

struct Collected {
    std::vector<Told<Node>> nodes;
    std::vector<Told<Edge>> edges;
    std::vector<ToldAdvice> advice;
};

void collect(const FleetSource& source, Collected& all, FleetView& view) {
    const AgentSnapshot& snapshot = *source.snapshot;
    const MonotonicTime heardAt = source.agent.heardAt;
    for (const Node& node : snapshot.nodes)
        all.nodes.push_back({&node, heardAt});
    for (const Edge& edge : snapshot.edges)
        all.edges.push_back({&edge, heardAt});
    for (const Advice& advice : snapshot.advice)
        all.advice.push_back({&advice, &snapshot.agent.host});
    for (const GuardState& guard : snapshot.guards)
        view.guards.push_back({snapshot.agent.host, guard, heardAt});
    for (const TargetState& target : snapshot.targets)
        view.targets.push_back({snapshot.agent.host, target});
    view.millis = std::max(view.millis, snapshot.millis);
}

}  // namespace

FleetView mergeFleet(const std::vector<FleetSource>& sources) {
    FleetView view;
    Collected all;
    for (const FleetSource& source : sources) {
        view.agents.push_back(source.agent);
        if (source.snapshot)
            collect(source, all, view);
    }
    view.nodes = fold<FleetNode>(std::move(all.nodes),
                                 [](const Node& n) -> const std::string& { return n.name; });
    view.edges = fold<FleetEdge>(std::move(all.edges),
                                 [](const Edge& e) { return std::tie(e.client, e.server); });
    view.advice = foldAdvice(std::move(all.advice));
    std::ranges::stable_sort(view.guards.edit(), [](const FleetGuard& a, const FleetGuard& b) {
        return std::tie(a.guard.subject, a.host) < std::tie(b.guard.subject, b.host);
    });
    return view;
}

}  // namespace levee
