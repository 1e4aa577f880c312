// SPDX-License-Identifier: Apache-2.0
#include "shared/stats/sliding_window.h"

#include <algorithm>

namespace levee::stats {

void WindowCounts::add(const WindowCounts& other) {
    calls += other.calls;
    failures += other.failures;
    slow += other.slow;
}

void WindowCounts::add(CallOutcome outcome) {
    calls += 1;
    failures += outcome.failed ? 1 : 0;
    slow += outcome.slow ? 1 : 0;
}

TimeWindow::TimeWindow(Duration length) : slice_(length / static_cast<std::int64_t>(kSlices)) {}

TimeWindow::Slice& TimeWindow::at(std::int64_t number) {
    Slice& slice = slices_[static_cast<std::size_t>(number) % slices_.size()];
    if (slice.number != number) {
        slice = {number, {}};
    }
    return slice;
}

void TimeWindow::record(CallOutcome outcome, MonotonicTime now) {
    newest_ = std::max(newest_, sliceOf(now));
    at(newest_).counts.add(outcome);
}

WindowCounts TimeWindow::snapshot(MonotonicTime now) const {
    const std::int64_t last = std::max(newest_, sliceOf(now));
    WindowCounts sum;
    for (const Slice& slice : slices_) {
        if (slice.number >= 0 && slice.number >= last - static_cast<std::int64_t>(kSlices)) {
            sum.add(slice.counts);
        }
    }
    return sum;
}

void TimeWindow::clear() {
    slices_ = {};
    newest_ = -1;
}

void TimeWindow::resize(Duration length, MonotonicTime now) {
    const auto old = slices_;
    const Duration oldSlice = slice_;
    const std::int64_t oldLast = std::max(newest_, sliceOf(now));
    clear();
    slice_ = length / static_cast<std::int64_t>(kSlices);
    newest_ = sliceOf(now);
    for (const Slice& slice : old) {
        if (slice.number < 0 || slice.number < oldLast - static_cast<std::int64_t>(kSlices)) {
            continue;
        }
        const MonotonicTime end{oldSlice * (slice.number + 1) - Duration(1)};
        const std::int64_t number = std::min(newest_, sliceOf(std::min(end, now)));
        if (number >= newest_ - static_cast<std::int64_t>(kSlices)) {
            at(number).counts.add(slice.counts);
        }
    }
}

void CountWindow::record(CallOutcome outcome) {
    if (counts_.calls == ring_.size()) {
        const CallOutcome leaving = ring_[next_];
        counts_.calls -= 1;
        counts_.failures -= leaving.failed ? 1 : 0;
        counts_.slow -= leaving.slow ? 1 : 0;
    }
    ring_[next_] = outcome;
    next_ = (next_ + 1) % ring_.size();
    counts_.add(outcome);
}

void CountWindow::clear() {
    counts_ = {};
    next_ = 0;
}

void CountWindow::resize(std::size_t size) {
    const std::size_t held = static_cast<std::size_t>(counts_.calls);
    const std::size_t kept = std::min(held, size);
    CountWindow other(size);
    for (std::size_t age = kept; age > 0; --age) {
        other.record(ring_[(next_ + ring_.size() - age) % ring_.size()]);
    }
    *this = std::move(other);
}

}  // namespace levee::stats
