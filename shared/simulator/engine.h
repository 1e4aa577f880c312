// SPDX-License-Identifier: Apache-2.0
// The machinery of a simulation. One event after the other; what happens at an event happens at
// once. By file: engine.cpp (the loop and what comes at regular times), engine_setup.cpp,
// engine_clients.cpp (who asks: arrivals, timeouts, retries, breakers), engine_services.cpp (who
// answers: gates, servers, calls), engine_faults.cpp, engine_figures.cpp.
#pragma once

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "shared/guard/breaker.h"
#include "shared/guard/retry_budget.h"
#include "shared/simulator/arrivals.h"
#include "shared/simulator/event_queue.h"
#include "shared/simulator/gate.h"
#include "shared/simulator/process_limiter.h"
#include "shared/simulator/request.h"
#include "shared/simulator/service_time.h"
#include "shared/simulator/simulation.h"
#include "shared/simulator/tally.h"
#include "shared/simulator/timeouts.h"

namespace levee::simulator {

/// Of the item of that name; kNone: there is none.
template <typename Item>
std::uint32_t indexOf(const std::vector<Item>& items, std::string_view name) {
    const auto found = std::find_if(items.begin(), items.end(),
                                    [&](const Item& item) { return item.name == name; });
    return found == items.end() ? kNone : static_cast<std::uint32_t>(found - items.begin());
}

class Simulation::Engine {
public:
    Engine(const Scenario& scenario, const Algorithm& algorithm, std::uint64_t seed,
           const std::vector<Interval>& intervals);
    Engine(const Engine&) = delete;
    Engine& operator=(const Engine&) = delete;

    void runUntil(double until);

    Figures figures(std::string_view subject, const Interval& interval, int level) const;
    const std::vector<TracePoint>& trace(std::string_view service) const;
    std::uint64_t events() const { return events_; }
    double duration() const { return scenario_.duration; }

private:
    /// How an attempt came out for its caller.
    enum class Outcome { Good, Failed, Refused };

    /// One process of a service.
    struct Instance {
        int servers = 0;
        int busy = 0;
        RequestList backlog;
        RequestList frozen;  ///< came to a process that stands still, before its limiter
        double slow = 1;
        double errorShare = 0;
        bool isCrashed = false;
        bool losesWindows = false;
        double stalledUntil = 0;
        double stalled = 0;  ///< seconds of standing still that have begun so far
    };
    /// What a service looked like in 100 ms.
    struct Step {
        float limit = 0;
        float ownLimit = 0;
        float inFlightMost = 0;
        float backlogMost = 0;
    };
    /// Calls that go out together.
    struct CallGroup {
        std::uint32_t firstEdge = 0;
        std::uint32_t endEdge = 0;
    };
    struct Service {
        explicit Service(const ServiceSpec& s) : spec(&s), time(s.law) {}

        const ServiceSpec* spec;
        ServiceTime time;
        std::uint32_t subject = 0;
        std::uint32_t firstInstance = 0;
        std::uint32_t firstGate = 0;
        std::uint32_t gates = 0;
        bool isInProcess = false;  ///< its instances have process limiters
        std::vector<CallGroup> calls;
        double clockJump = 0;  ///< by which its guards' clock is ahead

        std::uint32_t inFlight = 0;  ///< at its instances, waiting ones included
        std::uint32_t backlog = 0;
        std::uint32_t inFlightMost = 0;  ///< in this step
        std::uint32_t backlogMost = 0;
        std::uint64_t goodInStep = 0;
        stats::Histogram latencyInStep;
        std::vector<Step> steps;
        std::vector<TracePoint> trace;
    };
    /// Who asks whom: a client a service, or a service another.
    struct Edge {
        std::uint32_t to = 0;          ///< service
        std::uint32_t client = kNone;  ///< subject of the client; none: a service's call
        double share = 1;
        double timeout = 0;
        int attempts = 1;
        double backoff = 0;
        bool retriesRefused = true;
        bool required = true;
        std::optional<RetryBudget> budget;
        Timeouts timeouts;
        std::unique_ptr<Breaker> breaker;
        std::uint64_t arrivals = 0;  ///< since the last tick of the breaker
        double offeredRate = 0;
        int trips = 0;
    };
    struct Client {
        const ClientSpec* spec = nullptr;
        Arrivals arrivals;
        Random random;
        std::uint32_t edge = 0;
        std::vector<std::uint8_t> levels;  ///< index of each of its priorities
    };

