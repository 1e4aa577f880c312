// SPDX-License-Identifier: Apache-2.0
// Adaptive throttling at the client. Source: Google, Site Reliability Engineering (2016), chapter
// "Handling Overload", with its K = 2 and two minutes. With all requests and those that the service
// accepted in the last two minutes, a request is refused with probability
//
//   P = max(0, (requests - K * accepts) / (requests + 1))
//
// Refusals count as requests. There is no limit on the concurrency: it is `maxLimit`; what is
// decided is admitShare, 1 - P.
//
// How it fails: the service still gets K times what it accepts, so it only helps where refusing is
// much cheaper for the service than serving. Latency is no signal. Two minutes are a long memory:
// an outage shorter than that goes unnoticed by half, and a recovery is believed late. With few
// requests the +1 outweighs what it knows.
//
// Different here: accepted means answered without a failure; the gateway cannot tell a refusal of
// the service from another 5xx. A timeout is not accepted. P is renewed each window, not each
// request. The two minutes pass in steps of 6 s.
#pragma once

#include "shared/guard/published_limit.h"
#include "shared/stats/sliding_window.h"

namespace levee {

/// Confined to one thread.
class ClientThrottle final : public PublishedLimit {
public:
    explicit ClientThrottle(const LimiterSettings& settings);

    LimitDecision decision() const override;
    LimitMemory save() const override { return {}; }
    void restore(const LimitMemory&) override {}

private:
    void update(const WindowSample& sample, MonotonicTime now) override;

    stats::TimeWindow requests_;  ///< failed: not accepted
    double admitShare_ = 1;
};

}  // namespace levee
