// SPDX-License-Identifier: Apache-2.0
// What rules say, held against what the agent sees: a rule can be right and still do nothing, or
// not what its author thinks. Only warnings: traffic changes, and a rule may be written for
// tomorrow.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "agent/config/agent_config.h"
#include "agent/control/condition.h"
#include "agent/control/traffic_peaks.h"
#include "rules/lang/rule_set.h"
#include "shared/base/diagnostic.h"
#include "shared/model/snapshot.h"

namespace levee {

struct LiveFacts {
    std::vector<GuardState> guards;  ///< of this agent
    std::vector<Node> nodes;
    std::function<TrafficPeak(const std::string& subject)> peak;
    std::function<ConditionReading(const promql::Expression&)> condition = {};
    OverrideConfig overrides = {};
};

/// In the order of the rules, each at its rule's place. Where there was no traffic nothing is said
/// about it.
Diagnostics lintLive(const RuleSet& rules, const LiveFacts& facts);

/// Its part for one automation.
void lintLive(const Automation& automation, const LiveFacts& facts, Diagnostics& found);

}  // namespace levee
