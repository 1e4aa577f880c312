// SPDX-License-Identifier: Apache-2.0
#include "agent/control/log_sampling.h"

#include <algorithm>
#include <cmath>

namespace levee {
namespace {

constexpr Duration kCalm = std::chrono::seconds(1);
constexpr double kMuchBad = 0.05;  ///< of the requests
constexpr double kWrongBy = 1.5;
constexpr double kMostEvery = 100;

}  // namespace

void LogSampling::tick(const Window& window, double allBelow, MonotonicTime now) {
    const bool isCalm = window.mayMiss && window.bad <= kMuchBad * window.requests;
    if (isCalm && !isCalm_)
        calmSince_ = now;
    isCalm_ = isCalm;
    if (!isCalm || window.perSecond <= allBelow) {
        every_ = 1;
        return;
    }
    if (now - calmSince_ < kCalm)
        return;
    const double wanted = std::clamp(std::round(2 * window.perSecond / allBelow), 2.0, kMostEvery);
    const double ratio = wanted / every_;
    if (ratio >= kWrongBy || ratio <= 1 / kWrongBy)
        every_ = static_cast<std::uint32_t>(wanted);
}

}  // namespace levee
