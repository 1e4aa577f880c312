// SPDX-License-Identifier: Apache-2.0
// What a simulation says about one service or one client over one interval.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "shared/simulator/scenario.h"
#include "shared/stats/histogram.h"

namespace levee::simulator {

/// Sums over one interval; a value. Requests count where they arrived at their subject's edge
/// (offered, refused) or ended there (the rest).
struct Figures {
    double seconds = 0;
    double capacity = 0;     ///< requests per second that the service can do, without faults
    double unloadedMedian = 0;  ///< seconds; of the service time alone, from its law
    double unloadedP99 = 0;
    std::uint64_t offered = 0;   ///< arrivals, retries included
    std::uint64_t refused = 0;   ///< by a limiter, a deadline or a breaker
    std::uint64_t good = 0;      ///< answered, not failed, and the caller still waited
    std::uint64_t late = 0;      ///< answered after the caller had gone: waste
    std::uint64_t failed = 0;    ///< errors, and callers that gave up
    std::uint64_t retries = 0;   ///< of offered
    std::uint64_t firsts = 0;    ///< of offered: first attempts
    stats::Histogram latency;    ///< seconds from arrival to answer, of the good ones
    double limitMean = 0;        ///< what was enforced, sum over the gateways
    double limitLeast = 0;
    double limitMost = 0;
    double limitP05 = 0;         ///< of the time, for the amplitude of a cycle
    double limitP95 = 0;
    double inFlightMost = 0;     ///< at the service, and
    double backlogMost = 0;      ///< waiting inside it
    std::uint64_t trips = 0;     ///< of the breakers on calls to it
};

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
///   limitLeast, limitMost
///   amplitude        (limitP95 - limitP05) / 2 / limitMean
///   retryShare       retries / offered
///   inFlightMost, backlogMost, trips
///   settle           see Trace
///   frontierGap      see frontier.h
std::optional<double> figure(const Figures& figures, std::string_view name);
const std::vector<std::string_view>& figureNames();

/// One service, step by step: what settling and cycles are read from.
struct TracePoint {
    float at = 0;
    float limit = 0;
    float inFlight = 0;
    float goodRate = 0;  ///< per second, in this step
    float median = 0;    ///< seconds; NaN without answers
};

}  // namespace levee::simulator
