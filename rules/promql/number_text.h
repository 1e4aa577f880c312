// SPDX-License-Identifier: Apache-2.0
// Numbers as PromQL reads and Prometheus' API writes them. Locale-independent.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace levee::promql {

/// Decimal with an optional sign and exponent, hexadecimal integers, Inf and NaN in any case.
std::optional<double> parseNumber(std::string_view text);

/// The shortest decimal that reads back as the same number, never with an exponent; NaN, +Inf and
/// -Inf.
std::string formatNumber(double value);

}  // namespace levee::promql
