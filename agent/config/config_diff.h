// SPDX-License-Identifier: Apache-2.0
// What a changed configuration changes, and how each change takes effect.
#pragma once

#include <string>
#include <vector>

#include "agent/config/agent_config.h"

namespace levee {

enum class ApplyMode {
    Live,     ///< by a reload: scrape jobs, gateway listeners, rule files, labels
    Restart,  ///< only by a restart: sockets of the agent, its name, its directories, its limits
};

struct ConfigChange {
    std::string path;    ///< "scrape_configs.shop.scrape_interval", "listen.http"
    std::string before;  ///< as the file has it; "(none)" for a job, a listener or a label that
                         ///< was not there
    std::string after;
    ApplyMode mode = ApplyMode::Live;

    bool operator==(const ConfigChange&) const = default;
};

/// Jobs are paired by name, listeners by subject; their order does not count. Empty when nothing
/// changed. Pure; any thread.
std::vector<ConfigChange> diffConfig(const AgentConfig& before, const AgentConfig& after);

bool needsRestart(const std::vector<ConfigChange>& changes);

/// `listen.http 127.0.0.1:7401 -> 127.0.0.1:7500 (restart)`.
std::string format(const ConfigChange& change);

}  // namespace levee
