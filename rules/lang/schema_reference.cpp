// SPDX-License-Identifier: Apache-2.0
// The reference page out of the field table.
#include <fmt/format.h>

#include "rules/lang/automation_fields.h"
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
    "or one thing that is done while a condition over metrics holds, which changes no rule and "
    "ends\n"
    "by itself:\n"
    "\n"
    "```yaml\n"
    "apiVersion: levee/v1\n"
    "kind: Automation\n"
    "metadata: {{name: redis-memory-full}}\n"
    "spec:\n"
    "  when: redis_memory_used_bytes / redis_memory_max_bytes > 0.95\n"
    "  for: 30s\n"
    "  do:\n"
    "    - limit: {{service: payment, factor: 50%}}\n"
    "    - notify: {{webhook: \"http://127.0.0.1:9/hook\"}}\n"
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
        case FieldType::Name:
            return "name";
        case FieldType::Word:
            return "word";
    }
    return {};
}

/// The default as a cell: line ends made visible, nothing that would end the code span.
std::string defaultCell(const Field& field, const FieldValue& value) {
    std::string cell;
    for (const char c : formatValue(field, value))
        cell += c == '\n' ? std::string("\\n") : std::string(1, c);
    const auto* number = std::get_if<std::int64_t>(&value);
    const bool isBelow =
        number != nullptr && *number >= 0 && *number < static_cast<std::int64_t>(field.minimum);
    const bool isNone = isBelow || cell.empty() ||
                        ((field.type == FieldType::Rate || field.type == FieldType::Share) &&
                         std::get<double>(value) < field.minimum);
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

constexpr std::string_view kColumns =
    "| field | type | legal | default | meaning |\n| --- | --- | --- | --- | --- |\n";

std::string fieldRow(const Field& field, const std::string& defaultText) {
    return fmt::format("| `{}` | {} | {} | {} | {} |\n", field.name, typeName(field.type),
                       formatRange(field), defaultText, field.doc);
}

std::string sectionTable(std::string_view section) {
    std::string text = fmt::format("\n### `spec{}{}`\n\n{}\n\n{}", section.empty() ? "" : ".",
                                   section, sectionDoc(section), kColumns);
    for (const Field& field : guardFields()) {
        if (field.section == section)
            text += fieldRow(field, defaultCell(field, field.get(GuardSettings{})));
    }
    return text;
}

template <typename T>
std::string tableOf(const std::vector<FieldOf<T>>& fields) {
    std::string text(kColumns);
    for (const FieldOf<T>& field : fields)
        text +=
            fieldRow(field.shape, field.required.empty() ? defaultCell(field.shape, field.get(T{}))
                                                         : "required");
    return text;
}

std::string automationPart() {
    std::string text = fmt::format(
        "\n## Automation\n\n### `spec`\n\n{}\n### `spec.do`\n\nA list of 1 to {} actions, a guard "
        "at most once among them; left out, the rule only watches, and writes events. What a "
        "person holds by hand is never replaced.\n",
        tableOf(automationFields()), kMostActions);
    for (const ActionForm& form : actionForms())
        text += fmt::format("\n#### `{}`\n\n{} `- {}`\n\n{}", form.word, form.doc, form.example,
                            tableOf(form.fields));
    return text;
}

}  // namespace

std::string referencePage() {
    std::string page =
        fmt::format(fmt::runtime(kHead), kSchemaFile) + documentTable() + "\n## Guard\n";
    for (const std::string_view section : guardSections())
        page += sectionTable(section);
    return page + automationPart();
}

}  // namespace levee
