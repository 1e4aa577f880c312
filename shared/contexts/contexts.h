// SPDX-License-Identifier: Apache-2.0
// ~/.config/levee/contexts.yaml: agents by name, and how they are reached. Read by the dashboard
// and by the command line. Values; any thread.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "shared/base/diagnostic.h"
#include "shared/wire/agent_access.h"

namespace levee {

struct FleetContext {
    std::string name;
    std::vector<std::string> agents;  ///< host:port or unix:PATH
    bool isProduction = false;        ///< the window shows it unmistakably
    bool isReadOnly = false;          ///< nothing can be changed from this window
    bool isTokenInKeychain = false;   ///< the desktop keeps it, under the context's name
    wire::AgentAccess access;         ///< of all these agents; files are absolute

    bool operator==(const FleetContext&) const = default;
};

struct Contexts {
    std::string current;  ///< used when none is asked for; "" for none
    std::vector<FleetContext> all;

    const FleetContext* find(const std::string& name) const;
    const FleetContext* naming(const std::string& agent) const;  ///< the first that has it, or null
};

inline constexpr std::size_t kMostContexts = 200;
inline constexpr std::size_t kMostContextAgents = 500;
inline constexpr std::size_t kMostContextBytes = 1024 * 1024;
inline constexpr const char* kContextsFile = "contexts.yaml";

/// All that is wrong at once; with errors, nothing of it is to be used. Relative files are beside
/// `fileName`.
Diagnostics readContexts(const std::string& yaml, const std::string& fileName, Contexts& contexts);

/// Where the user's contexts are: $XDG_CONFIG_HOME or ~/.config, and levee/contexts.yaml there.
std::string contextsFile();

/// "host:port", "[::1]:port" or "unix:PATH".
bool isAgentAddress(const std::string& text);

}  // namespace levee
