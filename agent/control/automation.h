// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "agent/control/automation_transitions.h"
#include "rules/lang/automation.h"
#include "shared/base/time.h"

namespace levee {

/// When one automation begins to act and when it ends, from what its condition says at each look.
/// It begins once the condition has held at every look for `for`, ends once it has held at none for
/// `for`, or after `atMost`, and then rests for `cooldown`. A pure function of its calls; confined
/// to one thread.
class AutomationClock {
public:
    explicit AutomationClock(const Automation& rule)
        : holdsFor_(rule.holdsFor), atMost_(rule.atMost), cooldown_(rule.cooldown) {}

    /// One look at the condition, at times that do not go back. What it leads to: HeldForLong (it
    /// begins to act), Released or TimeIsUp (it ends), or nothing of the kind.
    std::optional<AutomationEvent> look(ConditionState condition, MonotonicTime now);

    /// It was acting when the agent ended, and is to end at `until` at the latest. Until there is
    /// data again, for a minute at most, a missing one does not speak against the condition.
    /// REQUIRES: nothing was called before.
    void resume(MonotonicTime until, MonotonicTime now);

    AutomationPhase phase() const { return phase_; }
    /// Firing: when it ends at the latest.
    MonotonicTime until() const { return until_; }
    /// Of Pending to Firing, of Firing to its end, of Cooldown to Idle, at most; zero when idle.
    Duration left(MonotonicTime now) const;

private:
    void move(AutomationEvent event, MonotonicTime now);
    std::optional<AutomationEvent> eventOf(ConditionState condition, MonotonicTime now) const;

    Duration holdsFor_;
    Duration atMost_;
    Duration cooldown_;
    AutomationPhase phase_ = AutomationPhase::Idle;
    MonotonicTime since_{};     ///< of the phase
    MonotonicTime until_{};     ///< Firing
    MonotonicTime lastHeld_{};  ///< Firing
    std::optional<MonotonicTime> graceUntil_;
};

}  // namespace levee
