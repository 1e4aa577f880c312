// SPDX-License-Identifier: Apache-2.0
// The state machine of an automation, whole, as data: what is not in this table cannot happen.
#pragma once

#include <array>
#include <optional>

#include "shared/model/automation_state.h"

namespace levee {

enum class AutomationEvent {
    Holds,        ///< the condition holds
    Lapses,       ///< it holds no longer, before it held for long enough
    HeldForLong,  ///< it has held for as long as `for` says
    Released,     ///< it has not held for as long as `for` says
    TimeIsUp,     ///< it has acted for as long as `atMost` says
    CooledDown,   ///< it has rested for as long as `cooldown` says
};

struct AutomationTransition {
    AutomationPhase from;
    AutomationEvent event;
    AutomationPhase to;
};

constexpr std::array<AutomationTransition, 6> kAutomationTransitions{{
    {AutomationPhase::Idle, AutomationEvent::Holds, AutomationPhase::Pending},
    {AutomationPhase::Pending, AutomationEvent::Lapses, AutomationPhase::Idle},
    {AutomationPhase::Pending, AutomationEvent::HeldForLong, AutomationPhase::Firing},
    {AutomationPhase::Firing, AutomationEvent::Released, AutomationPhase::Cooldown},
    {AutomationPhase::Firing, AutomationEvent::TimeIsUp, AutomationPhase::Cooldown},
    {AutomationPhase::Cooldown, AutomationEvent::CooledDown, AutomationPhase::Idle},
}};

/// Where the event leads from the phase; nothing where the pair is illegal.
constexpr std::optional<AutomationPhase> nextPhase(AutomationPhase from, AutomationEvent event) {
    for (const AutomationTransition& t : kAutomationTransitions) {
        if (t.from == from && t.event == event)
            return t.to;
    }
    return std::nullopt;
}

}  // namespace levee
