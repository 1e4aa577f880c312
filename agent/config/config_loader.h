// SPDX-License-Identifier: Apache-2.0
// agent.yaml to an AgentConfig: strict, with every mistake at once and its place. Starts from the
// defaults of agent_config.h; what the file does not say keeps its default.
#pragma once

#include <string>
#include <string_view>

#include "agent/config/agent_config.h"
#include "agent/config/environment.h"
#include "shared/base/diagnostic.h"

namespace levee {

/// `config` may be used only when !hasErrors(diagnostics).
struct LoadedConfig {
    AgentConfig config;
    Diagnostics diagnostics;  ///< sorted by place; warnings as well
};

/// Parses and checks the text of one agent.yaml. `fileName` is used in places, and relative globs
/// of rule_files are taken from its directory, as Prometheus does. `host` stays empty when it is
/// not given. An empty text is a configuration of defaults. Pure; any thread.
LoadedConfig parseConfig(std::string_view text, const std::string& fileName,
                         const EnvironmentLookup& environment);

/// Reads the file, with the environment and the host name of this process. A file that cannot be
/// read, or has more than kYamlMaxBytes, is an error without a line.
LoadedConfig loadConfig(const std::string& path);

}  // namespace levee
