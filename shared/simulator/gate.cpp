// SPDX-License-Identifier: Apache-2.0
#include "shared/simulator/gate.h"

#include <algorithm>
#include <utility>

namespace levee::simulator {
namespace {

constexpr double kSlow = 0.9;       ///< of what is started in the last moment, so much is in time
constexpr double kRotation = 3600;  ///< seconds after which other users are in front

}  // namespace

Gate::Gate(const LimiterSpec& spec, std::unique_ptr<Limit> limit, std::uint32_t instance,
           std::size_t levels)
    : spec_(spec),
      limit_(std::move(limit)),
      instance_(instance),
      enforced_(limit_->decision()),
      decided_(enforced_),
      waiting_(spec.usesPriorities ? levels : 1) {
    if (spec.usesPriorities) {
        admission_.emplace(static_cast<int>(levels));
        cut_ = admission_->cut();
    }
}

bool Gate::admitsClass(const Request& request, Random& random) {
    if (!admission_) {
        return true;
    }
    admission_->count(request.level, random.next());  // a gateway does not know the users
    const double share = cut_.shareOf(request.level);
    return share >= 1 || random.uniform() < share;
}

bool Gate::admits(const Request& request, Random& random) const {
    if (enforced_.admitShare < 1 && random.uniform() >= enforced_.admitShare) {
        return false;
    }
    return isFree() ? canAnswer(0, 0)
                    : waitingCount_ < queueBoundOf(request) && canAnswer(0, waitingCount_);
}

std::uint32_t Gate::queueBoundOf(const Request& request) const {
    return admission_ ? admission_->queueBoundOf(request.level, enforced_.maxInFlight(),
                                                 enforced_.queueLimit)
                      : enforced_.queueLimit;
}

/// While somebody has to wait all slots are taken, so that they free up at limit / latency.
bool Gate::canAnswer(double waited, std::uint32_t ahead) const {
    return !(spec_.deadline > 0) || canMeet(fromSeconds(spec_.deadline - waited), ahead,
                                            enforced_.maxInFlight() / latency_, slowLatency_);
}

std::uint32_t Gate::takeWaiting(const RequestPool& pool) {
    if (waitingCount_ == 0 || !hasSlot()) {
        return kNone;
    }
    --waitingCount_;
    return std::find_if(waiting_.begin(), waiting_.end(),
                        [](const RequestList& list) { return !list.isEmpty(); })
        ->pop(pool);
}

void Gate::onDispatched(double waited) {
    ++inFlight_;
    dispatched_ += 1;
    leastWait_ = leastWait_ < 0 ? waited : std::min(leastWait_, waited);
}

void Gate::onEnded(const Ended& ended) {
    window_.maxInFlight = std::max(window_.maxInFlight, inFlight_);
    --inFlight_;
    others_ += inFlight_;
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

void Gate::closeWindow(double now, MonotonicTime clock, bool isLost) {
    const double seconds = now - windowStart_;
    window_.length = lastClock_ ? clock - *lastClock_ : fromSeconds(seconds);
    lastClock_ = clock;
    window_.timeout = fromSeconds(spec_.serviceTimeout);
    const std::uint64_t ended = window_.completed + window_.timedOut;
    window_.inFlight =
        std::max(seconds > 0 ? busySeconds_ / seconds : 0,
                 ended > 0 ? static_cast<double>(others_) / static_cast<double>(ended) : 0);
    window_.leastQueueWait = std::max(0.0, leastWait_);
    if (spec_.knowsSelfTime && ownSeconds_ > 0) {
        window_.selfShare = std::min(1.0, ownSeconds_ / window_.latency.sum());
    }
    if (!window_.latency.isEmpty()) {
        latency_ = window_.latency.mean();
        slowLatency_ = window_.latency.quantile(kSlow);
    }
    enforced_ = decided_;
    if (admission_) {
        cut_ = admission_->cut();
        admission_->rotate(static_cast<std::uint64_t>(now / kRotation));
        if (!isLost) {
            admission_->onWindow({window_.length, dispatched_, static_cast<double>(window_.shed),
                                  decided_.limit, window_.inFlight},
                                 clock);
        }
    }
    if (!isLost) {
        limit_->onWindow(window_, clock);
        decided_ = limit_->decision();
    }
    window_ = WindowSample();
    windowStart_ = now;
    leastWait_ = -1;
    busySeconds_ = ownSeconds_ = 0;
    others_ = 0;
    dispatched_ = 0;
}

}  // namespace levee::simulator
