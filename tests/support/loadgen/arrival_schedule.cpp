// SPDX-License-Identifier: Apache-2.0
#include "tests/support/loadgen/arrival_schedule.h"

#include <cmath>
#include <utility>

namespace levee::loadgen {

ArrivalSchedule::ArrivalSchedule(std::vector<RateStep> steps, Arrivals arrivals, std::uint64_t seed)
    : steps_(std::move(steps)), arrivals_(arrivals), random_(seed) {}

std::optional<Duration> ArrivalSchedule::next() {
    // Measured in requests, not in seconds: what is left of a gap crosses into the next step whole.
    double left = gap();
    for (;; ++step_) {
        const RateStep& step = steps_[step_];
        const bool isLast = step_ + 1 == steps_.size();
        const double end = stepStart_ + toSeconds(step.length);
        if (step.rate > 0) {
            const double due = at_ + left / step.rate;
            if (isLast || due < end) {
                at_ = due;
                return fromSeconds(at_);
            }
            left -= (end - at_) * step.rate;
        }
        if (isLast)
            return std::nullopt;
        stepStart_ = at_ = end;
    }
}

double ArrivalSchedule::gap() {
    return arrivals_ == Arrivals::Even ? 1.0 : -std::log1p(-random_.uniform());
}

}  // namespace levee::loadgen
