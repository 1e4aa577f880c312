// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace levee {

/// How a request that passed a gateway listener ended.
enum class Outcome : std::uint8_t {
    Success,    ///< answered by the service, not a failure
    Failure,    ///< 5xx, a broken or refused connection, a bad answer
    Timeout,    ///< no answer within the listener's server timeout: the latency is censored
    ShedLimit,  ///< refused here: concurrency limit and queue full, or waited too long in the queue
    ShedBreaker,   ///< refused here: breaker open or not among the admitted share
    ShedRemote,    ///< refused by a Levee limit further down (its answer carries `levee-outcome:
                   ///< shed`)
    ClientGone,    ///< the caller went away; says nothing about the service
    ShedRate,      ///< refused here: more requests per second than the rule allows
    ShedPriority,  ///< refused here: its class is not let through at this load
    ShedDeadline,  ///< refused here: its caller will not wait until an answer can be there
};

/// One request through one listener, from one log line of the gateway.
struct RequestRecord {
    std::uint32_t listener = 0;       ///< index into GatewayConfig::listeners
    std::int64_t arrivalMicros = 0;   ///< wall time at which the request was read
    std::int64_t durationMicros = 0;  ///< arrival to the head of the answer
    std::int64_t queueMicros = 0;     ///< part of it spent waiting for a slot at the gateway
    std::uint16_t status = 0;
    std::uint16_t serverConnections =
        0;  ///< requests in flight at the server when this one ended, itself included
    std::uint16_t queueLength = 0;  ///< requests waiting in front of this one when it came
    std::uint8_t retries = 0;
    std::uint8_t priority = 0;   ///< its class, 0 the most important one
    bool isOverRate = false;     ///< a rate in shadow would have refused it
    bool isTooLate = false;      ///< a deadline in shadow would have refused it
    bool isRetryBarred = false;  ///< the retry budget would not have let it be tried again
    std::uint16_t target = 0;    ///< that answered: index into the listener's targets + 1; 0: none
    Outcome outcome = Outcome::Success;
    /// Requests that this one stands for, itself included, and what a good one stood for when it
    /// came: above 1 where the gateway logs one of so many good ones (and every other one).
    std::uint32_t weight = 1;
    std::uint32_t goodWeight = 1;
};

}  // namespace levee
