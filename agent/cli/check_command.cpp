// SPDX-License-Identifier: Apache-2.0
#include <cstdio>

#include "agent/cli/agent_client.h"
#include "agent/cli/commands.h"
#include "agent/cli/exit_code.h"
#include "agent/cli/text_file.h"
#include "agent/collect/exposition_check.h"
#include "agent/config/config_loader.h"
#include "rules/lang/answer_chains.h"
#include "rules/lang/retry_chains.h"
#include "rules/lang/rule_parser.h"
#include "shared/simulator/scenario_file.h"

namespace levee::cli {
namespace {

int report(const Diagnostics& diagnostics, const std::string& good) {
    std::fputs(format(diagnostics).c_str(), stderr);
    if (hasErrors(diagnostics))
        return kFailure;
    std::printf("%s\n", good.c_str());
    return kOk;
}

}  // namespace

int checkConfig(const std::string& file) {
    return report(loadConfig(file).diagnostics, file + ": the configuration is right");
}

int checkRules(const std::vector<std::string>& files) {
    std::vector<ParsedRules> parsed;
    for (const std::string& file : files) {
        const Result<std::string> text = readText(file);
        if (!text) {
            std::fprintf(stderr, "%s\n", text.error().message.c_str());
            return kFailure;
        }
        parsed.push_back(parseRules(*text, file));
    }
    ParsedRules all = joinRules(std::move(parsed));
    for (Diagnostic& chain : retryChains(all.rules))
        all.diagnostics.push_back(std::move(chain));
    for (Diagnostic& chain : answerChains(all.rules))
        all.diagnostics.push_back(std::move(chain));
    const std::size_t count = all.rules.rules.size() + all.rules.automations.size();
    return report(all.diagnostics,
                  count == 1 ? "1 rule, right" : std::to_string(count) + " rules, all right");
}

int checkRulesLive(const AgentAt& agent, const std::vector<std::string>& files) {
    AgentClient client(agent);
    Diagnostics all;
    for (const std::string& file : files) {
        const Result<std::string> text = readText(file);
        const Result<RuleAnswer> answer =
            text ? client.check(*text, file, true) : Result<RuleAnswer>(text.error());
        if (!answer) {
            std::fprintf(stderr, "levee: %s\n", answer.error().message.c_str());
            return kFailure;
        }
        all.insert(all.end(), answer->diagnostics.begin(), answer->diagnostics.end());
    }
    const int code = report(all, "right, against what the agent sees too");
    return code == kOk && !all.empty() ? int{kLint} : code;
}

int checkScenarios(const std::vector<std::string>& files) {
    Diagnostics all;
    std::size_t count = 0;
    for (const std::string& file : files) {
        const Result<std::string> text = readText(file);
        if (!text) {
            std::fprintf(stderr, "%s\n", text.error().message.c_str());
            return kFailure;
        }
        const simulator::ScenarioFile parsed = simulator::parseScenarios(*text, file);
        all.insert(all.end(), parsed.diagnostics.begin(), parsed.diagnostics.end());
        count += parsed.scenarios.size();
    }
    return report(
        all, count == 1 ? "1 scenario, right" : std::to_string(count) + " scenarios, all right");
}

int checkMetrics(const std::string& file, const std::string& format) {
    const Result<std::string> text = readText(file);
    if (!text) {
        std::fprintf(stderr, "%s\n", text.error().message.c_str());
        return kFailure;
    }
    const Diagnostics diagnostics = checkExposition(
        *text, file == "-" ? "stdin" : file,
        format == "openmetrics" ? ExpositionFormat::OpenMetrics : ExpositionFormat::PromText);
    std::fputs(levee::format(diagnostics).c_str(), stderr);
    if (hasErrors(diagnostics))
        return kFailure;
    return diagnostics.empty() ? kOk : kLint;
}

}  // namespace levee::cli
