// SPDX-License-Identifier: Apache-2.0
#include "shared/simulator/engine.h"

#include <algorithm>
#include <cmath>

#include "shared/base/hash.h"

namespace levee::simulator {
namespace {

constexpr double kClockStart = 3600;  ///< the guards' clock at the beginning
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

template <typename Item>
std::uint32_t indexOf(const std::vector<Item>& items, std::string_view name) {
    const auto found = std::find_if(items.begin(), items.end(),
                                    [&](const Item& item) { return item.name == name; });
    return found == items.end() ? kNone : static_cast<std::uint32_t>(found - items.begin());
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

void Simulation::Engine::runUntil(double until) {
    while (!queue_.isEmpty() && queue_.next().at <= until) {
        const Event event = queue_.next();
        queue_.pop();
        now_ = event.at;
        tallies_.advance(now_);
        ++events_;
        handle(event);
    }
    now_ = std::max(now_, until);
}

void Simulation::Engine::handle(const Event& event) {
    const auto isOfRequest = [&] { return requests_[event.index].stamp == event.stamp; };
    switch (event.kind()) {
        case EventKind::Arrival:
            return onArrival(event.index);
        case EventKind::Retry:
            return isOfRequest() ? send(event.index) : void();
        case EventKind::CallerTimeout:
        case EventKind::QueueTimeout:
        case EventKind::GatewayTimeout:
            return onTimer(event);
        case EventKind::WorkDone:
            return isOfRequest() ? onWorkDone(event.index) : void();
        case EventKind::Fail:
            return isOfRequest() ? onFail(event.index) : void();
        case EventKind::CallsDone:
            return isOfRequest() ? onCallsDone(event.index) : void();
        case EventKind::Window:
            return onWindow(event.index);
        case EventKind::GuardTick:
            return onGuardTick();
        case EventKind::Step:
            return onStep();
        case EventKind::FaultStart:
            return onFaultStart(event.index);
        case EventKind::FaultEnd:
            return onFaultEnd(event.index);
    }
}

void Simulation::Engine::startTimer(Timeouts& timeouts, double seconds, std::uint32_t id,
                                    EventKind kind, std::uint32_t index) {
    timeouts.push({now_ + seconds, id, requests_[id].stamp});
    if (!timeouts.isTimerSet) {
        timeouts.isTimerSet = true;
        queue_.push(now_ + seconds, kind, index);
    }
}

Timeouts& Simulation::Engine::timeoutsOf(const Event& event) {
    if (event.kind() == EventKind::CallerTimeout) {
        return edges_[event.index].timeouts;
    }
    Gate& gate = gates_[event.index];
    return event.kind() == EventKind::QueueTimeout ? gate.queueTimeouts : gate.serviceTimeouts;
}

void Simulation::Engine::onTimer(const Event& event) {
    const EventKind kind = event.kind();
    const auto isOver = [&](const Timeouts::Entry& entry) {
        const Request& request = requests_[entry.request];
        return request.stamp != entry.stamp ||
               (kind == EventKind::CallerTimeout && !request.isAwaited) ||
               (kind == EventKind::QueueTimeout && request.stage != Request::Stage::AtGate);
    };
    const auto onDue = [&](std::uint32_t id) {
        kind == EventKind::CallerTimeout  ? giveUp(id)
        : kind == EventKind::QueueTimeout ? onQueueTimeout(id)
                                          : onGatewayTimeout(id);
    };
    Timeouts& timeouts = timeoutsOf(event);
    const double next = timeouts.expire(now_, isOver, onDue);
    timeouts.isTimerSet = std::isfinite(next);
    if (timeouts.isTimerSet) {
        queue_.push(next, kind, event.index);
    }
}

void Simulation::Engine::onWindow(std::uint32_t gate) {
    const Service& service = services_[serviceOfGate_[gate]];
    const std::uint32_t instance = gates_[gate].instance();
    const bool isLost =
        instances_[instance == kNone ? service.firstInstance : instance].losesWindows;
    gates_[gate].closeWindow(now_, clockOf(service), isLost);
    dispatchWaiting(gate);
    queue_.push(now_ + kWindowSeconds, EventKind::Window, gate);
}

void Simulation::Engine::onGuardTick() {
    tickBreakers();
    for (std::size_t k = 0; k < processLimiters_.size(); ++k) {
        if (processLimiters_[k] && now_ >= instances_[k].stalledUntil) {
            processLimiters_[k]->onTick(clockOf(services_[serviceOfInstance_[k]]));
        }
    }
    queue_.push(now_ + kWindowSeconds, EventKind::GuardTick, 0);
}

void Simulation::Engine::onStep() {
    ++steps_;
    for (Service& service : services_) {
        endStep(service, now_);
    }
    queue_.push(static_cast<double>(steps_ + 1) * kWindowSeconds, EventKind::Step, 0);
}

void Simulation::Engine::endStep(Service& service, double at) {
    const double limit = limitOf(service);
    service.steps.push_back({static_cast<float>(limit), static_cast<float>(ownLimitOf(service)),
                             static_cast<float>(service.inFlightMost),
                             static_cast<float>(service.backlogMost)});
    if (keepsTrace_) {
        service.trace.push_back(
            {static_cast<float>(at), static_cast<float>(limit),
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

MonotonicTime Simulation::Engine::clockOf(const Service& service) const {
    return MonotonicTime(fromSeconds(kClockStart + now_ + service.clockJump));
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
    f.capacity = spec.instances * spec.servers / spec.law.meanSeconds();
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
