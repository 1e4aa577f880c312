// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/views/guard_card.h"

#include <QPainter>
#include <QStringList>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

#include "dashboard/model/freshness.h"
#include "dashboard/model/override_desk.h"
#include "dashboard/views/meter.h"
#include "dashboard/views/scene_builder.h"
#include "dashboard/views/themed_label.h"
#include "dashboard/views/value_words.h"
#include "dashboard/widgets/format.h"
#include "dashboard/widgets/theme.h"

namespace levee {
namespace {

constexpr int kGlyph = 14;
constexpr double kNearTrip = 0.3;
constexpr int kMostLines = 12;

QString breakerTitle(const GuardState& guard) {
    const QString word = wordOf(guard.breaker);
    switch (guard.breaker) {
        case BreakerState::Open:
            if (std::isfinite(guard.reopenInSeconds))
                return GuardCard::tr("Breaker %1, retry in %2")
                    .arg(word, formatAge(guard.reopenInSeconds));
            break;
        case BreakerState::HalfOpen:
        case BreakerState::Ramp:
            return GuardCard::tr("Breaker %1, %2 let through")
                .arg(word, formatShare(guard.admitShare));
        default:
            break;
    }
    return GuardCard::tr("Breaker %1").arg(word);
}

QString textOf(const InstanceState& each) {
    const QString name = plainText(each.instance, 60);
    const QString reason = plainText(each.reason, 120);
    switch (each.status) {
        case InstanceStatus::Ejected:
            return GuardCard::tr("%1 is out, back in %2: %3")
                .arg(name, formatAge(each.backInSeconds), reason);
        case InstanceStatus::Ramp:
            return GuardCard::tr("%1 comes back, %2 of its calls")
                .arg(name, formatShare(each.share));
        case InstanceStatus::In:
            break;
    }
    return {};
}

/// What rules can ask for beside breaker and limit, a line each; nothing where there is none.
QStringList internalsOf(const GuardState& guard) {
    QStringList lines;
    if (const RateState& rate = guard.rate; std::isfinite(rate.limit)) {
        lines << GuardCard::tr("Rate %1 by %2 · refuses %3 · %4 of %5 keys")
                     .arg(formatRate(rate.limit), plainText(rate.key, 60),
                          formatRate(rate.refusedRate), formatCount(static_cast<double>(rate.keys)),
                          formatCount(static_cast<double>(rate.mostKeys)));
        if (rate.timesFull > 0)
            lines << GuardCard::tr("No room for more keys %n time(s)", nullptr,
                                   static_cast<int>(rate.timesFull));
    }
    QStringList classes;
    for (const ClassState& each : guard.classes)
        //: a class of requests: how much of it is let in, of so many a second
        classes << GuardCard::tr("%1 %2 of %3")
                       .arg(plainText(each.name, 40), formatShare(each.share),
                            formatRate(each.arrivalRate));
    if (!classes.isEmpty())
        lines << GuardCard::tr("Classes: %1").arg(classes.join(QStringLiteral(", ")));
    if (std::isfinite(guard.retryShare) || std::isfinite(guard.retriesAllowed))
        lines << GuardCard::tr("Retries %1 of the calls, %2 allowed now")
                     .arg(formatShare(guard.retryShare), formatShare(guard.retriesAllowed));
    int in = 0;
    for (const InstanceState& each : guard.instances) {
        in += each.status == InstanceStatus::In;
        if (const QString text = textOf(each); !text.isEmpty() && lines.size() < kMostLines)
            lines << text;
    }
    if (!guard.instances.empty())
        lines << GuardCard::tr("%1 of %n instance(s) in", nullptr,
                               static_cast<int>(guard.instances.size()))
                     .arg(in);
    return lines;
}

/// What its rule sets for the time when its service, or the agent, cannot be asked.
QString settingsText(const GuardState& guard, const GuardSettings& settings) {
    QStringList lines;
    if (guard.hasBreaker) {
        const FallbackSettings& fallback = settings.fallback;
        const QString answer = GuardCard::tr("Open, it answers %1").arg(fallback.status);
        lines << (fallback.staleFor > Duration::zero()
                      ? GuardCard::tr("%1, or the last good answer up to %2 old")
                            .arg(answer, formatAge(toSeconds(fallback.staleFor)))
                      : answer);
    }
    const AgentLossSettings& loss = settings.agentLoss;
    const QString after = formatAge(toSeconds(loss.after));
    switch (loss.then) {
        case AgentLoss::Ceiling:
            lines << GuardCard::tr("Agent gone for %1: a fixed limit of %2")
                         .arg(after)
                         .arg(loss.ceiling);
            break;
        case AgentLoss::Auto:
        case AgentLoss::Keep:
        case AgentLoss::Open:
            lines << (loss.then == AgentLoss::Open ||
                              (loss.then == AgentLoss::Auto && guard.hasBreaker)
                          ? GuardCard::tr("Agent gone for %1: lets everything through").arg(after)
                          : GuardCard::tr("Agent gone for %1: stays as it was").arg(after));
            break;
    }
    return lines.join(QLatin1Char('\n'));
}

VisualState stateOfGuard(const GuardState& guard) {
    if (guard.enforcement == Enforcement::Refused)
        return VisualState::Failing;
    if (guard.hasBreaker && guard.breaker != BreakerState::Closed)
        return visualState(guard.breaker);
    return guard.shedRate > 0 ? VisualState::Throttled : VisualState::Ok;
}

}  // namespace

GuardCard::GuardCard(ThemeController& themes, QWidget* parent) : QWidget(parent), themes_(themes) {
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(7);
    auto* head = new QVBoxLayout;
    head->setContentsMargins(kGlyph + 8, 0, 0, 0);
    head->setSpacing(1);
    title_ = new ThemedLabel(themes, TextTone::Strong);
    subject_ = new ThemedLabel(themes, TextTone::Dim);
    head->addWidget(title_);
    head->addWidget(subject_);
    layout->addLayout(head);
    held_ = new ThemedLabel(themes, TextTone::Strong, {}, ThemedLabel::Overflow::Wrap);
    layout->addWidget(held_);
    toTrip_ = new Meter(themes, tr("Distance to trip"));
    failures_ = new Meter(themes, tr("Failures in the window"));
    slow_ = new Meter(themes, tr("Slow calls in the window"));
    inFlight_ = new Meter(themes, tr("In flight of the limit"));
    for (Meter* meter : {toTrip_, failures_, slow_, inFlight_})
        layout->addWidget(meter);
    limits_ = new ThemedLabel(themes, TextTone::Dim, {}, ThemedLabel::Overflow::Wrap);
    rule_ = new ThemedLabel(themes, TextTone::Dim);
    proof_ = new ThemedLabel(themes, TextTone::Dim);
    settings_ = new ThemedLabel(themes, TextTone::Dim, {}, ThemedLabel::Overflow::Wrap);
    for (ThemedLabel* label : {limits_, settings_, rule_, proof_})
        layout->addWidget(label);
}

void GuardCard::setGuard(const FleetGuard& entry, bool withSubject, double age,
                         const std::optional<GuardSettings>& settings) {
    GuardState guard = entry.guard;
    const bool isOld = age > toSeconds(kLateAfter);
    state_ = isOld ? VisualState::Stale : stateOfGuard(guard);
    if (isOld)
        guard.reopenInSeconds = kUnknown;
    title_->setText(guard.hasBreaker ? breakerTitle(guard)
                                     : tr("Limit %1").arg(formatCount(guard.limit)));
    subject_->setVisible(withSubject || isOld);
    //: which guard, on which host
    const QString where = tr("%1 on %2").arg(readableSubject(guard.subject), plainText(entry.host));
    subject_->setText(isOld ? tr("%1 · heard %2 ago").arg(where, formatAge(age)) : where);
    held_->setVisible(guard.heldBy.has_value());
    if (guard.heldBy)
        held_->setText(tr("%1 Held by hand: %2, %3 left, by %4: %5")
                           .arg(glyphOf(VisualState::Throttled), holdText(*guard.heldBy),
                                formatAge(std::max(0.0, guard.heldBy->remainingSeconds - age)),
                                plainText(guard.heldBy->author, 60),
                                plainText(guard.heldBy->reason, 160)));
    showBreaker(guard);
    showLimit(guard);
    settings_->setVisible(settings.has_value());
    settings_->setText(settings ? settingsText(guard, *settings) : QString());
    QString rule = tr("Rule %1, revision %2").arg(plainText(guard.rule)).arg(guard.revision);
    if (guard.mode != GuardMode::Enforce)
        rule += QStringLiteral(" · ") + wordOf(guard.mode);
    rule_->setText(rule);
    const QString detail = plainText(guard.enforcementDetail);
    proof_->setText(detail.isEmpty() ? tr("Proof: %1").arg(wordOf(guard.enforcement))
                                     : tr("Proof: %1, %2").arg(wordOf(guard.enforcement), detail));
    update();
}

void GuardCard::showBreaker(const GuardState& guard) {
    for (Meter* meter : {toTrip_, failures_, slow_})
        meter->setVisible(guard.hasBreaker);
    if (!guard.hasBreaker)
        return;
    const double distance = guard.distanceToTrip;
    const VisualState distanceState = distance <= 0          ? VisualState::Failing
                                      : distance < kNearTrip ? VisualState::Degraded
                                                             : VisualState::Ok;
    toTrip_->setValue(distance, formatShare(distance), distanceState);
    failures_->setValue(guard.failureShare, formatShare(guard.failureShare), VisualState::Failing);
    slow_->setVisible(std::isfinite(guard.slowShare));
    slow_->setValue(guard.slowShare, formatShare(guard.slowShare), VisualState::Degraded);
}

void GuardCard::showLimit(const GuardState& guard) {
    inFlight_->setVisible(guard.hasLimit);
    if (guard.hasLimit) {
        const double used = guard.limit > 0 ? guard.inFlight / guard.limit : kUnknown;
        inFlight_->setValue(
            used,
            //: requests in flight of the limit
            tr("%1 of %2").arg(formatCount(guard.inFlight), formatCount(guard.limit)),
            used >= 0.95 ? VisualState::Degraded : VisualState::Ok);
    }
    QStringList facts;
    if (guard.hasLimit && std::isfinite(guard.baseline))
        facts << tr("baseline %1").arg(formatLatency(guard.baseline));
    if (guard.hasLimit && std::isfinite(guard.queueLimit))
        facts << tr("queue up to %1").arg(formatCount(guard.queueLimit));
    facts << tr("sheds %1").arg(formatRate(guard.shedRate));
    if (guard.hasBreaker)
        facts << tr("%n trip(s)", nullptr, guard.trips);
    if (guard.tripsSuppressed > 0)
        facts << tr("%n held back: too many others were open", nullptr, guard.tripsSuppressed);
    if (guard.mode == GuardMode::Shadow)
        facts << tr("would have refused %1 so far").arg(formatCount(guard.wouldHaveShed));
    limits_->setText((QStringList{facts.join(QStringLiteral(" · "))} + internalsOf(guard))
                         .join(QLatin1Char('\n')));
}

void GuardCard::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    const int top = title_->geometry().center().y() - kGlyph / 2;
    drawStateGlyph(painter, QRectF(0.5, top + 0.5, kGlyph, kGlyph), state_, themes_.theme());
}

}  // namespace levee
