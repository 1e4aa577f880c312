// SPDX-License-Identifier: GPL-3.0-or-later
// What is held by hand, said as a rule. Pure.
#pragma once

#include <string>

#include "shared/base/result.h"
#include "shared/model/override.h"

namespace levee {

/// The rule set with a rule that says what `held` holds. Errors: what no rule can say (an open
/// breaker), and rules that are wrong.
Result<std::string> promotedRules(const std::string& rules, const Override& held);

/// The difference as a unified diff; "" when there is none.
std::string rulesPatch(const std::string& before, const std::string& after);

}  // namespace levee
