// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "shared/model/snapshot.h"

namespace levee {

/// The snapshot as JSON, the answer of GET /api/v1/state and of `levee get -o json`. Field names
/// are those of the model in snake_case and are stable; an unknown number is null.
std::string stateJson(const AgentSnapshot& snapshot);

/// Events as a JSON array, in the given order.
std::string eventsJson(const std::vector<Event>& events);

}  // namespace levee
