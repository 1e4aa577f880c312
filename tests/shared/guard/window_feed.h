// SPDX-License-Identifier: Apache-2.0
// Hand-made windows for limits.
#pragma once

#include "shared/guard/limit.h"

namespace levee::test {

/// A window of 100 ms with so many answers of one latency. The timeout is 5 s.
inline WindowSample answers(std::uint64_t count, double latency, std::uint32_t inFlight) {
    WindowSample s;
    s.completed = count;
    s.latency.record(latency, count);
    s.maxInFlight = inFlight;
    s.inFlight = inFlight;
    s.timeout = std::chrono::seconds(5);
    return s;
}

inline WindowSample timeouts(std::uint64_t count, std::uint32_t inFlight) {
    WindowSample s = answers(0, 0, inFlight);
    s.timedOut = count;
    return s;
}

/// Gives windows to one limit, each at the end of the one before.
class WindowFeed {
public:
    explicit WindowFeed(Limit& limit) : limit_(limit) {}

    void give(const WindowSample& sample, int times = 1) {
        for (int i = 0; i < times; ++i) {
            limit_.onWindow(sample, now_ += sample.length);
        }
    }
    void pass(Duration time) { now_ += time; }
    MonotonicTime now() const { return now_; }

private:
    Limit& limit_;
    MonotonicTime now_{std::chrono::hours(1)};
};

}  // namespace levee::test
