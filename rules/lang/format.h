// SPDX-License-Identifier: Apache-2.0
// The canonical text of rules: fields in the order of the schema, defaults left out, units in their
// shortest exact form. For rules made by programs (the dashboard's forms, `levee rules show`);
// texts that people wrote are edited with document.h, which keeps their comments.
#pragma once

#include <string>
#include <string_view>

#include "rules/lang/rule_set.h"

namespace levee {

/// parseRules(formatRules(x)) means the same as x, for every x that parseRules can make. A set
/// without rules is only the line that names the schema. Rules of guards first, then automations.
std::string formatRules(const RuleSet& rules);

/// One document, without `---` before it.
std::string formatRule(const Rule& rule);
std::string formatAutomation(const Automation& automation);

/// `text` as a YAML scalar on one line, in quotes where it needs them.
std::string yamlScalar(std::string_view text);

}  // namespace levee
