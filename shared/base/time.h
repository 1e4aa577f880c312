// SPDX-License-Identifier: Apache-2.0
// Two clocks, and when to use which. MonotonicTime measures intervals, deadlines and windows: it
// never jumps. WallTime is for people and for files: it may jump in both directions, so no decision
// reads it. Pure code takes time as an argument; only shared/base and agent/runtime read a clock.
#pragma once

#include <chrono>
#include <cstdint>

namespace levee {

using Duration = std::chrono::nanoseconds;
using MonotonicTime = std::chrono::time_point<std::chrono::steady_clock, Duration>;
using WallTime = std::chrono::time_point<std::chrono::system_clock, Duration>;

/// Where the running program gets its time from; tests hand in one that they advance. Thread-safe.
class TimeSource {
public:
    virtual ~TimeSource() = default;
    virtual MonotonicTime monotonic() const = 0;
    virtual WallTime wall() const = 0;
};

/// The machine's clocks. Thread-safe.
class RealTimeSource final : public TimeSource {
public:
    MonotonicTime monotonic() const override;
    WallTime wall() const override;
};

inline double toSeconds(Duration d) {
    return std::chrono::duration<double>(d).count();
}
inline Duration fromSeconds(double s) {
    return std::chrono::duration_cast<Duration>(std::chrono::duration<double>(s));
}
/// Milliseconds since the Unix epoch, the form of every time on the wire and on disk.
inline std::int64_t toUnixMillis(WallTime t) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(t.time_since_epoch()).count();
}
inline WallTime fromUnixMillis(std::int64_t ms) {
    return WallTime(std::chrono::milliseconds(ms));
}

}  // namespace levee
