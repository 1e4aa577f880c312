// SPDX-License-Identifier: Apache-2.0
#include "rules/promql/type_check.h"

#include <algorithm>

#include "rules/promql/functions.h"

namespace levee::promql {
namespace {

using Kind = Expression::Kind;

std::string ordinal(std::size_t n) {
    return std::to_string(n) + (n == 1 ? "st" : n == 2 ? "nd" : n == 3 ? "rd" : "th");
}

class TypeCheck {
public:
    explicit TypeCheck(Diagnostics& diagnostics) : diagnostics_(diagnostics) {}

    void check(Expression& e) {
        for (const auto& operand : e.operands)
            check(*operand);
        switch (e.kind) {
            case Kind::Number:
                e.type = ValueType::Scalar;
                break;
            case Kind::String:
                e.type = ValueType::String;
                break;
            case Kind::Selector:
                e.type = e.selector.range > 0 ? ValueType::Range : ValueType::Vector;
                break;
            case Kind::Negation:
                expectNumbers(*e.operands[0], "unary -");
                e.type = e.operands[0]->type;
                break;
            case Kind::Binary:
                checkBinary(e);
                break;
            case Kind::Aggregation:
                checkAggregation(e);
                break;
            case Kind::Call:
                checkCall(e);
                break;
        }
    }

private:
    void error(const SourcePlace& place, const std::string& message) {
        diagnostics_.push_back({Severity::Error, "type", message, place});
    }

    static std::string hint(ValueType wanted, ValueType found) {
        if (wanted == ValueType::Range && found == ValueType::Vector)
            return "; write a range behind a selector, such as [1m]";
        if (found == ValueType::Range)
            return "; wrap it in a function such as rate() or avg_over_time()";
        if (wanted == ValueType::Vector && found == ValueType::Scalar)
            return "; vector() makes one of a scalar";
        if (wanted == ValueType::Scalar && found == ValueType::Vector)
            return "; scalar() makes one of a vector with one element";
        return "";
    }

    void expect(Expression& operand, ValueType wanted, const std::string& whose) {
        if (operand.type == wanted)
            return;
        error(operand.place, whose + " must be " + std::string(name(wanted)) + ", and this is " +
                                 std::string(name(operand.type)) + hint(wanted, operand.type));
        operand.type = wanted;
    }

    void expectNumbers(Expression& operand, const std::string& what) {
        if (operand.type == ValueType::Scalar || operand.type == ValueType::Vector)
            return;
        error(operand.place, what + " works on scalars and instant vectors, and this is " +
                                 std::string(name(operand.type)) +
                                 hint(ValueType::Vector, operand.type));
        operand.type = ValueType::Vector;
    }

    void checkBinary(Expression& e) {
        Expression& left = *e.operands[0];
        Expression& right = *e.operands[1];
        expectNumbers(left, "a binary operator");
        expectNumbers(right, "a binary operator");
        const bool isVectors = left.type == ValueType::Vector && right.type == ValueType::Vector;
        const bool isScalars = left.type == ValueType::Scalar && right.type == ValueType::Scalar;
        e.type = isScalars ? ValueType::Scalar : ValueType::Vector;
        if (isSetOperator(e.binary)) {
            if (!isVectors)
                error(e.place,
                      "and, or and unless work on two instant vectors; vector() makes one "
                      "of a scalar");
        } else if (isComparison(e.binary) && isScalars && !e.returnsBool) {
            error(e.place, "a comparison of two scalars needs bool: 1 == bool 2");
        }
        checkMatching(e, isVectors);
    }

    void checkMatching(const Expression& e, bool isVectors) {
        const VectorMatching& matching = e.matching;
        const bool isGrouped = matching.cardinality != VectorMatching::Cardinality::OneToOne;
        if (!matching.isWritten)
            return;
        if (!isVectors && !isSetOperator(e.binary))
            error(e.place,
                  "on() and ignoring() match two instant vectors, and one side is a scalar");
        if (isSetOperator(e.binary) && isGrouped)
            error(e.place, "group_left and group_right have no meaning with and, or and unless");
        for (const std::string& label : matching.include) {
            if (matching.isOn && std::find(matching.labels.begin(), matching.labels.end(), label) !=
                                     matching.labels.end())
                error(e.place, "label '" + label +
                                   "' stands in on() and in group_left/group_right; "
                                   "it is equal on both sides, leave it out of the latter");
        }
    }

    void checkAggregation(Expression& e) {
        e.type = ValueType::Vector;
        const bool takesText = e.aggregate == AggregateOp::CountValues;
        if (e.operands.size() == 2)
            expect(*e.operands[0], takesText ? ValueType::String : ValueType::Scalar,
                   "the parameter of this aggregation");
        if (e.operands.size() == 2 && takesText && e.operands[0]->kind == Kind::String &&
            !isLabelName(e.operands[0]->string))
            error(e.operands[0]->place, "'" + e.operands[0]->string + "' is no label name");
        expect(*e.operands.back(), ValueType::Vector, "what an aggregation works on");
    }

    void checkCall(Expression& e) {
        if (e.function == nullptr) {  // reported by the parser
            e.type = ValueType::Vector;
            return;
        }
        const Function& f = *e.function;
        e.type = f.result;
        const std::size_t most = f.arguments.size();
        const std::size_t least = most - f.optional - (f.isVariadic ? 1 : 0);
        if (e.operands.size() < least || (e.operands.size() > most && !f.isVariadic)) {
            const std::string count = f.isVariadic ? "at least " + std::to_string(least)
                                      : f.optional > 0
                                          ? std::to_string(least) + " to " + std::to_string(most)
                                          : std::to_string(most);
            error(e.place, std::string(f.name) + "() takes " + count +
                               (count == "1" ? " argument" : " arguments") + ", not " +
                               std::to_string(e.operands.size()));
            return;
        }
        for (std::size_t i = 0; i < e.operands.size(); ++i)
            expect(*e.operands[i], f.arguments[std::min(i, most - 1)],
                   "the " + ordinal(i + 1) + " argument of " + std::string(f.name) + "()");
        checkLabels(e);
    }

    /// The label names and the expression of label_replace() and label_join() are literals.
    void checkLabels(const Expression& e) {
        const bool isReplace = e.function->name == "label_replace";
        if (!isReplace && e.function->name != "label_join")
            return;
        for (std::size_t i = 1; i < e.operands.size(); ++i) {
            const Expression& argument = *e.operands[i];
            const bool isName = isReplace ? i == 1 : i != 2;
            if (argument.kind == Kind::String && isName && !isLabelName(argument.string))
                error(argument.place, "'" + argument.string + "' is no label name");
        }
        if (isReplace && e.operands[4]->kind == Kind::String) {
            const auto regex = compileRegex(e.operands[4]->string);
            if (!regex)
                error(e.operands[4]->place, regex.error().message);
        }
    }

    Diagnostics& diagnostics_;
};

}  // namespace

void checkTypes(Expression& expression, Diagnostics& diagnostics) {
    TypeCheck check(diagnostics);
    check.check(expression);
    if (expression.type == ValueType::Range || expression.type == ValueType::String)
        diagnostics.push_back(
            {Severity::Error, "type",
             "an expression must give a scalar or an instant vector, and this gives " +
                 std::string(name(expression.type)) +
                 (expression.type == ValueType::Range
                      ? "; wrap it in a function such as rate() or avg_over_time()"
                      : ""),
             expression.place});
}

}  // namespace levee::promql
