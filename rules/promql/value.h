// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "rules/promql/expression.h"

namespace levee::promql {

/// One element of an instant vector.
struct Element {
    Labels labels;
    double value = 0;
    Millis at = 0;  ///< of the sample; of the evaluation once something was computed
};
using Vector = std::vector<Element>;

/// What an expression gives: a scalar, or an instant vector without two equal sets of labels.
struct Value {
    ValueType type = ValueType::Vector;
    double scalar = 0;
    Vector vector;
};

}  // namespace levee::promql
