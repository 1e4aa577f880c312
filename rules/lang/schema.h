// SPDX-License-Identifier: Apache-2.0
// The one table of what a guard's rule can set; automation_fields.h has the one of automations. The
// parser, the canonical printer, the diff, the JSON
// Schema and the reference page all walk it, so a field added here is known everywhere. Defaults
// are not in the table: they are read from GuardSettings{} through `get`.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "shared/model/guard_settings.h"

namespace levee {

enum class FieldType { Boolean, Integer, Share, Rate, TimeSpan, Text, Name, Word };

/// A value of any field, by its type: bool, integer, share in 0 to 1 or events per second,
/// duration, text, name or word.
using FieldValue = std::variant<bool, std::int64_t, double, Duration, std::string>;

/// One field of `spec`. Immutable.
struct Field {
    std::string_view section = {};  ///< "breaker"; "" for a field of spec itself
    std::string_view name = {};     ///< "failureShare"
    FieldType type = FieldType::Text;
    /// Inclusive range. Integer: the number; Share: 0 to 1; Rate: per second; TimeSpan: seconds;
    /// Text: bytes.
    double minimum = 0;
    double maximum = 0;
    bool aboveMinimum = false;                 ///< Share: the minimum itself is not allowed
    bool wholeSeconds = false;                 ///< TimeSpan: no fractions of a second
    std::string_view negative = {};            ///< Integer: the word for a negative number, or ""
    std::vector<std::string_view> words = {};  ///< Word: the legal ones
    std::string_view doc = {};                 ///< one or two sentences
    FieldValue (*get)(const GuardSettings&) = nullptr;
    /// REQUIRES: a value of the field's type.
    void (*set)(GuardSettings&, const FieldValue&) = nullptr;

    /// "spec.breaker.failureShare".
    std::string path() const;
};

/// All fields of a guard's spec, in the order in which they are printed; a section's fields stand
/// together.
const std::vector<Field>& guardFields();
/// "" (spec itself), then the sections in the order of the table.
const std::vector<std::string_view>& guardSections();
std::string_view sectionDoc(std::string_view section);

/// A field of the rest of a rule document: the same for every kind.
struct DocumentField {
    std::string_view path;  ///< "metadata.name"
    bool isRequired = false;
    std::string_view form;  ///< what a value looks like, in words
    std::string_view doc;
};
const std::vector<DocumentField>& documentFields();

/// The canonical text of a value, as it stands in a rule (texts without their quotes): `50%`, `2m`,
/// `auto`. The parser reads it back to the same value.
std::string formatValue(const Field& field, const FieldValue& value);
/// "above 0% to 100%", "1 to 1000", "off, shadow or enforce": the legal values in words.
std::string formatRange(const Field& field);

inline constexpr std::string_view kApiVersion = "levee/v1";
inline constexpr std::string_view kGuardKind = "Guard";
inline constexpr std::string_view kAutomationKind = "Automation";
inline constexpr std::string_view kGuardTestKind = "GuardTest";            ///< see agent/trial
inline constexpr std::string_view kAutomationTestKind = "AutomationTest";  ///< as well
inline constexpr std::string_view kSchemaFile = "/usr/share/levee/schema/rules.v1.json";
inline constexpr std::size_t kMaxRuleLabels = 64;  ///< and as many annotations
inline constexpr std::string_view kNamePattern = "^[A-Za-z0-9_.-]{1,128}$";  ///< isName()

/// The JSON Schema of one rule document (draft 7), for editors. Ends with a newline.
std::string jsonSchema();
/// The reference page of the rule language in Markdown. Ends with a newline.
std::string referencePage();

}  // namespace levee
