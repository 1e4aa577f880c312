// SPDX-License-Identifier: Apache-2.0
#include "shared/simulator/simulation.h"

#include <algorithm>
#include <cmath>

#include "shared/model/names.h"
#include "shared/model/topology.h"
#include "shared/simulator/engine.h"

namespace levee::simulator {
namespace {

constexpr std::string_view kOwn = "levee";
constexpr std::string_view kUnguarded = "none";

}  // namespace

std::optional<Algorithm> algorithmNamed(std::string_view name) {
    if (name == kOwn) {
        return Algorithm{std::string(name), true, LimiterKind::Adaptive};
    }
    if (name == kUnguarded) {
        return Algorithm{std::string(name), false, LimiterKind::Off};
    }
    if (const auto kind = limiterKindNamed(name)) {
        return Algorithm{std::string(name), true, *kind};
    }
    return std::nullopt;
}

std::vector<std::string_view> algorithmNames() {
    std::vector<std::string_view> names{kOwn, kUnguarded};
    for (int k = 0; limiterKindNamed(name(static_cast<LimiterKind>(k))); ++k) {
        names.push_back(name(static_cast<LimiterKind>(k)));
    }
    return names;
}

Simulation::Simulation(const Scenario& scenario, const Algorithm& algorithm, std::uint64_t seed,
                       std::vector<Interval> intervals)
    : engine_(std::make_unique<Engine>(scenario, algorithm, seed, intervals)) {}

Simulation::~Simulation() = default;

void Simulation::run() {
    runUntil(engine_->duration());
}

void Simulation::runUntil(double until) {
    engine_->runUntil(until);
}

Figures Simulation::figures(std::string_view subject, const Interval& interval, int level) const {
    return engine_->figures(subject, interval, level);
}

const std::vector<TracePoint>& Simulation::trace(std::string_view service) const {
    return engine_->trace(service);
}

std::uint64_t Simulation::events() const {
    return engine_->events();
}

double settleSeconds(const std::vector<TracePoint>& trace, double step, double until,
                     double goodRate) {
    constexpr double kNear = 0.1;
    constexpr std::size_t kSecond = 10;  // steps
    double sum = 0;
    std::size_t steps = 0;
    double settled = kUnknown;
    for (std::size_t k = 0; k < trace.size(); ++k) {
        if (trace[k].at <= step + 1e-6 || trace[k].at > until + 1e-6) {
            continue;
        }
        sum += trace[k].goodRate;
        if (++steps > kSecond) {
            sum -= trace[k - kSecond].goodRate;
        }
        if (steps < kSecond) {
            continue;
        }
        const bool isNear = std::abs(sum / kSecond - goodRate) <= kNear * goodRate;
        if (!isNear) {
            settled = kUnknown;
        } else if (std::isnan(settled)) {
            settled = std::max(0.0, trace[k].at - 1 - step);
        }
    }
    return settled;
}

}  // namespace levee::simulator
