// SPDX-License-Identifier: Apache-2.0
// A desired state in HAProxy's terms: names, map values, one limit and one weight for each server.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "agent/config/agent_config.h"
#include "agent/enforce/enforcer.h"

namespace levee {

/// "No limit" as a server's maxconn. Never 0, HAProxy's own word for it: with 0 HAProxy stops
/// counting free slots, and the queue bound would refuse every request.
constexpr std::uint32_t kUnlimitedInFlight = 1'000'000;
/// Shares in maps count in thousandths.
constexpr std::uint32_t kAdmitAll = 1000;
constexpr std::uint32_t kUnboundedQueue = 100'000;
/// The weight of a target that has none of its own: a share of it can be set without rounding down
/// to nothing. HAProxy's largest is 256.
constexpr std::uint32_t kPlainWeight = 100;
constexpr std::uint32_t kLargestWeight = 256;

/// "in.payment", "out.checkout.payment": frontend and backend of the listener; or the backend that
/// it is attached to.
std::string proxyName(const ListenerConfig& listener);
/// A target in the letters that a server's name may have: "[::1]:80" is "_::1_:80".
std::string serverName(const std::string& target);
/// What each server weighs while all is well.
std::vector<std::uint32_t> fullWeights(const ListenerConfig& listener);

/// One listener's part of a desired state, as HAProxy is told it.
struct ListenerLimits {
    std::uint32_t admit = kAdmitAll;        ///< outbound: thousandths let through
    std::uint32_t queue = kUnboundedQueue;  ///< inbound: places in the queue
    std::int64_t rate = 0;     ///< requests of a key in a window; 0: no limit; negative: in shadow
    std::uint32_t answer = 0;  ///< milliseconds a target has for its answer; 0: as configured
    std::int64_t least = 0;    ///< microseconds that an answer takes at least; negative: in shadow
    std::int64_t turn = 0;     ///< inbound: microseconds that each one in the queue adds; the same
    std::uint32_t every = 1;   ///< one of so many good answers is logged
    std::uint32_t retry = kAdmitAll;        ///< outbound: thousandths that may be tried again
    std::vector<std::uint32_t> classAdmit;  ///< inbound: thousandths let through, by class
    std::vector<std::uint32_t> classQueue;  ///< inbound: places in the queue, by class
    std::string rule = "default";           ///< its name
    std::vector<std::uint32_t> servers;     ///< inbound: maxconn of each target, in order
    std::vector<std::uint32_t> weights;     ///< outbound: of each target, in order

    bool operator==(const ListenerLimits&) const = default;
};

/// A share in thousandths. More than nothing stays more than nothing (a half-open breaker must let
/// probes through); not a number admits all, since a broken sum must not become an outage.
std::uint32_t admitThousandths(double share);

/// A limit divided among `targets` servers, the first ones taking the remainder. Each gets at least
/// 1: a limit below the number of targets is one request at each.
std::vector<std::uint32_t> divideLimit(std::uint32_t limit, std::size_t targets);

/// What `desired` means for each listener of `config`, in the order of `config`.
std::vector<ListenerLimits> listenerLimits(const GatewayConfig& config,
                                           const DesiredState& desired);

/// Key and value of a map, in the order of the listeners.
using MapEntries = std::vector<std::pair<std::string, std::string>>;
/// The map of numbers. Keys: "log/SUBJECT" (managed), "admit/SUBJECT", "retry/SUBJECT",
/// "queue/SUBJECT", "rate/SUBJECT", "answer/SUBJECT", "least/SUBJECT", "turn/SUBJECT" (those three
/// where they are not 0), "class/SUBJECT/N" and "queue/SUBJECT/N".
MapEntries numberEntries(const GatewayConfig& config, const std::vector<ListenerLimits>& limits);
/// The map of words: "rule/SUBJECT".
MapEntries wordEntries(const GatewayConfig& config, const std::vector<ListenerLimits>& limits);
/// The text of a map file: "key value" lines.
std::string mapFileText(const MapEntries& entries);

using MapValues = std::map<std::string, std::string>;
/// The reverse of the entries: what maps with these values do at a listener. `classes` are looked
/// for; a value that is missing or no number counts as the default. Servers are left empty.
ListenerLimits limitsIn(const ListenerConfig& listener, const MapValues& numbers,
                        const MapValues& words);

/// "limit 7, queue 3", "admits 250 of 1000, rate 200": for proofs.
std::string describe(const ListenerConfig& listener, const ListenerLimits& limits);

/// The desired state that has these limits, as near as they say.
DesiredState::Listener desiredOf(const ListenerConfig& listener, const ListenerLimits& limits);

}  // namespace levee
