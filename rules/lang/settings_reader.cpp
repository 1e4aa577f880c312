// SPDX-License-Identifier: Apache-2.0
#include "rules/lang/settings_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "rules/lang/scalar_reader.h"

namespace levee {
namespace {

std::optional<Duration> readWholeSeconds(const std::string& path, const YamlNode& node,
                                         DurationRange range, Findings& findings) {
    const auto value = readDuration(node, path, range, findings);
    if (value && *value % std::chrono::seconds(1) != Duration::zero()) {
        findings.error("out-of-range",
                       fmt::format("{} is {}; it must be whole seconds", path, node.text),
                       node.span);
        return std::nullopt;
    }
    return value;
}

template <typename T>
std::optional<FieldValue> wrapped(std::optional<T> value) {
    return value ? std::optional<FieldValue>(std::move(*value)) : std::nullopt;
}

}  // namespace

std::optional<FieldValue> readField(const Field& field, const std::string& path,
                                    const YamlNode& node, Findings& findings) {
    switch (field.type) {
        case FieldType::Boolean:
            return wrapped(readBoolean(node, path, findings));
        case FieldType::Integer:
            return wrapped(readInteger(node, path,
                                       {static_cast<std::int64_t>(field.minimum),
                                        static_cast<std::int64_t>(field.maximum), field.negative},
                                       findings));
        case FieldType::Share:
            return wrapped(readShare(node, path, {field.minimum, field.maximum, field.aboveMinimum},
                                     findings));
        case FieldType::Rate:
            return wrapped(readRate(node, path, {field.minimum, field.maximum}, findings));
        case FieldType::TimeSpan: {
            const DurationRange range{fromSeconds(field.minimum), fromSeconds(field.maximum)};
            return wrapped(field.wholeSeconds ? readWholeSeconds(path, node, range, findings)
                                              : readDuration(node, path, range, findings));
        }
        case FieldType::Text:
            return wrapped(readText(
                node, path,
                {static_cast<std::size_t>(field.minimum), static_cast<std::size_t>(field.maximum)},
                findings));
        case FieldType::Name:
            return wrapped(readName(node, path, findings));
        case FieldType::Word:
            return wrapped(readWord(node, path, field.words, findings));
    }
    return std::nullopt;
}

void readSettings(std::string_view section, FieldReader& fields, GuardSettings& settings,
                  std::initializer_list<std::string_view> without) {
    for (const Field& field : guardFields()) {
        if (field.section != section ||
            std::find(without.begin(), without.end(), field.name) != without.end())
            continue;
        const YamlNode* node = fields.any(field.name);
        if (node == nullptr)
            continue;
        if (const auto value =
                readField(field, fields.pathOf(field.name), *node, fields.findings()))
            field.set(settings, *value);
    }
}

}  // namespace levee
