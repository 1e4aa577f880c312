// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

namespace levee::promql {

/// PromQL's quantile of plain values: linear between the two nearest ranks of q * (n - 1); NaN
/// counts as the smallest. NaN without values or for q NaN; -Inf below 0, +Inf above 1.
double quantile(double q, std::vector<double> values);

}  // namespace levee::promql
