// SPDX-License-Identifier: Apache-2.0
// The text of the managed HAProxy's configuration. Pure.
//
// One frontend and one backend for each listener, both named by proxyName(). A request costs two or
// three map and counter look-ups in HAProxy and no call to the agent:
//
//   outbound  admit map by subject -> rand(1000) against it -> fallback answer, or one of the
//             targets (two random choices, the less loaded one)
//   inbound   queue map by subject -> refused when as many wait and no slot is free, or a slot at
//             the server (maxconn), or a place in the queue until the queue timeout
//   both      one log line at the end, see log_line.h
//
// Every answer that Levee makes itself carries `levee-outcome: shed` or `levee-outcome: breaker`,
// so that a gateway nearer to the caller does not take it for a failure of the service.
//
// The running process shows which configuration it has: `description levee-<hash>` in `show info`.
// The hash covers everything but the limits in force, which change at run time.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "agent/config/agent_config.h"
#include "agent/enforce/gateway_paths.h"
#include "agent/enforce/listener_limits.h"
#include "shared/model/guard_settings.h"

namespace levee {

/// Fallback answers by subject of an outbound listener; one that is missing has the defaults.
using Fallbacks = std::map<std::string, FallbackSettings>;

/// The whole text, starting with `limits` (in the order of the listeners) in force.
/// REQUIRES: names, addresses and targets are validated; limits.size() == config.listeners.size().
std::string haproxyConfig(const GatewayConfig& config, const GatewayPaths& paths,
                          const Fallbacks& fallbacks, const std::vector<ListenerLimits>& limits);

/// 8 hex digits that change when anything but the limits does.
std::string configHash(const GatewayConfig& config, const GatewayPaths& paths,
                       const Fallbacks& fallbacks);

/// A file that the configuration names.
struct GeneratedFile {
    std::string path;
    std::string content;
};
/// The bodies of the fallback answers.
std::vector<GeneratedFile> fallbackFiles(const GatewayConfig& config, const GatewayPaths& paths,
                                         const Fallbacks& fallbacks);

/// True for the statuses whose answers have no body: 204, 205, 304.
bool isBodyless(std::uint16_t status);

}  // namespace levee
