// SPDX-License-Identifier: Apache-2.0
#include "agent/collect/live_history.h"

namespace levee {

LiveHistory::LiveHistory(const TimeSource& time, SampleHistorySettings settings)
    : time_(time),
      offset_(time.wall().time_since_epoch() - time.monotonic().time_since_epoch()),
      history_(std::move(settings)) {}

promql::Millis LiveHistory::millis(MonotonicTime at) const {
    return toUnixMillis(WallTime(at.time_since_epoch() + offset_));
}

void LiveHistory::configure(SampleHistorySettings settings) {
    const std::lock_guard lock(mutex_);
    history_.configure(std::move(settings));
}

void LiveHistory::apply(const ScrapeResult& result) {
    const std::lock_guard lock(mutex_);
    history_.apply(result, millis(result.at));
}

Result<LiveHistory::Answer> LiveHistory::evaluate(const promql::Expression& expression) const {
    const std::lock_guard lock(mutex_);
    const promql::Millis now = millis(time_.monotonic());
    auto value = promql::evaluate(expression, history_, now);
    if (!value)
        return value.error();
    return Answer{now, *std::move(value)};
}

void LiveHistory::read(
    const std::function<void(const promql::SeriesSource&, promql::Millis)>& use) const {
    const std::lock_guard lock(mutex_);
    use(history_, millis(time_.monotonic()));
}

SampleHistoryCounters LiveHistory::counters() const {
    const std::lock_guard lock(mutex_);
    return history_.counters();
}

}  // namespace levee
