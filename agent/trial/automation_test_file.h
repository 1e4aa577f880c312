// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "agent/trial/automation_test.h"
#include "rules/lang/findings.h"

namespace levee::trial {

inline constexpr std::size_t kMostSeries = 100;  ///< of one test, and as many expectations
inline constexpr Duration kLongestTest = std::chrono::hours(24);

/// A document of the kind AutomationTest, every mistake at once; nothing when it has one. The
/// format stands in README.md. Pure.
std::optional<AutomationTest> readAutomationTest(const YamlNode& document, Findings& findings);

}  // namespace levee::trial
