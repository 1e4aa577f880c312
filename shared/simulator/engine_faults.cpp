// SPDX-License-Identifier: Apache-2.0
// What goes wrong on purpose. Faults that hold for a while are looked at together whenever one of
// them begins or ends, so that they may overlap.
#include <algorithm>
#include <cmath>

#include "shared/simulator/engine.h"

namespace levee::simulator {

template <typename Visit>
void Simulation::Engine::forEachInstance(const FaultSpec& fault, Visit visit) {
    for (const Service& service : services_) {
        if (service.spec->name != fault.service) {
            continue;
        }
        for (int k = 0; k < service.spec->instances; ++k) {
            if (fault.instance < 0 || fault.instance == k) {
                visit(service.firstInstance + static_cast<std::uint32_t>(k));
            }
        }
    }
}

void Simulation::Engine::onFaultStart(std::uint32_t index) {
    const FaultSpec& fault = scenario_.faults[index];
    if (fault.every > 0) {
        queue_.push(now_ + fault.every, EventKind::FaultStart, index);
    }
    if (fault.kind == FaultSpec::Kind::ClockJump) {
        for (Service& service : services_) {
            service.clockJump += service.spec->name == fault.service ? fault.value : 0;
        }
        return;
    }
    ++activeFaults_[index];
    queue_.push(now_ + fault.seconds, EventKind::FaultEnd, index);
    forEachInstance(fault, [&](std::uint32_t k) {
        Instance& instance = instances_[k];
        if (fault.kind == FaultSpec::Kind::Stall) {
            const double until = std::max(instance.stalledUntil, now_ + fault.seconds);
            instance.stalled += until - std::max(instance.stalledUntil, now_);
            instance.stalledUntil = until;
        }
        applyFaults(k);
        if (fault.kind == FaultSpec::Kind::Crash) {
            crash(k);
        }
        goOn(k);
    });
}

void Simulation::Engine::onFaultEnd(std::uint32_t index) {
    --activeFaults_[index];
    forEachInstance(scenario_.faults[index], [&](std::uint32_t k) {
        applyFaults(k);
        goOn(k);
    });
}

/// After a stall, or with more servers.
void Simulation::Engine::goOn(std::uint32_t index) {
    startNext(index);
    Instance& instance = instances_[index];
    if (now_ >= instance.stalledUntil) {
        for (std::uint32_t left = instance.frozen.size(); left > 0; --left) {
            enterProcess(instance.frozen.pop(requests_));
        }
    }
}

void Simulation::Engine::applyFaults(std::uint32_t index) {
    const Service& service = services_[serviceOfInstance_[index]];
    Instance& instance = instances_[index];
    double servers = service.spec->servers;
    double answered = 1;
    instance.slow = 1;
    instance.isCrashed = false;
    instance.losesWindows = false;
    for (std::size_t k = 0; k < scenario_.faults.size(); ++k) {
        const FaultSpec& fault = scenario_.faults[k];
        const bool isMeant =
            fault.instance < 0 ||
            service.firstInstance + static_cast<std::uint32_t>(fault.instance) == index;
        if (activeFaults_[k] == 0 || fault.service != service.spec->name || !isMeant) {
            continue;
        }
        servers *= fault.kind == FaultSpec::Kind::Servers ? fault.value : 1;
        instance.slow *= fault.kind == FaultSpec::Kind::Slow ? fault.value : 1;
        answered *= fault.kind == FaultSpec::Kind::Errors ? 1 - fault.value : 1;
        instance.isCrashed |= fault.kind == FaultSpec::Kind::Crash;
        instance.losesWindows |= fault.kind == FaultSpec::Kind::LoseWindows;
    }
    instance.servers = static_cast<int>(std::lround(servers));
    instance.errorShare = 1 - answered;
}

/// Everything under way at the instance fails; what it had asked of others goes on as waste.
void Simulation::Engine::crash(std::uint32_t index) {
    Instance& instance = instances_[index];
    services_[serviceOfInstance_[index]].backlog -= instance.backlog.size();
    instance.backlog.clear();
    instance.busy = 0;
    struct Victim {
        std::uint32_t id;
        std::uint32_t stamp;
    };
    std::vector<Victim> victims;
    for (std::uint32_t id = 0; id < requests_.size(); ++id) {
        Request& request = requests_[id];
        if (request.instance == index && request.stage >= Request::Stage::Backlog) {
            request.holdsServer = false;
            victims.push_back({id, request.stamp});
        }
    }
    for (const Victim& victim : victims) {
        if (requests_[victim.id].stamp == victim.stamp) {
            abandonCallsOf(victim.id);
            finish(victim.id, false);
        }
    }
}

void Simulation::Engine::abandonCallsOf(std::uint32_t parent) {
    if (requests_[parent].stage != Request::Stage::Calling) {
        return;
    }
    for (std::uint32_t id = 0; id < requests_.size(); ++id) {
        Request& call = requests_[id];
        if (call.stage == Request::Stage::Free || call.parent != parent) {
            continue;
        }
        call.parent = kNone;
        if (call.stage == Request::Stage::BackingOff) {
            requests_.release(id);
        } else if (call.isAwaited) {
            call.isAwaited = false;
            ++tallyOf(services_[edges_[call.edge].to], call.level).failed;
        }
    }
}

}  // namespace levee::simulator
