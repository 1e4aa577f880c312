// SPDX-License-Identifier: Apache-2.0
// Guard settings by the table of fields (schema.h): for rules, and for every other text that gives
// a guard its settings.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "rules/lang/field_reader.h"
#include "rules/lang/schema.h"
#include "shared/model/guard_settings.h"

namespace levee {

/// Declares and reads the fields of one section ("breaker"; "" for those of spec itself) but for
/// the ones in `without`. Relations between fields are not checked.
void readSettings(std::string_view section, FieldReader& fields, GuardSettings& settings,
                  std::initializer_list<std::string_view> without = {});

/// One value by the shape of its field. Nothing, with a finding, where it is wrong.
std::optional<FieldValue> readField(const Field& field, const std::string& path,
                                    const YamlNode& node, Findings& findings);

}  // namespace levee
