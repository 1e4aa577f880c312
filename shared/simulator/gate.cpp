// SPDX-License-Identifier: Apache-2.0
#include "shared/simulator/gate.h"

#include <algorithm>
#include <utility>

namespace levee::simulator {
namespace {

constexpr double kShortestWindow = 0.01;
constexpr std::uint64_t kEnoughForWindow = 20;  ///< requests ended

}  // namespace

Gate::Gate(const LimiterSpec& spec, std::unique_ptr<Limit> limit, std::uint32_t instance)
    : spec_(spec),
      limit_(std::move(limit)),
      instance_(instance),
      enforced_(limit_->decision()),
      decided_(enforced_) {}

void Gate::onDispatched(double waited) {
    ++inFlight_;
    leastWait_ = leastWait_ < 0 ? waited : std::min(leastWait_, waited);
}

void Gate::onEnded(const Ended& ended) {
    window_.maxInFlight = std::max(window_.maxInFlight, inFlight_);
    --inFlight_;
    busySeconds_ += ended.atService;
    window_.queued += ended.waited ? 1 : 0;
    if (ended.as == Ended::As::TimedOut) {
        ++window_.timedOut;
        return;
    }
    ++window_.completed;
    if (ended.as == Ended::As::Failed) {
        ++window_.failed;
        return;
    }
    window_.latency.record(ended.atService);
    ownSeconds_ += ended.ownSeconds;
}

bool Gate::isWindowFull(double now) const {
    return isInProcess() && now - windowStart_ >= kShortestWindow &&
           window_.completed + window_.timedOut >= kEnoughForWindow;
}

void Gate::closeWindow(double now, MonotonicTime clock, bool isLost) {
    const double seconds = now - windowStart_;
    window_.length = lastClock_ ? clock - *lastClock_ : fromSeconds(seconds);
    lastClock_ = clock;
    window_.timeout = isInProcess() ? Duration::zero() : fromSeconds(spec_.serviceTimeout);
    window_.inFlight = seconds > 0 ? busySeconds_ / seconds : 0;
    window_.leastQueueWait = std::max(0.0, leastWait_);
    if (spec_.knowsSelfTime && ownSeconds_ > 0) {
        window_.selfShare = std::min(1.0, ownSeconds_ / window_.latency.sum());
    }
    enforced_ = decided_;
    if (!isLost) {
        limit_->onWindow(window_, clock);
        decided_ = limit_->decision();
        if (isInProcess()) {
            enforced_ = decided_;
        }
    }
    window_ = WindowSample();
    windowStart_ = now;
    leastWait_ = -1;
    busySeconds_ = ownSeconds_ = 0;
}

}  // namespace levee::simulator
