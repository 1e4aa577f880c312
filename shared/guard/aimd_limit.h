// SPDX-License-Identifier: Apache-2.0
// Additive increase, multiplicative decrease. Formula and defaults: Netflix/concurrency-limits,
// limit/AIMDLimit.java. For each answer:
//
//   limit <- 0.9 * limit, truncated   a timeout, or slower than 5 s
//   limit <- limit + 1                otherwise, while 2 * in flight >= limit
//
// from 20, within 20 to 200.
//
// How it fails: no latency below five seconds ever lowers it, so under any overload that does not
// time out it is at 200 as soon as that many requests were answered, and all of the queue that 200
// in flight make stays at the service.
//
// Different here: the order of a window's answers is lost, so its increases come before its
// decreases; "in flight" is the window's mean. Failures, of which a window has no latencies,
// are left out; in the original that is up to whoever reports them.
#pragma once

#include "shared/guard/published_limit.h"

namespace levee {

/// Confined to one thread.
class AimdLimit final : public PublishedLimit {
public:
    explicit AimdLimit(const LimiterSettings& settings);

private:
    void update(const WindowSample& sample, MonotonicTime now) override;
};

}  // namespace levee
