// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/model/override_desk.h"

#include <QCoreApplication>
#include <QLocale>
#include <QStringList>
#include <algorithm>
#include <cmath>
#include <memory>

#include "dashboard/client/session_pool.h"
#include "dashboard/model/cell_values.h"
#include "dashboard/model/rule_document.h"
#include "dashboard/model/topology_store.h"

namespace levee {
namespace {

/// Gives the free functions below a context for translators.
struct DeskText {
    Q_DECLARE_TR_FUNCTIONS(DeskText)
};

constexpr std::int64_t kMinuteMillis = 60'000;
constexpr qsizetype kLongestReason = 500;
constexpr std::uint32_t kHighestLimit = 100'000;
constexpr double kLeastFactor = 0.01;
constexpr double kMostFactor = 100;

QString nameOf(const std::string& subject) {
    return toText(subject).replace(QLatin1String("->"), QStringLiteral(" → "));
}

QString timeProblem(std::int64_t minutes) {
    if (minutes >= 1 && minutes <= OverrideDesk::kMostMinutes)
        return {};
    return DeskText::tr("The time is %1 min; it must be from 1 to %2.")
        .arg(minutes)
        .arg(OverrideDesk::kMostMinutes);
}

QString reasonProblem(const QString& reason) {
    return reason.trimmed().isEmpty()
               ? DeskText::tr("A reason is required: why must the rule not decide?")
               : QString();
}

QString limitProblem(const OverrideOrder& order) {
    if (order.kind != OverrideKind::Limit)
        return {};
    if (order.factor != 0)
        return order.factor >= kLeastFactor && order.factor <= kMostFactor
                   ? QString()
                   : DeskText::tr("The factor is %1; it must be from %2 to %3.")
                         .arg(order.factor)
                         .arg(kLeastFactor)
                         .arg(kMostFactor);
    return order.limit >= 1 && order.limit <= kHighestLimit
               ? QString()
               : DeskText::tr("The limit is %1; it must be from 1 to %2.")
                     .arg(order.limit)
                     .arg(kHighestLimit);
}

}  // namespace

QString holdText(const Override& value) {
    switch (value.kind) {
        case OverrideKind::ForceOpen:
            return DeskText::tr("forced open");
        case OverrideKind::ForceClosed:
            return DeskText::tr("forced closed");
        case OverrideKind::Shed:
            return DeskText::tr("refusing class %1 and below").arg(toText(value.className));
        case OverrideKind::Limit:
            break;
    }
    const QString limit = QLocale().toString(value.limit);
    return std::isfinite(value.factor)
               ? DeskText::tr("limit %1 (×%2)").arg(limit, QLocale().toString(value.factor, 'g', 3))
               : DeskText::tr("limit %1").arg(limit);
}

/// One command on its way to several hosts.
struct OverrideDesk::Round {
    std::size_t waiting = 0;
    QStringList done;
    QStringList problems;
};

OverrideDesk::OverrideDesk(SessionPool& pool, const TopologyStore& store,
                           const RuleDocument& document, QObject* parent)
    : QObject(parent), pool_(pool), store_(store), document_(document) {
    connect(&store, &TopologyStore::changed, this, &OverrideDesk::refresh);
    refresh();
}

void OverrideDesk::refresh() {
    const bool wasEmpty = held_.empty();
    held_.clear();
    for (const FleetGuard& entry : store_.fleet().guards)
        if (entry.guard.heldBy)
            held_.push_back({entry.host, *entry.guard.heldBy, entry.heardAt});
    std::ranges::stable_sort(held_, {},
                             [](const HeldOverride& each) { return each.value.expiresMillis; });
    if (!wasEmpty || !held_.empty())
        emit changed();
}

double OverrideDesk::secondsLeft(const HeldOverride& held) const {
    return std::max(0.0, held.value.remainingSeconds - store_.ageSeconds(held.heardAt));
}

const HeldOverride* OverrideDesk::find(const std::string& host, const std::string& subject) const {
    const auto found = std::ranges::find_if(held_, [&](const HeldOverride& each) {
        return each.host == host && each.value.subject == subject;
    });
    return found == held_.end() ? nullptr : &*found;
}

std::vector<std::string> OverrideDesk::hostsOf(const std::string& subject) const {
    std::vector<std::string> hosts;
    for (const FleetGuard* guard : store_.guardsOf(subject))
        hosts.push_back(guard->host);
    return hosts;
}

AgentSession* OverrideDesk::sessionOf(const std::string& host) const {
    for (std::size_t i = 0; i < pool_.size(); ++i) {
        const AgentSnapshot* snapshot = pool_.at(i).snapshot();
        if (snapshot && snapshot->agent.host == host)
            return &pool_.at(i);
    }
    return nullptr;
}

const QString& OverrideDesk::readOnlyReason() const {
    return document_.readOnlyReason();
}

QString OverrideDesk::whyNotSet(const OverrideDraft& draft) const {
    QStringList problems{readOnlyReason()};
    if (draft.order.subject.empty() || draft.hosts.empty())
        problems << tr("No guard is chosen: only calls that pass the gateway can be held.");
    problems << limitProblem(draft.order) << timeProblem(draft.order.ttlMillis / kMinuteMillis)
             << reasonProblem(toText(draft.order.reason));
    problems.removeAll(QString());
    return problems.join(QLatin1Char(' '));
}

QString OverrideDesk::whyNotExtend(int minutes, const QString& reason) const {
    QStringList problems{readOnlyReason(), timeProblem(minutes), reasonProblem(reason)};
    problems.removeAll(QString());
    return problems.join(QLatin1Char(' '));
}

void OverrideDesk::finish(const Round& round) {
    if (round.problems.isEmpty())
        emit succeeded(round.done.join(QStringLiteral("; ")));
    else
        emit failed((round.problems + round.done).join(QStringLiteral("; ")));
}

void OverrideDesk::set(OverrideDraft draft) {
    if (const QString problem = whyNotSet(draft); !problem.isEmpty()) {
        emit failed(problem);
        return;
    }
    draft.order.author = document_.author();
    draft.order.reason = toText(draft.order.reason).trimmed().left(kLongestReason).toStdString();
    const auto round = std::make_shared<Round>();
    round->waiting = draft.hosts.size();
    for (const std::string& host : draft.hosts) {
        const auto answer = [this, round, host](const Result<Override>& result) {
            const QString name = toText(host);
            if (result)
                round->done
                    << tr("%1 on %2: %3").arg(nameOf(result->subject), name, holdText(*result));
            else
                round->problems << tr("%1: %2").arg(name, toText(result.error().message));
            if (--round->waiting == 0)
                finish(*round);
        };
        AgentSession* session = sessionOf(host);
        if (!session) {
            answer(Error{tr("not connected: nothing was sent").toStdString()});
            continue;
        }
        OverrideOrder order = draft.order;
        order.replace = find(host, order.subject) != nullptr;
        session->setOverride(std::move(order), this, answer);
    }
}

void OverrideDesk::extend(const HeldOverride& held, int minutes, const QString& reason) {
    if (const QString problem = whyNotExtend(minutes, reason); !problem.isEmpty()) {
        emit failed(problem);
        return;
    }
    AgentSession* session = sessionOf(held.host);
    if (!session) {
        emit failed(tr("%1 is not connected: nothing was sent").arg(toText(held.host)));
        return;
    }
    session->extendOverride(
        {held.value.subject, held.value.id, minutes * kMinuteMillis, document_.author(),
         reason.trimmed().left(kLongestReason).toStdString()},
        this, [this, minutes](const Result<Override>& result) {
            if (result)
                emit succeeded(tr("%1: %2 for another %3 min")
                                   .arg(nameOf(result->subject), holdText(*result))
                                   .arg(minutes));
            else
                emit failed(toText(result.error().message));
        });
}

void OverrideDesk::clear(const HeldOverride& held, const QString& reason) {
    if (!readOnlyReason().isEmpty()) {
        emit failed(readOnlyReason());
        return;
    }
    AgentSession* session = sessionOf(held.host);
    if (!session) {
        emit failed(tr("%1 is not connected: nothing was sent").arg(toText(held.host)));
        return;
    }
    session->clearOverride(
        {held.value.subject, held.value.id, 0, document_.author(),
         reason.trimmed().left(kLongestReason).toStdString()},
        this, [this](const Result<Override>& result) {
            if (result)
                emit succeeded(tr("%1: no longer %2; the rule decides again")
                                   .arg(nameOf(result->subject), holdText(*result)));
            else
                emit failed(toText(result.error().message));
        });
}

}  // namespace levee
