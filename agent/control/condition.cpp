// SPDX-License-Identifier: Apache-2.0
#include "agent/control/condition.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "rules/promql/number_text.h"
#include "rules/promql/presence.h"

namespace levee {
namespace {

using promql::BinaryOp;
using promql::Expression;

/// The comparison whose left side the condition's elements come from, or null.
const Expression* comparisonOf(const Expression& condition) {
    const Expression* e = &condition;
    while (e->kind == Expression::Kind::Binary &&
           (e->binary == BinaryOp::And || e->binary == BinaryOp::Unless))
        e = e->operands[0].get();
    const bool isOne = e->kind == Expression::Kind::Binary && promql::isComparison(e->binary) &&
                       !e->returnsBool && e->operands[0]->type == promql::ValueType::Vector;
    return isOne ? e : nullptr;
}

bool isBelow(BinaryOp op) {
    return op == BinaryOp::Less || op == BinaryOp::LessOrEqual;
}
bool isAbove(BinaryOp op) {
    return op == BinaryOp::Greater || op == BinaryOp::GreaterOrEqual;
}

/// NaN is worse than nothing.
bool isLess(const promql::Element& a, const promql::Element& b) {
    return std::isnan(a.value) ? !std::isnan(b.value) : a.value < b.value;
}
bool isMore(const promql::Element& a, const promql::Element& b) {
    return std::isnan(a.value) ? !std::isnan(b.value) : a.value > b.value;
}

void takeWorst(const Expression* comparison, const promql::Vector& elements,
               ConditionReading& reading) {
    if (elements.empty() || comparison == nullptr)
        return;
    const auto worst =
        isBelow(comparison->binary)   ? std::max_element(elements.begin(), elements.end(), isMore)
        : isAbove(comparison->binary) ? std::max_element(elements.begin(), elements.end(), isLess)
                                      : elements.begin();
    reading.value = worst->value;
    reading.labels = worst->labels;
    promql::dropMetricName(reading.labels);
}

}  // namespace

ConditionReading readCondition(const promql::Expression& condition,
                               const promql::SeriesSource& source, promql::Millis now) {
    ConditionReading reading;
    const auto failed = [&reading](const Error& error) {
        reading.state = ConditionState::Failed;
        reading.detail = error.message;
        return reading;
    };
    const Expression* comparison = comparisonOf(condition);
    const Result<promql::Value> holding = promql::evaluate(condition, source, now);
    if (!holding)
        return failed(holding.error());
    reading.elements = holding->vector.size();
    if (reading.elements > 0) {
        reading.state = ConditionState::True;
        takeWorst(comparison, holding->vector, reading);
        return reading;
    }
    const std::vector<std::string> missing = promql::missingSeries(condition, source, now);
    if (!missing.empty()) {
        reading.state = ConditionState::Absent;
        reading.detail = fmt::format("no data of {}", fmt::join(missing, ", "));
        return reading;
    }
    reading.state = ConditionState::False;
    if (comparison == nullptr)
        return reading;
    const Result<promql::Value> compared = promql::evaluate(*comparison->operands[0], source, now);
    if (!compared)
        return failed(compared.error());
    if (compared->vector.empty()) {
        // All series are there, and none of them find each other.
        reading.state = ConditionState::Absent;
        reading.detail = "its series have no labels in common";
    }
    takeWorst(comparison, compared->vector, reading);
    return reading;
}

std::string thresholdOf(const promql::Expression& condition) {
    static constexpr std::array<std::string_view, 6> kWords{"==", "!=", "<", ">", "<=", ">="};
    const Expression* comparison = comparisonOf(condition);
    if (comparison == nullptr)
        return {};
    const Expression* right = comparison->operands[1].get();
    double sign = 1;
    while (right->kind == Expression::Kind::Negation) {
        right = right->operands[0].get();
        sign = -sign;
    }
    if (right->kind != Expression::Kind::Number)
        return {};
    const auto word =
        static_cast<std::size_t>(comparison->binary) - static_cast<std::size_t>(BinaryOp::Equal);
    return fmt::format("{} {}", kWords[word], promql::formatNumber(sign * right->number));
}

std::string describe(const ConditionReading& reading) {
    std::string text =
        std::isnan(reading.value) ? std::string("it holds") : fmt::format("{:.6g}", reading.value);
    if (!reading.labels.empty())
        text += " " + promql::text(reading.labels);
    if (reading.elements > 1)
        text += fmt::format(", and {} more", reading.elements - 1);
    return text;
}

}  // namespace levee
