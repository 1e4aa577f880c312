// SPDX-License-Identifier: Apache-2.0
// The breaker's state machine, whole, as data: what is not in this table cannot happen.
#pragma once

#include <array>
#include <cstddef>
#include <optional>

#include "shared/model/guard_state.h"

namespace levee {

enum class BreakerEvent {
    Trip,          ///< too many failed or slow calls, or too many failures in a row
    OpenElapsed,   ///< the open time is over
    ProbesPassed,  ///< enough calls came back well in half-open
    ProbesFailed,  ///< they did not, or none came back in time
    RampFailed,    ///< failures came back while traffic was let in again
    RampDone,      ///< all traffic is let in and the service is well
    Enable,        ///< a rule switches the breaker on
    Disable,       ///< a rule switches the breaker off
    ForceOpen,     ///< an operator holds it open, with an expiry
    ForceClosed,   ///< an operator holds it closed, with an expiry
    ForceEnds,     ///< the hold has expired or was released
};

constexpr std::size_t kBreakerStates = 7;
constexpr std::size_t kBreakerEvents = 11;

struct BreakerTransition {
    BreakerState from;
    BreakerEvent event;
    BreakerState to;
};

constexpr std::array<BreakerTransition, 30> kBreakerTransitions{{
    {BreakerState::Disabled, BreakerEvent::Enable, BreakerState::Closed},
    {BreakerState::Disabled, BreakerEvent::ForceOpen, BreakerState::ForcedOpen},
    {BreakerState::Disabled, BreakerEvent::ForceClosed, BreakerState::ForcedClosed},

    {BreakerState::Closed, BreakerEvent::Trip, BreakerState::Open},
    {BreakerState::Closed, BreakerEvent::Disable, BreakerState::Disabled},
    {BreakerState::Closed, BreakerEvent::ForceOpen, BreakerState::ForcedOpen},
    {BreakerState::Closed, BreakerEvent::ForceClosed, BreakerState::ForcedClosed},

    {BreakerState::Open, BreakerEvent::OpenElapsed, BreakerState::HalfOpen},
    {BreakerState::Open, BreakerEvent::Disable, BreakerState::Disabled},
    {BreakerState::Open, BreakerEvent::ForceOpen, BreakerState::ForcedOpen},
    {BreakerState::Open, BreakerEvent::ForceClosed, BreakerState::ForcedClosed},

    {BreakerState::HalfOpen, BreakerEvent::ProbesPassed, BreakerState::Ramp},
    {BreakerState::HalfOpen, BreakerEvent::ProbesFailed, BreakerState::Open},
    {BreakerState::HalfOpen, BreakerEvent::Disable, BreakerState::Disabled},
    {BreakerState::HalfOpen, BreakerEvent::ForceOpen, BreakerState::ForcedOpen},
    {BreakerState::HalfOpen, BreakerEvent::ForceClosed, BreakerState::ForcedClosed},

    {BreakerState::Ramp, BreakerEvent::RampDone, BreakerState::Closed},
    {BreakerState::Ramp, BreakerEvent::RampFailed, BreakerState::Open},
    {BreakerState::Ramp, BreakerEvent::Disable, BreakerState::Disabled},
    {BreakerState::Ramp, BreakerEvent::ForceOpen, BreakerState::ForcedOpen},
    {BreakerState::Ramp, BreakerEvent::ForceClosed, BreakerState::ForcedClosed},

    // Nobody knows how the service is after it had no traffic: it is probed, not stormed.
    {BreakerState::ForcedOpen, BreakerEvent::ForceEnds, BreakerState::HalfOpen},
    {BreakerState::ForcedOpen, BreakerEvent::Disable, BreakerState::Disabled},
    {BreakerState::ForcedOpen, BreakerEvent::ForceOpen, BreakerState::ForcedOpen},
    {BreakerState::ForcedOpen, BreakerEvent::ForceClosed, BreakerState::ForcedClosed},

    {BreakerState::ForcedClosed, BreakerEvent::ForceEnds, BreakerState::Closed},
    {BreakerState::ForcedClosed, BreakerEvent::Disable, BreakerState::Disabled},
    {BreakerState::ForcedClosed, BreakerEvent::ForceOpen, BreakerState::ForcedOpen},
    {BreakerState::ForcedClosed, BreakerEvent::ForceClosed, BreakerState::ForcedClosed},

    // A breaker that is on already stays as it is.
    {BreakerState::Closed, BreakerEvent::Enable, BreakerState::Closed},
}};

/// Where the event leads from the state; nothing where the pair is illegal.
constexpr std::optional<BreakerState> nextState(BreakerState from, BreakerEvent event) {
    for (const BreakerTransition& t : kBreakerTransitions) {
        if (t.from == from && t.event == event) {
            return t.to;
        }
    }
    return std::nullopt;
}

}  // namespace levee
