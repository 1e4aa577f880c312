// SPDX-License-Identifier: Apache-2.0
// What a simulation has to say: steps and traces while it runs, figures afterwards.
#include <algorithm>
#include <cmath>

#include "shared/simulator/engine.h"

namespace levee::simulator {

void Simulation::Engine::onStep() {
    ++steps_;
    for (Service& service : services_) {
        endStep(service);
    }
    queue_.push(static_cast<double>(steps_ + 1) * kWindowSeconds, EventKind::Step, 0);
}

void Simulation::Engine::endStep(Service& service) {
    const double limit = limitOf(service);
    service.steps.push_back({static_cast<float>(limit), static_cast<float>(ownLimitOf(service)),
                             static_cast<float>(service.inFlightMost),
                             static_cast<float>(service.backlogMost)});
    if (keepsTrace_) {
        service.trace.push_back(
            {static_cast<float>(now_), static_cast<float>(limit),
             static_cast<float>(service.inFlight),
             static_cast<float>(static_cast<double>(service.goodInStep) / kWindowSeconds),
             static_cast<float>(service.latencyInStep.quantile(0.5))});
        service.goodInStep = 0;
        service.latencyInStep.clear();
    }
    service.inFlightMost = service.inFlight;
    service.backlogMost = service.backlog;
}

/// In force now, of all its limiters.
double Simulation::Engine::limitOf(const Service& service) const {
    double limit = service.gates > 0 || service.isInProcess ? 0 : kUnknown;
    for (std::uint32_t k = 0; k < service.gates; ++k) {
        limit += gates_[service.firstGate + k].enforcedLimit();
    }
    for (int k = 0; service.isInProcess && k < service.spec->instances; ++k) {
        limit += processLimiters_[service.firstInstance + static_cast<std::uint32_t>(k)]->limit();
    }
    return limit;
}

/// What of it the services' own work takes, of all its limiters; NaN where none knows.
double Simulation::Engine::ownLimitOf(const Service& service) const {
    double limit = service.gates > 0 ? 0 : kUnknown;
    for (std::uint32_t k = 0; k < service.gates; ++k) {
        limit += gates_[service.firstGate + k].ownLimit();
    }
    return limit;
}

const Simulation::Engine::Service* Simulation::Engine::serviceNamed(std::string_view name) const {
    const std::uint32_t index = indexOf(scenario_.services, name);
    return index == kNone ? nullptr : &services_[index];
}

const std::vector<TracePoint>& Simulation::Engine::trace(std::string_view service) const {
    static const std::vector<TracePoint> kNothing;
    const Service* found = serviceNamed(service);
    return found == nullptr ? kNothing : found->trace;
}

Figures Simulation::Engine::figures(std::string_view subject, const Interval& interval,
                                    int level) const {
    const Service* service = serviceNamed(subject);
    const std::uint32_t client = indexOf(scenario_.clients, subject);
    const Service& serving =
        service != nullptr ? *service : services_[edges_[clients_[client].edge].to];
    const std::size_t row = service != nullptr ? service->subject : services_.size() + client;
    const auto knownLevel = std::lower_bound(levels_.begin(), levels_.end(), level);

    Figures f;
    f.seconds = interval.to - interval.from;
    const ServiceSpec& spec = *serving.spec;
    f.servers = spec.instances * spec.servers;
    f.capacity = f.servers / spec.law.meanSeconds();
    f.unloadedMedian = quantile(spec.law, 0.5);
    f.unloadedP99 = quantile(spec.law, 0.99);
    const bool isKnown = level < 0 || (knownLevel != levels_.end() && *knownLevel == level);
    if (isKnown) {
        const int index = level < 0 ? -1 : static_cast<int>(knownLevel - levels_.begin());
        const Tally tally = tallies_.sum(row, interval, index);
        f.offered = tally.offered;
        f.firsts = tally.firsts;
        f.retries = tally.offered - tally.firsts;
        f.refused = tally.refused;
        f.good = tally.good;
        f.late = tally.late;
        f.failed = tally.failed;
        f.trips = tally.trips;
        f.latency = tally.latency;
    }
    const auto stepAt = [&](double t) {
        return std::min(serving.steps.size(),
                        static_cast<std::size_t>(std::lround(std::max(0.0, t) / kWindowSeconds)));
    };
    std::vector<double> limits;
    double own = 0;
    for (std::size_t k = stepAt(interval.from); k < stepAt(interval.to); ++k) {
        const Step& step = serving.steps[k];
        limits.push_back(step.limit);
        own += step.ownLimit;
        f.inFlightMost = std::max<double>(f.inFlightMost, step.inFlightMost);
        f.backlogMost = std::max<double>(f.backlogMost, step.backlogMost);
    }
    f.ownLimitMean = limits.empty() ? kUnknown : own / static_cast<double>(limits.size());
    summariseLimits(f, limits);
    return f;
}

}  // namespace levee::simulator
