// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "rules/promql/expression.h"
#include "rules/promql/series_source.h"

namespace levee::promql {

/// The selectors without whose series the expression gives nothing, whatever the others say: what
/// tells "it is not so" from "nobody knows". Empty when there is something to go by. Each as it
/// would be written, without its range: `up{job="a"}`.
std::vector<std::string> missingSeries(const Expression& expression, const SeriesSource& source,
                                       Millis now);

/// `up{job="a"}`
std::string text(const Selector& selector);

}  // namespace levee::promql
