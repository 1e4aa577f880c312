// SPDX-License-Identifier: Apache-2.0
// The JSON Schema out of the field table. Draft 7, because that is what the language server behind
// most editors reads in full.
#include <fmt/format.h>

#include <utility>

#include "rules/lang/automation_fields.h"
#include "rules/lang/schema.h"

namespace levee {
namespace {

std::string quoted(std::string_view text) {
    std::string result = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\')
            result += '\\';
        if (c == '\n')
            result += "\\n";
        else if (static_cast<unsigned char>(c) < 0x20)
            result += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
        else
            result += c;
    }
    return result + '"';
}

/// An object in the making: members in order, each already JSON.
class Object {
public:
    Object& raw(std::string_view key, std::string json) {
        members_.emplace_back(key, std::move(json));
        return *this;
    }
    Object& text(std::string_view key, std::string_view value) { return raw(key, quoted(value)); }

    std::string json(int depth) const {
        const std::string indent(static_cast<std::size_t>(depth) * 2, ' ');
        std::string result = "{";
        for (std::size_t i = 0; i < members_.size(); ++i)
            result += fmt::format("{}\n{}  {}: {}", i > 0 ? "," : "", indent,
                                  quoted(members_[i].first), members_[i].second);
        return result + '\n' + indent + '}';
    }

private:
    std::vector<std::pair<std::string, std::string>> members_;
};

std::string textList(const std::vector<std::string_view>& words) {
    std::string result = "[";
    for (const std::string_view word : words)
        result += (result.size() > 1 ? ", " : "") + quoted(word);
    return result + ']';
}

constexpr std::string_view kDurationPattern = "^([0-9]+(\\.[0-9]+)?(ns|us|ms|s|m|h|d|w))+$|^0$";
constexpr std::string_view kRatePattern = "^[0-9]+(\\.[0-9]+)?/[smh]$";
constexpr std::string_view kSharePattern = "^[0-9]+(\\.[0-9]+)?%?$";

void addType(const Field& field, Object& object) {
    const std::string minimum = fmt::format("{}", field.minimum);
    const std::string maximum = fmt::format("{}", field.maximum);
    switch (field.type) {
        case FieldType::Boolean:
            object.text("type", "boolean");
            break;
        case FieldType::Integer:
            if (field.negative.empty())
                object.text("type", "integer");
            else
                object.raw("type", R"(["integer", "string"])")
                    .text("pattern", fmt::format("^{}$", field.negative));
            object.raw("minimum", minimum).raw("maximum", maximum);
            break;
        case FieldType::Share:
            object.raw("type", R"(["string", "number"])").text("pattern", kSharePattern);
            object.raw(field.aboveMinimum ? "exclusiveMinimum" : "minimum", minimum)
                .raw("maximum", maximum);
            break;
        case FieldType::Rate:
            object.text("type", "string").text("pattern", kRatePattern);
            break;
        case FieldType::TimeSpan:  // a bare 0 needs no unit
            object.raw("type", R"(["string", "integer"])").text("pattern", kDurationPattern);
            object.raw("minimum", "0").raw("maximum", "0");
            break;
        case FieldType::Text:  // any scalar is a text, numbers as well
            object.raw("type", R"(["string", "number", "boolean"])")
                .raw("minLength", minimum)
                .raw("maxLength", maximum);
            break;
        case FieldType::Name:
            object.raw("type", R"(["string", "number"])").text("pattern", kNamePattern);
            break;
        case FieldType::Word:
            object.raw("enum", textList(field.words));
            break;
    }
}

std::string defaultJson(const Field& field, const FieldValue& value) {
    const std::string text = formatValue(field, value);
    if (field.type == FieldType::Boolean)
        return text;
    if (field.type == FieldType::Integer && text != field.negative)
        return text;
    return quoted(text);
}

/// True when the default is a value that the field takes: a fixed limit has none.
bool hasDefault(const Field& field, const FieldValue& value) {
    const auto* number = std::get_if<std::int64_t>(&value);
    if (field.type == FieldType::Rate)
        return std::get<double>(value) >= field.minimum;
    if (field.type == FieldType::Name)
        return false;
    if (field.type == FieldType::Share)
        return std::get<double>(value) >= field.minimum;
    if (field.type == FieldType::Text)
        return static_cast<double>(std::get<std::string>(value).size()) >= field.minimum;
    return number == nullptr || *number >= static_cast<std::int64_t>(field.minimum) ||
           !field.negative.empty();
}

/// `value`: the default.
std::string fieldJson(const Field& field, const FieldValue& value, int depth) {
    Object object;
    object.text("description", fmt::format("{} Legal: {}.", field.doc, formatRange(field)));
    addType(field, object);
    if (hasDefault(field, value))
        object.raw("default", defaultJson(field, value));
    return object.json(depth);
}

void addFields(std::string_view section, Object& properties, int depth) {
    for (const Field& field : guardFields()) {
        if (field.section == section)
            properties.raw(field.name, fieldJson(field, field.get(GuardSettings{}), depth));
    }
}

/// An object with only the given properties. Without required ones it may also be left empty.
Object closedObject(std::string_view description, const std::vector<std::string_view>& required) {
    Object object;
    object.raw("type", required.empty() ? R"(["object", "null"])" : quoted("object"));
    object.text("description", description);
    object.raw("additionalProperties", "false");
    if (!required.empty())
        object.raw("required", textList(required));
    return object;
}

std::string_view docOf(std::string_view path) {
    for (const DocumentField& field : documentFields()) {
        if (field.path == path)
            return field.doc;
    }
    return {};
}

std::string nameJson(std::string_view path, int depth) {
    Object object;
    object.text("description", docOf(path)).raw("type", R"(["string", "number"])");
    return object.text("pattern", kNamePattern).json(depth);
}

std::string textsJson(std::string_view path, int depth) {
    Object names;
    names.text("pattern", kNamePattern);
    Object object;
    object.text("description", docOf(path)).raw("type", R"(["object", "null"])");
    object.raw("maxProperties", std::to_string(kMaxRuleLabels));
    object.raw("propertyNames", names.json(depth + 1));
    return object.raw("additionalProperties", R"({"type": ["string", "number", "boolean"]})")
        .json(depth);
}

/// The document kinds stand two levels down, in oneOf.
std::string metadataJson() {
    Object properties;
    properties.raw("name", nameJson("metadata.name", 6));
    properties.raw("labels", textsJson("metadata.labels", 6));
    properties.raw("annotations", textsJson("metadata.annotations", 6));
    return closedObject("What the rule is called.", {"name"})
        .raw("properties", properties.json(5))
        .json(4);
}

std::string matchJson() {
    Object properties;
    properties.raw("client", nameJson("spec.match.client", 8));
    properties.raw("service", nameJson("spec.match.service", 8));
    return closedObject("The service, or the edge between two services, that the rule is for.",
                        {"service"})
        .raw("properties", properties.json(7))
        .json(6);
}

std::string guardSpecJson() {
    Object properties;
    properties.raw("match", matchJson());
    for (const std::string_view section : guardSections()) {
        if (section.empty()) {
            addFields(section, properties, 6);
            continue;
        }
        Object fields;
        addFields(section, fields, 8);
        properties.raw(
            section,
            closedObject(sectionDoc(section), {}).raw("properties", fields.json(7)).json(6));
    }
    return closedObject("What the rule is for and what it does.", {"match"})
        .raw("properties", properties.json(5))
        .json(4);
}

template <typename T>
std::vector<std::string_view> addFields(const std::vector<FieldOf<T>>& fields, Object& properties,
                                        int depth) {
    std::vector<std::string_view> required;
    for (const FieldOf<T>& field : fields) {
        properties.raw(field.shape.name, fieldJson(field.shape, field.get(T{}), depth));
        if (!field.required.empty())
            required.push_back(field.shape.name);
    }
    return required;
}

std::string actionJson(const ActionForm& form, int depth) {
    Object properties;
    const std::vector<std::string_view> required = addFields(form.fields, properties, depth + 2);
    return closedObject(form.doc, required)
        .raw("properties", properties.json(depth + 1))
        .json(depth);
}

std::string actionsJson() {
    Object forms;
    for (const ActionForm& form : actionForms())
        forms.raw(form.word, actionJson(form, 9));
    Object item;
    item.text("type", "object").raw("additionalProperties", "false");
    item.raw("minProperties", "1").raw("maxProperties", "1").raw("properties", forms.json(8));
    Object list;
    list.text("description",
              "What is done, each entry one thing. Left out: it only watches, and writes events.")
        .text("type", "array");
    list.raw("minItems", "1").raw("maxItems", std::to_string(kMostActions));
    return list.raw("items", item.json(7)).json(6);
}

std::string automationSpecJson() {
    Object properties;
    const std::vector<std::string_view> required = addFields(automationFields(), properties, 6);
    properties.raw("do", actionsJson());
    return closedObject("When it acts and what it does.", required)
        .raw("properties", properties.json(5))
        .json(4);
}

std::string constantJson(std::string_view path, std::string_view value) {
    Object object;
    return object.text("description", docOf(path)).text("const", value).json(4);
}

std::string documentJson(std::string_view kind, std::string spec) {
    Object properties;
    properties.raw("apiVersion", constantJson("apiVersion", kApiVersion));
    properties.raw("kind", constantJson("kind", kind));
    properties.raw("metadata", metadataJson());
    properties.raw("spec", std::move(spec));
    Object document;
    document.text("title", kind).raw("additionalProperties", "false");
    document.raw("required", textList({"apiVersion", "kind", "metadata", "spec"}));
    return document.raw("properties", properties.json(3)).json(2);
}

}  // namespace

std::string jsonSchema() {
    Object root;
    root.text("$schema", "http://json-schema.org/draft-07/schema#").text("title", "Levee rule");
    root.text("type", "object");
    return root.raw("oneOf", fmt::format("[{}, {}]", documentJson(kGuardKind, guardSpecJson()),
                                         documentJson(kAutomationKind, automationSpecJson())))
               .json(0) +
           '\n';
}

}  // namespace levee
