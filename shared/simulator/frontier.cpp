// SPDX-License-Identifier: Apache-2.0
#include "shared/simulator/frontier.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "shared/model/topology.h"
#include "shared/simulator/simulation.h"

namespace levee::simulator {
namespace {

constexpr std::array<double, 10> kLimits{0.5, 0.75, 0.9, 1, 1.1, 1.25, 1.5, 1.75, 2, 3};
constexpr std::array<double, 4> kQueues{0, 0.25, 0.5, 1};

template <std::size_t Count>
std::vector<std::uint32_t> sizes(const std::array<double, Count>& shares, double whole,
                                 std::uint32_t least) {
    std::vector<std::uint32_t> sizes;
    for (const double share : shares) {
        sizes.push_back(std::max(least, static_cast<std::uint32_t>(std::lround(share * whole))));
    }
    sizes.erase(std::unique(sizes.begin(), sizes.end()), sizes.end());
    return sizes;
}

FrontierPoint pointAt(Scenario scenario, std::size_t service, const Interval& interval,
                      std::uint64_t seed, std::uint32_t limit, std::uint32_t queue) {
    LimiterSpec& limiter = scenario.services[service].limiter;
    limiter.place = LimiterSpec::Place::Gateway;
    limiter.gateways = 1;
    limiter.settings.limit = limit;
    limiter.settings.queue = static_cast<std::int32_t>(queue);
    Simulation simulation(scenario, *algorithmNamed("fixed"), seed, {interval});
    simulation.runUntil(std::min(interval.to, scenario.duration));
    const Figures f = simulation.figures(scenario.services[service].name, interval);
    return {limit, queue, *figure(f, "goodput"), *figure(f, "median"), *figure(f, "p99")};
}

}  // namespace

std::vector<FrontierPoint> sweepFrontier(const Scenario& scenario, std::string_view service,
                                         const Interval& interval, std::uint64_t seed) {
    const auto found = std::find_if(scenario.services.begin(), scenario.services.end(),
                                    [&](const ServiceSpec& each) { return each.name == service; });
    const auto index = static_cast<std::size_t>(found - scenario.services.begin());
    std::vector<FrontierPoint> points;
    for (const std::uint32_t limit : sizes(kLimits, found->servers, 1)) {
        for (const std::uint32_t queue : sizes(kQueues, limit, 0)) {
            points.push_back(pointAt(scenario, index, interval, seed, limit, queue));
        }
    }
    return points;
}

double frontierGap(const std::vector<FrontierPoint>& points, double goodput, double median) {
    double best = kUnknown;
    for (const FrontierPoint& point : points) {
        if (point.median <= median && !(point.goodput <= best)) {
            best = point.goodput;
        }
    }
    return best - goodput;
}

}  // namespace levee::simulator
