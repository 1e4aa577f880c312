// SPDX-License-Identifier: Apache-2.0
// What a guard (limiter and breaker of one service or edge) does right now, as shown and as stored.
#pragma once

#include <cmath>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "shared/model/override.h"
#include "shared/model/topology.h"

namespace levee {

enum class GuardMode { Off, Shadow, Enforce };

enum class BreakerState { Disabled, Closed, Open, HalfOpen, Ramp, ForcedOpen, ForcedClosed };

enum class InstanceStatus { In, Ejected, Ramp };

/// One instance of the service behind an edge.
struct InstanceState {
    std::string instance;
    InstanceStatus status = InstanceStatus::In;
    double share = 1;                 ///< of what it would get were all well: 0 ejected, 1 in
    double backInSeconds = kUnknown;  ///< time left in Ejected
    int ejections = 0;                ///< of late: the next one lasts longer by each
    std::string reason;               ///< why it was ejected last, or ""
    double goodShare = kUnknown;      ///< of its calls, when it was last compared
    double median = kUnknown;         ///< latency of good calls, seconds, when it was last compared
};

/// What a limit by requests per second does.
struct RateState {
    double limit = kUnknown;     ///< per second, of each key; kUnknown: there is none
    std::string key;             ///< what is counted apart, as in RateSettings
    double refusedRate = 0;      ///< per second, of late
    std::int64_t refused = 0;    ///< since the guard exists
    std::int64_t keys = 0;       ///< remembered now
    std::int64_t mostKeys = 0;   ///< that are remembered at most
    std::int64_t timesFull = 0;  ///< found with no room left, so that old keys were forgotten
};

/// How long an answer may take, and what has come of it.
struct DeadlineState {
    double answer = kUnknown;  ///< that a target has, seconds; kUnknown: what the listener says
    std::string header;        ///< in which callers say how long they wait; "": they are not asked
    double least = kUnknown;   ///< a caller with less time left than this is refused, seconds
    double refusedRate = 0;    ///< such callers per second, of late
    std::int64_t refused = 0;  ///< since the guard exists
};

/// Whether a rule says anything about it.
inline bool isGiven(const DeadlineState& deadline) {
    return !deadline.header.empty() || std::isfinite(deadline.answer);
}

/// One class of requests, the most important one first.
struct ClassState {
    std::string name;
    double share = 1;        ///< that is let through to the limit
    double arrivalRate = 0;  ///< per second, of late
};

/// How far the enforcer has got with what the guard wants.
enum class Enforcement { Unknown, Sent, Accepted, Enforcing, Refused };

struct GuardState {
    std::string subject;  ///< "payment" (inbound, service guard) or "checkout->payment" (outbound,
                          ///< edge guard)
    std::string rule;     ///< name of the rule, or "default"
    std::int64_t revision = 0;
    GuardMode mode = GuardMode::Enforce;

    bool hasBreaker = false;
    BreakerState breaker = BreakerState::Disabled;
    double admitShare = 1;             ///< share of requests let through: 0 open, 1 closed
    double distanceToTrip = kUnknown;  ///< 1: nothing wrong, 0: trips now
    double failureShare = kUnknown;    ///< in the breaker's window
    double slowShare = kUnknown;
    double reopenInSeconds = kUnknown;  ///< time left in Open
    int trips = 0;                      ///< since the guard exists
    int tripsSuppressed = 0;            ///< held back: too many of the fleet's were open

    bool hasLimit = false;
    double limit = kUnknown;  ///< concurrent requests
    double inFlight = kUnknown;
    double baseline = kUnknown;    ///< unloaded latency, seconds
    double queueLimit = kUnknown;  ///< requests that may wait

    std::vector<InstanceState> instances;  ///< by name

    RateState rate;
    DeadlineState deadline;
    std::vector<ClassState> classes;   ///< empty: no classes
    double retryShare = kUnknown;      ///< retries by first attempts in the budget's window
    double retriesAllowed = kUnknown;  ///< share of the calls that may be tried again now

    double shedRate = 0;       ///< refused per second, last window
    double wouldHaveShed = 0;  ///< requests that mode enforce would have refused so far, about
    Enforcement enforcement = Enforcement::Unknown;
    std::string enforcementDetail;   ///< why refused, or what proved it
    std::optional<Override> heldBy;  ///< what a person holds over the rule
};

}  // namespace levee
