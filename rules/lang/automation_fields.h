// SPDX-License-Identifier: Apache-2.0
// The table of what an automation can set, beside that of guards (schema.h) and walked by the same
// parser, printer, diff, JSON Schema and reference page.
#pragma once

#include <string_view>
#include <vector>

#include "rules/lang/automation.h"
#include "rules/lang/schema.h"

namespace levee {

/// A field of T. `shape.get` and `shape.set` are null; the default is that of T{}.
template <typename T>
struct FieldOf {
    Field shape;
    FieldValue (*get)(const T&) = nullptr;
    /// REQUIRES: a value of the field's type.
    void (*set)(T&, const FieldValue&) = nullptr;
    std::string_view required = {};  ///< what to write where it is missing; "": it may be
};

/// The fields of spec but for `do`, in the order in which they are printed.
const std::vector<FieldOf<Automation>>& automationFields();

/// One kind of entry of `do`: `- limit: {service: payment, factor: 50%}`.
struct ActionForm {
    AutomationAction::Kind kind;
    std::string_view word;     ///< "limit"
    std::string_view doc;      ///< one or two sentences
    std::string_view example;  ///< an entry
    std::vector<FieldOf<AutomationAction>> fields;
};
/// In the order of the kinds.
const std::vector<ActionForm>& actionForms();
const ActionForm& formOf(AutomationAction::Kind kind);

inline constexpr std::size_t kMostActions = 16;

/// `limit: {service: payment, factor: 50%}`: fields with their defaults left out.
std::string formatAction(const AutomationAction& action);

}  // namespace levee
