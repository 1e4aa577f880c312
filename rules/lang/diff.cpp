// SPDX-License-Identifier: Apache-2.0
#include "rules/lang/diff.h"

#include <fmt/format.h>

#include <unordered_map>

#include "rules/lang/format.h"
#include "rules/lang/schema.h"
#include "rules/lang/source_text.h"

namespace levee {
namespace {

constexpr const char* kNone = "(none)";

class RuleDiff {
public:
    RuleDiff(const Rule& before, const Rule& after, std::vector<RuleChange>& changes)
        : before_(before), after_(after), changes_(changes) {}

    void run() {
        texts("metadata.labels.", before_.labels, after_.labels);
        texts("metadata.annotations.", before_.annotations, after_.annotations);
        compare("spec.match.client", before_.client.empty() ? kNone : before_.client,
                after_.client.empty() ? kNone : after_.client);
        compare("spec.match.service", before_.service, after_.service);
        for (const Field& field : guardFields())
            settings(field);
    }

private:
    void compare(std::string path, std::string before, std::string after) {
        if (before != after)
            changes_.push_back({RuleChange::Kind::Changed, before_.name, std::move(path),
                                std::move(before), std::move(after)});
    }
    void settings(const Field& field) {
        const auto text = [&](const Rule& rule) {
            const std::string value = formatValue(field, field.get(rule.settings));
            return field.type == FieldType::Text ? yamlScalar(value) : value;
        };
        compare(field.path(), text(before_), text(after_));
    }
    void texts(const std::string& prefix, const std::map<std::string, std::string>& before,
               const std::map<std::string, std::string>& after) {
        for (const auto& [key, value] : before) {
            const auto it = after.find(key);
            compare(prefix + key, yamlScalar(value),
                    it == after.end() ? kNone : yamlScalar(it->second));
        }
        for (const auto& [key, value] : after) {
            if (!before.contains(key))
                compare(prefix + key, kNone, yamlScalar(value));
        }
    }

    const Rule& before_;
    const Rule& after_;
    std::vector<RuleChange>& changes_;
};

using Index = std::unordered_map<std::string, const Rule*>;

Index indexOf(const RuleSet& rules) {
    Index index;
    for (const Rule& rule : rules.rules)
        index.emplace(rule.name, &rule);
    return index;
}

}  // namespace

std::vector<RuleChange> diffRules(const RuleSet& before, const RuleSet& after) {
    const Index old = indexOf(before);
    const Index now = indexOf(after);
    std::vector<RuleChange> changes;
    for (const Rule& rule : before.rules) {
        const auto it = now.find(rule.name);
        if (it == now.end())
            changes.push_back({RuleChange::Kind::Removed, rule.name, "", "", ""});
        else
            RuleDiff(rule, *it->second, changes).run();
    }
    for (const Rule& rule : after.rules) {
        if (!old.contains(rule.name))
            changes.push_back({RuleChange::Kind::Added, rule.name, "", "", ""});
    }
    return changes;
}

std::string format(const RuleChange& change) {
    switch (change.kind) {
        case RuleChange::Kind::Added:
            return "+ rule " + change.rule;
        case RuleChange::Kind::Removed:
            return "- rule " + change.rule;
        case RuleChange::Kind::Changed:
            break;
    }
    return fmt::format("{}: {} {} -> {}", change.rule, change.path, shown(change.before),
                       shown(change.after));
}

std::string format(const std::vector<RuleChange>& changes) {
    std::string text;
    for (const RuleChange& change : changes)
        text += format(change) + '\n';
    return text;
}

}  // namespace levee
