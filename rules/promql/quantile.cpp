// SPDX-License-Identifier: Apache-2.0
#include "rules/promql/quantile.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace levee::promql {

double quantile(double q, std::vector<double> values) {
    if (values.empty() || std::isnan(q))
        return std::numeric_limits<double>::quiet_NaN();
    if (q < 0 || q > 1)
        return q < 0 ? -std::numeric_limits<double>::infinity()
                     : std::numeric_limits<double>::infinity();
    std::sort(values.begin(), values.end(),
              [](double a, double b) { return std::isnan(a) ? !std::isnan(b) : a < b; });
    const double last = static_cast<double>(values.size() - 1);
    const double rank = q * last;
    const double lower = std::max(0.0, std::floor(rank));
    const double upper = std::min(last, lower + 1);
    const double weight = rank - std::floor(rank);
    return values[static_cast<std::size_t>(lower)] * (1 - weight) +
           values[static_cast<std::size_t>(upper)] * weight;
}

}  // namespace levee::promql
