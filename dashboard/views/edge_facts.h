// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "dashboard/model/topology_store.h"
#include "dashboard/widgets/canvas/graph_scene.h"

namespace levee {

/// What the map says about an edge that is pointed at: its numbers, what each guard on it does, the
/// connections behind it, and where the time goes. Of an edge to or from a group only the title.
EdgeFacts edgeFacts(const TopologyStore& store, const std::string& client,
                    const std::string& server);

}  // namespace levee
