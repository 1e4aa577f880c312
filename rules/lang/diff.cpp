// SPDX-License-Identifier: Apache-2.0
#include "rules/lang/diff.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

#include "rules/lang/automation_fields.h"
#include "rules/lang/format.h"
#include "rules/lang/schema.h"
#include "rules/lang/source_text.h"

namespace levee {
namespace {

constexpr const char* kNone = "(none)";

class RuleDiff {
public:
    RuleDiff(const std::string& name, std::vector<RuleChange>& changes)
        : name_(name), changes_(changes) {}

    void run(const Rule& before, const Rule& after) {
        heads(before, after);
        compare("spec.match.client", before.client.empty() ? kNone : before.client,
                after.client.empty() ? kNone : after.client);
        compare("spec.match.service", before.service, after.service);
        for (const Field& field : guardFields())
            compare(field.path(), textOf(field, field.get(before.settings)),
                    textOf(field, field.get(after.settings)));
    }

    void run(const Automation& before, const Automation& after) {
        heads(before, after);
        for (const FieldOf<Automation>& field : automationFields())
            compare(field.shape.path(), textOf(field.shape, field.get(before)),
                    textOf(field.shape, field.get(after)));
        const auto action = [](const Automation& of, std::size_t i) {
            return i < of.actions.size() ? formatAction(of.actions[i]) : std::string(kNone);
        };
        for (std::size_t i = 0; i < std::max(before.actions.size(), after.actions.size()); ++i)
            compare(fmt::format("spec.do[{}]", i + 1), action(before, i), action(after, i));
    }

private:
    static std::string textOf(const Field& field, const FieldValue& value) {
        const std::string text = formatValue(field, value);
        return field.type == FieldType::Text ? yamlScalar(text) : text;
    }
    template <typename T>
    void heads(const T& before, const T& after) {
        texts("metadata.labels.", before.labels, after.labels);
        texts("metadata.annotations.", before.annotations, after.annotations);
    }
    void compare(std::string path, std::string before, std::string after) {
        if (before != after)
            changes_.push_back({RuleChange::Kind::Changed, name_, std::move(path),
                                std::move(before), std::move(after)});
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

    const std::string& name_;
    std::vector<RuleChange>& changes_;
};

template <typename T>
using Index = std::unordered_map<std::string, const T*>;

template <typename T>
Index<T> indexOf(const std::vector<T>& rules) {
    Index<T> index;
    for (const T& rule : rules)
        index.emplace(rule.name, &rule);
    return index;
}

template <typename T>
void diff(const std::vector<T>& before, const std::vector<T>& after, const char* noun,
          std::vector<RuleChange>& changes) {
    const Index<T> old = indexOf(before);
    const Index<T> now = indexOf(after);
    for (const T& rule : before) {
        const auto it = now.find(rule.name);
        if (it == now.end())
            changes.push_back({RuleChange::Kind::Removed, rule.name, "", "", "", noun});
        else
            RuleDiff(rule.name, changes).run(rule, *it->second);
    }
    for (const T& rule : after) {
        if (!old.contains(rule.name))
            changes.push_back({RuleChange::Kind::Added, rule.name, "", "", "", noun});
    }
}

}  // namespace

std::vector<RuleChange> diffRules(const RuleSet& before, const RuleSet& after) {
    std::vector<RuleChange> changes;
    diff(before.rules, after.rules, "rule", changes);
    diff(before.automations, after.automations, "automation", changes);
    return changes;
}

std::string format(const RuleChange& change) {
    switch (change.kind) {
        case RuleChange::Kind::Added:
            return fmt::format("+ {} {}", change.noun, change.rule);
        case RuleChange::Kind::Removed:
            return fmt::format("- {} {}", change.noun, change.rule);
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
