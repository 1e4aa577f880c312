// SPDX-License-Identifier: Apache-2.0
// Work that can no longer be answered in time is not started: the question is put when a request
// would have to wait, and again when its turn has come.
//
//   answered in   waiting / throughput + latency     (Little's law for the queue ahead)
//
// `waiting` is the number of requests that get a slot before this one (0: it starts at once),
// `throughput` the requests per second that get a slot, `latency` the seconds from slot to answer:
// with the median half of those that are started in the last moment come too late, with a high
// quantile fewer do and more are refused that would have made it.
//
// What is not known refuses nothing: an unknown (NaN, negative or infinite) latency counts as 0, an
// unknown throughput or number of waiting as no wait. A throughput of 0 is known: whoever has to
// wait waits for ever. Pure functions.
#pragma once

#include <cmath>
#include <cstdint>
#include <limits>

#include "shared/base/time.h"

namespace levee {

/// Whoever has this much time has no deadline.
constexpr Duration kNoDeadline = Duration::max();
constexpr std::uint32_t kUnboundedQueue = std::numeric_limits<std::uint32_t>::max();

namespace deadline_detail {
inline double known(double value) {
    return std::isfinite(value) && value > 0 ? value : 0;
}
}  // namespace deadline_detail

/// Whether work that arrives, or is about to start, now can be answered in the time left. Never
/// when no time is left; always when there is no deadline.
inline bool canMeet(Duration deadlineLeft, double waiting, double throughput, double latency) {
    using deadline_detail::known;
    if (deadlineLeft == kNoDeadline) {
        return true;
    }
    if (deadlineLeft <= Duration::zero()) {
        return false;
    }
    const double ahead = known(waiting);
    if (throughput == 0 && ahead > 0) {
        return false;
    }
    const double wait = known(throughput) > 0 ? ahead / throughput : 0;
    return wait + known(latency) <= toSeconds(deadlineLeft);
}

/// How many requests may wait so that each can be answered within `deadline` of its arrival: the
/// most `waiting` for which canMeet() holds. 0 where not even a request that need not wait can;
/// kUnboundedQueue without a deadline or a known throughput.
inline std::uint32_t queueBound(Duration deadline, double throughput, double latency) {
    if (!canMeet(deadline, 0, throughput, latency)) {
        return 0;
    }
    if (throughput == 0 && deadline != kNoDeadline) {
        return 0;
    }
    if (deadline == kNoDeadline || !(deadline_detail::known(throughput) > 0)) {
        return kUnboundedQueue;
    }
    const double left = toSeconds(deadline) - deadline_detail::known(latency);
    double bound = std::floor(left * throughput);
    // Binary fractions: the product may be a hair off a whole number.
    if (canMeet(deadline, bound + 1, throughput, latency)) {
        bound += 1;
    } else if (!canMeet(deadline, bound, throughput, latency)) {
        bound -= 1;
    }
    return bound < kUnboundedQueue ? static_cast<std::uint32_t>(bound) : kUnboundedQueue;
}

}  // namespace levee
