// SPDX-License-Identifier: Apache-2.0
// The agent as a whole: builds the object graph from the configuration, runs until a signal, takes
// it down.
//
//   SIGHUP   reads configuration and rules again; with any error the old ones stay in force
//   SIGTERM  lets everything pass, keeps the gateway serving, ends: the next agent takes it over
//   SIGINT   ends the gateway too
#pragma once

#include <string>

namespace levee {

/// Returns the exit code: 0 after a clean stop, 1 when the agent cannot start (why stands on
/// standard error).
int runAgent(const std::string& configFile, const std::string& version);

/// Checks the configuration and its rule files; prints every finding. 0 when both are right,
/// else 1.
int checkAgent(const std::string& configFile);

}  // namespace levee
