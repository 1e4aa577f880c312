// SPDX-License-Identifier: Apache-2.0
#include "shared/simulator/process_limiter.h"

#include <utility>

namespace levee::simulator {

ProcessLimiter::ProcessLimiter(std::unique_ptr<Limit> limit, int levels, MonotonicTime now,
                               std::uint64_t seed)
    : permits_(std::move(limit), now, seed), tickedAt_(now) {
    if (levels > 0) {
        admission_.emplace(levels);
    }
}

std::optional<Permit> ProcessLimiter::admit(int level, std::uint64_t userHash, MonotonicTime now) {
    if (!admission_) {
        return permits_.tryAcquire(now);
    }
    if (!admission_->admits(level, userHash)) {
        return std::nullopt;
    }
    arrivals_ += 1;
    inFlight_ += permits_.inFlight();
    std::optional<Permit> permit =
        permits_.tryAcquire(now, admission_->slotsOf(level, permits_.limit()));
    (permit ? window_.admitted : window_.refused) += 1;
    return permit;
}

void ProcessLimiter::onTick(MonotonicTime now) {
    if (!admission_) {
        return;
    }
    window_.length = now - std::exchange(tickedAt_, now);
    window_.limit = permits_.limit();
    window_.inFlight = arrivals_ > 0 ? inFlight_ / arrivals_ : permits_.inFlight();
    admission_->onWindow(window_, now);
    window_ = {};
    arrivals_ = inFlight_ = 0;
}

}  // namespace levee::simulator