    // engine_setup.cpp
    void addServices();
    void addLimiters(Service& service);
    void addGates(Service& service, const LimiterSettings& settings);
    void addProcessLimiters(Service& service, const LimiterSettings& settings);
    void addCalls();
    void addClients();
    void schedule();

    // engine.cpp
    void handle(const Event& event);
    void startTimer(Timeouts& timeouts, double seconds, std::uint32_t request, EventKind kind,
                    std::uint32_t index);
    void onTimer(const Event& event);
    Timeouts& timeoutsOf(const Event& event);
    void onWindow(std::uint32_t gate);
    void onGuardTick();
    MonotonicTime clockOf(const Service& service) const;

    // engine_figures.cpp
    void onStep();
    void endStep(Service& service);
    double limitOf(const Service& service) const;
    double ownLimitOf(const Service& service) const;
    const Service* serviceNamed(std::string_view name) const;
    Tally& tallyOf(const Service& service, std::uint8_t level) {
        return tallies_.at(service.subject, level);
    }

    // engine_clients.cpp
    void onArrival(std::uint32_t client);
    void send(std::uint32_t request);
    void giveUp(std::uint32_t request);
    void answer(std::uint32_t request, Outcome outcome);
    void refuse(std::uint32_t request);
    void tellBreaker(Edge& edge, const Request& request, Outcome outcome);
    bool isAdmittedByBreaker(Edge& edge);
    void tickBreakers();
    bool takeRetry(Edge& edge);
    void countTrips(Edge& edge);

    // engine_services.cpp
    void enter(std::uint32_t request);
    void enterGate(std::uint32_t request);
    void enterProcess(std::uint32_t request);
    std::uint32_t anyInstance(const Service& service);
    void dispatchWaiting(std::uint32_t gate);
    void dispatch(std::uint32_t request);
    void serve(std::uint32_t request);
    void startWork(std::uint32_t request);
    void startNext(std::uint32_t instance);
    void freeServer(std::uint32_t request);
    void onQueueTimeout(std::uint32_t request);
    void onGatewayTimeout(std::uint32_t request);
    void failSoon(std::uint32_t request);
    void onFail(std::uint32_t request);
    void onWorkDone(std::uint32_t request);
    void startCalls(std::uint32_t request);
    void onCallEnded(std::uint32_t parent, bool ok);
    void onCallsDone(std::uint32_t request);
    void finish(std::uint32_t request, bool ok);

    // engine_faults.cpp
    void onFaultStart(std::uint32_t fault);
    void onFaultEnd(std::uint32_t fault);
    void applyFaults(std::uint32_t instance);
    void goOn(std::uint32_t instance);
    void crash(std::uint32_t instance);
    void abandonCallsOf(std::uint32_t parent);
    template <typename Visit>
    void forEachInstance(const FaultSpec& fault, Visit visit);

    Scenario scenario_;
    Algorithm algorithm_;
    std::uint64_t seed_;
    Random random_;

    double now_ = 0;
    std::uint64_t events_ = 0;
    std::uint64_t steps_ = 0;
    EventQueue queue_;
    RequestPool requests_;
    std::vector<Service> services_;
    std::vector<Instance> instances_;
    std::vector<std::uint32_t> serviceOfInstance_;
    std::vector<Gate> gates_;
    std::vector<std::uint32_t> serviceOfGate_;
    std::vector<std::unique_ptr<ProcessLimiter>> processLimiters_;  ///< by instance; null: none
    std::vector<std::optional<Permit>> permits_;                    ///< by request
    std::vector<Edge> edges_;
    std::vector<Client> clients_;
    std::vector<std::uint32_t> activeFaults_;  ///< how often each is under way
    std::vector<int> levels_;                  ///< priorities in use, by index
    bool keepsTrace_;
    TallyBook tallies_;
};

}  // namespace levee::simulator
