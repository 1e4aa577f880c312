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

    bool operator==(const FallbackSettings&) const = default;
};

/// Retries as a share of the first attempts, over a sliding window. Not enforced yet.
struct RetryBudgetSettings {
    double share = 0.2;                          ///< of the first attempts, [0, 1]
    std::uint32_t minimumPerSecond = 3;          ///< allowed whatever the share, 0 to 10,000
    Duration window = std::chrono::seconds(10);  ///< 1 s to 10 min

    bool operator==(const RetryBudgetSettings&) const = default;
};

/// All a guard is told. An edge guard uses the breaker, the ejection and the fallback, a service
/// guard the limiter.
struct GuardSettings {
    GuardMode mode = GuardMode::Enforce;
    LimiterSettings limiter;
    BreakerSettings breaker;
    EjectionSettings ejection;
    FallbackSettings fallback;
    RetryBudgetSettings retries;

    bool operator==(const GuardSettings&) const = default;
};

}  // namespace levee
