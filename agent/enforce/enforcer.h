// SPDX-License-Identifier: Apache-2.0
// What the guards want, and the interface of what carries it out and proves it.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "shared/base/result.h"
#include "shared/model/guard_state.h"

namespace levee {

/// What shall be in force at the listeners, as a whole: a listener that is not named gets the
/// defaults below, which let everything pass.
struct DesiredState {
    struct ClassAdmission {
        double share = 1;                    ///< that is let through to the limit
        std::uint32_t queueLimit = 100'000;  ///< requests that may wait when one of it comes

        bool operator==(const ClassAdmission&) const = default;
    };
    struct Listener {
        std::string subject;                 ///< ListenerConfig::subject()
        std::uint32_t maxInFlight = 0;       ///< inbound: concurrent requests; 0: no limit
        std::uint32_t queueLimit = 100'000;  ///< inbound: requests that may wait; 0: none
        double admitShare = 1;               ///< outbound: 0 breaker open to 1 closed
        /// Requests of each key in the rule's window; 0: no limit by rate.
        std::uint32_t rate = 0;
        /// What rate and deadline would refuse is marked in the log and passes.
        bool isShadow = false;
        std::uint32_t answerMillis = 0;  ///< a target's time for its answer; 0: the listener's own
        /// Where callers say how long they wait: the least time an answer takes, and, inbound, what
        /// each request that waits in front adds to it. 0: not known.
        std::uint32_t leastMicros = 0;
        std::uint32_t turnMicros = 0;
        /// Inbound, by class, the most important one first; empty: the rule has no classes.
        std::vector<ClassAdmission> classes = {};
        double retryShare = 1;  ///< outbound: of the requests, those that may be tried again
        /// Outbound: the share of its calls that a target shall get, by its address; those that are
        /// not named get all of theirs. Where every target had none, all get theirs.
        std::map<std::string, double> targets = {};
        std::string rule = "default";  ///< named in refusals
        std::uint32_t logEvery = 1;    ///< one of so many good answers is logged, every other one

        bool operator==(const Listener&) const = default;
    };
    std::vector<Listener> listeners;
    std::int64_t revision = 0;  ///< of the rules that it comes from

    bool operator==(const DesiredState&) const = default;
};

/// How far one listener is from what was wanted of it, told from what was read back.
struct Proof {
    std::string subject;
    Enforcement state = Enforcement::Unknown;
    std::string detail;  ///< the values that were read back, or why not

    bool operator==(const Proof&) const = default;
};

/// Carries a desired state out in a data plane. Confined to one thread.
class Enforcer {
public:
    virtual ~Enforcer() = default;

    /// Brings the data plane to `desired`, reads it back, and says for each listener what the data
    /// plane itself reported. Sends only what differs. One proof for each configured listener.
    virtual std::vector<Proof> apply(const DesiredState& desired) = 0;
    /// What is in force now, without changing anything.
    virtual Result<DesiredState> readBack() = 0;
    /// Lets everything pass again.
    virtual Status release() = 0;
};

}  // namespace levee
