// SPDX-License-Identifier: Apache-2.0
// Says whether a text is an OpenMetrics 1.0 exposition to the letter: every sentence of the
// specification with a MUST that one exposition can break. What concerns one line alone is in
// TextRules::Checker of prom_text_parser.h; here is what families, metrics and points may be. Pure.
//
// Where the specification leaves a choice: a sample directly after the TYPE of its family, with a
// suffix that the type does not have, is taken for a mistake and not for a family of its own; what
// cannot be seen in one exposition (counters never go down, Created follows a reset) is not judged.
#pragma once

#include <string>
#include <string_view>

#include "shared/base/diagnostic.h"

namespace levee {

/// Every error in the order of the text, up to kMaxExpositionErrors.
Diagnostics checkOpenMetrics(std::string_view text, const std::string& fileName);

}  // namespace levee
