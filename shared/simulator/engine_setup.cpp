// SPDX-License-Identifier: Apache-2.0
// What a scenario becomes before anything happens.
#include <algorithm>
#include <cmath>

#include "shared/base/hash.h"
#include "shared/simulator/engine.h"

namespace levee::simulator {
namespace {

constexpr double kLongestTrace = 3600;

std::vector<int> levelsOf(const Scenario& scenario) {
    std::vector<int> levels;
    for (const ClientSpec& client : scenario.clients) {
        if (client.priorities.empty()) {
            levels.push_back(0);
        }
        for (const PriorityShare& priority : client.priorities) {
            levels.push_back(priority.level);
        }
    }
    std::sort(levels.begin(), levels.end());
    levels.erase(std::unique(levels.begin(), levels.end()), levels.end());
    return levels;
}

std::uint64_t seedFor(std::uint64_t seed, std::string_view what) {
    return Random(seed ^ stableHash(what)).next();
}

/// None where the share is negative: unbounded.
std::optional<RetryBudget> budgetOf(double share) {
    return share < 0 ? std::nullopt
                     : std::optional<RetryBudget>(
                           RetryBudgetSettings{.share = share, .minimumPerSecond = 0});
}

}  // namespace

Simulation::Engine::Engine(const Scenario& scenario, const Algorithm& algorithm, std::uint64_t seed,
                           const std::vector<Interval>& intervals)
    : scenario_(scenario),
      algorithm_(algorithm),
      seed_(seed),
      random_(seedFor(seed, "services")),
      activeFaults_(scenario.faults.size()),
      levels_(levelsOf(scenario)),
      keepsTrace_(scenario.duration <= kLongestTrace),
      tallies_(intervals, scenario.services.size() + scenario.clients.size(), levels_.size()) {
    addServices();
    addCalls();
    addClients();
    schedule();
}

void Simulation::Engine::addServices() {
    for (const ServiceSpec& spec : scenario_.services) {
        Service service(spec);
        service.subject = static_cast<std::uint32_t>(services_.size());
        service.firstInstance = static_cast<std::uint32_t>(instances_.size());
        for (int i = 0; i < spec.instances; ++i) {
            instances_.emplace_back().servers = spec.servers;
            serviceOfInstance_.push_back(service.subject);
        }
        addLimiters(service);
        services_.push_back(std::move(service));
    }
}

void Simulation::Engine::addLimiters(Service& service) {
    const LimiterSpec& spec = service.spec->limiter;
    LimiterSettings settings = spec.settings;
    settings.kind = algorithm_.kind;
    const bool hasNoLimit = settings.kind == LimiterKind::Fixed && settings.limit == 0;
    if (!algorithm_.isGuarded || hasNoLimit || !makeLimit(settings)) {
        return;
    }
    if (spec.place == LimiterSpec::Place::Gateway) {
        addGates(service, settings);
    } else if (spec.place == LimiterSpec::Place::InProcess) {
        addProcessLimiters(service, settings);
    }
}

void Simulation::Engine::addGates(Service& service, const LimiterSettings& settings) {
    const LimiterSpec& spec = service.spec->limiter;
    const bool isPool = spec.gateways > 1;
    service.firstGate = static_cast<std::uint32_t>(gates_.size());
    service.gates = static_cast<std::uint32_t>(isPool ? spec.gateways : service.spec->instances);
    for (std::uint32_t k = 0; k < service.gates; ++k) {
        gates_.emplace_back(spec, makeLimit(settings, {.isShared = isPool}),
                            isPool ? kNone : service.firstInstance + k, levels_.size());
        serviceOfGate_.push_back(service.subject);
    }
}

void Simulation::Engine::addProcessLimiters(Service& service, const LimiterSettings& settings) {
    service.isInProcess = true;
    processLimiters_.resize(instances_.size());
    const int levels = service.spec->limiter.usesPriorities ? static_cast<int>(levels_.size()) : 0;
    for (std::size_t k = service.firstInstance; k < instances_.size(); ++k) {
        processLimiters_[k] = std::make_unique<ProcessLimiter>(
            makeLimit(settings, kInProcess), levels, clockOf(service),
            seedFor(seed_, service.spec->name + std::to_string(k)));
    }
}

void Simulation::Engine::addCalls() {
    for (Service& service : services_) {
        const std::vector<CallSpec>& calls = service.spec->calls;
        for (std::size_t k = 0; k < calls.size(); ++k) {
            const auto index = static_cast<std::uint32_t>(edges_.size());
            if (k > 0 && calls[k].parallel && calls[k - 1].parallel) {
                ++service.calls.back().endEdge;
            } else {
                service.calls.push_back({index, index + 1});
            }
            Edge edge;
            edge.to = indexOf(scenario_.services, calls[k].to);
            edge.share = calls[k].share;
            edge.timeout = calls[k].timeout;
            edge.attempts = calls[k].attempts;
            edge.required = calls[k].required;
            edge.budget = budgetOf(calls[k].retryBudget);
            if (calls[k].hasBreaker && algorithm_.isGuarded) {
                const std::string name = service.spec->name + "->" + calls[k].to;
                edge.breaker = std::make_unique<Breaker>(calls[k].breaker, seedFor(seed_, name),
                                                         clockOf(service));
            }
            edges_.push_back(std::move(edge));
        }
    }
}

void Simulation::Engine::addClients() {
    for (const ClientSpec& spec : scenario_.clients) {
        Client client{.spec = &spec,
                      .arrivals = Arrivals(spec.arrivals, seedFor(seed_, "arrivals " + spec.name)),
                      .random = Random(seedFor(seed_, "client " + spec.name)),
                      .edge = static_cast<std::uint32_t>(edges_.size()),
                      .levels = {}};
        const auto indexOfLevel = [&](int level) {
            const auto found = std::lower_bound(levels_.begin(), levels_.end(), level);
            return static_cast<std::uint8_t>(found - levels_.begin());
        };
        for (const PriorityShare& priority : spec.priorities) {
            client.levels.push_back(indexOfLevel(priority.level));
        }
        if (spec.priorities.empty()) {
            client.levels.push_back(indexOfLevel(0));
        }
        Edge edge;
        edge.to = indexOf(scenario_.services, spec.to);
        edge.client = static_cast<std::uint32_t>(services_.size() + clients_.size());
        edge.timeout = spec.timeout;
        edge.attempts = spec.attempts;
        edge.backoff = spec.backoff;
        edge.retriesRefused = spec.retriesRefused;
        edge.budget = budgetOf(spec.retryBudget);
        edges_.push_back(std::move(edge));
        clients_.push_back(std::move(client));
    }
}

void Simulation::Engine::schedule() {
    for (std::uint32_t k = 0; k < clients_.size(); ++k) {
        if (const double first = clients_[k].arrivals.next(0); std::isfinite(first)) {
            queue_.push(first, EventKind::Arrival, k);
        }
    }
    for (const Service& service : services_) {
        for (std::uint32_t k = 0; k < service.gates; ++k) {
            // The hosts of a pool are not in step with each other.
            const double phase = k == 0 ? 1 : random_.uniform();
            queue_.push(phase * kWindowSeconds, EventKind::Window, service.firstGate + k);
        }
    }
    queue_.push(kWindowSeconds, EventKind::GuardTick, 0);
    queue_.push(kWindowSeconds, EventKind::Step, 0);
    for (std::uint32_t k = 0; k < scenario_.faults.size(); ++k) {
        queue_.push(scenario_.faults[k].at, EventKind::FaultStart, k);
    }
}

}  // namespace levee::simulator
