// SPDX-License-Identifier: Apache-2.0
// A circuit breaker that sees every call and decides which share of the traffic may pass. Its
// states and what leads from one to another stand in breaker_transitions.h; when it trips, in
// trip_rule.h.
//
// Recovery is a ramp, not a step: after the open time a bounded number of probes within a bounded
// time, then a share that rises from 10 % to all. Each failed recovery doubles the open time, with
// 10 % of chance in it so that many breakers do not strike together.
//
// Never the last half: where it is known which share of the fleet's breakers on the same service is
// open, and that has reached `maxOpenShare`, the breaker does not trip, says so once, and trips as
// soon as the share allows, if the calls still ask for it. A breaker that is half-open may open
// again (it is one of the open ones already), and a person may force it open. Without the input,
// an agent alone for example, there is no cap. The share is as old as its transport: breakers that
// trip within that time can together go past the cap.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "shared/base/random.h"
#include "shared/guard/breaker_transitions.h"
#include "shared/guard/call_result.h"
#include "shared/guard/guard_event.h"
#include "shared/guard/trip_rule.h"

namespace levee {

/// Confined to one thread. `now` must not run backwards.
class Breaker {
public:
    Breaker(const BreakerSettings& settings, std::uint64_t seed, MonotonicTime now);

    /// Counts the call. Calls that began before the last half-open belong to the time before it
    /// and are ignored, so that stragglers cannot spoil a recovery.
    void onResult(const CallResult& result, MonotonicTime startedAt, MonotonicTime now);
    /// Arrivals per second of late, refused ones included: half-open derives its share from it.
    void setOfferedRate(double perSecond);
    /// Share of the fleet's breakers on calls to the same service that are open, half-open or
    /// forced open, 0 to 1; kUnknown: not known. Forgotten after ten seconds.
    void setFleetOpenShare(double share, MonotonicTime now);
    /// Does what the time demands. Call it often: each 100 ms.
    void onTick(MonotonicTime now);

    /// Share of the traffic to let through, 0 to 1, as of the last call with a time.
    double admitShare() const { return admitShare_; }
    BreakerState state() const { return state_; }
    bool isForced() const;

    /// Holds until `until`, over any rule and result. REQUIRES: until > now.
    void forceOpen(MonotonicTime until, MonotonicTime now);
    void forceClosed(MonotonicTime until, MonotonicTime now);
    /// Ends a hold early; nothing happens without one.
    void releaseForce(MonotonicTime now);

    /// Takes other settings and keeps state and counts. A hold outlives a rule that switches the
    /// breaker off.
    void reconfigure(const BreakerSettings& settings, MonotonicTime now);

    /// 1: nothing wrong, 0: trips now, or is open. kUnknown while disabled or held.
    double distanceToTrip(MonotonicTime now) const;
    double failureShare(MonotonicTime now) const;  ///< kUnknown without calls
    double slowShare(MonotonicTime now) const;     ///< kUnknown without calls
    /// Seconds left in Open or in a hold open; kUnknown otherwise.
    double reopenIn(MonotonicTime now) const;
    int trips() const { return trips_; }
    int tripsSuppressed() const { return tripsSuppressed_; }  ///< by the cap on the fleet's share

    /// What happened since the last call, oldest first.
    std::vector<GuardEvent> takeEvents() { return std::exchange(events_, {}); }

private:
    void go(BreakerEvent event, MonotonicTime now, EventSeverity severity, std::string text,
            Decision why = {});
    void enter(BreakerState state, MonotonicTime now);
    void report(EventSeverity severity, std::string text, Decision why, bool byHand);
    void trip(TripReason reason, MonotonicTime now);
    void open(BreakerEvent event, TripReason reason, MonotonicTime now);
    bool isCapped(MonotonicTime now) const;
    void suppress(TripReason reason, MonotonicTime now);
    void reviewSuppressed(MonotonicTime now);
    void countProbe(bool failed, bool slow, std::uint32_t calls, MonotonicTime now);
    void endProbing(MonotonicTime now);
    TripReason probesFailed() const;
    double probesDistance() const;
    void force(BreakerEvent event, MonotonicTime until, MonotonicTime now);
    double probeShare(MonotonicTime now);
    void endIfSpent(MonotonicTime now);

    BreakerSettings settings_;
    Random random_;
    TripRule rule_;
    BreakerState state_;
    MonotonicTime enteredAt_;
    MonotonicTime until_{};  ///< end of Open or of a hold
    std::optional<MonotonicTime> halfOpenAt_;
    double admitShare_ = 1;
    int failedRecoveries_ = 0;
    int trips_ = 0;

    double fleetOpenShare_ = kUnknown;
    MonotonicTime fleetShareAt_{};
    int tripsSuppressed_ = 0;
    std::optional<MonotonicTime> suppressedAt_;  ///< a trip is held back since then
    MonotonicTime lastBadCall_{};

    double offeredRate_ = 0;
    stats::WindowCounts probes_;            ///< results in this half-open
    double admitted_ = 0;                   ///< probes let through in it, by expectation
    std::optional<MonotonicTime> spentAt_;  ///< when nothing more was to be let through
    MonotonicTime lastTick_;

    std::vector<GuardEvent> events_;
};

}  // namespace levee
