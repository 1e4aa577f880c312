// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <unistd.h>

#include <charconv>
#include <cstdio>
#include <optional>

#include "agent/cli/agent_client.h"
#include "agent/cli/author.h"
#include "agent/cli/commands.h"
#include "agent/cli/exit_code.h"
#include "agent/cli/rule_text.h"
#include "agent/cli/table.h"
#include "rules/lang/diff.h"
#include "rules/lang/rule_parser.h"
#include "rules/lang/schema.h"
#include "rules/lang/text_diff.h"

namespace levee::cli {
namespace {

int fail(const Error& error) {
    std::fprintf(stderr, "levee: %s\n", error.message.c_str());
    return kFailure;
}

void print(const RuleAnswer& answer) {
    std::fputs(format(answer.diagnostics).c_str(), stderr);
    for (const std::string& change : answer.changes)
        std::printf("%s\n", change.c_str());
}

int finish(const Result<RuleAnswer>& answer) {
    if (!answer)
        return fail(answer.error());
    print(*answer);
    if (answer->isConflict)
        return kConflict;
    if (!answer->isApplied)
        return kFailure;
    std::printf("revision %lld is in force\n", static_cast<long long>(answer->activeRevision));
    return kOk;
}

}  // namespace

int rulesList(const RulesOptions& options) {
    const auto revisions = AgentClient(options.agent).revisions(50, false, 0);
    if (!revisions)
        return fail(revisions.error());
    Table table({{"REVISION", Table::Align::Right}, {""}, {"TIME"}, {"AUTHOR"}, {"REASON"}});
    for (const RuleRevision& revision : *revisions)
        table.add({std::to_string(revision.revision), revision.active ? "in force" : "",
                   formatTime(revision.millis), revision.author, revision.reason});
    std::fputs(table.text().c_str(), stdout);
    return kOk;
}

int rulesShow(const RulesOptions& options) {
    const auto revisions =
        AgentClient(options.agent).revisions(1, true, options.revision > 0 ? options.revision : -1);
    if (!revisions)
        return fail(revisions.error());
    if (revisions->empty()) {
        if (options.revision > 0)
            return fail({"there is no revision " + std::to_string(options.revision)});
        return kOk;  // no rule was ever applied: the defaults are in force
    }
    std::fputs(revisions->front().text.c_str(), stdout);
    return kOk;
}

namespace {

constexpr int kSame = 0;
constexpr int kDiffers = 1;
constexpr int kTrouble = 2;

std::optional<std::int64_t> revisionNumber(const std::string& text) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool isNumber = error == std::errc() && end == text.data() + text.size() && number > 0;
    return isNumber && ::access(text.c_str(), F_OK) != 0 ? std::optional(number) : std::nullopt;
}

Result<std::string> textOf(AgentClient& client, std::int64_t revision) {
    const auto found = client.revisions(1, true, revision);
    if (!found)
        return found.error();
    if (found->empty())
        return Error{fmt::format("there is no revision {}", revision)};
    return found->front().text;
}

int diffRevisions(const RulesOptions& options, std::int64_t from, std::int64_t to) {
    AgentClient client(options.agent);
    const Result<std::string> before = textOf(client, from);
    const Result<std::string> after = before ? textOf(client, to) : before;
    if (!after) {
        fail(after.error());
        return kTrouble;
    }
    if (options.text) {
        std::fputs(unifiedDiff(*before, *after, fmt::format("revision {}", from),
                               fmt::format("revision {}", to))
                       .c_str(),
                   stdout);
        return *before == *after ? kSame : kDiffers;
    }
    const auto changes =
        diffRules(parseRules(*before, "rules").rules, parseRules(*after, "rules").rules);
    for (const RuleChange& change : changes)
        std::printf("%s\n", format(change).c_str());
    return changes.empty() ? kSame : kDiffers;
}

}  // namespace

int rulesDiff(const RulesOptions& options) {
    if (options.files.size() == 2) {
        const auto from = revisionNumber(options.files[0]);
        const auto to = revisionNumber(options.files[1]);
        if (from && to)
            return diffRevisions(options, *from, *to);
    }
    if (options.text) {
        fail({"--text goes with two revisions: levee rules diff --text 3 4"});
        return kTrouble;
    }
    const Result<std::string> text = joinedRuleText(options.files);
    if (!text) {
        fail(text.error());
        return kTrouble;
    }
    const auto answer =
        AgentClient(options.agent).check(*text, ruleTextName(options.files), !options.replace);
    if (!answer) {
        fail(answer.error());
        return kTrouble;
    }
    print(*answer);
    if (hasErrors(answer->diagnostics))
        return kTrouble;
    return answer->changes.empty() ? kSame : kDiffers;
}

int rulesApply(const RulesOptions& options) {
    if (!options.agents.empty())
        return rulesRollout(options);
    const Result<std::string> text = joinedRuleText(options.files);
    if (!text)
        return fail(text.error());
    // Without a revision the edit is one on what is in force.
    const std::int64_t expected = options.revision > 0 ? options.revision : -1;
    return finish(AgentClient(options.agent)
                      .apply(*text, ruleTextName(options.files), !options.replace, expected,
                             authorOr(options.author), options.reason));
}

int rulesRollback(const RulesOptions& options) {
    return finish(AgentClient(options.agent)
                      .rollback(options.revision, authorOr(options.author), options.reason));
}

int rulesSchema() {
    std::fputs(jsonSchema().c_str(), stdout);
    return kOk;
}

int rulesReference() {
    std::fputs(referencePage().c_str(), stdout);
    return kOk;
}

}  // namespace levee::cli
