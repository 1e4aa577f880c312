// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>

#include "shared/model/guard_settings.h"

namespace levee {

/// What a rule asks of a listener's configuration. A change of the numbers that are in force by
/// maps (rate.perSecond, deadline.answer, the retry budget's shares) changes nothing here.
struct ListenerRule {
    FallbackSettings fallback;
    RateSettings rate;
    PrioritySettings priority;
    DeadlineSettings deadline;
    RetryBudgetSettings retries;
    AgentLossSettings agentLoss;

    bool operator==(const ListenerRule&) const = default;
};

/// By subject of a listener; one that is missing has the defaults.
using ListenerRules = std::map<std::string, ListenerRule>;

inline const ListenerRule& ruleOf(const ListenerRules& rules, const std::string& subject) {
    static const ListenerRule kDefault;
    const auto found = rules.find(subject);
    return found == rules.end() ? kDefault : found->second;
}

}  // namespace levee
