// SPDX-License-Identifier: Apache-2.0
// TCP Vegas for requests. Formula and defaults: Netflix/concurrency-limits, limit/VegasLimit.java
// inside limit/WindowedLimit.java (windows of 1 s with 10 samples or more; the sample is the
// window's mean latency). With the lowest latency so far as the baseline and
//
//   queue = ceil(limit * (1 - baseline / latency))       step = log10(limit), whole, at least 1
//
//   limit - step        something timed out
//   as it is            2 * in flight < limit
//   limit + 6 * step    queue <= step
//   limit + step        queue < 3 * step
//   limit - step        queue > 6 * step
//
// from 20, within 1 to 1,000. After jitter * 30 * limit samples, jitter drawn from 0.5 to 1 each
// time, the baseline is replaced by the sample of that moment.
//
// How it fails: that replacement takes whatever is going on then for unloaded. Under a standing
// overload each one moves the baseline, and with it the limit, further up; it never comes down
// again as long as the overload lasts. From a low limit it climbs slowly.
//
// Different here: answers below 100 us are dropped one by one in the original, here with their
// window when its mean is below. The chance is seeded, so two runs are the same.
#pragma once

#include "shared/base/random.h"
#include "shared/guard/published_limit.h"
#include "shared/guard/sample_window.h"

namespace levee {

/// Confined to one thread.
class VegasLimit final : public PublishedLimit {
public:
    explicit VegasLimit(const LimiterSettings& settings);

private:
    void update(const WindowSample& sample, MonotonicTime now) override;
    void judge(double latency, std::uint32_t inFlight, bool timedOut);
    void drawJitter() { jitter_ = 0.5 + 0.5 * random_.uniform(); }

    SampleWindow window_;
    Random random_;
    double jitter_ = 1;
    double sinceProbe_ = 0;  ///< samples
    double baseline_ = 0;    ///< seconds; 0: not known
};

}  // namespace levee
