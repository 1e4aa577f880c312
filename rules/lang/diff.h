// SPDX-License-Identifier: Apache-2.0
// What differs between two rule sets in meaning. Comments, order and spelling do not count; a field
// that is left out counts as its default.
#pragma once

#include <string>
#include <vector>

#include "rules/lang/rule_set.h"

namespace levee {

struct RuleChange {
    enum class Kind { Added, Removed, Changed };

    Kind kind = Kind::Changed;
    std::string rule;    ///< metadata.name
    std::string path;    ///< Changed: "spec.breaker.failureShare"
    std::string before;  ///< Changed: canonical text, "(none)" for an absent label or client
    std::string after;
    std::string noun = "rule";  ///< or "automation"

    bool operator==(const RuleChange&) const = default;
};

/// Rules are paired by name: changes and removals in the order of `before`, then the additions in
/// the order of `after`; then the same for automations. Empty when nothing differs in meaning.
std::vector<RuleChange> diffRules(const RuleSet& before, const RuleSet& after);

/// `+ rule x`, `- automation x`, `x: spec.breaker.failureShare 50% -> 30%`. Long texts are
/// shortened.
std::string format(const RuleChange& change);
std::string format(const std::vector<RuleChange>& changes);  ///< one a line

}  // namespace levee
