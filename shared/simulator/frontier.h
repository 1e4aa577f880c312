// SPDX-License-Identifier: Apache-2.0
// What is possible: the goodput and latency that fixed concurrency limits and queue bounds reach in
// the same simulation, as the bar for limiters that have to find theirs.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "shared/simulator/scenario.h"

namespace levee::simulator {

struct FrontierPoint {
    std::uint32_t limit = 0;
    std::uint32_t queue = 0;
    double goodput = 0;  ///< share of capacity
    double median = 0;   ///< seconds
    double p99 = 0;
};

/// Simulates fixed limits from half to three times the servers of each instance, with queues of 0
/// to the limit: up to 40 runs, to the end of the interval. The scenario's own steps, faults,
/// clients and breakers hold; `service` is limited at a gateway for each instance, and the other
/// services where the scenario gives them a fixed limit. Points come in the order of the sweep.
/// REQUIRES: a service of the scenario.
std::vector<FrontierPoint> sweepFrontier(const Scenario& scenario, std::string_view service,
                                         const Interval& interval, std::uint64_t seed);

/// Best goodput among the points whose median is at most `median`, less `goodput`; may be negative.
/// NaN without such a point.
double frontierGap(const std::vector<FrontierPoint>& points, double goodput, double median);

}  // namespace levee::simulator
