// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdio>

#include "agent/cli/commands.h"
#include "agent/cli/exit_code.h"
#include "agent/cli/text_file.h"
#include "agent/trial/automation_trial.h"
#include "agent/trial/guard_test_file.h"
#include "agent/trial/trial_report.h"
#include "rules/lang/rule_parser.h"

namespace levee::cli {

int rulesTest(const RulesOptions& options) {
    std::vector<ParsedRules> parsed;
    std::vector<trial::GuardTest> tests;
    std::vector<trial::AutomationTest> automationTests;
    for (const std::string& file : options.files) {
        const Result<std::string> text = readText(file);
        if (!text) {
            std::fprintf(stderr, "levee: %s\n", text.error().message.c_str());
            return kLint;
        }
        trial::GuardTestFile read = trial::parseGuardTests(*text, file);
        tests.insert(tests.end(), std::make_move_iterator(read.tests.begin()),
                     std::make_move_iterator(read.tests.end()));
        automationTests.insert(automationTests.end(),
                               std::make_move_iterator(read.automationTests.begin()),
                               std::make_move_iterator(read.automationTests.end()));
        parsed.push_back({std::move(read.rules), std::move(read.diagnostics)});
    }
    const ParsedRules rules = joinRules(std::move(parsed));
    std::fputs(format(rules.diagnostics).c_str(), stderr);
    if (hasErrors(rules.diagnostics))
        return kLint;
    if (tests.empty() && automationTests.empty()) {
        std::fprintf(stderr,
                     "levee: no tests in these files; a test is a document of kind: GuardTest or "
                     "AutomationTest\n");
        return kLint;
    }
    std::vector<trial::TrialResult> results;
    for (const trial::GuardTest& test : tests)
        results.push_back(trial::runTrial(test, rules.rules));
    for (const trial::AutomationTest& test : automationTests)
        results.push_back(trial::runTrial(test, rules.rules));
    const bool isMet = std::all_of(results.begin(), results.end(),
                                   [](const auto& result) { return result.isMet(); });
    const std::string report = options.output == "junit"  ? trial::trialJunit(results)
                               : options.output == "json" ? trial::trialJson(results)
                                                          : trial::trialTable(results);
    std::fputs(report.c_str(), stdout);
    return isMet ? kOk : kFailure;
}

}  // namespace levee::cli
