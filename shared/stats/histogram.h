// SPDX-License-Identifier: Apache-2.0
// A base-2 exponential histogram as OpenTelemetry defines it: at scale s the base is 2^(2^-s) and
// bucket i holds (base^i, base^(i+1)], so the upper bound belongs to the bucket. Two histograms
// merge exactly: a coarser scale's bucket is the union of whole buckets of the finer one.
//
// Resolution: it starts at scale 5, where a quantile is within 1.083 % of the true value. When the
// values span more than kBuckets buckets (three decades at scale 5), neighbouring buckets are
// joined and the scale falls by one; relativeError() states the error that holds now.
// Memory: fixed, about 2.6 kB. Recording: no logarithm, no allocation.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "shared/base/result.h"

namespace levee::stats {

/// All of a histogram as plain values, for the wire and for files. counts[k] is bucket offset + k.
struct HistogramParts {
    int scale = 5;
    std::int32_t offset = 0;
    std::vector<std::uint64_t> counts;
    std::uint64_t zeroCount = 0;
    double sum = 0;
    double min = 0;  ///< read only when there is a value
    double max = 0;
};

/// Distribution of durations in seconds (or of any other non-negative quantity). Values of zero or
/// less fall into the zero bucket; NaN and infinities are counted in rejected() and nowhere else.
/// A value type; not thread-safe.
class Histogram {
public:
    static constexpr int kMaxScale = 5;
    static constexpr int kMinScale = -3;  ///< here 320 buckets hold every finite double
    static constexpr std::int32_t kBuckets = 320;

    void record(double value, std::uint64_t count = 1);
    /// Adds the other's values. The result has the coarser scale of the two, or less if need be.
    void merge(const Histogram& other);
    void clear() { *this = Histogram(); }

    bool isEmpty() const { return count_ == 0; }
    std::uint64_t count() const { return count_; }
    std::uint64_t zeroCount() const { return zero_; }
    std::uint64_t rejected() const { return rejected_; }
    double sum() const { return sum_; }
    double mean() const;  ///< NaN when empty
    double min() const;   ///< exact; NaN when empty
    double max() const;   ///< exact; NaN when empty
    /// Of the population, from the buckets; 0 when empty.
    double variance() const;

    /// The value at rank q * (count - 1): within relativeError() of the true one, exact at q <= 0
    /// and q >= 1. NaN when empty or q is NaN.
    double quantile(double q) const;
    /// The same, as if the values of a bucket were spread evenly over it: usually much closer, at
    /// worst off by the width of the bucket, twice relativeError(). To compare quantiles by.
    double interpolatedQuantile(double q) const;
    /// Share of values above the threshold, 0 to 1, exact when it is a bucket bound. 0 when empty.
    double shareAbove(double threshold) const;

    int scale() const { return scale_; }
    double relativeError() const;

    /// Calls visit(lowerBound, upperBound, count) for each populated bucket, lowest first; the
    /// zero bucket is not among them.
    template <typename Visit>
    void forEachBucket(Visit visit) const {
        for (std::int64_t i = low_; i <= high_; ++i) {
            const auto index = static_cast<std::int32_t>(i);
            if (const std::uint64_t n = counts_[slot(index)]; n > 0) {
                visit(lowerBound(index, scale_), lowerBound(index + 1, scale_), n);
            }
        }
    }

    HistogramParts parts() const;
    /// Invalid: a scale outside -10 to 20, counts that overflow, a sum, min or max that is not
    /// finite or contradicts the counts, indexes outside the range of a double. Any number of
    /// buckets up to 65,536 and any scale is accepted and made coarser as needed.
    static Result<Histogram> fromParts(const HistogramParts& parts);

    /// Index of the bucket that holds the value at the scale (-10 to 5). REQUIRES: finite, > 0.
    static std::int32_t indexOf(double value, int scale);
    /// base^index, the exclusive lower bound of bucket `index`.
    static double lowerBound(std::int32_t index, int scale);

private:
    static std::size_t slot(std::int32_t index) {
        const std::int32_t m = index % kBuckets;
        return static_cast<std::size_t>(m < 0 ? m + kBuckets : m);
    }
    void addToBucket(std::int32_t index, std::uint64_t count);
    void coarsen(int steps);
    double clampedMiddle(std::int32_t index) const;

    int scale_ = kMaxScale;
    std::int32_t low_ = 0;    ///< lowest populated bucket
    std::int32_t high_ = -1;  ///< highest populated bucket; below low_ when there is none
    std::uint64_t count_ = 0;
    std::uint64_t zero_ = 0;
    std::uint64_t rejected_ = 0;
    double sum_ = 0;
    double min_ = 0;
    double max_ = 0;
    std::array<std::uint64_t, kBuckets> counts_{};  ///< a ring: bucket i is at slot(i)
};

}  // namespace levee::stats
