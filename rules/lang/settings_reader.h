// SPDX-License-Identifier: Apache-2.0
// Guard settings by the table of fields (schema.h): for rules, and for every other text that gives
// a guard its settings.
#pragma once

#include <initializer_list>
#include <string_view>

#include "rules/lang/field_reader.h"
#include "shared/model/guard_settings.h"

namespace levee {

/// Declares and reads the fields of one section ("breaker"; "" for those of spec itself) but for
/// the ones in `without`. Relations between fields are not checked.
void readSettings(std::string_view section, FieldReader& fields, GuardSettings& settings,
                  std::initializer_list<std::string_view> without = {});

}  // namespace levee
