// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agent/config/agent_config.h"
#include "shared/base/diagnostic.h"

namespace levee {

/// What is wrong with the files that `api` names: unreadable, no PEM, a key of another certificate,
/// a token too short, both tokens the same. A certificate that is not valid now is a warning, so
/// that the agent starts. Each at the place where the file is named. Any thread.
Diagnostics checkApiFiles(const ApiConfig& api);

}  // namespace levee
