// SPDX-License-Identifier: Apache-2.0
#include "shared/guard/aimd_limit.h"

#include <cmath>

namespace levee {
namespace {

constexpr double kInitial = 20;
constexpr double kLeast = 20;
constexpr double kMost = 200;
constexpr double kBackoff = 0.9;
constexpr double kTooSlow = 5;  ///< seconds

}  // namespace

AimdLimit::AimdLimit(const LimiterSettings& settings)
    : PublishedLimit(settings, {kLeast, kMost}, kInitial) {}

void AimdLimit::update(const WindowSample& sample, MonotonicTime) {
    const auto answers = static_cast<double>(sample.latency.count());
    const double slow = std::round(sample.latency.shareAbove(kTooSlow) * answers);
    const double drops = slow + static_cast<double>(sample.timedOut);
    double next = limit();
    for (double n = answers - slow; n > 0 && 2 * sample.inFlight >= next; --n) {
        next = bounded(next + 1);
    }
    for (double n = drops; n > 0; --n) {
        next = bounded(std::floor(next * kBackoff));
    }
    setLimit(next);
    if (drops == 0 && 2 * sample.inFlight < limit()) {
        setReason(LimitReason::AppLimited);
    }
}

}  // namespace levee
