// SPDX-License-Identifier: Apache-2.0
#include "shared/simulator/engine.h"

#include <algorithm>
#include <cmath>

namespace levee::simulator {
namespace {

constexpr double kClockStart = 3600;  ///< the guards' clock at the beginning

}  // namespace

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
    timeouts.push({now_ + seconds, id, requests_[id].stamp}, [&](const Timeouts::Entry& entry) {
        return requests_[entry.request].stamp != entry.stamp;
    });
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

MonotonicTime Simulation::Engine::clockOf(const Service& service) const {
    return MonotonicTime(fromSeconds(kClockStart + now_ + service.clockJump));
}

}  // namespace levee::simulator
