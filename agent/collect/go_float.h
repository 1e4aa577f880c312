// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace levee {

/// A number as Prometheus reads it: Go's ParseFloat without hexadecimal forms and underscores.
/// `inf`, `infinity` (any case, any sign), `nan` (any case, no sign), `1.`, `.5`, `+1e3`. The whole
/// text must be the number. Locale-independent. False leaves `value` alone; a number too large for
/// a double is refused, one too small reads as zero, as in Go.
bool parseGoFloat(std::string_view text, double& value);

/// Reads digits with an optional sign and point, up to 15 of them: the form of most values. Returns
/// where they end, or null for any other form. What follows the text must end the number: a byte
/// that is neither digit nor point.
const char* readPlainNumber(const char* at, double& value);

}  // namespace levee
