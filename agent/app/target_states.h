// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "agent/collect/target.h"
#include "agent/config/agent_config.h"
#include "shared/model/snapshot.h"

namespace levee {

class Collector;

/// The collector's targets as the model shows them, by job and URL.
std::vector<TargetState> targetStates(const Collector& collector);

/// Adds to the static targets of their jobs what of `targets` has a label `service` that can be a
/// service's name, and is not there yet.
void addNamedTargets(const std::vector<TargetStatus>& targets, std::vector<ScrapeJob>& jobs);

}  // namespace levee
