// SPDX-License-Identifier: Apache-2.0
// Who answers: a request at a service, from the gate to the answer.
#include <algorithm>

#include "shared/simulator/engine.h"

namespace levee::simulator {
namespace {

constexpr double kFailSeconds = 0.001;  ///< of what fails without being worked on

}  // namespace

void Simulation::Engine::enter(std::uint32_t id) {
    Request& request = requests_[id];
    const Service& service = services_[edges_[request.edge].to];
    if (service.gates > 0) {
        const std::uint32_t choice =
            service.gates == 1 ? 0 : static_cast<std::uint32_t>(random_.next() % service.gates);
        request.gate = service.firstGate + choice;
        enterGate(id);
        return;
    }
    request.instance = anyInstance(service);
    if (!service.isInProcess) {
        dispatch(id);
    } else if (Instance& instance = instances_[request.instance]; now_ < instance.stalledUntil) {
        request.stage = Request::Stage::AtGate;
        instance.frozen.push(requests_, id);
    } else {
        enterProcess(id);
    }
}

std::uint32_t Simulation::Engine::anyInstance(const Service& service) {
    const auto instances = static_cast<std::uint32_t>(service.spec->instances);
    const std::uint64_t choice = instances == 1 ? 0 : random_.next() % instances;
    return service.firstInstance + static_cast<std::uint32_t>(choice);
}

void Simulation::Engine::enterGate(std::uint32_t id) {
    Request& request = requests_[id];
    Gate& gate = gates_[request.gate];
    if (!gate.admitsClass(request, random_)) {
        refuse(id);
    } else if (!gate.admits(request, random_)) {
        gate.onRefused();
        refuse(id);
    } else if (gate.isFree()) {
        dispatch(id);
    } else {
        request.stage = Request::Stage::AtGate;
        gate.enqueue(requests_, id);
        const LimiterSpec& limiter = services_[edges_[request.edge].to].spec->limiter;
        if (limiter.queueTimeout > 0) {
            startTimer(gate.queueTimeouts, limiter.queueTimeout, id, EventKind::QueueTimeout,
                       request.gate);
        }
    }
}

void Simulation::Engine::enterProcess(std::uint32_t id) {
    const Request& request = requests_[id];
    const MonotonicTime now = clockOf(services_[edges_[request.edge].to]);
    std::optional<Permit> permit =
        processLimiters_[request.instance]->admit(request.level, Random(request.user).next(), now);
    if (!permit) {
        refuse(id);
        return;
    }
    if (permits_.size() <= id) {
        permits_.resize(requests_.size());
    }
    permits_[id] = std::move(permit);
    dispatch(id);
}

void Simulation::Engine::onQueueTimeout(std::uint32_t id) {
    Gate& gate = gates_[requests_[id].gate];
    gate.drop(requests_, id);  // all wait with the same patience, so it is the oldest
    gate.onRefused();
    refuse(id);
}

void Simulation::Engine::dispatchWaiting(std::uint32_t index) {
    Gate& gate = gates_[index];
    for (std::uint32_t id; (id = gate.takeWaiting(requests_)) != kNone;) {
        if (gate.canStart(now_ - requests_[id].arrivedAt)) {
            dispatch(id);
        } else {
            gate.onRefused();
            refuse(id);
        }
    }
}

void Simulation::Engine::dispatch(std::uint32_t id) {
    Request& request = requests_[id];
    Service& service = services_[edges_[request.edge].to];
    request.dispatchedAt = now_;
    if (request.gate != kNone) {
        Gate& gate = gates_[request.gate];
        gate.onDispatched(now_ - request.arrivedAt);
        request.instance = gate.instance() == kNone ? anyInstance(service) : gate.instance();
        const double patience = service.spec->limiter.serviceTimeout;
        if (patience > 0) {
            startTimer(gate.serviceTimeouts, patience, id, EventKind::GatewayTimeout, request.gate);
        }
    }
    service.inFlightMost = std::max(service.inFlightMost, ++service.inFlight);
    serve(id);
}

void Simulation::Engine::serve(std::uint32_t id) {
    Request& request = requests_[id];
    Service& service = services_[edges_[request.edge].to];
    Instance& instance = instances_[request.instance];
    if (instance.isCrashed ||
        (instance.errorShare > 0 && random_.uniform() < instance.errorShare)) {
        failSoon(id);
    } else if (instance.busy < instance.servers && now_ >= instance.stalledUntil) {
        startWork(id);
    } else if (instance.backlog.size() >= service.spec->backlog) {
        failSoon(id);
    } else {
        request.stage = Request::Stage::Backlog;
        instance.backlog.push(requests_, id);
        service.backlogMost = std::max(service.backlogMost, ++service.backlog);
    }
}

void Simulation::Engine::startWork(std::uint32_t id) {
    Request& request = requests_[id];
    Instance& instance = instances_[request.instance];
    const Service& service = services_[edges_[request.edge].to];
    ++instance.busy;
    request.stage = Request::Stage::Working;
    request.holdsServer = true;
    request.stalled = instance.stalled;
    queue_.push(now_ + service.time.draw(random_) * instance.slow, EventKind::WorkDone, id,
                request.stamp);
}

void Simulation::Engine::startNext(std::uint32_t index) {
    Instance& instance = instances_[index];
    while (!instance.backlog.isEmpty() && instance.busy < instance.servers &&
           now_ >= instance.stalledUntil) {
        --services_[serviceOfInstance_[index]].backlog;
        startWork(instance.backlog.pop(requests_));
    }
}

void Simulation::Engine::freeServer(std::uint32_t id) {
    Request& request = requests_[id];
    if (request.holdsServer) {
        request.holdsServer = false;
        --instances_[request.instance].busy;
        startNext(request.instance);
    }
}

void Simulation::Engine::failSoon(std::uint32_t id) {
    requests_[id].stage = Request::Stage::Failing;
    queue_.push(now_ + kFailSeconds, EventKind::Fail, id, requests_[id].stamp);
}

void Simulation::Engine::onFail(std::uint32_t id) {
    const double stalledUntil = instances_[requests_[id].instance].stalledUntil;
    if (now_ < stalledUntil) {
        queue_.push(stalledUntil, EventKind::Fail, id, requests_[id].stamp);
    } else {
        finish(id, false);
    }
}

void Simulation::Engine::onWorkDone(std::uint32_t id) {
    Request& request = requests_[id];
    const Instance& instance = instances_[request.instance];
    if (instance.stalled > request.stalled) {  // it stood still meanwhile: so much is left to do
        const double left = instance.stalled - request.stalled;
        request.stalled = instance.stalled;
        queue_.push(now_ + left, EventKind::WorkDone, id, request.stamp);
        return;
    }
    request.workedAt = now_;
    const Service& service = services_[edges_[request.edge].to];
    if (service.calls.empty()) {
        finish(id, true);
        return;
    }
    if (!service.spec->holdsServer) {
        freeServer(id);
    }
    request.stage = Request::Stage::Calling;
    request.callGroup = 0;
    startCalls(id);
}

/// The next group of calls that has something to do; the answer when there is none.
void Simulation::Engine::startCalls(std::uint32_t id) {
    const std::vector<CallGroup>& groups = services_[edges_[requests_[id].edge].to].calls;
    // Calls can be refused at once: while they go out, one more counts as pending.
    requests_[id].pendingCalls = 1;
    const CallGroup group = groups[requests_[id].callGroup];
    for (std::uint32_t edge = group.firstEdge; edge < group.endEdge; ++edge) {
        if (edges_[edge].share < 1 && random_.uniform() >= edges_[edge].share) {
            continue;
        }
        ++requests_[id].pendingCalls;
        const std::uint32_t call = requests_.allocate();
        Request& request = requests_[call];
        request.firstAt = now_;
        request.edge = edge;
        request.parent = id;
        request.user = requests_[id].user;
        request.level = requests_[id].level;
        send(call);
    }
    onCallEnded(id, true);
}

void Simulation::Engine::onCallEnded(std::uint32_t parent, bool ok) {
    Request& request = requests_[parent];
    request.hasFailedCall = request.hasFailedCall || !ok;
    if (--request.pendingCalls > 0) {
        return;
    }
    const Instance& instance = instances_[request.instance];
    if (now_ < instance.stalledUntil) {
        queue_.push(instance.stalledUntil, EventKind::CallsDone, parent, request.stamp);
        return;
    }
    onCallsDone(parent);
}

void Simulation::Engine::onCallsDone(std::uint32_t id) {
    Request& request = requests_[id];
    const Service& service = services_[edges_[request.edge].to];
    if (request.hasFailedCall) {
        finish(id, false);
    } else if (++request.callGroup < service.calls.size()) {
        startCalls(id);
    } else {
        finish(id, true);
    }
}

/// The gateway gives up and frees the slot; the service does not know and works on.
void Simulation::Engine::onGatewayTimeout(std::uint32_t id) {
    Request& request = requests_[id];
    const std::uint32_t gate = request.gate;
    gates_[gate].onEnded({.as = Ended::As::TimedOut,
                          .atService = now_ - request.dispatchedAt,
                          .waited = request.dispatchedAt > request.arrivedAt});
    request.gate = kNone;
    if (request.isAwaited) {
        giveUp(id);
    }
    dispatchWaiting(gate);
}

void Simulation::Engine::finish(std::uint32_t id, bool ok) {
    freeServer(id);
    const Request request = requests_[id];
    Service& service = services_[edges_[request.edge].to];
    --service.inFlight;
    if (request.gate != kNone) {
        gates_[request.gate].onEnded({.as = ok ? Ended::As::Answered : Ended::As::Failed,
                                      .atService = now_ - request.dispatchedAt,
                                      .ownSeconds = request.workedAt - request.dispatchedAt,
                                      .waited = request.dispatchedAt > request.arrivedAt});
    }
    if (service.isInProcess) {
        const MonotonicTime now = clockOf(service);
        ok ? permits_[id]->success(now) : permits_[id]->failure(now);
    }
    Tally& tally = tallyOf(service, request.level);
    if (!request.isAwaited) {
        tally.late += ok ? 1 : 0;
        if (const std::uint32_t client = edges_[request.edge].client; client != kNone) {
            tallies_.at(client, request.level).late += ok ? 1 : 0;
        }
    } else if (ok) {
        ++tally.good;
        tally.latency.record(now_ - request.arrivedAt);
        if (keepsTrace_) {
            ++service.goodInStep;
            service.latencyInStep.record(now_ - request.arrivedAt);
        }
    } else {
        ++tally.failed;
    }
    if (request.isAwaited) {
        requests_[id].isAwaited = false;
        answer(id, ok ? Outcome::Good : Outcome::Failed);
    }
    requests_.release(id);
    if (request.gate != kNone) {
        dispatchWaiting(request.gate);
    }
}

}  // namespace levee::simulator
