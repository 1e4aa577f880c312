// SPDX-License-Identifier: Apache-2.0
#include "shared/guard/client_throttle.h"

#include <algorithm>

namespace levee {
namespace {

using namespace std::chrono_literals;

constexpr double kMultiplier = 2;
constexpr Duration kMemory = 2min;

}  // namespace

ClientThrottle::ClientThrottle(const LimiterSettings& settings)
    : PublishedLimit(settings, {}, settings.maxLimit), requests_(kMemory) {}

void ClientThrottle::update(const WindowSample& sample, MonotonicTime now) {
    const std::uint64_t accepted = sample.completed - std::min(sample.failed, sample.completed);
    const std::uint64_t all = sample.completed + sample.timedOut + sample.shed;
    for (std::uint64_t n = 0; n < all; ++n) {
        requests_.record({.failed = n >= accepted}, now);
    }
    const stats::WindowCounts counts = requests_.snapshot(now);
    const auto requests = static_cast<double>(counts.calls);
    const double accepts = requests - static_cast<double>(counts.failures);
    admitShare_ = 1 - std::max(0.0, (requests - kMultiplier * accepts) / (requests + 1));
}

LimitDecision ClientThrottle::decision() const {
    LimitDecision d = PublishedLimit::decision();
    d.limit = settings().maxLimit;
    d.admitShare = admitShare_;
    d.reason = admitShare_ < 1 ? LimitReason::Failing : LimitReason::AppLimited;
    return d;
}

}  // namespace levee
