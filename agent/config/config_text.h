// SPDX-License-Identifier: Apache-2.0
// Inside agent/config: settings in one line, for what a reload changes. Secrets are left out: a
// changed password shows that it changed, and nothing of it.
#pragma once

#include <string>
#include <vector>

#include "agent/config/agent_config.h"

namespace levee {

std::string text(const HttpClientConfig& client);
std::string text(const std::vector<RelabelRule>& rules);
std::string text(const std::vector<DiscoveryConfig>& discoveries);
/// "{a: [1, 2]}"
std::string paramsText(const std::map<std::string, std::vector<std::string>>& params);

}  // namespace levee
