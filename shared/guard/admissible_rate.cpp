// SPDX-License-Identifier: Apache-2.0
#include "shared/guard/admissible_rate.h"

#include <algorithm>
#include <cmath>

namespace levee {
namespace {

constexpr double kMemory = 1;      ///< seconds, of pressed windows
constexpr double kMostFree = 1.5;  ///< limit / in flight says no more than this
constexpr double kUsed = 0.8;      ///< of the slots: below this there is room
constexpr double kMostRate = 1e9;  ///< above this it is unlimited
constexpr double kLeastExcess = 0.05;
constexpr double kUnknownExcess = 0.1;

bool isCount(double value) {
    return std::isfinite(value) && value >= 0;
}

}  // namespace

void AdmissibleRate::onWindow(const AdmissionSample& sample, MonotonicTime now) {
    if (sample.length <= Duration::zero() || (last_ && now <= *last_) ||
        !isCount(sample.admitted) || !isCount(sample.refused)) {
        return;
    }
    last_ = now;
    if (sample.limit > 0) {
        excess_ = kLeastExcess + 0.5 / std::sqrt(std::max(1.0, sample.limit));
    } else {
        excess_ = kUnknownExcess;
    }
    if (sample.refused > 0) {
        growths_ = 0;
        // While the service stands still everything is refused, whatever is let through.
        if (sample.admitted > 0) {
            measure(sample, now);
        }
    } else if (!(sample.inFlight >= kUsed * sample.limit)) {
        grow(sample);
    }
}

void AdmissibleRate::measure(const AdmissionSample& sample, MonotonicTime now) {
    const double seconds = toSeconds(sample.length);
    const double age = pressedAt_ ? toSeconds(now - *pressedAt_) : 0;
    pressedAt_ = now;
    const double expected = seconds_ > 0 ? admitted_ / seconds_ * seconds : sample.admitted;
    const double off = sample.admitted - expected;
    // A stall of the host spoils one window; two in a row that chance does not explain are a
    // change.
    const int sign = off > 0 ? 1 : -1;
    const bool departs = std::abs(off) > 3 * std::sqrt(expected) + 1;
    departures_ = !departs ? 0 : departures_ * sign > 0 ? departures_ + sign : sign;
    if (std::abs(departures_) >= 2) {
        admitted_ = seconds_ = slots_ = used_ = 0;
        departures_ = 0;
    }
    const double keep = std::exp(-age / kMemory);
    admitted_ = admitted_ * keep + sample.admitted;
    seconds_ = seconds_ * keep + seconds;
    const bool isKnown = sample.limit > 0 && sample.inFlight >= 0;
    slots_ = slots_ * keep + (isKnown ? sample.limit * seconds : 0);
    used_ = used_ * keep + (isKnown ? sample.inFlight * seconds : 0);
    const double free = used_ > 0 ? std::clamp(slots_ / used_, 1.0, kMostFree) : 1;
    // One standard deviation more: too little idles the service, too much is refused behind.
    const double likely = admitted_ + std::sqrt(admitted_);
    rate_ = likely / seconds_ * free * (1 + excess_);
}

void AdmissibleRate::grow(const AdmissionSample& sample) {
    // One such window may be chance, unless many slots are free.
    ++growths_;
    const double steps = growths_ == 1 ? 1 : growths_ == 2 ? 1.25 : growths_ == 3 ? 1.5 : 2;
    const double free = sample.inFlight > 0 ? kUsed * sample.limit / sample.inFlight : 1;
    rate_ *= std::max(steps, std::min(free, kMostFree));
    if (rate_ > kMostRate) {
        rate_ = kUnlimited;
    }
}

}  // namespace levee
