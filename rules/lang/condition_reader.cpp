// SPDX-License-Identifier: Apache-2.0
#include "rules/lang/condition_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "rules/lang/scalar_places.h"
#include "rules/promql/functions.h"
#include "rules/promql/parser.h"

namespace levee {
namespace {

using promql::BinaryOp;
using promql::Expression;
using Kind = Expression::Kind;

bool isCallOf(const Expression& expression, std::string_view name) {
    return expression.kind == Kind::Call && expression.function->name == name;
}

/// Elements of what it is made of may be missing from it: it says yes or no, not only how much.
bool filters(const Expression& e) {
    const auto operandFilters = [&] {
        return std::any_of(e.operands.begin(), e.operands.end(),
                           [](const auto& operand) { return filters(*operand); });
    };
    if (e.kind == Kind::Binary) {
        if (e.binary == BinaryOp::And || e.binary == BinaryOp::Unless)
            return true;
        if (e.binary == BinaryOp::Or)
            return filters(*e.operands[0]) && filters(*e.operands[1]);
        if (promql::isComparison(e.binary) && !e.returnsBool)
            return true;
    }
    if (isCallOf(e, "absent") || isCallOf(e, "absent_over_time"))
        return true;
    return operandFilters();
}

/// What it gives may be another thing later.
bool canChange(const Expression& e) {
    return e.kind == Kind::Selector || isCallOf(e, "time") ||
           std::any_of(e.operands.begin(), e.operands.end(),
                       [](const auto& operand) { return canChange(*operand); });
}

std::string problemOf(const Expression& e) {
    if (e.type == promql::ValueType::Scalar)
        return "gives a scalar, which is always there; compare series, like up == 0";
    if (!canChange(e))
        return "reads no series, so it never changes; name a metric";
    if (e.kind == Kind::Binary && promql::isComparison(e.binary) && e.returnsBool)
        return "always gives something, 0 or 1; leave out bool, so that only what is true is left";
    if (!filters(e))
        return "holds wherever there is data; add a comparison, like > 0.95";
    return {};
}

}  // namespace

std::shared_ptr<const promql::Expression> readCondition(const YamlNode& node,
                                                        const std::string& path,
                                                        std::string_view source,
                                                        Findings& findings) {
    const promql::ParsedExpression parsed = promql::parseExpression(node.text);
    // Finding its place goes through the whole text, so not for messages that nobody will see.
    const bool isShown = !parsed.diagnostics.empty() && !findings.isFull();
    const std::optional<ScalarPlaces> places =
        isShown ? std::optional<ScalarPlaces>(std::in_place, source, node) : std::nullopt;
    for (const Diagnostic& found : parsed.diagnostics) {
        const SourcePlace& at = found.place;
        findings.error("bad-expression", fmt::format("{}: {}", path, found.message),
                       places ? places->at(at.line, at.column, at.length) : node.span);
    }
    if (parsed.expression == nullptr)
        return nullptr;
    const std::string problem = problemOf(*parsed.expression);
    if (problem.empty())
        return parsed.expression;
    findings.error("no-condition", fmt::format("{} {}", path, problem), node.span);
    return nullptr;
}

}  // namespace levee
