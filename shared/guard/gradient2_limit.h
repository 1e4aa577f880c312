// SPDX-License-Identifier: Apache-2.0
// The ratio of long-term to present latency. Formula and defaults: Netflix/concurrency-limits,
// limit/Gradient2Limit.java inside limit/WindowedLimit.java (windows of 1 s with 10 samples or
// more; the sample is the window's mean latency):
//
//   long     <- average of the samples: plain for the first 10, then long + 2/601 (sample - long);
//               where long > 2 * sample, 5 % less for the next time
//   gradient  = 1.5 * long / sample, within 0.5 to 1
//   limit    <- 0.8 * limit + 0.2 * (gradient * limit + 4), unless in flight < limit / 2
//
// from 20, within 20 to 200.
//
// How it fails: the long-term average learns the overload as normal, the gradient rises to 1 and 4
// more are let in each time: at twice the capacity of 20 workers 27 at 10 s have become 200 after
// 20 minutes. Timeouts do not count as such (upstream issue 176), so a steady stream of them is
// just another normal latency (137).
//
// Different here: answers below 100 us are dropped one by one in the original, here with their
// window when its mean is below. What is enforced is the limit rounded, not truncated.
#pragma once

#include "shared/guard/published_limit.h"
#include "shared/guard/sample_window.h"

namespace levee {

/// Confined to one thread.
class Gradient2Limit final : public PublishedLimit {
public:
    explicit Gradient2Limit(const LimiterSettings& settings);

private:
    void update(const WindowSample& sample, MonotonicTime now) override;
    void judge(double latency, std::uint32_t inFlight);
    void addToLongTerm(double latency);

    SampleWindow window_;
    double longTerm_ = 0;  ///< seconds
    int samples_ = 0;      ///< behind longTerm_, counted as long as it is a plain average
};

}  // namespace levee
