// SPDX-License-Identifier: Apache-2.0
#include "rules/promql/operators.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

namespace levee::promql {
namespace {

using Cardinality = VectorMatching::Cardinality;

bool holds(BinaryOp op, double left, double right) {
    switch (op) {
        case BinaryOp::Equal:
            return left == right;
        case BinaryOp::NotEqual:
            return left != right;
        case BinaryOp::Less:
            return left < right;
        case BinaryOp::Greater:
            return left > right;
        case BinaryOp::LessOrEqual:
            return left <= right;
        default:
            return left >= right;
    }
}

double calculate(BinaryOp op, double left, double right) {
    switch (op) {
        case BinaryOp::Add:
            return left + right;
        case BinaryOp::Subtract:
            return left - right;
        case BinaryOp::Multiply:
            return left * right;
        case BinaryOp::Divide:
            return left / right;
        case BinaryOp::Modulo:
            return std::fmod(left, right);
        default:
            return std::pow(left, right);
    }
}

Labels group(const Element& element, const VectorMatching& matching) {
    return matching.isOn ? onlyLabels(element.labels, matching.labels)
                         : withoutLabels(element.labels, matching.labels);
}

/// The value of the pair, if there is one.
std::optional<double> pairValue(const Expression& binary, double left, double right) {
    const std::optional<double> value = apply(binary.binary, left, right);
    return binary.returnsBool ? std::optional(value ? 1.0 : 0.0) : value;
}

Labels resultLabels(const Expression& binary, const Labels& many, const Labels& one) {
    const VectorMatching& matching = binary.matching;
    Labels labels = many;
    if (!isComparison(binary.binary) || binary.returnsBool)
        dropMetricName(labels);
    if (matching.cardinality == Cardinality::OneToOne) {
        if (matching.isOn)
            return onlyLabels(labels, matching.labels);
        for (const std::string& name : matching.labels)
            setLabel(labels, name, "");
    }
    for (const std::string& name : matching.include)
        setLabel(labels, name, labelValue(one, name));
    return labels;
}

Error severalOnOneSide(const Expression& binary, const Labels& match, const Element& a,
                       const Element& b) {
    const bool isLeft = binary.matching.cardinality == Cardinality::OneToMany;
    return {"several series of the match group " + text(match) + " on the " +
                (isLeft ? "left" : "right") + " side, among them " + text(a.labels) + " and " +
                text(b.labels) + "; add labels to on(), or aggregate that side first",
            ErrorKind::Invalid};
}

Vector setOperation(const Expression& binary, Vector left, Vector right) {
    std::set<Labels> groups;
    const bool isOr = binary.binary == BinaryOp::Or;
    for (const Element& element : isOr ? left : right)
        groups.insert(group(element, binary.matching));
    const auto isIn = [&](const Element& element) {
        return groups.contains(group(element, binary.matching));
    };
    if (isOr) {
        for (Element& element : right) {
            if (!isIn(element))
                left.push_back(std::move(element));
        }
        return left;
    }
    const bool keepsMatched = binary.binary == BinaryOp::And;
    std::erase_if(left, [&](const Element& element) { return isIn(element) != keepsMatched; });
    return left;
}

}  // namespace

std::optional<double> apply(BinaryOp op, double left, double right) {
    if (!isComparison(op))
        return calculate(op, left, right);
    return holds(op, left, right) ? std::optional(left) : std::nullopt;
}

Vector applyToEach(const Expression& binary, Vector vector, double scalar, bool isScalarLeft) {
    Vector result;
    for (Element& element : vector) {
        std::optional<double> value = isScalarLeft ? pairValue(binary, scalar, element.value)
                                                   : pairValue(binary, element.value, scalar);
        if (!value)
            continue;
        if (!isComparison(binary.binary) || binary.returnsBool)
            dropMetricName(element.labels);
        else
            value = element.value;
        result.push_back({std::move(element.labels), *value, element.at});
    }
    return result;
}

Result<Vector> applyMatched(const Expression& binary, Vector left, Vector right) {
    if (isSetOperator(binary.binary))
        return setOperation(binary, std::move(left), std::move(right));
    const VectorMatching& matching = binary.matching;
    const bool isSwapped = matching.cardinality == Cardinality::OneToMany;
    const Vector& many = isSwapped ? right : left;
    const Vector& one = isSwapped ? left : right;
    if (many.empty() || one.empty())
        return Vector();
    std::map<Labels, const Element*> ones;
    for (const Element& element : one) {
        Labels match = group(element, matching);
        const auto [at, isNew] = ones.emplace(std::move(match), &element);
        if (!isNew)
            return severalOnOneSide(binary, at->first, *at->second, element);
    }
    Vector result;
    std::set<Labels> matched;  ///< groups one to one, else results
    for (const Element& element : many) {
        const auto partner = ones.find(group(element, matching));
        if (partner == ones.end())
            continue;
        const double other = partner->second->value;
        const std::optional<double> value = isSwapped ? pairValue(binary, other, element.value)
                                                      : pairValue(binary, element.value, other);
        if (!value)
            continue;
        Labels labels = resultLabels(binary, element.labels, partner->second->labels);
        const bool isOneToOne = matching.cardinality == Cardinality::OneToOne;
        if (!matched.insert(isOneToOne ? partner->first : labels).second)
            return Error{isOneToOne ? "several series of the match group " + text(partner->first) +
                                          " on the left side; many to one is written with "
                                          "group_left or group_right"
                                    : "two results would have the labels " + text(labels) +
                                          "; the labels of group_left or group_right must keep "
                                          "them apart",
                         ErrorKind::Invalid};
        result.push_back({std::move(labels), *value, element.at});
    }
    return result;
}

}  // namespace levee::promql
