// SPDX-License-Identifier: Apache-2.0
// What a rule sets and a guard obeys. The defaults are what a service gets without any rule; they
// are chosen to protect without being tuned. rules/lang reads these from YAML and checks the ranges
// given here; shared/guard takes them as they are.
#pragma once

#include <cstdint>
#include <string>

#include "shared/base/time.h"
#include "shared/model/guard_state.h"

namespace levee {

/// Adaptive is Levee's own and the default. The others are published algorithms, as comparison and
/// as choices; each says in its header where its formula comes from and how it fails.
enum class LimiterKind {
    Off,
    Fixed,
    Adaptive,
    Aimd,              ///< Netflix concurrency-limits
    Vegas,             ///< Netflix concurrency-limits
    Gradient2,         ///< Netflix concurrency-limits
    EnvoyGradient,     ///< Envoy adaptive_concurrency
    Codel,             ///< controlled delay on the queue at the gateway
    ClientThrottle,    ///< Google SRE, adaptive throttling
    AdmissionControl,  ///< Envoy admission_control
    SentinelBbr,       ///< Alibaba Sentinel's system rule; to compare with, rules cannot ask for it
};

struct LimiterSettings {
    LimiterKind kind = LimiterKind::Adaptive;
    std::uint32_t limit = 0;          ///< Fixed, Codel: concurrent requests, 1 to 100,000
    std::uint32_t minLimit = 1;       ///< of a limit that is learned: 1 to maxLimit
    std::uint32_t maxLimit = 10'000;  ///< the same: minLimit to 100,000
    /// Requests that may wait for a slot, 0 to 100,000; negative: the limiter chooses.
    std::int32_t queue = -1;

    bool operator==(const LimiterSettings&) const = default;
};

struct BreakerSettings {
    bool enabled = true;
    double failureShare = 0.5;  ///< trips at this share of failed calls in the window, (0, 1]
    double slowShare = 0.8;     ///< trips at this share of slow calls in the window, (0, 1]
    Duration slowerThan = Duration::zero();  ///< what slow means; zero: slow calls do not trip
    std::uint32_t consecutiveFailures = 10;  ///< trips after so many in a row, 1 to 1,000; 0: off
    std::uint32_t minimumCalls =
        20;  ///< below this in the window the shares do not count, 1 to 100,000
    Duration window = std::chrono::seconds(5);  ///< 1 s to 10 min
    /// The shares are taken over the last so many calls instead, 10 to 100,000; 0: over `window`.
    std::uint32_t windowCalls = 0;
    Duration openFor = std::chrono::seconds(2);  ///< first open time, 100 ms to 1 h
    Duration maxOpenFor =
        std::chrono::seconds(60);  ///< doubles up to this with each failed probing, openFor to 1 h
    std::uint32_t probes = 10;     ///< calls let through in half-open, 1 to 1,000
    Duration probeFor =
        std::chrono::seconds(10);  ///< half-open lasts at most this long, 100 ms to 10 min
    Duration ramp = std::chrono::seconds(5);  ///< from the first probes to all traffic, 0 to 10 min
    /// It does not trip while this share of the fleet's breakers on the same service is open, where
    /// that is known, (0, 1]; 1: whatever the others do.
    double maxOpenShare = 0.5;

    bool operator==(const BreakerSettings&) const = default;
};

/// When single instances of a service get no calls. Off by default.
struct EjectionSettings {
    bool enabled = false;
    std::uint32_t consecutiveFailures = 5;  ///< out after so many in a row, 1 to 1,000; 0: off
    /// Out when the share of good calls is so many standard deviations below the others', 1 to 10;
    /// negative: off.
    std::int32_t deviations = 2;
    /// Out when the median latency is so many times the others', 2 to 100; negative: off.
    std::int32_t latencyFactor = 3;
    std::uint32_t minimumCalls = 20;  ///< in a window, to be compared with others, 10 to 100,000
    Duration window = std::chrono::seconds(5);  ///< compared at the end of each, 1 s to 10 min
    /// Of the instances; one may go where there are two, and never more than half, (0, 0.5].
    double maxEjectedShare = 0.3;
    Duration ejectFor = std::chrono::seconds(10);    ///< times the ejections so far, 100 ms to 1 h
    Duration maxEjectFor = std::chrono::minutes(5);  ///< ejectFor to 1 h
    Duration ramp = std::chrono::seconds(10);        ///< back to a full share of calls, 0 to 10 min

