// SPDX-License-Identifier: Apache-2.0
// What an automation does right now, as shown.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "shared/model/guard_state.h"

namespace levee {

enum class AutomationPhase {
    Idle,
    Pending,   ///< the condition holds, not yet for long enough
    Firing,    ///< it acts, or in shadow would
    Cooldown,  ///< it has ended a short while ago
};

enum class ConditionState {
    Unknown,  ///< nobody has looked yet
    False,
    True,
    Absent,  ///< there is no data to go by
    Failed,  ///< it cannot be evaluated
};

/// One action of one that is firing.
struct AutomationEffect {
    std::string action;  ///< "limit payment"
    bool isInForce = false;
    std::string detail;  ///< what is held, or why not
};

struct AutomationState {
    std::string name;
    GuardMode mode = GuardMode::Enforce;
    AutomationPhase phase = AutomationPhase::Idle;
    ConditionState condition = ConditionState::Unknown;
    std::string when;                       ///< the expression
    double value = kUnknown;                ///< of the element that is worst
    std::string labels;                     ///< of that element: `{instance="a"}`, or ""
    std::string detail;                     ///< Absent: of what; Failed: why
    double leftSeconds = kUnknown;          ///< of Pending, Firing and Cooldown, at most
    std::int64_t firings = 0;               ///< since the agent started
    std::vector<AutomationEffect> effects;  ///< while firing, in the order of the rule
};

/// What a webhook is told.
struct AutomationNotice {
    std::string webhook;
    std::string name;      ///< of the automation
    bool isFiring = true;  ///< else it has ended
    double value = kUnknown;
    std::map<std::string, std::string> labels;  ///< of the element with that value
    std::string reason;
    std::int64_t millis = 0;  ///< wall time
};

}  // namespace levee
