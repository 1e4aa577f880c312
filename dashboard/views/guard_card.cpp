// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/views/guard_card.h"

#include <QPainter>
#include <QStringList>
#include <QVBoxLayout>

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
    for (ThemedLabel* label : {limits_, rule_, proof_})
        layout->addWidget(label);
}

void GuardCard::setGuard(const FleetGuard& entry, bool withSubject) {
    const GuardState& guard = entry.guard;
    state_ = stateOfGuard(guard);
    title_->setText(guard.hasBreaker ? breakerTitle(guard)
                                     : tr("Limit %1").arg(formatCount(guard.limit)));
    subject_->setVisible(withSubject);
    //: which guard, on which host
    subject_->setText(tr("%1 on %2").arg(readableSubject(guard.subject), plainText(entry.host)));
    held_->setVisible(guard.heldBy.has_value());
    if (guard.heldBy)
        held_->setText(tr("%1 Held by hand: %2, %3 left, by %4: %5")
                           .arg(glyphOf(VisualState::Throttled), holdText(*guard.heldBy),
                                formatAge(guard.heldBy->remainingSeconds),
                                plainText(guard.heldBy->author, 60),
                                plainText(guard.heldBy->reason, 160)));
    showBreaker(guard);
    showLimit(guard);
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
    limits_->setText(facts.join(QStringLiteral(" · ")));
}

void GuardCard::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    const int top = title_->geometry().center().y() - kGlyph / 2;
    drawStateGlyph(painter, QRectF(0.5, top + 0.5, kGlyph, kGlyph), state_, themes_.theme());
}

}  // namespace levee
