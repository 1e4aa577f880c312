// SPDX-License-Identifier: Apache-2.0
#include "rules/lang/promotion.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "rules/lang/diff.h"
#include "rules/lang/document.h"
#include "rules/lang/format.h"
#include "rules/lang/rule_parser.h"
#include "rules/lang/yaml_reader.h"

namespace levee {
namespace {

struct Found {
    std::string file;
    std::string name;
    std::string meaning;          ///< its canonical text
    std::optional<Rule> of = {};  ///< of a guard
};

/// Rules of guards and automations alike.
std::vector<Found> allOf(const RuleSet& rules, const std::string& file) {
    std::vector<Found> all;
    for (const Rule& rule : rules.rules)
        all.push_back({file, rule.name, formatRule(rule), rule});
    for (const Automation& automation : rules.automations)
        all.push_back({file, automation.name, formatAutomation(automation)});
    return all;
}

Result<std::vector<Found>> rulesOf(const RuleTexts& files) {
    std::vector<Found> all;
    for (const auto& [file, text] : files) {
        const ParsedRules parsed = parseRules(text, file);
        if (hasErrors(parsed.diagnostics))
            return Error{
                "the rules on disk are wrong; put them right first:\n" + format(parsed.diagnostics),
                ErrorKind::Invalid};
        for (Found& found : allOf(parsed.rules, file))
            all.push_back(std::move(found));
    }
    return all;
}

const Found* find(const std::vector<Found>& all, const std::string& name) {
    const auto found =
        std::find_if(all.begin(), all.end(), [&](const Found& each) { return each.name == name; });
    return found != all.end() ? &*found : nullptr;
}

/// "checkout-payment.yaml", and a number where that is taken.
std::string newFile(const RuleTexts& files, const std::string& name) {
    std::string file = name + ".yaml";
    for (int n = 2; files.contains(file); ++n)
        file = fmt::format("{}-{}.yaml", name, n);
    return file;
}

/// One line of a rule's spec, for what is held.
std::string lineFor(const Override& held) {
    return held.kind == OverrideKind::Limit
               ? fmt::format("limiter: {{kind: fixed, limit: {}}}", held.limit)
               : std::string("breaker: {enabled: false}");
}

void hold(GuardSettings& settings, const Override& held) {
    if (held.kind == OverrideKind::Limit) {
        settings.limiter.kind = LimiterKind::Fixed;
        settings.limiter.limit = held.limit;
    } else {
        settings.breaker.enabled = false;
    }
}

bool isRule(const YamlNode& document, const std::string& name) {
    const YamlNode* metadata = document.find("metadata");
    const YamlNode* found = metadata != nullptr ? metadata->find("name") : nullptr;
    return found != nullptr && found->text == name;
}

/// The text with a line more at the top of the rule's spec; "" where that cannot be written so.
std::string withLine(const std::string& text, const std::string& name, const std::string& line) {
    for (const YamlNode& document : readYaml(text, "").documents) {
        const YamlNode* spec = isRule(document, name) ? document.find("spec") : nullptr;
        if (spec == nullptr || spec->entries.empty())
            continue;
        const YamlSpan first = spec->entries.front().keySpan;
        std::size_t begin = 0;
        for (int n = 1; n < first.line && begin != std::string::npos; ++n) {
            begin = text.find('\n', begin);
            begin = begin == std::string::npos ? begin : begin + 1;
        }
        const auto indent = static_cast<std::size_t>(std::max(0, first.column - 1));
        if (begin == std::string::npos || text.substr(begin, indent) != std::string(indent, ' '))
            return {};  // spec: {...} on one line
        std::string made = text;
        return made.insert(begin, std::string(indent, ' ') + line + "\n");
    }
    return {};
}

bool saysExactly(const std::string& text, const Rule& wanted) {
    const ParsedRules parsed = parseRules(text, "");
    const Rule* rule = parsed.rules.find(wanted.name);
    return !hasErrors(parsed.diagnostics) && rule != nullptr && meansTheSame(*rule, wanted);
}

/// The document of this rule alone, as its author wrote it.
Result<std::string> documentOf(std::string text, const std::vector<Found>& rules,
                               const std::string& name) {
    for (const Found& other : rules) {
        if (other.name == name)
            continue;
        Result<std::string> without = removeDocument(text, other.name);
        if (!without)
            return without;
        text = *std::move(without);
    }
    return text;
}

}  // namespace

Result<RuleTexts> promoteOverride(const RuleTexts& files, const Override& held) {
    if (isByAutomation(held))
        return Error{fmt::format("{} is held by {}, which is a rule already and ends it by itself",
                                 held.subject, held.author),
                     ErrorKind::Invalid};
    if (held.kind == OverrideKind::Shed)
        return Error{fmt::format("{} is {}, and no rule says that for good; classes that shall "
                                 "never be served are best refused by the caller's proxy",
                                 held.subject, describe(held)),
                     ErrorKind::Invalid};
    if (held.kind == OverrideKind::ForceOpen)
        return Error{fmt::format("{} is forced open, and no rule says that for good; take the call "
                                 "out of the caller, or the listener out of the gateway",
                                 held.subject),
                     ErrorKind::Invalid};
    const auto all = rulesOf(files);
    if (!all)
        return all.error();
    RuleTexts made = files;
    const auto found = std::find_if(all->begin(), all->end(), [&](const Found& each) {
        return each.of && each.of->subject() == held.subject;
    });
    if (found == all->end()) {
        const std::size_t arrow = held.subject.find("->");
        Rule rule;
        rule.client = arrow == std::string::npos ? "" : held.subject.substr(0, arrow);
        rule.service = arrow == std::string::npos ? held.subject : held.subject.substr(arrow + 2);
        rule.name = rule.client.empty() ? rule.service : rule.client + "-" + rule.service;
        while (find(*all, rule.name) != nullptr)
            rule.name += "-held";
        hold(rule.settings, held);
        made[newFile(files, rule.name)] = formatRule(rule);
        return made;
    }
    Rule wanted = *found->of;
    hold(wanted.settings, held);
    std::string& text = made[found->file];
    const std::string edited = withLine(text, wanted.name, lineFor(held));
    if (!edited.empty() && saysExactly(edited, wanted)) {
        text = edited;
        return made;
    }
    Result<std::string> merged = mergeDocuments(text, formatRule(wanted));
    if (!merged)
        return merged.error();
    text = *std::move(merged);
    return made;
}

Result<RuleTexts> promoteRevision(const RuleTexts& files, const std::string& inForce) {
    const auto all = rulesOf(files);
    if (!all)
        return all.error();
    const ParsedRules wanted = parseRules(inForce, "rules");
    if (hasErrors(wanted.diagnostics))
        return Error{
            "the rules in force are wrong for this version:\n" + format(wanted.diagnostics),
            ErrorKind::Invalid};
    const std::vector<Found> inForceNow = allOf(wanted.rules, "");
    RuleTexts made = files;
    for (const Found& old : *all) {
        if (find(inForceNow, old.name) != nullptr)
            continue;
        Result<std::string> without = removeDocument(made[old.file], old.name);
        if (!without)
            return without.error();
        made[old.file] = *std::move(without);
    }
    for (const Found& rule : inForceNow) {
        const Found* old = find(*all, rule.name);
        if (old != nullptr && old->meaning == rule.meaning)
            continue;
        Result<std::string> document = documentOf(inForce, inForceNow, rule.name);
        if (!document)
            return document.error();
        if (old == nullptr) {
            made[newFile(made, rule.name)] = *std::move(document);
            continue;
        }
        Result<std::string> merged = mergeDocuments(made[old->file], *document);
        if (!merged)
            return merged.error();
        made[old->file] = *std::move(merged);
    }
    return made;
}

}  // namespace levee
