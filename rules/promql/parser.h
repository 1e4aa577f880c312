// SPDX-License-Identifier: Apache-2.0
// PromQL text to a checked expression. Pure.
//
// What the subset leaves out is refused by name: subqueries, the @ modifier, negative offsets,
// atan2, quoted metric names, native histograms, functions of the calendar and of trigonometry.
//
// Mistakes of type and of meaning are all reported at once; after a mistake of syntax the rest
// cannot be read.
#pragma once

#include <memory>
#include <string_view>

#include "rules/promql/expression.h"
#include "rules/promql/lexer.h"

namespace levee::promql {

constexpr std::size_t kMaxExpressionBytes = 8192;
/// Of the tree, and of brackets inside each other.
constexpr int kMaxDepth = 100;
/// Range and offset together.
constexpr Millis kMaxReach = 24LL * 60 * 60 * 1000;

struct ParsedExpression {
    /// A scalar or an instant vector; null when there is an error.
    std::shared_ptr<const Expression> expression;
    Diagnostics diagnostics;
};

ParsedExpression parseExpression(std::string_view text, const TextOrigin& origin = {});

}  // namespace levee::promql
