// SPDX-License-Identifier: Apache-2.0
// relabel_configs and its kin: what Prometheus refuses is refused, with the rule's place.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "agent/config/config_fields.h"
#include "rules/lang/source_text.h"
#include "rules/promql/matcher.h"

namespace levee {
namespace {

using Action = RelabelRule::Action;

constexpr std::array<std::string_view, 11> kActions{
    "replace",  "keep",      "drop",      "keepequal", "dropequal", "hashmod",
    "labelmap", "labeldrop", "labelkeep", "lowercase", "uppercase"};

constexpr std::size_t kMaxRules = 100;
constexpr std::size_t kMaxSourceLabels = 64;

bool isWord(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

bool isLabelName(std::string_view text) {
    return !text.empty() && std::isdigit(static_cast<unsigned char>(text[0])) == 0 &&
           std::all_of(text.begin(), text.end(), isWord);
}

/// A label's name with parts of the match in it, as prefix_$1 or ${a}_x: Prometheus'
/// ^(?:(?:[a-zA-Z_]|\$(?:\{\w+\}|\w+))+\w*)+$.
bool isLabelTemplate(std::string_view text) {
    bool mayHaveDigits = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '$') {
            const bool isDigit = std::isdigit(static_cast<unsigned char>(text[i])) != 0;
            if (!isWord(text[i]) || (isDigit && !mayHaveDigits))
                return false;
        } else if (i + 1 < text.size() && text[i + 1] == '{') {
            const std::size_t end = text.find('}', i);
            if (end == std::string_view::npos || end == i + 2 ||
                !std::all_of(text.begin() + static_cast<std::ptrdiff_t>(i) + 2,
                             text.begin() + static_cast<std::ptrdiff_t>(end), isWord))
                return false;
            i = end;
        } else if (i + 1 == text.size() || !isWord(text[i + 1])) {
            return false;
        } else {
            ++i;
        }
        mayHaveDigits = true;
    }
    return !text.empty();
}

bool needsTarget(Action action) {
    return action == Action::Replace || action == Action::HashMod || action == Action::Lowercase ||
           action == Action::Uppercase || action == Action::KeepEqual ||
           action == Action::DropEqual;
}

class RuleReader {
public:
    RuleReader(const YamlNode& node, const std::string& path, Findings& findings)
        : fields_(node, path, findings), findings_(findings) {}

    void read(std::vector<RelabelRule>& out) {
        if (!fields_.isSound())
            return;
        const std::size_t before = findings_.errorCount();
        readAction();
        readSourceLabels();
        fields_.text("separator", rule_.separator, {0, 64});
        readRegex();
        fields_.integer("modulus", rule_.modulus, {1, 1'000'000'000'000});
        fields_.text("target_label", rule_.targetLabel, {1, 256});
        fields_.text("replacement", rule_.replacement, {0, 1024});
        if (findings_.errorCount() == before)
            check();
        fields_.finish();
        out.push_back(std::move(rule_));
    }

private:
    void readAction() {
        const YamlNode* node = fields_.any("action");
        if (node == nullptr)
            return;
        YamlNode lowered = *node;  // Prometheus takes any case
        for (char& c : lowered.text)
            c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
        const auto word = readWord(lowered, fields_.pathOf("action"),
                                   {kActions.begin(), kActions.end()}, findings_);
        if (word)
            rule_.action = static_cast<Action>(std::find(kActions.begin(), kActions.end(), *word) -
                                               kActions.begin());
    }

    void readSourceLabels() {
        const YamlNode* list = fields_.list("source_labels", [&](const YamlNode& item,
                                                                 const std::string& path) {
            const auto text = readText(item, path, {1, 256}, findings_);
            if (text && !isLabelName(*text))
                wrong(item, fmt::format("{} is '{}'; a label name has letters, digits and _, and "
                                        "does not begin with a digit",
                                        path, shown(*text)));
            else if (text)
                rule_.sourceLabels.push_back(*text);
        });
        if (list != nullptr && rule_.sourceLabels.size() > kMaxSourceLabels)
            wrong(*list, fmt::format("{} has {} labels; at most {} are joined",
                                     fields_.pathOf("source_labels"), rule_.sourceLabels.size(),
                                     kMaxSourceLabels));
    }

