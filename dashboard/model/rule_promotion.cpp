// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/model/rule_promotion.h"

#include "dashboard/model/cell_values.h"
#include "dashboard/model/rule_templates.h"
#include "rules/lang/promotion.h"
#include "rules/lang/text_diff.h"

namespace levee {
namespace {
const std::string kRules = "rules.yaml";
}  // namespace

Result<std::string> promotedRules(const std::string& rules, const Override& held) {
    const auto made = promoteOverride({{kRules, rules}}, held);
    if (!made)
        return made.error();
    std::string text = made->at(kRules);
    // A rule that overrides no other comes in a file of its own; here all stand in one text.
    for (const auto& [name, document] : *made)
        if (name != kRules)
            text = withDocument(toText(text), toText(document)).toStdString();
    return text;
}

std::string rulesPatch(const std::string& before, const std::string& after) {
    return unifiedDiff(before, after, "a/" + kRules, "b/" + kRules);
}

}  // namespace levee
