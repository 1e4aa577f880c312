// SPDX-License-Identifier: Apache-2.0
#include "rules/promql/needed_series.h"

namespace levee::promql {
namespace {

void collect(const Expression& expression, std::vector<NeededSeries>& all) {
    if (expression.kind == Expression::Kind::Selector)
        all.push_back({expression.selector.matchers, expression.selector.reach()});
    for (const auto& operand : expression.operands)
        collect(*operand, all);
}

}  // namespace

std::vector<NeededSeries> neededSeries(const Expression& expression) {
    std::vector<NeededSeries> all;
    collect(expression, all);
    return all;
}

}  // namespace levee::promql
