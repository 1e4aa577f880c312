// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "agent/trial/guard_test.h"
#include "rules/lang/rule_set.h"
#include "shared/model/event.h"

namespace levee::trial {

struct Verdict {
    std::string expected;  ///< "breaker opens within 300ms from 10s"
    SourcePlace place;     ///< of the expectation
    bool isMet = false;
    std::string seen;  ///< "it opened after 120ms", "limit was 3 to 12"
};

struct TrialResult {
    std::string name;     ///< of the test
    SourcePlace place;    ///< as well
    std::string subject;  ///< a guard, or an automation; "" for all of them
    std::string rule;     ///< that decided, or "default"; "" for automations
    std::uint64_t requests = 0;
    std::uint64_t refused = 0;
    std::vector<Verdict> verdicts;  ///< in the order of the test
    std::vector<Event> events;      ///< what was done, `millis` since the start
    bool isMet() const;
};

/// Lets the traffic of `test` come to a guard of the agent's own kind, under these rules.
/// Deterministic; pure.
TrialResult runTrial(const GuardTest& test, const RuleSet& rules);

}  // namespace levee::trial
