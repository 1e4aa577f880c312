// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <limits>

#include "shared/base/time.h"
#include "shared/stats/histogram.h"

namespace levee {

/// What the gateway saw of one guarded service in one window, usually 100 ms. Requests count in the
/// window in which they ended. A plain value.
struct WindowSample {
    Duration length = std::chrono::milliseconds(100);
    std::uint64_t completed = 0;    ///< answered by the service, failures included, timeouts not
    std::uint64_t failed = 0;       ///< of completed: 5xx, broken connections, bad answers
    std::uint64_t timedOut = 0;     ///< no answer within `timeout`
    std::uint64_t shed = 0;         ///< refused by our limiter: queue full, or outside its share
    std::uint64_t queued = 0;       ///< requests that had to wait for a slot at the gateway
    std::uint32_t maxInFlight = 0;  ///< most requests at the service at once
    double inFlight = 0;            ///< their mean over the window
    /// Shortest wait for a slot at the gateway of the requests that got one in this window,
    /// seconds; 0 where none was dispatched or it is not known.
    double leastQueueWait = 0;
    /// After this long an unanswered request ends as timedOut; zero: not known.
    Duration timeout = Duration::zero();
    /// Share of the latency that is the service's own work and waiting, without the calls it makes
    /// to others, (0, 1]; NaN where it is not known.
    double selfShare = std::numeric_limits<double>::quiet_NaN();
    /// Seconds from handing a request to the service to the head of its answer, of the requests
    /// completed and not failed; without the time spent waiting at the gateway.
    stats::Histogram latency;
    /// Requests that each of `latency` stands for, on average; above 1 where the gateway logs only
    /// some of the good ones. Rates are made of counts, standard errors of count / weight.
    double weight = 1;
};

}  // namespace levee
