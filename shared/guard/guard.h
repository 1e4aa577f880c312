// SPDX-License-Identifier: Apache-2.0
// One guard: what protects one service (its limiter) or one edge (its breaker, and the ejection of
// single instances), or both. It is fed with what the gateway observed and says what the gateway
// should do. In shadow mode it decides, counts and reports, and asks the gateway for nothing;
// switched off it does not even look. What an operator holds by hand is enforced in every mode.
//
// Every decision that changes something is an event with its record (decision.h): a limit that
// moved by half or more and came to rest, shedding that begins or ends, the breaker's steps, an
// instance that goes or comes back.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "shared/guard/breaker.h"
#include "shared/guard/ejection.h"
#include "shared/guard/limit.h"
#include "shared/guard/shedding.h"

namespace levee {

/// What the gateway shall enforce. A value.
struct GuardDesired {
    double admitShare = 1;          ///< of the requests, before any limit: all shares multiplied
    std::uint32_t maxInFlight = 0;  ///< at the service at once; 0: unlimited
    std::uint32_t queueLimit = 0;   ///< that may wait for a slot; without meaning when unlimited
    std::vector<InstanceShare> instances;  ///< those below 1, by name

    bool operator==(const GuardDesired&) const = default;
};

/// What a guard has: a service guard the limiter, an edge guard the breaker, and ejection where the
/// gateway tells instances apart.
struct GuardParts {
    bool limiter = false;
    bool breaker = false;
    bool ejection = false;
    bool isShared = false;  ///< see LimitLoop::isShared
};

/// Confined to one thread. `now` must not run backwards.
class Guard {
public:
    /// `subject` is the service or the edge, as in GuardState.
    Guard(std::string subject, GuardParts parts, const GuardSettings& settings, std::uint64_t seed,
          MonotonicTime now);

    const std::string& subject() const { return subject_; }
    const GuardSettings& settings() const { return settings_; }
    /// Takes other settings and keeps state, counts and what was learned.
    void reconfigure(const GuardSettings& settings, MonotonicTime now);

    /// For the limiter: each 100 ms.
    void onWindow(const WindowSample& sample, MonotonicTime now);
    /// For the breaker: each call that was not refused.
    void onResult(const CallResult& result, MonotonicTime startedAt, MonotonicTime now);
    /// For the breaker: see Breaker.
    void setFleetOpenShare(double share, MonotonicTime now);
    /// For the ejection: see Ejection. Without that part, nothing happens (and false).
    bool addInstance(const std::string& instance, MonotonicTime now);
    void removeInstance(std::string_view instance, MonotonicTime now);
    void onInstanceResult(std::string_view instance, const CallResult& result,
                          MonotonicTime startedAt, MonotonicTime now);
    /// For breaker and ejection: each 100 ms, with the arrivals per second of late, refused ones
    /// included.
    void onTick(double offeredPerSecond, MonotonicTime now);

    /// Manual states, each with an expiry. False: the guard does not have the part.
    bool forceOpen(MonotonicTime until, MonotonicTime now);
    bool forceClosed(MonotonicTime until, MonotonicTime now);
    bool holdLimit(std::uint32_t limit, MonotonicTime until, MonotonicTime now);
    void release(MonotonicTime now);

    /// What the gateway shall do from now on.
    GuardDesired desired() const;
    /// Disabled where it has no breaker.
    BreakerState breakerState() const {
        return breaker_ ? breaker_->state() : BreakerState::Disabled;
    }
    /// What it would be asked to do if the mode were enforce.
    GuardDesired decided() const;
    /// Requests that would have been refused so far had the mode been enforce instead of shadow;
    /// about: those above the limit's and queue's room at the peaks, and the share not admitted.
    double wouldHaveShed() const { return wouldHaveShed_; }

    /// Everything but rule, revision and enforcement, which the agent knows.
    GuardState state(MonotonicTime now) const;
    /// What happened since the last call, oldest first.
    std::vector<GuardEvent> takeEvents();

    /// Empty as long as nothing was learned.
    LimitMemory save() const;
    void restore(const LimitMemory& memory);

private:
    /// `limit`: as it was in force in the window.
    void reportShedding(const WindowSample& sample, const LimitDecision& limit, MonotonicTime now);
    Decision whyShedding(const WindowSample& sample, const LimitDecision& limit) const;
    void reportLimit(MonotonicTime now);
    void reportBaseline(MonotonicTime now);
    /// `byHand`: a person's doing, in force whatever the mode.
    void report(EventSeverity severity, std::string text, Decision why, bool byHand = false);
    void collect(std::vector<GuardEvent> events);
    void collectEvents();
    void endHold(MonotonicTime now);

    std::string subject_;
    GuardParts parts_;
    GuardSettings settings_;
    std::unique_ptr<Limit> limit_;
    LimitMemory memory_;  ///< of an adaptive limit that another kind has replaced
    std::unique_ptr<Breaker> breaker_;
    std::unique_ptr<Ejection> ejection_;
    std::vector<GuardEvent> events_;

    struct Hold {
        std::uint32_t limit;
        MonotonicTime until;
    };
    std::optional<Hold> hold_;

    double shedRate_ = 0;
    double inFlight_ = kUnknown;
    double wouldHaveShed_ = 0;
    MonotonicTime tickedAt_;
    Shedding shedding_;
    double reportedLimit_ = kUnknown;
    MonotonicTime limitReportedAt_{};
    double reportedBaseline_ = kUnknown;
    MonotonicTime baselineReportedAt_{};
};

}  // namespace levee
