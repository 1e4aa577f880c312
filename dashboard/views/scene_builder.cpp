// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/views/scene_builder.h"

#include <QCoreApplication>
#include <QStringList>
#include <algorithm>
#include <array>
#include <cmath>
#include <unordered_map>

#include "dashboard/views/value_words.h"
#include "dashboard/widgets/format.h"

namespace levee {
namespace {

constexpr std::size_t kSparkSeconds = 60;

/// Gives the free functions below a context for translators.
struct SceneText {
    Q_DECLARE_TR_FUNCTIONS(SceneText)
};

double okShare(const Traffic& traffic) {
    const double bad = traffic.errorShare() + traffic.shedShare();
    return std::isnan(bad) ? kUnknown : std::max(0.0, 1 - bad);
}

/// Of the guards of one subject on several hosts, the one that does most.
bool worstBadge(const std::vector<const FleetGuard*>& guards, GuardBadge& badge) {
    bool hasOne = false;
    for (const FleetGuard* guard : guards) {
        GuardBadge candidate;
        if (!badgeOf(guard->guard, candidate))
            continue;
        if (!hasOne ||
            severityRank(visualState(candidate.kind)) < severityRank(visualState(badge.kind)))
            badge = candidate;
        hasOne = true;
    }
    return hasOne;
}

std::vector<GuardBadge> badgesOf(
    const std::unordered_map<std::string, std::vector<const FleetGuard*>>& guards,
    const std::string& subject) {
    const auto found = guards.find(subject);
    GuardBadge badge;
    if (found != guards.end() && worstBadge(found->second, badge))
        return {badge};
    return {};
}

CardData cardOf(const TopologyStore& store, const FleetNode& entry, const Traffic& traffic) {
    const Node& node = entry.node;
    CardData card;
    card.id = plainText(node.name);
    card.kind = node.kind;
    card.health = node.health;
    card.stale = store.ageOf(entry.heardAt) != DataAge::Live;
    card.rate = formatRate(traffic.requestRate);
    card.errors = formatShare(traffic.errorShare());
    card.p99 = formatLatency(traffic.p99);
    card.okShare = okShare(traffic);
    card.errorShare = traffic.errorShare();
    card.shedShare = traffic.shedShare();
    card.instances = node.instances;
    if (card.stale)
        card.ageText = formatAge(store.ageSeconds(entry.heardAt));
    return card;
}

QString labelOf(const Edge& edge) {
    QString label = formatRate(edge.traffic.requestRate);
    if (std::isfinite(edge.traffic.p99))
        label += QLatin1String("  ") + SceneText::tr("p99 %1").arg(formatLatency(edge.traffic.p99));
    return label;
}

QString whyUnwell(const Node& node) {
    const double errors = node.traffic.errorShare();
    const double shed = node.traffic.shedShare();
    if (shed > errors || (std::isnan(errors) && shed > 0))
        return SceneText::tr("%1 shed").arg(formatShare(shed));
    if (errors > 0.001)
        return SceneText::tr("%1 errors").arg(formatShare(errors));
    return SceneText::tr("p99 %1").arg(formatLatency(node.traffic.p99));
}

}  // namespace

VisualState stateOf(const TopologyStore& store, const FleetNode& node) {
    return visualState(node.node.health, store.ageOf(node.heardAt) != DataAge::Live,
                       node.node.traffic.shedShare());
}

VisualState stateOf(const TopologyStore& store, const FleetEdge& edge) {
    return visualState(edge.edge.health, store.ageOf(edge.heardAt) != DataAge::Live,
                       edge.edge.traffic.shedShare());
}

GraphScene buildScene(const TopologyStore& store) {
    const FleetView& fleet = store.fleet();
    std::unordered_map<std::string, std::vector<const FleetGuard*>> guards;
    for (const FleetGuard& guard : fleet.guards)
        guards[guard.guard.subject].push_back(&guard);
    std::unordered_map<std::string, Traffic> sent;
    std::unordered_map<std::string, int> callers;
    for (const FleetEdge& edge : fleet.edges) {
        ++callers[edge.edge.server];
        Traffic& sum = sent[edge.edge.client];
        sum.requestRate += edge.edge.traffic.requestRate;
        sum.errorRate += edge.edge.traffic.errorRate;
        sum.shedRate += edge.edge.traffic.shedRate;
        sum.p99 = std::fmax(sum.p99, edge.edge.traffic.p99);
    }

    GraphScene scene;
    scene.cards.reserve(fleet.nodes.size());
    for (const FleetNode& node : fleet.nodes) {
        const bool isSource = !callers.contains(node.node.name) &&
                              !(node.node.traffic.requestRate > 0) && sent.contains(node.node.name);
        CardData card = cardOf(store, node, isSource ? sent[node.node.name] : node.node.traffic);
        card.badges = badgesOf(guards, node.node.name);
        if (!isSource)
            card.spark = store.series().recentRates(node.node.name, kSparkSeconds, fleet.millis);
        scene.cards.push_back(std::move(card));
    }
    for (const FleetEdge& entry : fleet.edges) {
        const Edge& edge = entry.edge;
        EdgeData data;
        data.from = plainText(edge.client);
        data.to = plainText(edge.server);
        data.health = edge.health;
        data.stale = store.ageOf(entry.heardAt) != DataAge::Live;
        data.requestRate = edge.traffic.requestRate;
        data.errorShare = edge.traffic.errorShare();
        data.shedShare = edge.traffic.shedShare();
        data.label = labelOf(edge);
        data.shortLabel = formatRate(edge.traffic.requestRate);
        data.badges = badgesOf(guards, edge.id());
        scene.edges.push_back(std::move(data));
    }
    return scene;
}

std::vector<AttentionItem> buildTriage(const TopologyStore& store) {
    std::vector<AttentionItem> items;
    for (const std::string& name : store.unhealthy()) {
        const FleetNode& node = *store.node(name);
        items.push_back(
            {plainText(name), plainText(name), whyUnwell(node.node), stateOf(store, node)});
    }
    return items;
}

std::vector<AttentionItem> buildGuardsAtWork(const TopologyStore& store) {
    std::vector<AttentionItem> items;
    for (const FleetGuard& entry : store.fleet().guards) {
        const GuardState& guard = entry.guard;
        GuardBadge badge;
        const bool isRefused = guard.enforcement == Enforcement::Refused;
        if (!isRefused && !badgeOf(guard, badge))
            continue;
        const QString note = isRefused ? wordOf(guard.enforcement) : textOf(badge);
        const VisualState state = isRefused ? VisualState::Failing : visualState(badge.kind);
        items.push_back({plainText(guard.subject), readableSubject(guard.subject), note, state});
    }
    std::ranges::stable_sort(items, {},
                             [](const AttentionItem& item) { return severityRank(item.state); });
    return items;
}

QString readableSubject(const std::string& subject) {
    return plainText(subject).replace(QLatin1String("->"), QStringLiteral(" → "));
}

QString describeHealth(const TopologyStore& store) {
    constexpr std::array kOrder = {
        VisualState::Failing, VisualState::Open, VisualState::Degraded, VisualState::Throttled,
        VisualState::Stale,   VisualState::Ok,   VisualState::Idle,     VisualState::Unknown};
    std::array<int, 8> counts{};
    for (const FleetNode& node : store.fleet().nodes)
        ++counts[static_cast<std::size_t>(stateOf(store, node))];
    QStringList parts;
    for (const VisualState state : kOrder)
        if (const int count = counts[static_cast<std::size_t>(state)])
            //: a number of services and their state: "2 degraded"
            parts << SceneText::tr("%1 %2").arg(count).arg(wordOf(state));
    return parts.join(QStringLiteral(" · "));
}

}  // namespace levee
