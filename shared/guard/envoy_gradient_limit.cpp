// SPDX-License-Identifier: Apache-2.0
#include "shared/guard/envoy_gradient_limit.h"

#include <algorithm>
#include <cmath>

namespace levee {
namespace {

using namespace std::chrono_literals;

constexpr double kLeast = 3;
constexpr double kMost = 1'000;
constexpr Duration kUpdateInterval = 100ms;
constexpr double kBuffer = 0.25;  ///< of the baseline
constexpr double kLeastGradient = 0.5;
constexpr double kMostGradient = 2;
constexpr std::uint64_t kMeasuredRequests = 50;
constexpr double kMeasurementInterval = 60;  ///< seconds
constexpr double kJitter = 0.15;
constexpr int kUpdatesAtLeast = 5;
constexpr Duration kNotEnforced = 10s;
constexpr std::uint64_t kSeed = 0x656e766f79;

}  // namespace

EnvoyGradientLimit::EnvoyGradientLimit(const LimiterSettings& settings, LimitLoop loop)
    : PublishedLimit(settings, {kLeast, kMost}, kLeast),
      loop_(loop),
      window_(kUpdateInterval),
      random_(kSeed) {
    startMeasuring();
}

void EnvoyGradientLimit::update(const WindowSample& sample, MonotonicTime now) {
    if (measurement_) {
        measure(sample, now);
        return;
    }
    if (now - sample.length < inForceSince_) {
        return;
    }
    if (const auto window = window_.add(sample)) {
        const stats::Histogram latency = answersAndTimeouts(*window);
        if (!latency.isEmpty()) {
            judge(latency.quantile(0.5));
            inForceSince_ = now + loop_.actuation;
        }
    }
    if (now >= nextMeasurement_ || updatesAtLeast_ >= kUpdatesAtLeast) {
        startMeasuring();
    }
}

void EnvoyGradientLimit::startMeasuring() {
    measurement_.emplace().limitBefore = limit();
    updatesAtLeast_ = 0;
    setLimit(least());
    setReason(LimitReason::Probing);
}

void EnvoyGradientLimit::measure(const WindowSample& sample, MonotonicTime now) {
    Measurement& m = *measurement_;
    m.since = m.since.value_or(now);
    if (m.latency.isEmpty() && sample.maxInFlight > limit() && now - *m.since < kNotEnforced) {
        return;  // requests from before
    }
    m.latency.merge(answersAndTimeouts(sample));
    if (m.latency.count() < kMeasuredRequests) {
        return;
    }
    baseline_ = m.latency.quantile(0.5);
    setBaseline(baseline_);
    setLimit(m.limitBefore);
    measurement_.reset();
    inForceSince_ = now + loop_.actuation;
    nextMeasurement_ = now + fromSeconds(kMeasurementInterval * (1 + kJitter * random_.uniform()));
}

void EnvoyGradientLimit::judge(double latency) {
    const double gradient =
        std::clamp((1 + kBuffer) * baseline_ / latency, kLeastGradient, kMostGradient);
    const double next = gradient * limit();
    const bool wasAtLeast = limit() == least();
    setLimit(std::floor(next + std::sqrt(next)));
    updatesAtLeast_ = wasAtLeast && limit() == least() ? updatesAtLeast_ + 1 : 0;
}

LimitMemory EnvoyGradientLimit::save() const {
    return measurement_ ? LimitMemory{.limit = measurement_->limitBefore} : PublishedLimit::save();
}

void EnvoyGradientLimit::restore(const LimitMemory& memory) {
    const double limitNow = limit();
    PublishedLimit::restore(memory);
    if (measurement_ && limit() != limitNow) {
        measurement_->limitBefore = limit();
        setLimit(least());
        setReason(LimitReason::Probing);
    }
}

}  // namespace levee
