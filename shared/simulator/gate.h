// SPDX-License-Identifier: Apache-2.0
// A limiter at work at a gateway, in front of an instance or a pool. It books what it sees into
// windows as the agent books the gateway's log, where each request counts when it has ended; what
// is decided then is in force a window later. (In the process: shared/guard/permit.h.)
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "shared/base/random.h"
#include "shared/guard/deadline.h"
#include "shared/guard/limit.h"
#include "shared/guard/priority_admission.h"
#include "shared/simulator/request.h"
#include "shared/simulator/scenario.h"
#include "shared/simulator/timeouts.h"

namespace levee::simulator {

constexpr double kWindowSeconds = 0.1;

/// What one request was, when it has ended for the gate.
struct Ended {
    enum class As { Answered, Failed, TimedOut } as = As::Answered;
    double atService = 0;   ///< seconds, without the wait for a slot
    double ownSeconds = 0;  ///< of these: own work and own waiting, not the calls to others
    bool waited = false;    ///< for a slot
};

/// Confined to one thread.
class Gate {
public:
    /// REQUIRES: a limit. `instance`: the one behind it, or kNone for all of the pool. `levels`: of
    /// the priorities, for a gate that uses them.
    Gate(const LimiterSpec& spec, std::unique_ptr<Limit> limit, std::uint32_t instance,
         std::size_t levels);

    std::uint32_t instance() const { return instance_; }
    double ownLimit() const { return enforced_.ownLimit; }
    double enforcedLimit() const { return enforced_.maxInFlight(); }
    /// Whether an arrival gets a slot at once: nobody is overtaken.
    bool isFree() const { return waitingCount_ == 0 && hasSlot(); }

    /// Counts an arrival and says whether it is among the share of its class that is let through.
    /// One that is not does not meet the limit, so that nothing of it comes into the window.
    bool admitsClass(const Request& request, Random& random);
    /// Whether an arrival gets a slot or may wait for one.
    bool admits(const Request& request, Random& random) const;
    /// Whether a request that has waited so many seconds can still be answered by its deadline when
    /// it starts now.
    bool canStart(double waited) const { return canAnswer(waited, 0); }

    void enqueue(RequestPool& pool, std::uint32_t request) {
        listOf(pool[request]).push(pool, request);
        ++waitingCount_;
    }
    /// The next one to be dispatched, or kNone: nobody waits, or there is no slot.
    std::uint32_t takeWaiting(const RequestPool& pool);
    /// Takes a request that has waited for longer than all others of its priority.
    void drop(const RequestPool& pool, std::uint32_t request) {
        listOf(pool[request]).pop(pool);
        --waitingCount_;
    }

    void onRefused() { ++window_.shed; }
    /// A request has got its slot after so many seconds.
    void onDispatched(double waited);
    void onEnded(const Ended& ended);

    /// Ends the window and lets the limit judge it, unless it is lost on the way. `now` is the
    /// simulation's time, `clock` the guard's.
    void closeWindow(double now, MonotonicTime clock, bool isLost);

    Timeouts queueTimeouts;
    Timeouts serviceTimeouts;

private:
    bool hasSlot() const { return inFlight_ < enforced_.maxInFlight(); }
    RequestList& listOf(const Request& request) { return waiting_[admission_ ? request.level : 0]; }
    std::uint32_t queueBoundOf(const Request& request) const;
    bool canAnswer(double waited, std::uint32_t ahead) const;

    LimiterSpec spec_;
    std::unique_ptr<Limit> limit_;
    std::uint32_t instance_;
    LimitDecision enforced_;
    LimitDecision decided_;
    std::uint32_t inFlight_ = 0;
    std::vector<RequestList> waiting_;  ///< by priority, if that is used
    std::uint32_t waitingCount_ = 0;

    std::optional<PriorityAdmission> admission_;
    PriorityCut cut_;        ///< in force
    double dispatched_ = 0;  ///< in this window
    /// From slot to answer, in the last window that has any: the mean, and what is slow.
    double latency_ = kUnknown;
    double slowLatency_ = kUnknown;

    WindowSample window_;
    double windowStart_ = 0;
    std::optional<MonotonicTime> lastClock_;
    double leastWait_ = -1;
    double busySeconds_ = 0;
    double ownSeconds_ = 0;
    std::uint64_t others_ = 0;  ///< in flight when one ended, summed
};

}  // namespace levee::simulator
