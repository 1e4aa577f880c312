// SPDX-License-Identifier: Apache-2.0
// Envoy's gradient controller. Formula and defaults: envoyproxy/envoy,
// source/extensions/filters/http/adaptive_concurrency/controller/gradient_controller.cc. Each
// 100 ms with an answer:
//
//   gradient = 1.25 * baseline / median latency, within 0.5 to 2
//   limit   <- gradient * limit + sqrt(gradient * limit), truncated, within 3 to 1,000
//
// The baseline is the median latency of 50 requests at the minimum of 3 in flight. It is measured
// at the start, every 60 s and up to 15 % of chance, and after five updates at the minimum in a
// row. Then the limit goes back to what it was.
//
// How it fails: each measurement refuses nearly everything for as long as 50 requests take. With
// few requests it takes long. What queues at the service, or slows it, during the measurement
// becomes the baseline (upstream issues 11579, 38338).
//
// Different here: a limit comes into force late (LimitLoop), so only windows that began after that
// count for the next: at the gateway an update each 200 ms. Requests from before the measurement
// cannot be told from others; its windows count from the first in which no more were in flight than
// the minimum. Where that does not come within 10 s (shadow mode: nobody enforces it) they count
// nevertheless. Failures have no latency here; Envoy counts them like any answer. A timeout counts
// as the timeout. The chance is seeded.
#pragma once

#include <optional>

#include "shared/base/random.h"
#include "shared/guard/published_limit.h"
#include "shared/guard/sample_window.h"

namespace levee {

/// Confined to one thread.
class EnvoyGradientLimit final : public PublishedLimit {
public:
    explicit EnvoyGradientLimit(const LimiterSettings& settings, LimitLoop loop = {});

    /// Of the limit outside measurements.
    LimitMemory save() const override;
    void restore(const LimitMemory& memory) override;

private:
    /// The baseline being measured.
    struct Measurement {
        double limitBefore = 0;
        std::optional<MonotonicTime> since;  ///< its first window
        stats::Histogram latency;
    };

    void update(const WindowSample& sample, MonotonicTime now) override;
    void startMeasuring();
    void measure(const WindowSample& sample, MonotonicTime now);
    void judge(double latency);
    double least() const { return bounded(0); }

    LimitLoop loop_;
    SampleWindow window_;
    Random random_;
    std::optional<Measurement> measurement_;
    MonotonicTime inForceSince_{};  ///< of the present limit
    MonotonicTime nextMeasurement_{};
    double baseline_ = 0;     ///< seconds; 0: not known
    int updatesAtLeast_ = 0;  ///< in a row
};

}  // namespace levee
