// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "dashboard/model/connection_state.h"
#include "dashboard/model/topology_store.h"
#include "dashboard/views/attention_list.h"

namespace levee {

/// How far each host has got with the rules: sent, accepted, enforcing, refused, and of which
/// revision; the worst first. A pure function.
std::vector<AttentionItem> buildRollout(const TopologyStore& store,
                                        const std::vector<FleetAgent>& agents);

}  // namespace levee
