// SPDX-License-Identifier: Apache-2.0
// Envoy's admission control. Formula and defaults: envoyproxy/envoy, extensions/filters/http/
// admission_control, admission_control.proto. Of the n requests that were let through in the last
// 30 s s succeeded; the next one is refused with probability
//
//   P = max(0, (n - s / threshold) / (n + 1)) ^ (1 / aggression), at most 0.8
//
// with a threshold of 95 % and an aggression of 1. Refusals do not count. There is no limit on the
// concurrency: it is `maxLimit`; what is decided is admitShare, 1 - P.
//
// How it fails: it looks at failures only, so a service that is slow without failing is not
// protected (upstream issue 36415). 30 s of memory delay the reaction as well as the recovery. Down
// to a fifth of the traffic always passes, however dead the service is.
//
// Different here: one count for the listener, where Envoy keeps one for each worker thread; P is
// renewed each window, not each request; the 30 s pass in steps of 1.5 s. A timeout is no success.
#pragma once

#include "shared/guard/published_limit.h"
#include "shared/stats/sliding_window.h"

namespace levee {

/// Confined to one thread.
class AdmissionControl final : public PublishedLimit {
public:
    explicit AdmissionControl(const LimiterSettings& settings);

    LimitDecision decision() const override;
    LimitMemory save() const override { return {}; }
    void restore(const LimitMemory&) override {}

private:
    void update(const WindowSample& sample, MonotonicTime now) override;

    stats::TimeWindow requests_;  ///< let through
    double admitShare_ = 1;
};

}  // namespace levee
