// SPDX-License-Identifier: Apache-2.0
#include "rules/lang/format.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "rules/lang/automation_fields.h"
#include "rules/lang/schema.h"

namespace levee {
namespace {

bool isPlainSafe(std::string_view text) {
    constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    constexpr std::string_view kInside =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_./-";
    // Words that some YAML reader takes for something other than a text.
    constexpr std::array<std::string_view, 9> kWords{"true", "false", "null", "yes", "no",
                                                     "on",   "off",   "y",    "n"};
    std::string lower;
    for (const char c : text)
        lower += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return !text.empty() && kLetters.find(text[0]) != std::string_view::npos &&
           text.find_first_not_of(kInside) == std::string_view::npos &&
           std::find(kWords.begin(), kWords.end(), lower) == kWords.end();
}

std::string quoted(std::string_view text) {
    std::string result = "\"";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\')
            result += fmt::format("\\{}", c);
        else if (c == '\n')
            result += "\\n";
        else if (c == '\t')
            result += "\\t";
        else if (byte < 0x20 || byte == 0x7F)
            result += fmt::format("\\x{:02x}", byte);
        else
            result += c;
    }
    return result + '"';
}

std::string textsBlock(std::string_view title, const std::map<std::string, std::string>& texts) {
    std::string block = texts.empty() ? std::string() : fmt::format("  {}:\n", title);
    for (const auto& [key, value] : texts)
        block += fmt::format("    {}: {}\n", yamlScalar(key), yamlScalar(value));
    return block;
}

std::string headOf(std::string_view kind, const std::string& name,
                   const std::map<std::string, std::string>& labels,
                   const std::map<std::string, std::string>& annotations) {
    return fmt::format("apiVersion: {}\nkind: {}\nmetadata:\n  name: {}\n{}{}spec:\n", kApiVersion,
                       kind, yamlScalar(name), textsBlock("labels", labels),
                       textsBlock("annotations", annotations));
}

/// The fields of a section that differ from their defaults, one a line.
std::string sectionLines(std::string_view section, std::string_view indent,
                         const GuardSettings& settings) {
    std::string lines;
    for (const Field& field : guardFields()) {
        const FieldValue value = field.get(settings);
        if (field.section != section || value == field.get(GuardSettings{}))
            continue;
        const std::string text = formatValue(field, value);
        lines += fmt::format("{}{}: {}\n", indent, field.name,
                             field.type == FieldType::Text ? yamlScalar(text) : text);
    }
    return lines;
}

}  // namespace

std::string yamlScalar(std::string_view text) {
    return isPlainSafe(text) ? std::string(text) : quoted(text);
}

std::string formatRule(const Rule& rule) {
    std::string text = headOf(kGuardKind, rule.name, rule.labels, rule.annotations) + "  match:\n";
    if (!rule.client.empty())
        text += fmt::format("    client: {}\n", yamlScalar(rule.client));
    text += fmt::format("    service: {}\n", yamlScalar(rule.service));
    for (const std::string_view section : guardSections()) {
        if (section.empty()) {
            text += sectionLines(section, "  ", rule.settings);
            continue;
        }
        const std::string lines = sectionLines(section, "    ", rule.settings);
        if (!lines.empty())
            text += fmt::format("  {}:\n{}", section, lines);
    }
    return text;
}

std::string formatAutomation(const Automation& automation) {
    std::string text =
        headOf(kAutomationKind, automation.name, automation.labels, automation.annotations);
    for (const FieldOf<Automation>& field : automationFields()) {
        const FieldValue value = field.get(automation);
        if (field.required.empty() && value == field.get(Automation{}))
            continue;
        const std::string shown = formatValue(field.shape, value);
        text += fmt::format("  {}: {}\n", field.shape.name,
                            field.shape.type == FieldType::Text ? yamlScalar(shown) : shown);
    }
    if (!automation.actions.empty())
        text += "  do:\n";
    for (const AutomationAction& action : automation.actions)
        text += fmt::format("    - {}\n", formatAction(action));
    return text;
}

std::string formatRules(const RuleSet& rules) {
    std::string text = fmt::format("# yaml-language-server: $schema={}\n", kSchemaFile);
    const char* separator = "";
    for (const Rule& rule : rules.rules)
        text += std::exchange(separator, "---\n") + formatRule(rule);
    for (const Automation& automation : rules.automations)
        text += std::exchange(separator, "---\n") + formatAutomation(automation);
    return text;
}

}  // namespace levee
