// SPDX-License-Identifier: Apache-2.0
// A PromQL expression as a tree. Made by parser.h with all types checked; immutable afterwards.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "rules/promql/matcher.h"
#include "shared/base/diagnostic.h"

namespace levee::promql {

/// Times and ranges: milliseconds, as in Prometheus; times since the Unix epoch.
using Millis = std::int64_t;

/// An instant selector sees samples that are at most so old, both ends included.
constexpr Millis kLookback = 5 * 60 * 1000;

enum class ValueType { Scalar, Vector, Range, String };
/// "a scalar", "an instant vector", "a range vector", "a string"
std::string_view name(ValueType type);

/// name{label="value"}[range] offset offset
struct Selector {
    std::vector<Matcher> matchers;
    Millis range = 0;  ///< 0: an instant selector
    Millis offset = 0;

    /// How far before the time of the evaluation it reads.
    Millis reach() const { return offset + (range > 0 ? range : kLookback); }
};

enum class BinaryOp {
    Add,
    Subtract,
    Multiply,
    Divide,
    Modulo,
    Power,
    Equal,
    NotEqual,
    Less,
    Greater,
    LessOrEqual,
    GreaterOrEqual,
    And,
    Or,
    Unless,
};
inline bool isComparison(BinaryOp op) {
    return op >= BinaryOp::Equal && op <= BinaryOp::GreaterOrEqual;
}
inline bool isSetOperator(BinaryOp op) {
    return op >= BinaryOp::And;
}

/// How the elements of two vectors find each other.
struct VectorMatching {
    enum class Cardinality { OneToOne, ManyToOne, OneToMany };
    bool isWritten = false;  ///< on(...) or ignoring(...) stands there
    bool isOn = false;       ///< compare these labels only; else all but these
    std::vector<std::string> labels;
    Cardinality cardinality = Cardinality::OneToOne;
    std::vector<std::string> include;  ///< labels that group_left/group_right takes over
};

enum class AggregateOp {
    Sum,
    Avg,
    Min,
    Max,
    Count,
    Group,
    Stddev,
    Stdvar,
    Topk,
    Bottomk,
    Quantile,
    CountValues,
};

struct Grouping {
    bool isWithout = false;
    std::vector<std::string> labels;
};

struct Function;

/// One node. Which members count depends on the kind.
struct Expression {
    enum class Kind { Number, String, Selector, Negation, Binary, Aggregation, Call };

    Kind kind = Kind::Number;
    ValueType type = ValueType::Scalar;
    SourcePlace place;
    int depth = 1;  ///< nodes on the longest way down

    double number = 0;
    std::string string;
    Selector selector;
    BinaryOp binary = BinaryOp::Add;
    bool returnsBool = false;
    VectorMatching matching;
    AggregateOp aggregate = AggregateOp::Sum;
    Grouping grouping;
    const Function* function = nullptr;  ///< null after a mistake only
    /// Binary: left, right. Aggregation: its parameter, if it has one, then the vector. Call: the
    /// arguments. Negation: one.
    std::vector<std::unique_ptr<Expression>> operands;
};

}  // namespace levee::promql
