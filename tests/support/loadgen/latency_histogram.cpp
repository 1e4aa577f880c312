// SPDX-License-Identifier: Apache-2.0
#include "tests/support/loadgen/latency_histogram.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace levee::loadgen {

void LatencyHistogram::record(Duration latency) {
    latency = std::max(latency, Duration::zero());
    const auto micros = static_cast<std::uint64_t>(
        std::chrono::duration_cast<std::chrono::microseconds>(latency).count());
    ++buckets_[bucketOf(micros)];
    ++count_;
    sumNanos_ += static_cast<double>(latency.count());
    min_ = std::min(min_, latency);
    max_ = std::max(max_, latency);
}

void LatencyHistogram::clear() {
    if (count_ > 0)
        *this = LatencyHistogram();
}

Duration LatencyHistogram::mean() const {
    return count_ == 0 ? Duration::zero()
                       : Duration(std::llround(sumNanos_ / static_cast<double>(count_)));
}

Duration LatencyHistogram::quantile(double q) const {
    if (count_ == 0)
        return Duration::zero();
    const auto rank = std::clamp<std::uint64_t>(
        static_cast<std::uint64_t>(std::ceil(q * static_cast<double>(count_))), 1, count_);
    std::uint64_t seen = 0;
    for (std::size_t bucket = 0; bucket < kBuckets; ++bucket) {
        seen += buckets_[bucket];
        if (seen >= rank) {
            const Duration middle =
                std::chrono::microseconds(static_cast<std::int64_t>(middleOf(bucket)));
            return std::clamp(middle, min_, max_);
        }
    }
    return max_;
}

// Below 128 us a bucket is one microsecond; above, the seven leading bits choose it.
std::size_t LatencyHistogram::bucketOf(std::uint64_t micros) {
    const int width = std::bit_width(micros);
    if (width <= kSubBits + 1)
        return static_cast<std::size_t>(micros);
    const int shift = width - kSubBits - 1;
    const auto bucket = (static_cast<std::uint64_t>(shift) << kSubBits) + (micros >> shift);
    return std::min<std::size_t>(bucket, kBuckets - 1);
}

std::uint64_t LatencyHistogram::middleOf(std::size_t bucket) {
    if (bucket < (std::size_t{2} << kSubBits))
        return bucket;
    const std::uint64_t shift = (bucket >> kSubBits) - 1;
    const std::uint64_t mantissa = bucket - (shift << kSubBits);
    return (mantissa << shift) + ((std::uint64_t{1} << shift) >> 1);
}

}  // namespace levee::loadgen
