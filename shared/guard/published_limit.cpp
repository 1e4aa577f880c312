// SPDX-License-Identifier: Apache-2.0
#include "shared/guard/published_limit.h"

#include <algorithm>
#include <cmath>

namespace levee {

PublishedLimit::PublishedLimit(const LimiterSettings& settings, Bounds own, double initial)
    : settings_(settings), own_(own), limit_(bounded(initial)) {}

void PublishedLimit::onWindow(const WindowSample& sample, MonotonicTime now) {
    if (sample.length <= Duration::zero() || (lastWindow_ && now <= *lastWindow_)) {
        return;
    }
    lastWindow_ = now;
    update(sample, now);
}

LimitDecision PublishedLimit::decision() const {
    LimitDecision d;
    d.limit = limit_;
    d.queueLimit = settings_.queue >= 0 ? static_cast<std::uint32_t>(settings_.queue) : 1;
    d.baseline = baseline_;
    d.reason = reason_;
    return d;
}

void PublishedLimit::reconfigure(const LimiterSettings& settings) {
    settings_ = settings;
    limit_ = bounded(limit_);
}

LimitMemory PublishedLimit::save() const {
    return {.limit = limit_};
}

void PublishedLimit::restore(const LimitMemory& memory) {
    if (std::isfinite(memory.limit) && memory.limit > 0) {
        limit_ = bounded(memory.limit);
    }
}

double PublishedLimit::bounded(double limit) const {
    return std::clamp<double>(std::clamp(limit, own_.least, own_.most), settings_.minLimit,
                              settings_.maxLimit);
}

void PublishedLimit::setLimit(double limit) {
    const double next = bounded(limit);
    reason_ = next > limit_   ? LimitReason::Growing
              : next < limit_ ? LimitReason::Shrinking
                              : LimitReason::Balanced;
    limit_ = next;
}

}  // namespace levee
