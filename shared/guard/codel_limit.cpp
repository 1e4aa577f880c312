// SPDX-License-Identifier: Apache-2.0
#include "shared/guard/codel_limit.h"

#include <algorithm>
#include <cmath>

namespace levee {
namespace {

using namespace std::chrono_literals;

constexpr Duration kInterval = 100ms;
constexpr double kTarget = 0.005;  ///< seconds
constexpr double kSlough = 2 * kTarget;

}  // namespace

CodelLimit::CodelLimit(const LimiterSettings& settings)
    : PublishedLimit(settings, {}, 1), interval_(kInterval) {}

void CodelLimit::update(const WindowSample& sample, MonotonicTime) {
    const auto interval = interval_.add(sample);
    if (!interval) {
        return;
    }
    const std::uint64_t ended = interval->completed + interval->timedOut;
    if (ended > 0) {
        rate_ = static_cast<double>(ended) / toSeconds(interval->length);
    }
    if (ended > 0 || interval->leastQueueWait > 0) {
        isOverloaded_ = interval->leastQueueWait > kTarget;
    }
}

LimitDecision CodelLimit::decision() const {
    LimitDecision d = PublishedLimit::decision();
    const std::uint32_t limit = settings().limit > 0 ? settings().limit : settings().maxLimit;
    const std::uint32_t queue =
        settings().queue >= 0 ? static_cast<std::uint32_t>(settings().queue) : limit;
    const double drained = std::max(1.0, std::floor(rate_ * kSlough));
    d.limit = limit;
    d.queueLimit = isOverloaded_ && drained < queue ? static_cast<std::uint32_t>(drained) : queue;
    d.reason = isOverloaded_ ? LimitReason::Shrinking : LimitReason::Fixed;
    return d;
}

}  // namespace levee
