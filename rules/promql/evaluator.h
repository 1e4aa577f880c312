// SPDX-License-Identifier: Apache-2.0
// The value of an expression at one time. Pure: series and time are arguments.
//
// Answers what Prometheus 2 answers to an instant query: windows are closed at both ends, an
// instant selector looks back five minutes, a series that ended with a stale marker has no value.
#pragma once

#include "rules/promql/series_source.h"
#include "rules/promql/value.h"
#include "shared/base/result.h"

namespace levee::promql {

/// Bounds of one evaluation. Beyond one of them it is an Error, not a part of the answer.
struct EvaluationLimits {
    std::size_t series = 20'000;      ///< read by all selectors together
    std::size_t samples = 1'000'000;  ///< of these series
};

/// An Error says LINE:COLUMN and what: a bound, vectors that do not match one to one, equal labels
/// in a result, a bad label name. Exhausted for a bound, else Invalid.
Result<Value> evaluate(const Expression& expression, const SeriesSource& source, Millis now,
                       const EvaluationLimits& limits = {});

}  // namespace levee::promql
