// SPDX-License-Identifier: Apache-2.0
// What an HAProxy that is already there needs so that Levee can steer it: found by its runtime
// socket, told as text. Nothing is changed.
#pragma once

#include <string>
#include <vector>

#include "agent/enforce/haproxy_commands.h"
#include "agent/enforce/listener_rule.h"
#include "agent/enforce/runtime_socket.h"

namespace levee {

struct FoundBackend {
    std::string name;
    std::vector<reply::Server> servers;  ///< in the order of their ids
};

struct FoundHaproxy {
    std::string version;
    int pid = 0;
    bool isAdmin = false;  ///< the socket allows changes
    bool hasMaps = false;  ///< it has the lines of a plan
    std::vector<FoundBackend> backends;
};

/// Asks the HAProxy at the socket. Errors as RuntimeSocket's.
Result<FoundHaproxy> findHaproxy(const RuntimeSocket& socket, const std::string& directory);

struct PlanRequest {
    std::string socket;
    std::string directory;  ///< of the agent's maps and log socket
    std::string client;     ///< who calls the services: breakers; "": limits in front of them
    std::vector<std::string> backends;  ///< empty: all that have servers
    ListenerRules rules;                ///< by subject; a backend's service is called like it
};

/// What can be enforced as it is, the lines that the rest takes, and the section of agent.yaml.
/// NotFound: a backend that is asked for is not there. Pure.
Result<std::string> attachPlan(const FoundHaproxy& found, const PlanRequest& request);

}  // namespace levee
