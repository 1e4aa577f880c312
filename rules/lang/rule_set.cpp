// SPDX-License-Identifier: Apache-2.0
#include "rules/lang/rule_set.h"

#include <algorithm>

namespace levee {
namespace {

template <typename T, typename Predicate>
const T* firstOf(const std::vector<T>& rules, Predicate predicate) {
    const auto it = std::find_if(rules.begin(), rules.end(), predicate);
    return it == rules.end() ? nullptr : &*it;
}

}  // namespace

bool meansTheSame(const Rule& a, const Rule& b) {
    return a.name == b.name && a.client == b.client && a.service == b.service &&
           a.settings == b.settings && a.labels == b.labels && a.annotations == b.annotations;
}

bool meansTheSame(const RuleSet& a, const RuleSet& b) {
    return std::equal(a.rules.begin(), a.rules.end(), b.rules.begin(), b.rules.end(),
                      [](const Rule& x, const Rule& y) { return meansTheSame(x, y); }) &&
           std::equal(a.automations.begin(), a.automations.end(), b.automations.begin(),
                      b.automations.end(),
                      [](const Automation& x, const Automation& y) { return meansTheSame(x, y); });
}

const Rule* RuleSet::match(std::string_view client, std::string_view service) const {
    return firstOf(rules,
                   [&](const Rule& r) { return r.client == client && r.service == service; });
}

const Rule* RuleSet::find(std::string_view name) const {
    return firstOf(rules, [&](const Rule& r) { return r.name == name; });
}

const Automation* RuleSet::findAutomation(std::string_view name) const {
    return firstOf(automations, [&](const Automation& a) { return a.name == name; });
}

}  // namespace levee
