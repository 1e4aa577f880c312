// SPDX-License-Identifier: Apache-2.0
// Rule texts to rules, with every mistake at once. The agent, the command line and the editor of
// the dashboard all call this, so that they never disagree on what is right.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "rules/lang/rule_set.h"
#include "shared/base/diagnostic.h"

namespace levee {

/// `rules` holds the documents without errors of their own. Whoever enforces rules must refuse the
/// whole set when hasErrors(diagnostics): half of a set is not what anybody wrote.
struct ParsedRules {
    RuleSet rules;
    Diagnostics diagnostics;  ///< sorted by place; warnings as well
};

/// Documents that test rules (`levee rules test`) are no rules: whoever enforces refuses them.
enum class TestDocuments { Refused, LeftOut };

/// Parses and checks one text of any number of documents. `fileName` is used in places only. A text
/// without documents is an empty set. Bounded as yaml_reader.h says. Pure; any thread.
ParsedRules parseRules(std::string_view text, const std::string& fileName,
                       TestDocuments tests = TestDocuments::Refused);

/// One set of several files. Two rules with the same name or the same match are an error here, as
/// they are in one file; the later one is left out.
ParsedRules joinRules(std::vector<ParsedRules> files);

}  // namespace levee
