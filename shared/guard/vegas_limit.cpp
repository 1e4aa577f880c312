// SPDX-License-Identifier: Apache-2.0
#include "shared/guard/vegas_limit.h"

#include <algorithm>
#include <cmath>

namespace levee {
namespace {

using namespace std::chrono_literals;

constexpr double kInitial = 20;
constexpr double kLeast = 1;
constexpr double kMost = 1'000;
constexpr Duration kWindow = 1s;
constexpr std::uint64_t kFewestSamples = 10;
constexpr double kLeastLatency = 100e-6;  ///< seconds
constexpr double kProbeMultiplier = 30;
constexpr std::uint64_t kSeed = 0x7665676173;

}  // namespace

VegasLimit::VegasLimit(const LimiterSettings& settings)
    : PublishedLimit(settings, {kLeast, kMost}, kInitial), window_(kWindow), random_(kSeed) {
    drawJitter();
}

void VegasLimit::update(const WindowSample& sample, MonotonicTime) {
    if (sample.latency.mean() < kLeastLatency) {
        return;
    }
    const auto window = window_.add(sample);
    if (!window) {
        return;
    }
    const stats::Histogram latency = answersAndTimeouts(*window);
    if (latency.count() >= kFewestSamples) {
        judge(latency.mean(), window->maxInFlight, window->timedOut > 0);
    }
}

void VegasLimit::judge(double latency, std::uint32_t inFlight, bool timedOut) {
    ++sinceProbe_;
    const bool isProbe = jitter_ * kProbeMultiplier * limit() <= sinceProbe_;
    if (isProbe) {
        drawJitter();
        sinceProbe_ = 0;
    }
    if (isProbe || baseline_ == 0 || latency < baseline_) {
        baseline_ = latency;
        setBaseline(baseline_);
        return;
    }
    const double queue = std::ceil(limit() * (1 - baseline_ / latency));
    const double step = std::max(1.0, std::floor(std::log10(limit())));
    if (timedOut) {
        setLimit(limit() - step);
    } else if (2 * inFlight < limit()) {
        setReason(LimitReason::AppLimited);
    } else if (queue <= step) {
        setLimit(limit() + 6 * step);
    } else if (queue < 3 * step) {
        setLimit(limit() + step);
    } else if (queue > 6 * step) {
        setLimit(limit() - step);
    } else {
        setReason(LimitReason::Balanced);
    }
}

}  // namespace levee