    bool operator==(const EjectionSettings&) const = default;
};

/// What a caller gets in place of an answer while the breaker is open.
struct FallbackSettings {
    std::uint16_t status = 503;                                           ///< 200 to 599
    std::string body = "{\"error\":\"unavailable\",\"by\":\"levee\"}\n";  ///< at most 8 KiB
    std::string contentType = "application/json";
    Duration retryAfter = std::chrono::seconds(1);  ///< Retry-After, whole seconds; zero: no header
    /// The service's own last answer to the same request instead, if it is no older; 1 s to 24 h in
    /// whole seconds; zero: never.
    Duration staleFor = Duration::zero();

    bool operator==(const FallbackSettings&) const = default;
};

/// Which calls the gateway tries again, and how many of them.
enum class RetryOn {
    Connect,  ///< those that were never sent
    Failure,  ///< idempotent ones that failed as well, but not those that a limit refused
};

/// Retries as a share of the first attempts, over a sliding window.
struct RetryBudgetSettings {
    std::uint32_t most = 1;  ///< of one call, 0 to 3
    RetryOn on = RetryOn::Connect;
    double share = 0.2;                          ///< of the first attempts, [0, 1]
    std::uint32_t minimumPerSecond = 3;          ///< allowed whatever the share, 0 to 10,000
    Duration window = std::chrono::seconds(10);  ///< 1 s to 10 min

    bool operator==(const RetryBudgetSettings&) const = default;
};

/// Requests per second that are let through, whatever they cost. Off unless a rule gives a number.
struct RateSettings {
    double perSecond = 0;  ///< of each key, 1/3600 to 1,000,000; 0: no limit
    /// What is counted apart: "all", "source" (address), "path", or "header:" and a header's name.
    std::string key = "all";
    /// The count is taken over this; perSecond * window may come at once and is 1 to 1,000,000.
    /// 100 ms to 1 h.
    Duration window = std::chrono::seconds(1);
    std::uint32_t keys = 10'000;  ///< that are remembered, the latest ones, 1 to 1,000,000

    bool operator==(const RateSettings&) const = default;
};

/// How long an answer may take. Off unless a rule says so.
struct DeadlineSettings {
    /// What a target has for the head of its answer and between its parts, 1 ms to 1 h; zero: what
    /// the listener says.
    Duration answer = Duration::zero();
    /// Request header in which a caller says for how long it still waits: whole milliseconds, or
    /// gRPC's own words in "grpc-timeout"; "": callers are not asked.
    std::string header;

    bool operator==(const DeadlineSettings&) const = default;
};

/// Classes of requests: the important ones are served first and refused last. Off by default.
struct PrioritySettings {
    std::string header;  ///< whose value is the class; "": no classes
    /// The values, the most important one first, separated by commas: 2 to 16. Any other value, and
    /// none, is the last class.
    std::string classes;

    bool operator==(const PrioritySettings&) const = default;
};

enum class AgentLoss {
    Auto,     ///< Keep for a service, Open for an edge
    Keep,     ///< all stays as it was; a breaker that is open stays open
    Ceiling,  ///< the fixed limit AgentLossSettings::ceiling, a rate stays, all else is let through
    Open,     ///< everything is let through
};

/// What the gateway does by itself when the agent has been gone for a while.
struct AgentLossSettings {
    AgentLoss then = AgentLoss::Auto;
    Duration after = std::chrono::seconds(60);  ///< 5 s to 24 h, whole seconds
    std::uint32_t ceiling = 0;                  ///< concurrent requests, 1 to 100,000

    bool operator==(const AgentLossSettings&) const = default;
};

/// All a guard is told. An edge guard uses the breaker, the ejection, the retries and the fallback,
/// a service guard the limiter and the priorities, both the rate and the deadline.
struct GuardSettings {
    GuardMode mode = GuardMode::Enforce;
    LimiterSettings limiter;
    BreakerSettings breaker;
    EjectionSettings ejection;
    FallbackSettings fallback;
    RetryBudgetSettings retries;
    RateSettings rate;
    PrioritySettings priority;
    DeadlineSettings deadline;
    AgentLossSettings agentLoss;

    bool operator==(const GuardSettings&) const = default;
};

}  // namespace levee
