// SPDX-License-Identifier: Apache-2.0
#include "rules/lang/retry_chains.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

namespace levee {
namespace {

/// Longer chains are found by their last part; a bound, since ways multiply as well.
constexpr std::size_t kLongestWay = 4;

bool retriesFailures(const Rule& rule) {
    const RetryBudgetSettings& retries = rule.settings.retries;
    return !rule.client.empty() && rule.settings.mode != GuardMode::Off && retries.most > 0 &&
           retries.on == RetryOn::Failure;
}

class Chains {
public:
    explicit Chains(const RuleSet& rules) {
        for (const Rule& rule : rules.rules)
            if (retriesFailures(rule))
                retrying_.push_back(&rule);
        for (const Rule* rule : retrying_)
            callsTo_[rule->service].push_back(rule);
    }

    Diagnostics find() {
        Diagnostics found;
        for (const Rule* last : retrying_) {
            const Way way = worstTo(*last);
            if (way.rules.size() < 2)
                continue;
            std::string steps;
            for (const Rule* rule : way.rules)
                steps += fmt::format("{}{} ({} by rule {})", steps.empty() ? "" : ", ",
                                     rule->subject(), rule->settings.retries.most, rule->name);
            found.push_back(
                {Severity::Warning, "retry-chain",
                 fmt::format("spec.retries: retries multiply, {}: one call of {} may become {} at "
                             "{}; retry in one place of the chain, the one nearest to the failure, "
                             "or only what never arrived (on: connect)",
                             steps, way.rules.front()->client, way.calls, last->service),
                 last->place});
        }
        return found;
    }

private:
    struct Way {
        std::vector<const Rule*> rules;  ///< from the first call to the last
        std::uint64_t calls = 1;
    };

    /// With the largest product. Services that call in a circle are passed once.
    Way worstTo(const Rule& last) {
        Way best;
        onTheWay_.insert(&last);
        const auto callers = callsTo_.find(last.client);
        const bool goesOn = onTheWay_.size() < kLongestWay && callers != callsTo_.end();
        for (const Rule* before : goesOn ? callers->second : std::vector<const Rule*>()) {
            if (onTheWay_.contains(before))
                continue;
            Way way = worstTo(*before);
            if (way.calls > best.calls)
                best = std::move(way);
        }
        onTheWay_.erase(&last);
        best.rules.push_back(&last);
        best.calls *= 1 + last.settings.retries.most;
        return best;
    }

    std::vector<const Rule*> retrying_;
    std::unordered_map<std::string, std::vector<const Rule*>> callsTo_;
    std::set<const Rule*> onTheWay_;
};

}  // namespace

Diagnostics retryChains(const RuleSet& rules) {
    return Chains(rules).find();
}

}  // namespace levee
