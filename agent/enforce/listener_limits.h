// SPDX-License-Identifier: Apache-2.0
// A desired state in HAProxy's terms: names, map values, one limit for each server.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "agent/config/agent_config.h"
#include "agent/enforce/enforcer.h"

namespace levee {

/// "No limit" as a server's maxconn. Never 0, HAProxy's own word for it: with 0 HAProxy stops
/// counting free slots, and the queue bound would refuse every request.
constexpr std::uint32_t kUnlimitedInFlight = 1'000'000;
/// The admit map counts in thousandths.
constexpr std::uint32_t kAdmitAll = 1000;

/// "in.payment", "out.checkout.payment": frontend and backend of the listener.
std::string proxyName(const ListenerConfig& listener);
/// A target in the letters that a server's name may have: "[::1]:80" is "_::1_:80".
std::string serverName(const std::string& target);

/// One listener's part of a desired state, as HAProxy is told it.
struct ListenerLimits {
    std::uint32_t admit = kAdmitAll;     ///< outbound: thousandths let through
    std::uint32_t queue = 100'000;       ///< inbound: value in the queue map
    std::vector<std::uint32_t> servers;  ///< inbound: maxconn of each target, in order

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

/// Key and value, in the order of the listeners.
using MapEntries = std::vector<std::pair<std::string, std::uint32_t>>;
MapEntries admitEntries(const GatewayConfig& config, const std::vector<ListenerLimits>& limits);
MapEntries queueEntries(const GatewayConfig& config, const std::vector<ListenerLimits>& limits);
/// The text of a map file: "key value" lines.
std::string mapFileText(const MapEntries& entries);

}  // namespace levee
