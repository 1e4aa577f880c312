// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/views/edge_facts.h"

#include <QCoreApplication>
#include <QStringList>
#include <algorithm>
#include <cmath>

#include "dashboard/views/scene_builder.h"
#include "dashboard/views/value_words.h"
#include "dashboard/widgets/format.h"

namespace levee {
namespace {

constexpr std::size_t kMostGuards = 4;

struct FactText {
    Q_DECLARE_TR_FUNCTIONS(FactText)
};

/// "OPEN, 1.8 s left", "RAMP, admits 40 %".
QString breakerText(const GuardState& guard) {
    switch (guard.breaker) {
        case BreakerState::Open:
            return std::isfinite(guard.reopenInSeconds)
                       ? FactText::tr("%1, %2 left")
                             .arg(wordOf(guard.breaker), formatAge(guard.reopenInSeconds))
                       : wordOf(guard.breaker);
        case BreakerState::HalfOpen:
        case BreakerState::Ramp:
            return FactText::tr("%1, admits %2")
                .arg(wordOf(guard.breaker), formatShare(guard.admitShare));
        case BreakerState::Closed:
            return std::isfinite(guard.distanceToTrip)
                       ? FactText::tr("%1, %2 of the way to trip")
                             .arg(wordOf(guard.breaker), formatShare(1 - guard.distanceToTrip))
                       : wordOf(guard.breaker);
        default:
            return wordOf(guard.breaker);
    }
}

QString limitText(const GuardState& guard) {
    return std::isfinite(guard.inFlight)
               ? FactText::tr("%1 in flight of %2")
                     .arg(formatCount(guard.inFlight), formatCount(guard.limit))
               : formatCount(guard.limit);
}

void addGuards(const std::vector<const FleetGuard*>& guards, EdgeFacts& facts) {
    for (std::size_t i = 0; i < std::min(guards.size(), kMostGuards); ++i) {
        const GuardState& guard = guards[i]->guard;
        // One guard needs no host beside it; several do.
        const QString where = guards.size() > 1
                                  ? QStringLiteral("  (%1)").arg(plainText(guards[i]->host, 30))
                                  : QString();
        if (guard.hasBreaker)
            facts.rows.emplace_back(FactText::tr("Breaker"), breakerText(guard) + where);
        if (guard.hasLimit)
            facts.rows.emplace_back(FactText::tr("Limit"), limitText(guard) + where);
        if (guard.shedRate > 0)
            facts.rows.emplace_back(FactText::tr("Sheds"), formatRate(guard.shedRate) + where);
        facts.rows.emplace_back(
            FactText::tr("Rule"),
            FactText::tr("%1, %2, %3")
                .arg(plainText(guard.rule, 60), wordOf(guard.mode), wordOf(guard.enforcement)));
    }
    if (guards.size() > kMostGuards)
        facts.rows.emplace_back(QString(),
                                FactText::tr("and %n more guard(s)", nullptr,
                                             static_cast<int>(guards.size() - kMostGuards)));
}

void addSplit(const LatencySplit& split, EdgeFacts& facts) {
    const std::pair<QString, double> parts[] = {{FactText::tr("network"), split.network},
                                                {FactText::tr("queue"), split.queue},
                                                {FactText::tr("processing"), split.processing},
                                                {FactText::tr("waiting"), split.waiting}};
    double sum = 0;
    for (const auto& [name, seconds] : parts)
        if (std::isfinite(seconds))
            sum += seconds;
    if (!(sum > 0))
        return;
    for (const auto& [name, seconds] : parts)
        facts.split.push_back({name, seconds});
    facts.splitTitle = FactText::tr("Where %1 go, mean of a call").arg(formatLatency(sum));
}

}  // namespace

EdgeFacts edgeFacts(const TopologyStore& store, const std::string& client,
                    const std::string& server) {
    EdgeFacts facts;
    facts.title = plainText(client) + QStringLiteral(" → ") + plainText(server);
    const FleetEdge* found = store.edge(client, server);
    if (!found)
        return facts;
    const Edge& edge = found->edge;
    const Traffic& traffic = edge.traffic;
    facts.rows.emplace_back(FactText::tr("State"), wordOf(stateOf(store, *found)));
    facts.rows.emplace_back(FactText::tr("Requests"), formatRate(traffic.requestRate));
    facts.rows.emplace_back(FactText::tr("Errors"), FactText::tr("%1 of %2")
                                                        .arg(formatShare(traffic.errorShare()),
                                                             formatRate(traffic.requestRate)));
    facts.rows.emplace_back(FactText::tr("Latency"),
                            FactText::tr("p50 %1, p95 %2, p99 %3")
                                .arg(formatLatency(traffic.p50), formatLatency(traffic.p95),
                                     formatLatency(traffic.p99)));
    addGuards(store.guardsOf(edge.id()), facts);
    if (edge.sockets.connections > 0)
        facts.rows.emplace_back(FactText::tr("Connections"),
                                FactText::tr("%1, round trip %2")
                                    .arg(edge.sockets.connections)
                                    .arg(formatLatency(edge.sockets.minRtt)));
    addSplit(edge.split, facts);
    return facts;
}

}  // namespace levee
