// SPDX-License-Identifier: Apache-2.0
#include "shared/guard/admission_control.h"

#include <algorithm>
#include <cmath>

namespace levee {
namespace {

using namespace std::chrono_literals;

constexpr double kThreshold = 0.95;  ///< share of successes that is good enough
constexpr double kAggression = 1;
constexpr double kMostRefused = 0.8;
constexpr Duration kMemory = 30s;

}  // namespace

AdmissionControl::AdmissionControl(const LimiterSettings& settings)
    : PublishedLimit(settings, {}, settings.maxLimit), requests_(kMemory) {}

void AdmissionControl::update(const WindowSample& sample, MonotonicTime now) {
    const std::uint64_t good = sample.completed - std::min(sample.failed, sample.completed);
    const std::uint64_t all = sample.completed + sample.timedOut;
    for (std::uint64_t n = 0; n < all; ++n) {
        requests_.record({.failed = n >= good}, now);
    }
    const stats::WindowCounts counts = requests_.snapshot(now);
    const auto requests = static_cast<double>(counts.calls);
    const double successes = requests - static_cast<double>(counts.failures);
    const double excess = std::max(0.0, (requests - successes / kThreshold) / (requests + 1));
    admitShare_ = 1 - std::min(kMostRefused, std::pow(excess, 1 / kAggression));
}

LimitDecision AdmissionControl::decision() const {
    LimitDecision d = PublishedLimit::decision();
    d.limit = settings().maxLimit;
    d.admitShare = admitShare_;
    d.reason = admitShare_ < 1 ? LimitReason::Failing : LimitReason::AppLimited;
    return d;
}

}  // namespace levee
