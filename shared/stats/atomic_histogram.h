// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <atomic>
#include <cstdint>

#include "shared/stats/histogram.h"

namespace levee::stats {

/// A histogram that many threads record into at once: the buckets of Histogram at scale 5, fixed
/// from 2^-20 to 2^12 (durations in seconds: from 0.95 us to 68 minutes), and nothing but a counter
/// for each. Recording is one relaxed increment, so a value is in exactly one drain() as a whole;
/// sum, mean, min and max of what is drained come from the buckets and are within relativeError()
/// of Histogram, 1.083 %. What lies outside the range counts in the first or last bucket.
/// Memory: 8 KiB, never more. Thread-safe.
class AtomicHistogram {
public:
    static constexpr double kLowest = 0x1p-20;  ///< lower bound of the first bucket
    static constexpr double kHighest = 0x1p12;  ///< upper bound of the last bucket

    /// Values that are not finite are ignored.
    void record(double value);
    /// Values recorded since the last drain; about, while others record.
    std::uint64_t count() const;
    /// Takes all values out.
    Histogram drain();

private:
    static constexpr int kOctaves = 32;
    static constexpr std::size_t kBuckets = std::size_t{kOctaves} << Histogram::kMaxScale;

    std::array<std::atomic<std::uint64_t>, kBuckets> counts_{};
};

}  // namespace levee::stats
