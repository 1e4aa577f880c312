// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "rules/promql/series_source.h"

namespace levee::promql {

/// The samples of one series in [from, to], without stale markers, and what stands beside them.
struct Window {
    std::span<const Sample> samples;  ///< at least one
    Millis from = 0;
    Millis to = 0;
    Millis now = 0;        ///< of the evaluation: `to` without the offset
    double parameter = 0;  ///< of quantile_over_time and predict_linear
};

/// None: the series has no answer.
using RangeFunction = std::optional<double> (*)(const Window&);

/// The function over a range vector of that name, null for every other. absent_over_time is none:
/// it answers for series that are not there. Formulas: Prometheus 2.42, promql/functions.go.
RangeFunction findRangeFunction(std::string_view name);

}  // namespace levee::promql
