// SPDX-License-Identifier: Apache-2.0
// A limiter at work: in front of an instance or a pool, at a gateway or in the process. It books
// what it sees into windows as the agent books the gateway's log, where each request counts when it
// has ended.
#pragma once

#include <memory>

#include "shared/guard/limit.h"
#include "shared/simulator/request.h"
#include "shared/simulator/scenario.h"

namespace levee::simulator {

/// What one request was, when it has ended at the service.
struct Ended {
    double atService = 0;   ///< seconds, without the wait for a slot
    double ownSeconds = 0;  ///< of these: own work and own waiting, not the calls to others
    bool waited = false;    ///< for a slot
    bool failed = false;
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
    bool hasRoom() const { return waiting.size() < enforced_.queueLimit; }

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

    RequestList waiting;

private:
    LimiterSpec spec_;
    std::unique_ptr<Limit> limit_;
    std::uint32_t instance_;
    LimitDecision enforced_;
    LimitDecision decided_;
    std::uint32_t inFlight_ = 0;

    WindowSample window_;
    double windowStart_ = 0;
    std::optional<MonotonicTime> lastClock_;
    double leastWait_ = -1;
    double busySeconds_ = 0;
    double ownSeconds_ = 0;
};

constexpr double kWindowSeconds = 0.1;

}  // namespace levee::simulator
