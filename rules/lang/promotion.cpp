// SPDX-License-Identifier: Apache-2.0
#include "rules/lang/promotion.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "rules/lang/diff.h"
#include "rules/lang/document.h"
#include "rules/lang/format.h"
#include "rules/lang/rule_parser.h"
#include "rules/lang/yaml_reader.h"

namespace levee {
namespace {

struct Found {
    std::string file;  ///< "": nowhere
    Rule rule;
};

Result<std::vector<Found>> rulesOf(const RuleTexts& files) {
    std::vector<Found> all;
    for (const auto& [file, text] : files) {
        ParsedRules parsed = parseRules(text, file);
        if (hasErrors(parsed.diagnostics))
            return Error{
                "the rules on disk are wrong; put them right first:\n" + format(parsed.diagnostics),
                ErrorKind::Invalid};
        for (Rule& rule : parsed.rules.rules)
            all.push_back({file, std::move(rule)});
    }
    return all;
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
Result<std::string> documentOf(std::string text, const RuleSet& rules, const std::string& name) {
    for (const Rule& other : rules.rules) {
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
        return each.rule.subject() == held.subject;
    });
    if (found == all->end()) {
        const std::size_t arrow = held.subject.find("->");
        Rule rule;
        rule.client = arrow == std::string::npos ? "" : held.subject.substr(0, arrow);
        rule.service = arrow == std::string::npos ? held.subject : held.subject.substr(arrow + 2);
        rule.name = rule.client.empty() ? rule.service : rule.client + "-" + rule.service;
        while (std::any_of(all->begin(), all->end(),
                           [&](const Found& each) { return each.rule.name == rule.name; }))
            rule.name += "-held";
        hold(rule.settings, held);
        made[newFile(files, rule.name)] = formatRule(rule);
        return made;
    }
    Rule wanted = found->rule;
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
    RuleTexts made = files;
    for (const Found& old : *all) {
        if (wanted.rules.find(old.rule.name) != nullptr)
            continue;
        Result<std::string> without = removeDocument(made[old.file], old.rule.name);
        if (!without)
            return without.error();
        made[old.file] = *std::move(without);
    }
    for (const Rule& rule : wanted.rules.rules) {
        const auto old = std::find_if(all->begin(), all->end(), [&](const Found& each) {
            return each.rule.name == rule.name;
        });
        if (old != all->end() && meansTheSame(old->rule, rule))
            continue;
        Result<std::string> document = documentOf(inForce, wanted.rules, rule.name);
        if (!document)
            return document.error();
        if (old == all->end()) {
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
