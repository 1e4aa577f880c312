// SPDX-License-Identifier: Apache-2.0
// Who asks: the arrivals of clients, and what every caller does with an attempt, be it a client or
// a service that calls another.
#include <algorithm>
#include <cmath>

#include "shared/simulator/engine.h"

namespace levee::simulator {
namespace {

constexpr std::uint64_t kUsers = 10'000;     ///< of each client
constexpr double kRateMemory = 1;            ///< seconds, of the rate that a breaker is told
constexpr std::uint64_t kAdmitSteps = 1000;  ///< in which the gateway admits shares

}  // namespace

void Simulation::Engine::onArrival(std::uint32_t index) {
    Client& client = clients_[index];
    if (const double next = client.arrivals.next(now_); std::isfinite(next)) {
        queue_.push(next, EventKind::Arrival, index);
    }
    const std::uint32_t id = requests_.allocate();
    Request& request = requests_[id];
    request.firstAt = now_;
    request.edge = client.edge;
    request.user = static_cast<std::uint32_t>(index * kUsers + client.random.next() % kUsers);
    double left = client.random.uniform();
    std::size_t k = 0;
    for (; k + 1 < client.levels.size() && left >= client.spec->priorities[k].share; ++k) {
        left -= client.spec->priorities[k].share;
    }
    request.level = client.levels[k];
    send(id);
}

void Simulation::Engine::send(std::uint32_t id) {
    Request& request = requests_[id];
    Edge& edge = edges_[request.edge];
    request.arrivedAt = now_;
    request.isAwaited = true;
    const bool isFirst = request.attempt == 1;
    if (isFirst && edge.budget) {
        edge.budget->onRequest(clockOf(services_[edge.to]));
    }
    Tally& asked = tallyOf(services_[edge.to], request.level);
    ++asked.offered;
    asked.firsts += isFirst ? 1 : 0;
    if (edge.client != kNone) {
        Tally& own = tallies_.at(edge.client, request.level);
        ++own.offered;
        own.firsts += isFirst ? 1 : 0;
    }
    if (edge.breaker && !isAdmittedByBreaker(edge)) {
        refuse(id);
        return;
    }
    if (edge.timeout > 0) {
        startTimer(edge.timeouts, edge.timeout, id, EventKind::CallerTimeout, request.edge);
    }
    enter(id);
}

/// The caller goes; what it asked for is still worked on.
void Simulation::Engine::giveUp(std::uint32_t id) {
    Request& request = requests_[id];
    request.isAwaited = false;
    ++tallyOf(services_[edges_[request.edge].to], request.level).failed;
    answer(id, Outcome::Failed);
}

/// What the caller makes of an attempt's end. The request may live on without it.
void Simulation::Engine::answer(std::uint32_t id, Outcome outcome) {
    const Request attempt = requests_[id];
    Edge& edge = edges_[attempt.edge];
    tellBreaker(edge, attempt, outcome);
    if (edge.client != kNone) {
        Tally& own = tallies_.at(edge.client, attempt.level);
        own.refused += outcome == Outcome::Refused ? 1 : 0;
        own.failed += outcome == Outcome::Failed ? 1 : 0;
        if (outcome == Outcome::Good) {
            ++own.good;
            own.latency.record(now_ - attempt.firstAt);
        }
    }
    const bool mayRetry =
        outcome == Outcome::Failed || (outcome == Outcome::Refused && edge.retriesRefused);
    if (mayRetry && attempt.attempt < edge.attempts && takeRetry(edge)) {
        const std::uint32_t next = requests_.allocate();
        Request& again = requests_[next];
        again.firstAt = attempt.firstAt;
        again.edge = attempt.edge;
        again.parent = attempt.parent;
        again.user = attempt.user;
        again.level = attempt.level;
        again.attempt = static_cast<std::uint8_t>(attempt.attempt + 1);
        again.stage = Request::Stage::BackingOff;
        const double backoff = std::ldexp(edge.backoff, attempt.attempt - 1);
        if (backoff > 0) {
            const double jitter = 0.5 + random_.uniform();
            queue_.push(now_ + backoff * jitter, EventKind::Retry, next, again.stamp);
        } else {
            send(next);
        }
        return;
    }
    if (attempt.parent != kNone) {
        onCallEnded(attempt.parent, outcome == Outcome::Good || !edge.required);
    }
}

bool Simulation::Engine::takeRetry(Edge& edge) {
    return !edge.budget || edge.budget->tryRetry(clockOf(services_[edge.to]));
}

/// By a breaker, a limiter or a deadline: nothing of it goes on.
void Simulation::Engine::refuse(std::uint32_t id) {
    Request& request = requests_[id];
    if (request.isAwaited) {
        request.isAwaited = false;
        ++tallyOf(services_[edges_[request.edge].to], request.level).refused;
        answer(id, Outcome::Refused);
    }
    requests_.release(id);
}

bool Simulation::Engine::isAdmittedByBreaker(Edge& edge) {
    ++edge.arrivals;
    const double share = edge.breaker->admitShare();
    return share >= 1 ||
           static_cast<double>(random_.next() % kAdmitSteps) < std::round(share * kAdmitSteps);
}

void Simulation::Engine::tellBreaker(Edge& edge, const Request& request, Outcome outcome) {
    if (!edge.breaker || outcome == Outcome::Refused) {
        return;
    }
    const MonotonicTime now = clockOf(services_[edge.to]);
    const Duration latency = fromSeconds(now_ - request.arrivedAt);
    const auto kind =
        outcome == Outcome::Good ? CallResult::Kind::Success : CallResult::Kind::Failure;
    edge.breaker->onResult({kind, latency}, now - latency, now);
    countTrips(edge);
}

void Simulation::Engine::tickBreakers() {
    const double keep = std::exp(-kWindowSeconds / kRateMemory);
    for (Edge& edge : edges_) {
        if (!edge.breaker) {
            continue;
        }
        const double rate = static_cast<double>(edge.arrivals) / kWindowSeconds;
        edge.offeredRate = keep * edge.offeredRate + (1 - keep) * rate;
        edge.arrivals = 0;
        edge.breaker->setOfferedRate(edge.offeredRate);
        edge.breaker->onTick(clockOf(services_[edge.to]));
        countTrips(edge);
        edge.breaker->takeEvents();
    }
}

void Simulation::Engine::countTrips(Edge& edge) {
    const int trips = edge.breaker->trips();
    tallyOf(services_[edge.to], 0).trips += static_cast<std::uint64_t>(trips - edge.trips);
    edge.trips = trips;
}

}  // namespace levee::simulator
