// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "agent/trial/automation_test.h"
#include "agent/trial/guard_test.h"
#include "rules/lang/rule_set.h"

namespace levee::trial {

inline constexpr std::size_t kMostTests = 1000;     ///< in one file
inline constexpr std::size_t kMostPhases = 100;     ///< of one test, and as many expectations
inline constexpr double kMostRequests = 2'000'000;  ///< of one test

/// The rules of a text, and the tests that it or a file beside it holds.
struct GuardTestFile {
    RuleSet rules;
    std::vector<GuardTest> tests;
    std::vector<AutomationTest> automationTests;
    Diagnostics diagnostics;
};

/// Rules and the documents of the kinds GuardTest and AutomationTest, every mistake at once. The
/// format stands in README.md. Pure.
GuardTestFile parseGuardTests(std::string_view text, const std::string& fileName);

}  // namespace levee::trial
