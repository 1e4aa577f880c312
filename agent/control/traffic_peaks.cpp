// SPDX-License-Identifier: Apache-2.0
#include "agent/control/traffic_peaks.h"

#include <cmath>

namespace levee {
namespace {

using namespace std::chrono_literals;

constexpr Duration kKeepFor = 5min;
constexpr std::int64_t kDayMillis = 24LL * 3600 * 1000;

void raise(double& peak, double value) {
    if (std::isfinite(value) && !(peak >= value))
        peak = value;
}

}  // namespace

TrafficPeak TrafficPeaks::of(const std::string& subject) {
    if (history_ == nullptr)
        return {};
    const std::lock_guard lock(mutex_);
    const MonotonicTime now = time_.monotonic();
    const auto found = kept_.find(subject);
    if (found != kept_.end() && now - found->second.at < kKeepFor)
        return found->second.peak;
    const std::int64_t until = toUnixMillis(time_.wall());
    const auto points = history_->series(subject, until - kDayMillis, until);
    TrafficPeak peak;
    if (points) {
        for (const SeriesPoint& point : *points) {
            if (point.traffic.requestRate <= 0)
                continue;
            raise(peak.requestRate, point.traffic.requestRate);
            raise(peak.concurrency,
                  (point.traffic.requestRate - point.traffic.shedRate) * point.traffic.p50);
        }
    }
    if (kept_.size() >= kMostKept)
        kept_.clear();
    kept_[subject] = {peak, now};
    return peak;
}

}  // namespace levee
