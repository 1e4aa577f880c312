// SPDX-License-Identifier: Apache-2.0
#include "rules/lang/answer_chains.h"

#include <fmt/format.h>

#include <string>
#include <unordered_map>

#include "shared/base/units.h"

namespace levee {
namespace {

bool hasAnswerTime(const Rule& rule) {
    return rule.settings.mode == GuardMode::Enforce &&
           rule.settings.deadline.answer > Duration::zero();
}

/// A call that is given up is tried again, and takes as long again.
std::uint32_t attempts(const Rule& call) {
    const RetryBudgetSettings& retries = call.settings.retries;
    return retries.on == RetryOn::Failure ? 1 + retries.most : 1;
}

}  // namespace

Diagnostics answerChains(const RuleSet& rules) {
    // By service, the rule that waits for it the least.
    std::unordered_map<std::string, const Rule*> patience;
    for (const Rule& rule : rules.rules) {
        if (!hasAnswerTime(rule))
            continue;
        const Rule*& least = patience[rule.service];
        if (least == nullptr || rule.settings.deadline.answer < least->settings.deadline.answer)
            least = &rule;
    }
    Diagnostics found;
    for (const Rule& call : rules.rules) {
        if (call.client.empty() || !hasAnswerTime(call))
            continue;
        const auto above = patience.find(call.client);
        if (above == patience.end())
            continue;
        const Duration wait = call.settings.deadline.answer * attempts(call);
        const Duration most = above->second->settings.deadline.answer;
        if (wait <= most)
            continue;
        const std::string tries = attempts(call) > 1
                                      ? fmt::format(" ({} attempts of {})", attempts(call),
                                                    formatDuration(call.settings.deadline.answer))
                                      : std::string();
        found.push_back(
            {Severity::Warning, "answer-chain",
             fmt::format("spec.deadline.answer: {} may wait {} for {}{}, but by rule {} an answer "
                         "of {} may take {}: it would go on for callers who have gone; give {} at "
                         "most {}",
                         call.client, formatDuration(wait), call.service, tries,
                         above->second->name, call.client, formatDuration(most), call.service,
                         formatDuration(most / attempts(call))),
             call.place});
    }
    return found;
}

}  // namespace levee
