// SPDX-License-Identifier: Apache-2.0
#include "shared/guard/gradient2_limit.h"

#include <algorithm>

namespace levee {
namespace {

using namespace std::chrono_literals;

constexpr double kInitial = 20;
constexpr double kLeast = 20;
constexpr double kMost = 200;
constexpr Duration kWindow = 1s;
constexpr std::uint64_t kFewestSamples = 10;
constexpr double kLeastLatency = 100e-6;  ///< seconds
constexpr int kWarmUp = 10;               ///< samples
constexpr double kGain = 2.0 / 601;
constexpr double kDrift = 2;
constexpr double kDriftDecay = 0.95;
constexpr double kTolerance = 1.5;
constexpr double kLeastGradient = 0.5;
constexpr double kQueue = 4;
constexpr double kSmoothing = 0.2;

}  // namespace

Gradient2Limit::Gradient2Limit(const LimiterSettings& settings)
    : PublishedLimit(settings, {kLeast, kMost}, kInitial), window_(kWindow) {}

void Gradient2Limit::update(const WindowSample& sample, MonotonicTime) {
    if (sample.latency.mean() < kLeastLatency) {
        return;
    }
    const auto window = window_.add(sample);
    if (!window) {
        return;
    }
    const stats::Histogram latency = answersAndTimeouts(*window);
    if (latency.count() >= kFewestSamples) {
        judge(latency.mean(), window->maxInFlight);
    }
}

void Gradient2Limit::judge(double latency, std::uint32_t inFlight) {
    addToLongTerm(latency);
    const double longTerm = longTerm_;
    if (longTerm / latency > kDrift) {
        longTerm_ *= kDriftDecay;
    }
    setBaseline(longTerm_);
    if (inFlight < limit() / 2) {
        setReason(LimitReason::AppLimited);
        return;
    }
    const double gradient = std::clamp(kTolerance * longTerm / latency, kLeastGradient, 1.0);
    setLimit((1 - kSmoothing) * limit() + kSmoothing * (gradient * limit() + kQueue));
}

void Gradient2Limit::addToLongTerm(double latency) {
    const double gain = samples_ < kWarmUp ? 1.0 / ++samples_ : kGain;
    longTerm_ += gain * (latency - longTerm_);
}

}  // namespace levee
