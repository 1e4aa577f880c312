// SPDX-License-Identifier: Apache-2.0
// The text of the managed HAProxy's configuration. Pure.
//
// One frontend and one backend for each listener, both named by proxyName(). A request costs a few
// map and counter look-ups in HAProxy and no call to the agent:
//
//   both      rate: the key's count of admitted requests in a window against the number in the map
//   outbound  admitted share in the map -> rand(1000) against it -> fallback answer, or one of the
//             targets; the share of the calls that may be tried again
//   inbound   class by a header -> its admitted share; places in the queue -> refused when as many
//             wait and no slot is free, or a slot at the server (maxconn), or a place in the queue,
//             by class, until the queue timeout
//   both      what was admitted is counted; one log line at the end, see log_line.h
//
// While the agent's sign of life in its map is older than the rule allows, requests go by a second
// backend ("in.payment.alone") past what would have to be steered. Nothing of that needs the agent.
//
// Every answer that Levee makes itself carries `levee-outcome: shed`, `rate` or `breaker`, so that
// a gateway nearer to the caller does not take it for a failure of the service, and
// `x-levee-reason` for people: what refused, the guard, the rule, and what else tells why.
//
// The running process shows which configuration it has: `description levee-<hash>` in `show info`.
// The hash covers everything but what is in force by maps, limits and weights.
//
// All of it stands between `.if 1` and `.endif`: HAProxy refuses a text that breaks off, wherever
// that is, because the block does not end.
#pragma once

#include <string>
#include <vector>

#include "agent/config/agent_config.h"
#include "agent/enforce/gateway_paths.h"
#include "agent/enforce/listener_limits.h"
#include "agent/enforce/listener_rule.h"

namespace levee {

/// The whole text, starting with `limits` (in the order of the listeners) in force.
/// REQUIRES: names, addresses and targets are validated; limits.size() == config.listeners.size().
std::string haproxyConfig(const GatewayConfig& config, const GatewayPaths& paths,
                          const ListenerRules& rules, const std::vector<ListenerLimits>& limits);

/// 8 hex digits that change when anything but the limits does.
std::string configHash(const GatewayConfig& config, const GatewayPaths& paths,
                       const ListenerRules& rules);

/// What log lines and `description` call the configuration: its hash; of an attached HAProxy, whose
/// configuration is not ours, kAttachedName.
std::string configName(const GatewayConfig& config, const GatewayPaths& paths,
                       const ListenerRules& rules);
inline constexpr const char* kAttachedName = "00000001";

/// A file that the configuration names.
struct GeneratedFile {
    std::string path;
    std::string content;
};
/// The bodies of the fallback answers.
std::vector<GeneratedFile> fallbackFiles(const GatewayConfig& config, const GatewayPaths& paths,
                                         const ListenerRules& rules);

/// True for the statuses whose answers have no body: 204, 205, 304.
bool isBodyless(std::uint16_t status);

}  // namespace levee
