// SPDX-License-Identifier: Apache-2.0
// A limiter at work: in front of an instance or a pool, at a gateway or in the process. It books
// what it sees into windows as the agent books the gateway's log, where each request counts when it
// has ended.
#pragma once

#include <memory>
#include <optional>

#include "shared/guard/limit.h"
#include "shared/simulator/request.h"
#include "shared/simulator/scenario.h"
#include "shared/simulator/timeouts.h"

namespace levee::simulator {

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
    /// REQUIRES: a limit. `instance`: the one behind it, or kNone for all of the pool.
    Gate(const LimiterSpec& spec, std::unique_ptr<Limit> limit, std::uint32_t instance);

    std::uint32_t instance() const { return instance_; }
    bool isInProcess() const { return spec_.place == LimiterSpec::Place::InProcess; }
    double enforcedLimit() const { return enforced_.maxInFlight(); }
    double admitShare() const { return enforced_.admitShare; }
    bool hasSlot() const { return inFlight_ < enforced_.maxInFlight(); }
    bool hasRoom() const { return waiting_.size() < enforced_.queueLimit; }

    void enqueue(RequestPool& pool, std::uint32_t request) { waiting_.push(pool, request); }
    /// The next one to be dispatched, or kNone: nobody waits, or there is no slot.
    std::uint32_t takeWaiting(const RequestPool& pool) {
        return waiting_.isEmpty() || !hasSlot() ? kNone : waiting_.pop(pool);
    }
    /// Takes the one that has waited longest, without a slot. REQUIRES: somebody waits.
    void dropOldest(const RequestPool& pool) { waiting_.pop(pool); }

    void onRefused() { ++window_.shed; }
    /// A request has got its slot after so many seconds.
    void onDispatched(double waited);
    void onEnded(const Ended& ended);

    /// Whether the window that began last is over before its time.
    bool isWindowFull(double now) const;
    double windowStart() const { return windowStart_; }
    /// Ends the window and lets the limit judge it, unless it is lost on the way. `now` is the
    /// simulation's time, `clock` the guard's.
    void closeWindow(double now, MonotonicTime clock, bool isLost);

    Timeouts queueTimeouts;
    Timeouts serviceTimeouts;

private:
    LimiterSpec spec_;
    std::unique_ptr<Limit> limit_;
    std::uint32_t instance_;
    LimitDecision enforced_;
    LimitDecision decided_;
    std::uint32_t inFlight_ = 0;
    RequestList waiting_;

    WindowSample window_;
    double windowStart_ = 0;
    std::optional<MonotonicTime> lastClock_;
    double leastWait_ = -1;
    double busySeconds_ = 0;
    double ownSeconds_ = 0;
};

constexpr double kWindowSeconds = 0.1;

}  // namespace levee::simulator
