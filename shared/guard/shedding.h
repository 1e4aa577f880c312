// SPDX-License-Identifier: Apache-2.0
// An episode of refusals at one service: when it begins and ends, and which limit would have let
// everything through. A few refusals in a burst are no episode; a row of them is one, and five
// seconds without any end it.
//
// Nobody knows what a service would have done with more requests at once; two assumptions bound it.
//
// - It would have answered as fast. By Little's law the number in flight is then in proportion to
//   the rate that is let in: in a window with `shed` refused and `admitted` let in, a peak of
//   maxInFlight becomes maxInFlight * (admitted + shed) / admitted. `admitted` is what ended in the
//   window, and maxInFlight at least. (The mean in flight would be rate * latency; the peak is what
//   meets a limit.)
// - It would have answered no more per second. Then everything refused would still be there: the
//   backlog grows by `shed`, and in a window without refusals it shrinks by what the service does
//   less than it did on average while refusing. The peak is maxInFlight + backlog.
//
// The largest over the windows is the limit needed, with the queue as it is (when something is
// refused the queue is full, so it takes no more). At the second nothing would have been refused;
// it is never below the first, which is an estimate: bursts shorter than a window may need more.
#pragma once

#include <cmath>
#include <cstdint>

#include "shared/base/time.h"
#include "shared/guard/window_sample.h"

namespace levee {

/// The smallest limit at which nothing would have been refused.
struct LimitNeeded {
    double atSameLatency = 0;     ///< had the service answered as fast as it did
    double atSameThroughput = 0;  ///< had it answered no more per second than it did
};

/// Confined to one thread.
class Shedding {
public:
    enum class News { None, Begun, Over };

    /// Begun is told once in an episode, when it matters; Over only after Begun.
    News onWindow(const WindowSample& sample, MonotonicTime now);

    // Of the episode, until the window after Over.
    std::uint64_t refused() const { return refused_; }
    double seconds() const { return toSeconds(last_ - since_); }  ///< first to last refusal
    LimitNeeded limitNeeded() const { return {std::ceil(scaledPeak_), std::ceil(backlogPeak_)}; }

private:
    void add(const WindowSample& sample);

    bool isRunning_ = false;
    bool isTold_ = false;
    MonotonicTime since_{};
    MonotonicTime last_{};
    std::uint64_t refused_ = 0;
    double inFlight_ = 0;         ///< peak of the last window that knew it
    double backlog_ = 0;          ///< requests that would still be there at the same throughput
    double endedShedding_ = 0;    ///< in the windows with refusals,
    double secondsShedding_ = 0;  ///< which lasted so long
    double scaledPeak_ = 0;
    double backlogPeak_ = 0;
};

}  // namespace levee
