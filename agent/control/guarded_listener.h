// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "agent/config/agent_config.h"
#include "agent/control/class_guard.h"
#include "agent/control/deadline_guard.h"
#include "agent/control/log_sampling.h"
#include "agent/control/override_book.h"
#include "agent/control/rate_guard.h"
#include "agent/control/request_window.h"
#include "agent/control/retry_guard.h"
#include "agent/control/rule_book.h"
#include "agent/enforce/enforcer.h"
#include "shared/guard/guard.h"
#include "shared/model/latency_map.h"

namespace levee {

/// One gateway listener with its guard: requests in, a desired state out. Confined to the control
/// thread.
class GuardedListener {
public:
    GuardedListener(const ListenerConfig& config, std::uint64_t seed, MonotonicTime now);

    const ListenerConfig& config() const { return config_; }
    /// Timeouts and targets may change; direction and subject do not.
    void setConfig(const ListenerConfig& config, MonotonicTime now);

    /// Takes the rule that fits, or the defaults; state and counts stay.
    void setRules(const ActiveRules& rules, MonotonicTime now);
    /// False: whatever the rule's mode is, it decides and counts and nothing is enforced.
    void setEnforcing(bool isEnforcing, MonotonicTime now);

    /// Takes what a person or an automation holds over the rule; nullptr lets go of it.
    void setOverride(const ActiveOverride* held, MonotonicTime now);

    /// How the request was answered, as the ledger of latencies keeps it, and a number that differs
    /// when that does (while configuration and rules are the same).
    LatencyFacet facetOf(const RequestRecord& record) const;
    std::uint64_t facetKeyOf(const RequestRecord& record) const;

    /// `startedAt`: when the request came, on the monotonic clock.
    void add(const RequestRecord& record, MonotonicTime startedAt, MonotonicTime now);
    const RequestWindow& window() const { return window_; }
    /// How much of the service's latency in this window is its own, (0, 1]; NaN: not known.
    void setSelfShare(double share) { selfShare_ = share; }
    /// The end of a window of `elapsed`.
    void tick(Duration elapsed, MonotonicTime now);
    RequestCount takeCount() { return window_.takeCount(); }

    DesiredState::Listener desired() const;
    GuardState state(const Proof* proof, MonotonicTime now) const;
    /// What the guard did by itself. That a hold began or ended is told by the override book, with
    /// who and why.
    std::vector<Event> takeEvents();
    /// A hold began, changed or ended since the last call.
    bool takeHoldNews() { return std::exchange(isHoldNews_, false); }

    LimitMemory save() const { return guard_.save(); }
    void restore(const LimitMemory& memory) { guard_.restore(memory); }

private:
    void configure(MonotonicTime now);
    void letGo();
    Duration serverTimeout() const;
    bool mayMissLines() const;
    Event eventOf(GuardEvent happened) const;

    ListenerConfig config_;
    Guard guard_;
    GuardSettings settings_;  ///< of the rule
    bool isEnforcing_ = true;
    RateGuard rate_;
    DeadlineGuard deadline_;
    ClassGuard classes_;
    RetryGuard retries_;
    LogSampling sampling_;
    RequestWindow window_;
    std::string rule_ = "default";
    std::string ruleFile_;
    std::int64_t revision_ = 0;
    std::optional<ActiveOverride> held_;  ///< the guard lets go by itself when its time is over
    bool isHoldNews_ = false;
    double selfShare_ = kUnknown;
    std::uint64_t arrivals_ = 0;  ///< since the last tick
    std::uint64_t bad_ = 0;       ///< of them, failed or refused
    double offeredRate_ = 0;      ///< per second, decaying over about a second
};

}  // namespace levee
