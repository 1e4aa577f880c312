// SPDX-License-Identifier: GPL-3.0-or-later
// What of a fleet stands on the map. A map of 5,000 cards says nothing; so a large one shows what
// is not well, what that touches, and what changed lately, gathers the rest in groups, and says how
// many it left out. Pure.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "dashboard/client/fleet_view.h"
#include "dashboard/model/health_changes.h"
#include "dashboard/model/map_query.h"

namespace levee {

/// More services than this, and the map shows a part unless all are asked for.
inline constexpr std::size_t kLargeMap = 150;
/// Cards that stand on the map at most; the worst and busiest ones win.
inline constexpr std::size_t kMostCards = 500;
/// The same while the map chooses by itself.
inline constexpr std::size_t kMostChosen = 120;
inline constexpr std::int64_t kLatelyMillis = 15 * 60 * 1'000;
inline constexpr int kMostHops = 5;

enum class MapGrouping {
    Auto,  ///< on large maps, by whatever gives 2 to 40 groups
    None,
    Namespace,  ///< see namespaceOf()
    Host,       ///< the first host
    Team        ///< see Owner
};

/// What the person asked for.
struct MapWish {
    bool showAll = false;
    bool errorsOnly = false;
    std::string focus;  ///< only what is `hops` calls away from this service; "": everything
    int hops = 1;       ///< 1 to kMostHops
    std::string keep;   ///< is shown whatever the map would choose: the selected service
    MapQuery hide;
    MapGrouping grouping = MapGrouping::Auto;
    std::set<std::string> open;  ///< groups whose members are shown
};

struct MapGroup {
    std::string name;
    std::vector<const FleetNode*> members;  ///< two or more
};

/// Where an edge begins or ends on the map.
struct MapEnd {
    bool isGroup = false;
    std::size_t index = 0;  ///< into services or groups
    auto operator<=>(const MapEnd&) const = default;
};

/// One or more edges between the same two things on the map.
struct MapLink {
    MapEnd from;
    MapEnd to;
    std::vector<const FleetEdge*> edges;
};

/// Points into the FleetView that it was made from.
struct MapPicture {
    std::vector<const FleetNode*> services;  ///< by name
    std::vector<MapGroup> groups;            ///< by name
    std::vector<MapLink> links;
    MapGrouping grouping = MapGrouping::None;  ///< the one in force
    std::size_t known = 0;                     ///< services in the fleet
    std::size_t hidden = 0;                    ///< by the Hide expression
    std::size_t grouped = 0;                   ///< in groups
    std::size_t leftOut = 0;                   ///< neither shown nor grouped nor hidden
    std::size_t linksLeftOut = 0;              ///< to and from groups: only the busiest are drawn
    bool isScoped = false;                     ///< the map chose by itself
};

/// Where the ends of a fleet's edges stand among its nodes. Kept from picture to picture: while the
/// same things are in the same order, which is nearly always, checking costs a tenth of looking up.
class MapIndex {
public:
    static constexpr std::size_t kNowhere = static_cast<std::size_t>(-1);

    void update(const FleetView& fleet);
    /// Client and server of each edge; kNowhere where the fleet has no such node.
    const std::vector<std::pair<std::size_t, std::size_t>>& ends() const { return ends_; }

private:
    std::vector<std::pair<std::size_t, std::size_t>> ends_;
};

/// `before`: names of the services that stood there last; among equals they stay, so that the map
/// does not flicker. Guards are needed for expressions that read them.
MapPicture composeMap(const FleetView& fleet, const MapWish& wish, const HealthChanges& changes,
                      const std::set<std::string>& before, const MapIndex& index);
MapPicture composeMap(const FleetView& fleet, const MapWish& wish, const HealthChanges& changes,
                      const std::set<std::string>& before);

/// The name of the group that a service belongs to; "" where it belongs to none.
std::string groupOf(const Node& node, MapGrouping grouping);

/// Which services a query matches, by name.
std::vector<std::string> matchesOf(const FleetView& fleet, const MapQuery& query);

}  // namespace levee
