// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/views/scene_builder.h"

#include <QCoreApplication>
#include <QStringList>
#include <algorithm>
#include <array>
#include <cmath>

#include "dashboard/views/value_words.h"
#include "dashboard/widgets/format.h"

namespace levee {
namespace {

/// Gives the free functions below a context for translators.
struct SceneText {
    Q_DECLARE_TR_FUNCTIONS(SceneText)
};

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

const QString& HealthLine::text(const TopologyStore& store) {
    // All of a picture that has only grown older is as fresh as it was.
    const std::uint64_t news = store.fleet().news;
    const bool isFresh = store.ageOf(MonotonicTime{}) == DataAge::Live;
    if (news == 0 || news != news_ || !isFresh || !wasFresh_)
        text_ = describeHealth(store);
    news_ = news;
    wasFresh_ = isFresh;
    return text_;
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
