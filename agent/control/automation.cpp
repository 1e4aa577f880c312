// SPDX-License-Identifier: Apache-2.0
#include "agent/control/automation.h"

#include <algorithm>

namespace levee {
namespace {

/// The first scrapes after a start take so long at most, in all likelihood.
constexpr Duration kGrace = std::chrono::minutes(1);

}  // namespace

void AutomationClock::move(AutomationEvent event, MonotonicTime now) {
    const std::optional<AutomationPhase> next = nextPhase(phase_, event);
    if (!next)
        return;
    phase_ = *next;
    since_ = now;
    if (phase_ == AutomationPhase::Firing) {
        until_ = now + atMost_;
        lastHeld_ = now;
    }
}

std::optional<AutomationEvent> AutomationClock::eventOf(ConditionState condition,
                                                        MonotonicTime now) const {
    const bool holds = condition == ConditionState::True;
    switch (phase_) {
        case AutomationPhase::Idle:
            return holds ? std::optional(AutomationEvent::Holds) : std::nullopt;
        case AutomationPhase::Pending:
            if (!holds)
                return AutomationEvent::Lapses;
            return now - since_ >= holdsFor_ ? std::optional(AutomationEvent::HeldForLong)
                                             : std::nullopt;
        case AutomationPhase::Firing:
            if (now >= until_)
                return AutomationEvent::TimeIsUp;
            return !holds && now - lastHeld_ >= holdsFor_ ? std::optional(AutomationEvent::Released)
                                                          : std::nullopt;
        case AutomationPhase::Cooldown:
            return now - since_ >= cooldown_ ? std::optional(AutomationEvent::CooledDown)
                                             : std::nullopt;
    }
    return std::nullopt;
}

std::optional<AutomationEvent> AutomationClock::look(ConditionState condition, MonotonicTime now) {
    if (graceUntil_) {
        const bool hasData =
            condition == ConditionState::True || condition == ConditionState::False;
        if (hasData || now >= *graceUntil_)
            graceUntil_.reset();
        else
            lastHeld_ = now;
    }
    if (condition == ConditionState::True)
        lastHeld_ = now;
    // A look may lead on by several steps, but not from one end to the next beginning.
    while (const std::optional<AutomationEvent> event = eventOf(condition, now)) {
        move(*event, now);
        if (*event == AutomationEvent::HeldForLong || *event == AutomationEvent::Released ||
            *event == AutomationEvent::TimeIsUp)
            return event;
        if (*event == AutomationEvent::Lapses)
            break;
    }
    return std::nullopt;
}

void AutomationClock::resume(MonotonicTime until, MonotonicTime now) {
    phase_ = AutomationPhase::Firing;
    since_ = lastHeld_ = now;
    until_ = std::min(until, now + atMost_);
    graceUntil_ = now + kGrace;
}

Duration AutomationClock::left(MonotonicTime now) const {
    switch (phase_) {
        case AutomationPhase::Idle:
            break;
        case AutomationPhase::Pending:
            return std::max(Duration::zero(), since_ + holdsFor_ - now);
        case AutomationPhase::Firing:
            return std::max(Duration::zero(), until_ - now);
        case AutomationPhase::Cooldown:
            return std::max(Duration::zero(), since_ + cooldown_ - now);
    }
    return Duration::zero();
}

}  // namespace levee
