// SPDX-License-Identifier: Apache-2.0
#include "shared/stats/atomic_histogram.h"

#include <algorithm>
#include <cmath>

namespace levee::stats {
namespace {

/// The next double above kLowest: the smallest value of the first bucket.
constexpr double kSmallest = 0x1.0000000000001p-20;
constexpr std::int32_t kFirst = -20 * (1 << Histogram::kMaxScale);  ///< index of the first bucket

/// Inside the bucket, so that Histogram files it there again; see Histogram::quantile().
double middle(std::size_t bucket) {
    const auto index = kFirst + static_cast<std::int32_t>(bucket);
    const double low = Histogram::lowerBound(index, Histogram::kMaxScale);
    const double high = Histogram::lowerBound(index + 1, Histogram::kMaxScale);
    return 2 * low * high / (low + high);
}

}  // namespace

void AtomicHistogram::record(double value) {
    if (!std::isfinite(value)) {
        return;
    }
    const double inside = std::clamp(value, kSmallest, kHighest);
    const auto bucket = Histogram::indexOf(inside, Histogram::kMaxScale) - kFirst;
    counts_[static_cast<std::size_t>(bucket)].fetch_add(1, std::memory_order_relaxed);
}

std::uint64_t AtomicHistogram::count() const {
    std::uint64_t sum = 0;
    for (const auto& count : counts_) {
        sum += count.load(std::memory_order_relaxed);
    }
    return sum;
}

Histogram AtomicHistogram::drain() {
    Histogram taken;
    for (std::size_t i = 0; i < kBuckets; ++i) {
        // Most are empty, and reading is cheaper than exchanging.
        if (counts_[i].load(std::memory_order_relaxed) > 0) {
            taken.record(middle(i), counts_[i].exchange(0, std::memory_order_relaxed));
        }
    }
    return taken;
}

}  // namespace levee::stats
