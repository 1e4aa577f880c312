// SPDX-License-Identifier: Apache-2.0
// The reference page out of the field table.
#include <fmt/format.h>

#include "rules/lang/schema.h"

namespace levee {
namespace {

constexpr std::string_view kHead =
    "# Rule reference\n"
    "\n"
    "A rule file holds any number of documents, separated by `---`. Each is one rule:\n"
    "\n"
    "```yaml\n"
    "# yaml-language-server: $schema={}\n"
    "apiVersion: levee/v1\n"
    "kind: Guard\n"
    "metadata: {{name: checkout-payment}}\n"
    "spec:\n"
    "  match: {{client: checkout, service: payment}}\n"
    "  mode: enforce\n"
    "  breaker: {{failureShare: 30%, openFor: 2s}}\n"
    "```\n"
    "\n"
    "Every field but the required ones may be left out and then has its default. Unknown keys are\n"
    "errors. An edge or a service that no rule matches is guarded with the defaults.\n"
    "\n"
    "Durations are written `250ms`, `1.5s`, `2m`, `1h30m`; shares `5%` or `0.05`; rates `200/s`,\n"
    "`90/m` or `5/h`; names have 1 to 128 of the characters `A-Z a-z 0-9 _ . -`. Anchors, aliases "
    "and tags are refused.\n";

std::string_view typeName(FieldType type) {
    switch (type) {
        case FieldType::Boolean:
            return "boolean";
        case FieldType::Integer:
            return "integer";
        case FieldType::Share:
            return "share";
        case FieldType::Rate:
            return "rate";
        case FieldType::TimeSpan:
            return "duration";
        case FieldType::Text:
            return "text";
        case FieldType::Word:
            return "word";
    }
    return {};
}

/// The default as a cell: line ends made visible, nothing that would end the code span.
std::string defaultCell(const Field& field) {
    const FieldValue value = field.get(GuardSettings{});
    std::string cell;
    for (const char c : formatValue(field, value))
        cell += c == '\n' ? std::string("\\n") : std::string(1, c);
    const auto* number = std::get_if<std::int64_t>(&value);
    const bool isBelow =
        number != nullptr && *number >= 0 && *number < static_cast<std::int64_t>(field.minimum);
    const bool isNone = isBelow || cell.empty() ||
                        (field.type == FieldType::Rate && std::get<double>(value) < field.minimum);
    return isNone ? "none" : fmt::format("`{}`", cell);
}

std::string documentTable() {
    std::string text =
        "\n## Document\n\n| field | value | required | meaning |\n| --- | --- | --- | --- |\n";
    for (const DocumentField& field : documentFields())
        text += fmt::format("| `{}` | {} | {} | {} |\n", field.path, field.form,
                            field.isRequired ? "yes" : "no", field.doc);
    return text;
}

std::string sectionTable(std::string_view section) {
    std::string text = fmt::format("\n## `spec{}{}`\n\n{}\n\n", section.empty() ? "" : ".", section,
                                   sectionDoc(section));
    text += "| field | type | legal | default | meaning |\n| --- | --- | --- | --- | --- |\n";
    for (const Field& field : guardFields()) {
        if (field.section == section)
            text += fmt::format("| `{}` | {} | {} | {} | {} |\n", field.name, typeName(field.type),
                                formatRange(field), defaultCell(field), field.doc);
    }
    return text;
}

}  // namespace

std::string referencePage() {
    std::string page = fmt::format(fmt::runtime(kHead), kSchemaFile) + documentTable();
    for (const std::string_view section : guardSections())
        page += sectionTable(section);
    return page;
}

}  // namespace levee
