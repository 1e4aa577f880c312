// SPDX-License-Identifier: GPL-3.0-or-later
// From what stands on the map to what the canvas draws: words, numbers, badges. Pure functions.
#pragma once

#include <QString>

#include "dashboard/model/map_scope.h"
#include "dashboard/model/topology_store.h"
#include "dashboard/widgets/canvas/graph_scene.h"

namespace levee {

/// The services, groups and links of the picture. Nodes that nobody calls (users) show what they
/// send. REQUIRES: `picture` was made from the store's present fleet.
GraphScene buildScene(const TopologyStore& store, const MapPicture& picture);
/// The same of everything, as a map shows that nobody asked anything of.
GraphScene buildScene(const TopologyStore& store);

/// What the canvas calls a service: its name, unchanged, so that two names that look alike stay
/// two; it is made plain where it is painted.
QString sceneId(const std::string& service);
QString groupId(const std::string& group);
/// Nothing when the id is not a group's.
std::optional<std::string> groupOfId(const QString& id);

/// "143 services: 22 shown, 121 in 6 groups".
QString describeScope(const MapPicture& picture, const MapWish& wish);

}  // namespace levee
