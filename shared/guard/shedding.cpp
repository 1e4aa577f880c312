// SPDX-License-Identifier: Apache-2.0
#include "shared/guard/shedding.h"

#include <algorithm>

namespace levee {
namespace {

using namespace std::chrono_literals;

constexpr Duration kCalm = 5s;                  ///< without a refusal: the episode is over
constexpr std::uint64_t kSheddingMatters = 20;  ///< refusals before it is one

}  // namespace

Shedding::News Shedding::onWindow(const WindowSample& sample, MonotonicTime now) {
    if (!isRunning_) {
        if (sample.shed == 0) {
            return News::None;
        }
        *this = Shedding();
        isRunning_ = true;
        since_ = now;
    }
    add(sample);
    if (sample.shed > 0) {
        last_ = now;
        if (!isTold_ && refused_ >= kSheddingMatters) {
            isTold_ = true;
            return News::Begun;
        }
    } else if (now - last_ >= kCalm) {
        isRunning_ = false;
        return isTold_ ? News::Over : News::None;
    }
    return News::None;
}

void Shedding::add(const WindowSample& sample) {
    const auto shed = static_cast<double>(sample.shed);
    const auto ended = static_cast<double>(sample.completed + sample.timedOut);
    const double seconds = toSeconds(sample.length);
    inFlight_ = sample.maxInFlight > 0 ? sample.maxInFlight : inFlight_;
    refused_ += sample.shed;
    if (sample.shed > 0) {
        endedShedding_ += ended;
        secondsShedding_ += seconds;
        backlog_ += shed;
        const double admitted = std::max({1.0, ended, inFlight_});
        scaledPeak_ = std::max(scaledPeak_, inFlight_ * (admitted + shed) / admitted);
    } else if (secondsShedding_ > 0) {
        const double could = endedShedding_ / secondsShedding_ * seconds;
        backlog_ = std::max(0.0, backlog_ - std::max(0.0, could - ended));
    }
    backlogPeak_ = std::max(backlogPeak_, inFlight_ + backlog_);
}

}  // namespace levee
