// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdio>

#include "agent/cli/agent_client.h"
#include "agent/cli/commands.h"
#include "agent/cli/exit_code.h"
#include "agent/cli/text_file.h"
#include "rules/lang/promotion.h"
#include "rules/lang/text_diff.h"

namespace levee::cli {
namespace {

int fail(const Error& error) {
    std::fprintf(stderr, "levee: %s\n", error.message.c_str());
    return kFailure;
}

/// The files that were named, else those that the overridden rules stand in.
Result<RuleTexts> readFiles(const PromoteOptions& options, const std::vector<Override>& held) {
    std::vector<std::string> names = options.files;
    if (names.empty()) {
        for (const Override& each : held) {
            if (!each.ruleFile.empty())
                names.push_back(each.ruleFile);
        }
    }
    RuleTexts texts;
    for (const std::string& name : names) {
        if (texts.contains(name))
            continue;
        Result<std::string> text = readText(name);
        if (!text)
            return Error{text.error().message +
                         (options.files.empty()
                              ? " (a rule file of the agent's host: run this there, or name your "
                                "copies with --file)"
                              : "")};
        texts[name] = *std::move(text);
    }
    return texts;
}

Result<std::vector<Override>> chosen(AgentClient& client, const PromoteOptions& options) {
    auto all = client.overrides();
    if (!all || options.all)
        return all;
    std::vector<Override> some;
    for (const std::string& subject : options.subjects) {
        const auto found = std::find_if(all->begin(), all->end(), [&](const Override& each) {
            return each.subject == subject;
        });
        if (found == all->end())
            return Error{"nothing holds '" + subject + "'; see `levee override list`"};
        some.push_back(*found);
    }
    return some;
}

/// Where a new file shall stand: beside the others.
std::string placed(const std::string& name, const RuleTexts& files) {
    const bool isThere = files.contains(name) || files.empty();
    const std::size_t slash = isThere ? std::string::npos : files.begin()->first.rfind('/');
    return slash == std::string::npos ? name : files.begin()->first.substr(0, slash + 1) + name;
}

std::string relative(const std::string& file) {
    return file.starts_with('/') ? file.substr(1) : file;
}

std::string patchOf(const RuleTexts& before, const RuleTexts& after) {
    std::string patch;
    for (const auto& [name, text] : after) {
        const auto old = before.find(name);
        const std::string path = relative(placed(name, before));
        patch += old == before.end() ? unifiedDiff("", text, "/dev/null", "b/" + path)
                                     : unifiedDiff(old->second, text, "a/" + path, "b/" + path);
    }
    return patch;
}

}  // namespace

int rulesPromote(const PromoteOptions& options) {
    AgentClient client(options.agent);
    const auto held = chosen(client, options);
    if (!held)
        return fail(held.error());
    const auto files = readFiles(options, *held);
    if (!files)
        return fail(files.error());
    RuleTexts made = *files;
    if (options.all && !options.files.empty()) {
        const auto revisions = client.revisions(1, true, -1);
        if (!revisions)
            return fail(revisions.error());
        const std::string inForce = revisions->empty() ? "" : revisions->front().text;
        const auto next = promoteRevision(made, inForce);
        if (!next)
            return fail(next.error());
        made = *next;
    }
    int code = kOk;
    for (const Override& each : *held) {
        if (options.all && isByAutomation(each))
            continue;  // a rule says it already
        const auto next = promoteOverride(made, each);
        if (next) {
            made = *next;
            continue;
        }
        fail(next.error());
        code = kPartial;
    }
    const std::string patch = patchOf(*files, made);
    std::fputs(patch.c_str(), stdout);
    if (patch.empty())
        std::fprintf(stderr, "levee: nothing to write: the files say it already\n");
    else
        std::fprintf(stderr, "levee: put it in the files with `patch -p1%s`\n",
                     !files->empty() && files->begin()->first.starts_with('/') ? " -d /" : "");
    return code;
}

}  // namespace levee::cli
