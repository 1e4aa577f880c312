// SPDX-License-Identifier: Apache-2.0
#include <cstdio>

#include "agent/cli/commands.h"
#include "agent/cli/exit_code.h"
#include "agent/cli/text_file.h"
#include "agent/collect/exposition_check.h"
#include "agent/config/config_loader.h"
#include "rules/lang/rule_parser.h"

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
    const ParsedRules all = joinRules(std::move(parsed));
    const std::size_t count = all.rules.rules.size();
    return report(all.diagnostics,
                  count == 1 ? "1 rule, right" : std::to_string(count) + " rules, all right");
}

int checkMetrics(const std::string& file) {
    const Result<std::string> text = readText(file);
    if (!text) {
        std::fprintf(stderr, "%s\n", text.error().message.c_str());
        return kFailure;
    }
    const Diagnostics diagnostics = checkExposition(*text, file == "-" ? "stdin" : file);
    std::fputs(format(diagnostics).c_str(), stderr);
    if (hasErrors(diagnostics))
        return kFailure;
    return diagnostics.empty() ? kOk : kLint;
}

}  // namespace levee::cli