    void readRegex() {
        const YamlNode* node =
            fields_.text("regex", rule_.regex, {0, promql::Matcher::kMaxRegexBytes});
        if (node == nullptr)
            return;
        const auto compiled = promql::compileRegex(rule_.regex);
        if (!compiled)
            wrong(*node, fmt::format("{}: {}", fields_.pathOf("regex"), compiled.error().message));
    }

    void check() {
        const std::string_view action = name(rule_.action);
        const bool isTemplate = rule_.targetLabel.find('$') != std::string::npos;
        if (rule_.action == Action::HashMod && rule_.modulus == 0)
            fields_.require("modulus", "hashmod needs it: into how many shares");
        if (needsTarget(rule_.action) && rule_.targetLabel.empty())
            fields_.require("target_label", fmt::format("{} writes to or reads it", action));
        else if (needsTarget(rule_.action) && rule_.action == Action::Replace && isTemplate
                     ? !isLabelTemplate(rule_.targetLabel)
                     : needsTarget(rule_.action) && !isLabelName(rule_.targetLabel))
            wrong(*fields_.node().find("target_label"),
                  fmt::format("{} is '{}'; for {} it must be a label's name",
                              fields_.pathOf("target_label"), shown(rule_.targetLabel), action));
        if (rule_.action == Action::LabelMap && !isLabelTemplate(rule_.replacement))
            wrong(at("replacement"),
                  fmt::format("{} is '{}'; for labelmap it must make a label's name",
                              fields_.pathOf("replacement"), shown(rule_.replacement)));
        checkUnused(action);
    }

    /// Keys that the action does not read would be believed to do something.
    void checkUnused(std::string_view action) {
        std::vector<std::string_view> unused;
        if (rule_.action == Action::Lowercase || rule_.action == Action::Uppercase)
            unused = {"replacement"};
        if (rule_.action == Action::KeepEqual || rule_.action == Action::DropEqual)
            unused = {"regex", "modulus", "separator", "replacement"};
        if (rule_.action == Action::LabelDrop || rule_.action == Action::LabelKeep)
            unused = {"source_labels", "target_label", "modulus", "separator", "replacement"};
        for (const std::string_view key : unused) {
            if (isChanged(key))
                wrong(at(key), fmt::format("{} means nothing to the action {}; remove it",
                                           fields_.pathOf(key), action));
        }
    }

    bool isChanged(std::string_view key) const {
        const RelabelRule usual;
        if (key == "replacement")
            return rule_.replacement != usual.replacement;
        if (key == "regex")
            return rule_.regex != usual.regex;
        if (key == "separator")
            return rule_.separator != usual.separator;
        return fields_.has(key);
    }

    const YamlNode& at(std::string_view key) const {
        const YamlNode* node = fields_.node().find(key);
        return node != nullptr ? *node : fields_.node();
    }

    void wrong(const YamlNode& node, std::string message) {
        findings_.error("bad-relabel", std::move(message), node.span);
    }

    FieldReader fields_;
    Findings& findings_;
    RelabelRule rule_;
};

}  // namespace

std::string_view name(RelabelRule::Action action) {
    return kActions[static_cast<std::size_t>(action)];
}

namespace config {

void readRelabel(FieldReader& fields, std::string_view key, std::vector<RelabelRule>& rules) {
    const YamlNode* list = fields.list(key, [&](const YamlNode& item, const std::string& path) {
        RuleReader(item, path, fields.findings()).read(rules);
    });
    if (list != nullptr && rules.size() > kMaxRules)
        fields.findings().error("too-many",
                                fmt::format("{} has {} rules; at most {} are run",
                                            fields.pathOf(key), rules.size(), kMaxRules),
                                list->span);
}

}  // namespace config
}  // namespace levee
