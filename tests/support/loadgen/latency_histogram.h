// SPDX-License-Identifier: Apache-2.0
// Latencies in logarithmic buckets: fixed memory, quantiles within 1 % of the true value.
#pragma once

#include <array>
#include <cstdint>

#include "shared/base/time.h"

namespace levee::loadgen {

/// From one microsecond to about 70 minutes, in steps of 1/64 of a power of two. Values outside are
/// counted in the first or last bucket; min and max stay exact. 14 kB. Confined to one thread.
class LatencyHistogram {
public:
    void record(Duration latency);
    void clear();

    std::uint64_t count() const { return count_; }
    /// Zero without a value.
    Duration min() const { return count_ == 0 ? Duration::zero() : min_; }
    Duration max() const { return max_; }
    Duration mean() const;
    /// The value that a share `q` of all values does not exceed. REQUIRES: 0 <= q <= 1. Zero
    /// without a value.
    Duration quantile(double q) const;

private:
    static constexpr int kSubBits = 6;
    static constexpr std::size_t kBuckets = (32 - kSubBits + 1) << kSubBits;

    static std::size_t bucketOf(std::uint64_t micros);
    static std::uint64_t middleOf(std::size_t bucket);

    std::array<std::uint64_t, kBuckets> buckets_{};
    std::uint64_t count_ = 0;
    double sumNanos_ = 0;
    Duration min_ = Duration::max();
    Duration max_ = Duration::zero();
};

}  // namespace levee::loadgen
