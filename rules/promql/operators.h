// SPDX-License-Identifier: Apache-2.0
// The binary operators: on two numbers, and on two vectors whose elements are matched by labels.
#pragma once

#include <optional>

#include "rules/promql/value.h"
#include "shared/base/result.h"

namespace levee::promql {

/// Arithmetic gives a number. A comparison gives its left side where it holds, else nothing.
/// REQUIRES: no set operator.
std::optional<double> apply(BinaryOp op, double left, double right);

/// A vector and a scalar. A comparison keeps the vector's value on whichever side it stands.
Vector applyToEach(const Expression& binary, Vector vector, double scalar, bool isScalarLeft);

/// Two vectors, set operators included. An Error when a group of matching labels has several
/// elements on the side that must have one.
Result<Vector> applyMatched(const Expression& binary, Vector left, Vector right);

}  // namespace levee::promql
