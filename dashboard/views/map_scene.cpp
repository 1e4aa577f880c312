// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/views/map_scene.h"

#include <QCoreApplication>
#include <QStringList>
#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>
#include <unordered_map>

#include "dashboard/model/cell_values.h"
#include "dashboard/views/scene_builder.h"
#include "dashboard/views/value_words.h"
#include "dashboard/widgets/format.h"

namespace levee {
namespace {

constexpr std::size_t kSparkSeconds = 60;
const QString kGroupPrefix = QStringLiteral("group:");

/// Gives the free functions below a context for translators.
struct SceneText {
    Q_DECLARE_TR_FUNCTIONS(SceneText)
};

using GuardIndex = std::unordered_map<std::string_view, std::vector<const FleetGuard*>>;

double okShare(const Traffic& traffic) {
    const double bad = traffic.errorShare() + traffic.shedShare();
    return std::isnan(bad) ? kUnknown : std::max(0.0, 1 - bad);
}

/// The guard's mark on an edge: beside the state what it holds back.
bool edgeBadgeOf(const GuardState& guard, const Traffic& traffic, GuardBadge& badge) {
    if (!badgeOf(guard, badge))
        return false;
    if (badge.kind == BadgeKind::Limit) {
        const QString use =
            std::isfinite(guard.inFlight)
                ? SceneText::tr("%1 of %2").arg(formatCount(guard.inFlight), badge.text)
                : badge.text;
        badge.text = SceneText::tr("%1, sheds %2").arg(use, formatShare(traffic.shedShare()));
    } else if (badge.kind == BadgeKind::HalfOpen) {
        badge.text = formatShare(guard.admitShare);
    }
    return true;
}

/// Of the guards of one subject on several hosts, the one that does most.
std::vector<GuardBadge> badgesOf(const GuardIndex& guards, const std::string& subject,
                                 const Traffic* edge) {
    std::vector<GuardBadge> badges;
    const auto found = guards.find(subject);
    if (found == guards.end())
        return badges;
    for (const FleetGuard* entry : found->second) {
        GuardBadge candidate;
        const bool isAtWork =
            edge ? edgeBadgeOf(entry->guard, *edge, candidate) : badgeOf(entry->guard, candidate);
        if (!isAtWork)
            continue;
        // What a person holds must not be overlooked, nor forgotten.
        const bool isHeld = !badges.empty() && badges.front().kind == BadgeKind::Override;
        if (badges.empty())
            badges.push_back(candidate);
        else if (candidate.kind == BadgeKind::Override && !isHeld)
            badges.front() = candidate;
        else if (!isHeld && severityRank(visualState(candidate.kind)) <
                                severityRank(visualState(badges.front().kind)))
            badges.front() = candidate;
    }
    return badges;
}

CardData cardOf(const TopologyStore& store, const FleetNode& entry, const Traffic& traffic) {
    const Node& node = entry.node;
    CardData card;
    card.id = sceneId(node.name);
    card.title = plainText(node.name);
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

void add(Traffic& sum, const Traffic& more) {
    sum.requestRate += more.requestRate;
    sum.errorRate += more.errorRate;
    sum.shedRate += more.shedRate;
    sum.p99 = std::fmax(sum.p99, more.p99);
}

/// What services send that nobody calls.
class Senders {
public:
    Senders(const FleetView& fleet, const MapPicture& picture) {
        for (const FleetNode* entry : picture.services)
            if (!(entry->node.traffic.requestRate > 0))
                sent_.emplace(entry->node.name, Traffic{});
        for (const FleetEdge& entry : fleet.edges) {
            sent_.erase(entry.edge.server);
            if (const auto found = sent_.find(entry.edge.client); found != sent_.end())
                add(found->second, entry.edge.traffic);
        }
    }
    /// Null where the service is called, or sends nothing.
    const Traffic* of(const Node& node) const {
        const auto found = sent_.find(node.name);
        return found == sent_.end() || !(found->second.requestRate > 0) ? nullptr : &found->second;
    }

private:
    std::unordered_map<std::string_view, Traffic> sent_;
};

CardData groupCard(const TopologyStore& store, const MapGroup& group) {
    CardData card;
    card.id = groupId(group.name);
    card.title = plainText(group.name);
    card.members = static_cast<int>(group.members.size());
    std::array<int, 8> counts{};
    int old = 0;
    for (const FleetNode* member : group.members) {
        card.health = std::max(card.health, member->node.health);
        const VisualState state = stateOf(store, *member);
        old += state == VisualState::Stale;
        ++counts[static_cast<std::size_t>(state)];
    }
    card.stale = old == card.members;
    QStringList parts;
    for (const VisualState state :
         {VisualState::Failing, VisualState::Degraded, VisualState::Throttled, VisualState::Stale,
          VisualState::Unknown, VisualState::Ok, VisualState::Idle})
        if (const int count = counts[static_cast<std::size_t>(state)])
            //: a number of services and their state: "2 degraded"
            parts << SceneText::tr("%1 %2").arg(count).arg(wordOf(state));
    card.note = parts.join(QStringLiteral(" · "));
    return card;
}

QString endId(const MapPicture& picture, const MapEnd& end) {
    return end.isGroup ? groupId(picture.groups[end.index].name)
                       : sceneId(picture.services[end.index]->node.name);
}

EdgeData edgeOf(const TopologyStore& store, const GuardIndex& guards, const MapPicture& picture,
                const MapLink& link) {
    EdgeData data;
    data.from = endId(picture, link.from);
    data.to = endId(picture, link.to);
    data.stale = true;
    Traffic sum;
    for (const FleetEdge* entry : link.edges) {
        add(sum, entry->edge.traffic);
        data.health = std::max(data.health, entry->edge.health);
        data.stale = data.stale && store.ageOf(entry->heardAt) != DataAge::Live;
    }
    data.requestRate = sum.requestRate;
    data.latency = sum.p99;
    data.errorShare = sum.errorShare();
    data.shedShare = sum.shedShare();
    data.shortLabel = formatRate(sum.requestRate);
    if (link.edges.size() > 1) {
        const int count = static_cast<int>(link.edges.size());
        data.label =
            data.shortLabel + QLatin1String("  ") + SceneText::tr("%n edge(s)", nullptr, count);
        return data;
    }
    data.label = labelOf(link.edges.front()->edge);
    if (!link.from.isGroup && !link.to.isGroup)
        data.badges = badgesOf(guards, link.edges.front()->edge.id(), &sum);
    return data;
}

}  // namespace

QString sceneId(const std::string& service) {
    return toText(service);
}

QString groupId(const std::string& group) {
    return kGroupPrefix + toText(group);
}

std::optional<std::string> groupOfId(const QString& id) {
    if (!id.startsWith(kGroupPrefix))
        return std::nullopt;
    return id.mid(kGroupPrefix.size()).toStdString();
}

GraphScene buildScene(const TopologyStore& store, const MapPicture& picture) {
    const FleetView& fleet = store.fleet();
    GuardIndex guards;
    for (const FleetGuard& guard : fleet.guards)
        guards[guard.guard.subject].push_back(&guard);
    const Senders senders(fleet, picture);
    GraphScene scene;
    scene.cards.reserve(picture.services.size() + picture.groups.size());
    for (const FleetNode* entry : picture.services) {
        const Traffic* sent = senders.of(entry->node);
        CardData card = cardOf(store, *entry, sent ? *sent : entry->node.traffic);
        card.badges = badgesOf(guards, entry->node.name, nullptr);
        if (!sent)
            card.spark = store.series().recentRates(entry->node.name, kSparkSeconds, fleet.millis);
        scene.cards.push_back(std::move(card));
    }
    for (const MapGroup& group : picture.groups)
        scene.cards.push_back(groupCard(store, group));
    scene.edges.reserve(picture.links.size());
    for (const MapLink& link : picture.links)
        scene.edges.push_back(edgeOf(store, guards, picture, link));
    return scene;
}

GraphScene buildScene(const TopologyStore& store) {
    return buildScene(store, composeMap(store.fleet(), {}, store.changes(), {}));
}

QString describeScope(const MapPicture& picture, const MapWish& wish) {
    const auto count = [](std::size_t n) { return static_cast<int>(n); };
    QStringList parts;
    if (picture.services.size() < picture.known)
        parts << SceneText::tr("%n shown", nullptr, count(picture.services.size()));
    if (!picture.groups.empty())
        parts << SceneText::tr("%1 in %n group(s)", nullptr, count(picture.groups.size()))
                     .arg(picture.grouped);
    if (picture.leftOut > 0 && wish.focus.empty() && !wish.errorsOnly)
        parts << SceneText::tr("%n not drawn", nullptr, count(picture.leftOut));
    if (picture.linksLeftOut > 0)
        parts << SceneText::tr("%n edge(s) to groups not drawn", nullptr,
                               count(picture.linksLeftOut));
    if (picture.hidden > 0)
        parts << SceneText::tr("%n hidden", nullptr, count(picture.hidden));
    QString text = SceneText::tr("%n service(s)", nullptr, count(picture.known));
    if (!parts.isEmpty())
        text = SceneText::tr("%1: %2").arg(text, parts.join(QStringLiteral(", ")));
    if (!wish.focus.empty())
        text =
            SceneText::tr("%1 and %n hop(s) around it (+ − change, Esc leaves)", nullptr, wish.hops)
                .arg(plainText(wish.focus, 60)) +
            QStringLiteral(" · ") + text;
    else if (wish.errorsOnly)
        text =
            SceneText::tr("only what is not well (E: everything)") + QStringLiteral(" · ") + text;
    else if (picture.isScoped)
        text += QStringLiteral(" · ") + SceneText::tr("A: show all");
    return text;
}

}  // namespace levee
