// SPDX-License-Identifier: Apache-2.0
// The outcomes of the last N seconds or of the last N calls. Both windows are bounded in memory,
// take time as an argument and hand out values: a snapshot never changes afterwards.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "shared/base/time.h"

namespace levee::stats {

/// What one call was. A call may be slow and failed at once.
struct CallOutcome {
    bool failed = false;
    bool slow = false;
};

/// Sums over a window. Immutable by use: a plain value.
struct WindowCounts {
    std::uint64_t calls = 0;
    std::uint64_t failures = 0;
    std::uint64_t slow = 0;

    double failureShare() const { return share(failures); }  ///< 0 when there are no calls
    double slowShare() const { return share(slow); }         ///< 0 when there are no calls
    void add(const WindowCounts& other);
    void add(CallOutcome outcome);

    bool operator==(const WindowCounts&) const = default;

private:
    double share(std::uint64_t part) const {
        return calls == 0 ? 0 : static_cast<double>(part) / static_cast<double>(calls);
    }
};

/// Outcomes by time, in kSlices slices: a call leaves the sums between `length` and
/// `length * (1 + 1/kSlices)` after it was recorded. Time may stand still and may jump ahead; a
/// `now` before the newest slice counts into that slice. Confined to one thread.
class TimeWindow {
public:
    static constexpr std::size_t kSlices = 20;

    /// REQUIRES: length of at least kSlices nanoseconds.
    explicit TimeWindow(Duration length);

    void record(CallOutcome outcome, MonotonicTime now);
    WindowCounts snapshot(MonotonicTime now) const;
    void clear();
    /// Changes the length and keeps what still lies inside it.
    void resize(Duration length, MonotonicTime now);
    Duration length() const { return slice_ * static_cast<std::int64_t>(kSlices); }

private:
    std::int64_t sliceOf(MonotonicTime t) const { return t.time_since_epoch() / slice_; }
    struct Slice {
        std::int64_t number = -1;
        WindowCounts counts;
    };
    Slice& at(std::int64_t number);

    Duration slice_;
    std::int64_t newest_ = -1;
    std::array<Slice, kSlices + 1> slices_{};  ///< a ring by slice number; one is being filled
};

/// Outcomes of the last `size` calls. Confined to one thread.
class CountWindow {
public:
    /// REQUIRES: 1 to 100,000.
    explicit CountWindow(std::size_t size) : ring_(size) {}

    void record(CallOutcome outcome);
    WindowCounts snapshot() const { return counts_; }
    void clear();
    /// Keeps the newest calls that fit.
    void resize(std::size_t size);
    std::size_t size() const { return ring_.size(); }

private:
    std::vector<CallOutcome> ring_;
    std::size_t next_ = 0;
    WindowCounts counts_;
};

}  // namespace levee::stats
