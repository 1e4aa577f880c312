// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "rules/promql/expression.h"

namespace levee::promql {

/// Series that an expression reads, and how far back.
struct NeededSeries {
    std::vector<Matcher> matchers;
    Millis reach = 0;  ///< range and offset together; of an instant selector its lookback
};

/// One entry for each selector of the expression, in their order.
std::vector<NeededSeries> neededSeries(const Expression& expression);

}  // namespace levee::promql
