// SPDX-License-Identifier: Apache-2.0
// What a simulation says about one service or one client over one interval.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "shared/simulator/scenario.h"
#include "shared/stats/histogram.h"

namespace levee::simulator {

/// Sums over one interval; a value. What counts are attempts: at a service all that reach its edge,
/// at a client all that it sends. Each counts when it happens: offered and refused on arrival, the
/// others at the end. So in the long run
///   offered = refused + good + failed + those that are still waited for.
/// Of a client, everything from `capacity` to `unloadedP99` and from `limitMean` on is that of the
/// service that it asks.
struct Figures {
    double seconds = 0;
    /// Requests per second that the service can do, without faults: of its own law only. A service
    /// that keeps its servers during its calls can do less.
    double capacity = 0;
    double servers = 0;         ///< of all its instances, without faults
    double unloadedMedian = 0;  ///< seconds; of its own law only, without the calls it makes
    double unloadedP99 = 0;
    std::uint64_t offered = 0;  ///< arrivals, retries included
    std::uint64_t firsts = 0;   ///< of offered: first attempts
    std::uint64_t retries = 0;  ///< of offered: the others
    std::uint64_t refused = 0;  ///< by a limiter, a deadline or a breaker
    std::uint64_t good = 0;     ///< answered, not failed, and the caller still waited
    std::uint64_t failed = 0;   ///< errors, and callers that gave up
    std::uint64_t late = 0;     ///< of those given up: answered all the same, which is waste
    /// Seconds of the good ones, at a service from the arrival at its edge, of a client from its
    /// first attempt, to the answer.
    stats::Histogram latency;
    double limitMean = 0;   ///< what was enforced, sum over the gates, NaN without; by steps of
    double limitLeast = 0;  ///< 100 ms, as all that follows
    /// The mean limit of the service's own work; only Levee's own limiter tells it.
    double ownLimitMean = 0;
    double limitMost = 0;
    double limitP05 = 0;  ///< of the time, for the amplitude of a cycle
    double limitP95 = 0;
    double limitCycle = 0;  ///< of its periodic part: cycle.h; NaN of more than kMostForCycle steps
    double inFlightMost = 0;  ///< requests at the service, those in its backlog included
    double backlogMost = 0;   ///< waiting inside it
    std::uint64_t trips = 0;  ///< of the breakers on calls to it
};
/// Looking for a cycle takes time: not in more steps than these, of 100 ms.
inline constexpr std::size_t kMostForCycle = 12'000;
/// Sets the six figures of the limit from one value per step, in the order of time; NaN when there
/// is none.
void summariseLimits(Figures& figures, std::vector<double> limits);

/// The figures that an expectation can name. Unknown names give nothing; a figure that has no
/// meaning here (a median without answers) is NaN.
///   goodput          good / seconds / capacity
///   goodRate         good / seconds
///   offeredLoad      offered / seconds / capacity
///   successShare     good / firsts
///   refusedShare     refused / offered
///   failedShare      failed / offered
///   median, p99      seconds
///   medianInflation  median / unloadedMedian
///   p99Inflation     p99 / unloadedP99
///   limit            limitMean
///   ownLimit         ownLimitMean
///   limitLeast, limitMost
///   limitPeak        limitMost / servers
///   amplitude        (limitP95 - limitP05) / 2 / limitMean
///   cycle            limitCycle
///   retryShare       retries / offered
///   inFlightMost, backlogMost, trips
/// Two more names are known, whose figure is NaN here since they need more than an interval:
///   settle           settleSeconds() in simulation.h
///   frontierGap      frontierGap() in frontier.h
std::optional<double> figure(const Figures& figures, std::string_view name);
const std::vector<std::string_view>& figureNames();

/// One service, step by step: what settling and cycles are read from.
struct TracePoint {
    float at = 0;        ///< seconds, the end of the step
    float limit = 0;     ///< enforced, at the end of the step; NaN without a limiter
    float inFlight = 0;  ///< at the service, at the end of the step
    float goodRate = 0;  ///< per second, in this step
    float median = 0;    ///< seconds; NaN without answers
};

}  // namespace levee::simulator
