// SPDX-License-Identifier: Apache-2.0
// Rules as values: what a set of rule texts means, without YAML. rule_parser.h makes them.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "rules/lang/automation.h"
#include "shared/base/diagnostic.h"
#include "shared/model/guard_settings.h"

namespace levee {

/// What one service (client empty) or one edge gets in place of the defaults.
struct Rule {
    std::string name;     ///< unique in its set
    std::string client;   ///< the calling service; "" when the rule is for the service itself
    std::string service;  ///< the service that is called
    GuardSettings settings;
    SourcePlace place;  ///< of metadata.name
    std::map<std::string, std::string> labels;
    std::map<std::string, std::string> annotations;

    /// "payment" or "checkout->payment": the guard that it is for.
    std::string subject() const { return client.empty() ? service : client + "->" + service; }
};

/// Equal in all but the place: the same text moved down a line means the same.
bool meansTheSame(const Rule& a, const Rule& b);

/// No two have the same name, no two rules of guards the same subject. Immutable once published.
struct RuleSet {
    std::vector<Rule> rules;                   ///< of guards, in the order of the texts
    std::vector<Automation> automations = {};  ///< in the order of the texts

    /// The rule for exactly this edge, or with an empty client for exactly this service. nullptr:
    /// there is none, and the guard uses GuardSettings{}. A service's rule does not reach the edges
    /// to it. Linear in the rules; ask once per guard and rule set, not per request.
    const Rule* match(std::string_view client, std::string_view service) const;
    const Rule* find(std::string_view name) const;
    const Automation* findAutomation(std::string_view name) const;
};

bool meansTheSame(const RuleSet& a, const RuleSet& b);  ///< in the same order

}  // namespace levee
