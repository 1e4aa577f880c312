// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "rules/promql/value.h"

namespace levee::promql {

/// One result a group (topk and bottomk: elements of it, the best first; count_values: one a
/// value), groups in the order of their labels. `parameter` is that of topk, bottomk (REQUIRES:
/// finite) and quantile, `label` that of count_values. Formulas: Prometheus 2.42,
/// promql/engine.go.
Vector aggregate(const Expression& aggregation, const Vector& input, double parameter,
                 const std::string& label);

}  // namespace levee::promql
