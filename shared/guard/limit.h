// SPDX-License-Identifier: Apache-2.0
// How many requests a service may work on at once. A limit sees windows (what the gateway observed)
// and answers with a decision that the gateway enforces: `limit` requests at the service,
// `queueLimit` waiting, the rest refused at once.
//
// Time: `now` is the end of the window. Windows come in order; what a limit does when one is late,
// missing or empty is part of its contract (README.md).
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "shared/base/time.h"
#include "shared/guard/window_sample.h"
#include "shared/model/guard_settings.h"
#include "shared/model/topology.h"

namespace levee {

/// Why the limit is what it is.
enum class LimitReason {
    Fixed,       ///< a rule says so
    Start,       ///< nothing learned yet
    AppLimited,  ///< nobody presses against it: held
    Growing,     ///< pressed and no queue at the service: searching upwards
    Balanced,    ///< pressed and at the knee
    Shrinking,   ///< requests queue at the service
    Probing,     ///< below the knee for a moment, to check the baseline
    Failing,     ///< the service mostly fails: latency says nothing, held
};
std::string_view name(LimitReason reason);

/// A value; valid until the next window.
struct LimitDecision {
    double limit = 0;  ///< concurrent requests at the service, at least 1
    /// The part of them that the service itself is busy with, or that queues in it; the others wait
    /// for its dependencies. `limit` where the self share is not known.
    double ownLimit = 0;
    std::uint32_t queueLimit = 1;        ///< requests that may wait at the gateway
    double admitShare = 1;               ///< of the arrivals, before the limit
    double baseline = kUnknown;          ///< unloaded latency, seconds
    double waitingAtService = kUnknown;  ///< requests queueing inside the service, estimated
    LimitReason reason = LimitReason::Start;

    /// What the gateway enforces: the limit as a whole number, at least 1.
    std::uint32_t maxInFlight() const;
};

/// What a limit has learned, for a restart. Zero: not learned.
struct LimitMemory {
    double limit = 0;
    double baseline = 0;    ///< seconds
    double throughput = 0;  ///< answers per second when saturated
    /// What was kept is a hint: restore() takes it as unconfirmed, so a wrong one is found out.
    bool isEmpty() const { return !(limit > 0) && !(baseline > 0); }

    bool operator==(const LimitMemory&) const = default;
};

/// Confined to one thread.
class Limit {
public:
    virtual ~Limit() = default;
    virtual void onWindow(const WindowSample& sample, MonotonicTime now) = 0;
    virtual LimitDecision decision() const = 0;
    /// Takes other bounds and keeps what was learned. REQUIRES: the same kind.
    virtual void reconfigure(const LimiterSettings& settings) = 0;
    virtual LimitMemory save() const = 0;
    /// Values that are not finite or not positive are ignored.
    virtual void restore(const LimitMemory& memory) = 0;
};

/// Where the limit works.
struct LimitLoop {
    Duration actuation = std::chrono::milliseconds(100);  ///< until a decision is in force, at most
    /// Nothing can wait in front of the service: what a limit lets wait, waits inside it.
    bool waitsInside = false;
    /// Others limit the same service, each without knowing of the rest: what one lets in more, it
    /// may have taken from them.
    bool isShared = false;
};
/// A permit in the service's own process.
inline constexpr LimitLoop kInProcess{.actuation = Duration::zero(), .waitsInside = true};

/// The limit that the settings ask for; null for LimiterKind::Off.
std::unique_ptr<Limit> makeLimit(const LimiterSettings& settings, LimitLoop loop = {});

}  // namespace levee
