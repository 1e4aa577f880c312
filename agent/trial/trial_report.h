// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "agent/trial/trial.h"

namespace levee::trial {

/// One line a test, and below those that failed what was expected and what was seen.
std::string trialTable(const std::vector<TrialResult>& results);
/// JUnit's XML: a test suite a file, a test case a test.
std::string trialJunit(const std::vector<TrialResult>& results);
std::string trialJson(const std::vector<TrialResult>& results);

}  // namespace levee::trial
