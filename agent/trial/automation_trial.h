// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agent/trial/automation_test.h"
#include "agent/trial/trial.h"

namespace levee::trial {

/// Lets the series of `test` come to automations of the agent's own kind, which look at them each
/// second. What one in mode shadow would do counts as in force. Deterministic; pure.
TrialResult runTrial(const AutomationTest& test, const RuleSet& rules);

}  // namespace levee::trial
