// SPDX-License-Identifier: Apache-2.0
// Sentinel's system rule. Formula: alibaba/Sentinel, slots/system/SystemRuleManager.java with
// slots/statistic/metric/ArrayMetric.java. A request is refused when more than one, and more than
//
//   (most successes per second) * (least latency)
//
// are in flight already, both over the last second in two buckets: the rate is twice that of the
// fuller bucket, the latency that of the single fastest request, 1 ms at least; 1 success and 5 s
// where there was none. As a limit that is the product truncated, plus one, and at least 2.
//
// In Sentinel this applies while the load average is above a threshold. Here it always does: this
// kind exists to compare with, rules cannot ask for it.
//
// How it fails: the fastest request is faster than the mean, so the product lies below what the
// service is doing, the limit lowers the rate, and the rate the next limit. With any spread of the
// service times it collapses to 2. The load average (one minute) that arms and disarms it comes
// late both ways.
//
// Different here: windows belong to the bucket that their middle lies in. Failures count as
// successes there as well, but have no latency here.
#pragma once

#include <array>
#include <cstdint>

#include "shared/guard/published_limit.h"

namespace levee {

/// Confined to one thread.
class SentinelBbrLimit final : public PublishedLimit {
public:
    explicit SentinelBbrLimit(const LimiterSettings& settings);

    LimitMemory save() const override { return {}; }
    void restore(const LimitMemory&) override {}

private:
    struct Bucket {
        std::int64_t number = -1;  ///< counted in half seconds
        double successes = 0;
        double leastLatency = 5;  ///< seconds
    };

    void update(const WindowSample& sample, MonotonicTime now) override;

    std::array<Bucket, 2> buckets_;  ///< by number, modulo
};

}  // namespace levee
