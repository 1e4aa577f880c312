// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/views/rollout.h"

#include <QCoreApplication>
#include <algorithm>

#include "dashboard/views/scene_builder.h"
#include "dashboard/views/value_words.h"
#include "dashboard/widgets/format.h"

namespace levee {
namespace {

struct RolloutText {
    Q_DECLARE_TR_FUNCTIONS(levee::Rollout)
};

/// Smaller is worse.
int rankOf(Enforcement enforcement) {
    switch (enforcement) {
        case Enforcement::Refused:
            return 0;
        case Enforcement::Unknown:
            return 1;
        case Enforcement::Sent:
            return 2;
        case Enforcement::Accepted:
            return 3;
        case Enforcement::Enforcing:
            break;
    }
    return 4;
}

AttentionItem itemOf(const TopologyStore& store, const FleetAgent& agent) {
    AttentionItem item;
    item.subject = plainText(agent.address);
    item.title = plainText(agent.hasSnapshot ? agent.info.host : agent.address);
    if (!agent.hasSnapshot) {
        item.state = VisualState::Stale;
        item.note = RolloutText::tr("not heard");
        return item;
    }
    int total = 0;
    int enforcing = 0;
    const FleetGuard* worst = nullptr;
    for (const FleetGuard& guard : store.fleet().guards) {
        if (guard.host != agent.info.host || guard.guard.mode != GuardMode::Enforce)
            continue;
        ++total;
        enforcing += guard.guard.enforcement == Enforcement::Enforcing;
        if (!worst || rankOf(guard.guard.enforcement) < rankOf(worst->guard.enforcement))
            worst = &guard;
    }
    const QString revision = RolloutText::tr("revision %1").arg(agent.info.rulesRevision);
    if (store.ageOf(agent.heardAt) != DataAge::Live || agent.state.phase != SessionPhase::Live) {
        // What it enforces now, nobody knows.
        item.state = VisualState::Stale;
        item.note = RolloutText::tr("%1 · heard %2 ago")
                        .arg(revision, formatAge(store.ageSeconds(agent.heardAt)));
        return item;
    }
    if (!worst) {
        item.state = VisualState::Idle;
        item.note = RolloutText::tr("%1 · no guard enforces").arg(revision);
        return item;
    }
    item.state = visualState(worst->guard.enforcement);
    if (enforcing == total)
        item.note = RolloutText::tr("%1 · %n enforcing", nullptr, total).arg(revision);
    else
        item.note =
            RolloutText::tr("%1 · %2 of %3 enforcing, %4 %5")
                .arg(revision)
                .arg(enforcing)
                .arg(total)
                .arg(readableSubject(worst->guard.subject), wordOf(worst->guard.enforcement));
    return item;
}

}  // namespace

std::vector<AttentionItem> buildRollout(const TopologyStore& store,
                                        const std::vector<FleetAgent>& agents) {
    std::vector<AttentionItem> items;
    for (const FleetAgent& agent : agents)
        items.push_back(itemOf(store, agent));
    std::ranges::stable_sort(items, {},
                             [](const AttentionItem& item) { return severityRank(item.state); });
    return items;
}

}  // namespace levee
