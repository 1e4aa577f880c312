// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

namespace levee::stats {

/// One bucket of a Prometheus histogram: how many observations were at most `upperBound` (`le`).
struct ClassicBucket {
    double upperBound = 0;
    double count = 0;  ///< cumulative; a rate as well as a number
};

/// A quantile from buckets and how well it is known. A value.
struct QuantileEstimate {
    double value;  ///< what PromQL's histogram_quantile() answers: linear inside the bucket
    /// The bucket that the quantile lies in, (low, high]: all that the buckets can tell. NaN where
    /// the value is NaN.
    double low;
    double high;
    /// It lies above the last finite bound, which is the value: read "at least". High is infinite.
    bool isSaturated = false;
    /// Counts fell from one bucket to the next, beyond rounding, and were raised to the one before:
    /// the buckets were not read, or not summed, consistently.
    bool wasRaised = false;
};

/// PromQL's histogram_quantile() over classic buckets, in any order. Formula: Prometheus,
/// promql/quantile.go. Equal bounds are added up, counts that fall are raised to the one before
/// (relative differences of 1e-12 silently). The first bucket begins at 0 if its bound is above 0;
/// otherwise the bound itself is the answer there.
///
/// NaN: q is NaN, fewer than two different bounds, no observations, no bucket +Inf, a count or
/// bound that is NaN; and for q = 0 with an empty first bucket, as PromQL. q below 0: -Inf, above
/// 1: +Inf. Sum only buckets of one layout: another release of a service may have other bounds.
QuantileEstimate histogramQuantile(double q, std::vector<ClassicBucket> buckets);

}  // namespace levee::stats
