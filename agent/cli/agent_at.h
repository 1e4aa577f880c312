// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "shared/base/result.h"
#include "shared/wire/agent_access.h"

namespace levee::cli {

/// An agent, and how it is reached.
struct AgentAt {
    std::string address;  ///< "unix:/run/levee/agent.sock" or "host:port"
    wire::AgentAccess access;
};

/// What the command line says about it; "" where it says nothing.
struct AgentChoice {
    std::string agent;
    std::string context;
    wire::AgentAccess access;
};

/// Fills in from the user's contexts.yaml what a named context says and the command line does not.
/// An error says what is wrong with the file, or that the context has several agents.
Result<AgentAt> chooseAgent(const AgentChoice& choice);

}  // namespace levee::cli
