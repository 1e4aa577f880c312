// SPDX-License-Identifier: Apache-2.0
// A guard's account of itself, in lines for people: why this rule, what it sees, how far it is from
// acting, what it did lately. Pure.
#pragma once

#include <string>
#include <vector>

#include "rules/lang/rule_set.h"
#include "shared/model/event.h"
#include "shared/model/guard_state.h"

namespace levee::cli {

/// A rule that is about the same service and does not decide here, and why.
struct RuleNotUsed {
    std::string rule;
    std::string why;
};

/// In the order of the rules.
std::vector<RuleNotUsed> rulesNotUsed(const GuardState& guard, const RuleSet& rules);

/// Lines that end with a newline: the rule and those that lost, what is held, the numbers against
/// their thresholds, the proof.
std::string guardAccount(const GuardState& guard, const RuleSet& rules);

/// Lines that end with a newline: the events, the oldest first, each with what would have led to
/// another decision.
std::string eventAccount(const std::vector<Event>& events);

}  // namespace levee::cli
