// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/model/map_scope.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <tuple>

namespace levee {
namespace {

constexpr std::size_t kFewestGroups = 2;
constexpr std::size_t kMostGroups = 40;
/// Above this, edges from group to group would cover the picture and say nothing.
constexpr std::size_t kLinkedGroups = 12;
constexpr std::size_t kGroupLinks = 3;   ///< of one service to and from groups: the busiest
constexpr std::size_t kCalmCards = 40;   ///< shown on a large map where all is well
constexpr std::size_t kNeighbours = 12;  ///< of one unhealthy service: the busiest
constexpr double kShedThatMatters = 0.005;

using GuardIndex = std::unordered_map<std::string_view, std::vector<const FleetGuard*>>;

/// By the service that they stand in front of: "payment" and "checkout->payment" both.
GuardIndex guardsByService(const FleetView& fleet) {
    GuardIndex index;
    for (const FleetGuard& guard : fleet.guards) {
        const std::string_view subject = guard.guard.subject;
        const auto arrow = subject.find("->");
        index[arrow == std::string_view::npos ? subject : subject.substr(arrow + 2)].push_back(
            &guard);
    }
    return index;
}

/// Old numbers are found by "stale": three seconds behind the newest word that was heard.
bool isStale(const FleetNode& node, MonotonicTime newest) {
    return newest - node.heardAt > std::chrono::seconds(3);
}

MonotonicTime newestWord(const FleetView& fleet) {
    MonotonicTime newest{};
    for (const FleetNode& node : fleet.nodes)
        newest = std::max(newest, node.heardAt);
    return newest;
}

std::vector<char> evaluate(const FleetView& fleet, const MapQuery& query) {
    std::vector<char> matched(fleet.nodes.size(), 0);
    const GuardIndex guards = guardsByService(fleet);
    const MonotonicTime newest = newestWord(fleet);
    for (std::size_t i = 0; i < fleet.nodes.size(); ++i) {
        const FleetNode& entry = fleet.nodes[i];
        const auto found = guards.find(entry.node.name);
        matched[i] = query.matches(
            {entry.node, isStale(entry, newest), found == guards.end() ? nullptr : &found->second});
    }
    return matched;
}

const std::string& nameOf(const FleetNode& entry) {
    return entry.node.name;
}

enum class Rank { Unhealthy, Changed, Near, Other };

class Composer {
public:
    Composer(const FleetView& fleet, const MapWish& wish, const HealthChanges& changes,
             const std::set<std::string>& before, const MapIndex& index)
        : fleet_(fleet),
          wish_(wish),
          changes_(changes),
          before_(before),
          ends_(index.ends()),
          ranks_(fleet.nodes.size(), Rank::Other),
          gone_(fleet.nodes.size(), 0) {}

    MapPicture compose() {
        picture_.known = fleet_.nodes.size();
        hide();
        rank();
        chooseServices();
        if (wish_.focus.empty() && !wish_.errorsOnly)
            gatherGroups();
        finish();
        return std::move(picture_);
    }

private:
    static constexpr std::size_t kNowhere = MapIndex::kNowhere;

    const Node& node(std::size_t i) const { return fleet_.nodes[i].node; }

    void hide() {
        if (wish_.hide.isEmpty())
            return;
        gone_ = evaluate(fleet_, wish_.hide);
        picture_.hidden = static_cast<std::size_t>(std::ranges::count(gone_, char{1}));
    }

    bool isAlive(std::size_t i) const { return i != kNowhere && !gone_[i]; }

    static bool isUnwell(const Node& node) {
        return node.health == Health::Failing || node.health == Health::Degraded ||
               node.traffic.shedShare() > kShedThatMatters;
    }

    void rank() {
        for (std::size_t i = 0; i < ranks_.size(); ++i) {
            const std::int64_t changed = changes_.changedAt(node(i).name);
            if (isUnwell(node(i)))
                ranks_[i] = Rank::Unhealthy;
            else if (changed > 0 && fleet_.millis - changed <= kLatelyMillis)
                ranks_[i] = Rank::Changed;
        }
        std::vector<std::vector<std::pair<double, std::size_t>>> near(ranks_.size());
        for (std::size_t e = 0; e < ends_.size(); ++e) {
            const auto [from, to] = ends_[e];
            if (from == kNowhere || to == kNowhere)
                continue;
            const double rate = fleet_.edges[e].edge.traffic.requestRate;
            if (ranks_[from] == Rank::Unhealthy)
                near[from].emplace_back(-rate, to);
            if (ranks_[to] == Rank::Unhealthy)
                near[to].emplace_back(-rate, from);
        }
        for (auto& neighbours : near) {
            std::ranges::sort(neighbours);
            for (std::size_t i = 0; i < std::min(kNeighbours, neighbours.size()); ++i) {
                Rank& rank = ranks_[neighbours[i].second];
                rank = std::min(rank, Rank::Near);
            }
        }
    }

    void chooseServices() {
        std::vector<std::size_t> wanted;
        std::size_t most = kMostCards;
        const std::size_t alive = picture_.known - picture_.hidden;
        const bool isGrouped = groups(wish_.grouping);
        if (!wish_.focus.empty()) {
            wanted = around();
        } else if (wish_.errorsOnly) {
            wanted = ofRank(Rank::Unhealthy);
        } else if (isGrouped || (!wish_.showAll && alive > kLargeMap)) {
            picture_.isScoped = !isGrouped;
            wanted = ofRank(Rank::Near);
            most = kMostChosen;
            addOpenGroups(wanted);
        } else {
            wanted = ofRank(Rank::Other);
        }
        keepTheFirst(wanted, most);
        chosen_.assign(ranks_.size(), 0);
        for (const std::size_t i : wanted)
            chosen_[i] = 1;
    }

    static bool groups(MapGrouping grouping) {
        return grouping != MapGrouping::Auto && grouping != MapGrouping::None;
    }

    std::vector<std::size_t> ofRank(Rank least) const {
        std::vector<std::size_t> found;
        for (std::size_t i = 0; i < ranks_.size(); ++i)
            if (isAlive(i) && (ranks_[i] <= least || node(i).name == wish_.keep))
                found.push_back(i);
        return found;
    }

    void addOpenGroups(std::vector<std::size_t>& wanted) {
        if (wish_.open.empty())
            return;
        const MapGrouping grouping = groupingInForce();
        for (std::size_t i = 0; i < ranks_.size(); ++i)
            if (isAlive(i) && ranks_[i] > Rank::Near &&
                wish_.open.contains(groupOf(node(i), grouping))) {
                ranks_[i] = Rank::Near;
                wanted.push_back(i);
            }
    }

    /// Breadth first over calls in both directions.
    std::vector<std::size_t> around() const {
        std::vector<std::size_t> found;
        const auto start = std::ranges::lower_bound(fleet_.nodes, wish_.focus, {}, nameOf);
        if (start == fleet_.nodes.end() || start->node.name != wish_.focus)
            return found;
        std::vector<std::vector<std::size_t>> neighbours(ranks_.size());
        for (const auto& [from, to] : ends_) {
            if (!isAlive(from) || !isAlive(to))
                continue;
            neighbours[from].push_back(to);
            neighbours[to].push_back(from);
        }
        std::vector<char> seen(ranks_.size(), 0);
        found.push_back(static_cast<std::size_t>(start - fleet_.nodes.begin()));
        seen[found.front()] = 1;
        std::size_t from = 0;
        for (int hop = 0; hop < std::clamp(wish_.hops, 1, kMostHops); ++hop) {
            const std::size_t until = found.size();
            for (; from < until; ++from)
                for (const std::size_t next : neighbours[found[from]])
                    if (!std::exchange(seen[next], char{1}))
                        found.push_back(next);
        }
        return found;
    }

    /// The focus itself, then by rank; among equals what stood there, what is worse, what is
    /// busier.
    void keepTheFirst(std::vector<std::size_t>& wanted, std::size_t most) const {
        if (wanted.size() <= most)
            return;
        const auto key = [&](std::size_t i) {
            return std::tuple(node(i).name != wish_.focus, node(i).name != wish_.keep, ranks_[i],
                              !before_.contains(node(i).name), -static_cast<int>(node(i).health),
                              -node(i).traffic.requestRate, i);
        };
        std::ranges::nth_element(wanted, wanted.begin() + static_cast<std::ptrdiff_t>(most), {},
                                 key);
        wanted.resize(most);
    }

    MapGrouping groupingInForce() {
        if (wish_.grouping != MapGrouping::Auto)
            return wish_.grouping;
        if (picture_.known <= kLargeMap)
            return MapGrouping::None;
        for (const MapGrouping candidate :
             {MapGrouping::Namespace, MapGrouping::Team, MapGrouping::Host}) {
            std::set<std::string> names;
            std::size_t members = 0;
            for (const FleetNode& entry : fleet_.nodes) {
                std::string name = groupOf(entry.node, candidate);
                if (name.empty())
                    continue;
                ++members;
                names.insert(std::move(name));
                if (names.size() > kMostGroups)
                    break;
            }
            if (names.size() >= kFewestGroups && names.size() <= kMostGroups &&
                members * 2 >= fleet_.nodes.size())
                return candidate;
        }
        return MapGrouping::None;
    }

    void gatherGroups() {
        picture_.grouping = groupingInForce();
        if (picture_.grouping == MapGrouping::None)
            return calmDown();
        std::map<std::string, std::vector<std::size_t>> gathered;
        for (std::size_t i = 0; i < ranks_.size(); ++i) {
            if (!isAlive(i) || chosen_[i])
                continue;
            std::string name = groupOf(node(i), picture_.grouping);
            if (!name.empty())
                gathered[std::move(name)].push_back(i);
            else if (!picture_.isScoped && hasRoom())
                chosen_[i] = 1;
        }
        dropSmallGroups(gathered);
        for (const auto& [name, members] : gathered) {
            if (members.size() == 1) {
                chosen_[members.front()] = hasRoom();
                continue;
            }
            MapGroup group{name, {}};
            for (const std::size_t i : members) {
                group.members.push_back(&fleet_.nodes[i]);
                place_[i] = {true, picture_.groups.size()};
            }
            picture_.grouped += members.size();
            picture_.groups.push_back(std::move(group));
        }
    }

    bool hasRoom() const {
        return static_cast<std::size_t>(std::ranges::count(chosen_, char{1})) < kMostCards;
    }

    /// By host there may be hundreds of groups: the largest stay, the rest is counted.
    static void dropSmallGroups(std::map<std::string, std::vector<std::size_t>>& gathered) {
        if (gathered.size() <= kMostCards / 2)
            return;
        std::vector<std::size_t> sizes;
        for (const auto& [name, members] : gathered)
            sizes.push_back(members.size());
        std::ranges::nth_element(sizes, sizes.begin() + kMostCards / 2, std::greater<>());
        const std::size_t least = sizes[kMostCards / 2];
        std::erase_if(gathered, [&](const auto& entry) { return entry.second.size() <= least; });
    }

    /// A large map without groups on which all is well still shows the busiest services.
    void calmDown() {
        const auto shown = static_cast<std::size_t>(std::ranges::count(chosen_, char{1}));
        if (!picture_.isScoped || shown >= kCalmCards)
            return;
        std::vector<std::size_t> rest;
        for (std::size_t i = 0; i < ranks_.size(); ++i)
            if (isAlive(i) && !chosen_[i])
                rest.push_back(i);
        keepTheFirst(rest, std::min(rest.size(), kCalmCards - shown));
        for (const std::size_t i : rest)
            chosen_[i] = 1;
    }

    void finish() {
        for (std::size_t i = 0; i < ranks_.size(); ++i) {
            if (!chosen_[i])
                continue;
            place_[i] = {false, picture_.services.size()};
            picture_.services.push_back(&fleet_.nodes[i]);
        }
        picture_.leftOut =
            picture_.known - picture_.hidden - picture_.grouped - picture_.services.size();
        std::vector<MapEnd> places(ranks_.size(), kOffTheMap);
        for (const auto& [i, end] : place_)
            places[i] = end;
        std::map<std::pair<MapEnd, MapEnd>, std::size_t> links;
        for (std::size_t e = 0; e < ends_.size(); ++e) {
            if (ends_[e].first == kNowhere || ends_[e].second == kNowhere)
                continue;
            const MapEnd from = places[ends_[e].first];
            const MapEnd to = places[ends_[e].second];
            if (from == kOffTheMap || to == kOffTheMap || from == to)
                continue;
            if (from.isGroup && to.isGroup && picture_.groups.size() > kLinkedGroups)
                continue;
            const auto [link, isNew] = links.try_emplace({from, to}, picture_.links.size());
            if (isNew)
                picture_.links.push_back({from, to, {}});
            picture_.links[link->second].edges.push_back(&fleet_.edges[e]);
        }
        thinOutGroupLinks();
    }

    static double rateOf(const MapLink& link) {
        double rate = 0;
        for (const FleetEdge* edge : link.edges)
            rate += edge->edge.traffic.requestRate;
        return rate;
    }

    /// A service may have edges into every group; its busiest ones say enough.
    void thinOutGroupLinks() {
        std::vector<std::vector<std::pair<double, std::size_t>>> ofService(
            picture_.services.size());
        for (std::size_t l = 0; l < picture_.links.size(); ++l) {
            const MapLink& link = picture_.links[l];
            if (link.from.isGroup != link.to.isGroup)
                ofService[link.from.isGroup ? link.to.index : link.from.index].emplace_back(
                    -rateOf(link), l);
        }
        std::vector<char> isThin(picture_.links.size(), 0);
        for (auto& list : ofService) {
            if (list.size() <= kGroupLinks)
                continue;
            std::ranges::sort(list);
            for (std::size_t i = kGroupLinks; i < list.size(); ++i)
                isThin[list[i].second] = 1;
        }
        std::size_t l = 0;
        picture_.linksLeftOut =
            std::erase_if(picture_.links, [&](const MapLink&) { return isThin[l++] != 0; });
    }

    static constexpr MapEnd kOffTheMap{true, kNowhere};

    const FleetView& fleet_;
    const MapWish& wish_;
    const HealthChanges& changes_;
    const std::set<std::string>& before_;
    const std::vector<std::pair<std::size_t, std::size_t>>& ends_;
    std::vector<Rank> ranks_;
    std::vector<char> gone_;
    std::vector<char> chosen_;
    std::unordered_map<std::size_t, MapEnd> place_;
    MapPicture picture_;
};

}  // namespace

void MapIndex::update(const FleetView& fleet) {
    ends_.resize(fleet.edges.size(), {kNowhere, kNowhere});
    std::unordered_map<std::string_view, std::size_t> index;
    const auto isAt = [&](std::size_t i, const std::string& name) {
        return i < fleet.nodes.size() && fleet.nodes[i].node.name == name;
    };
    const auto find = [&](const std::string& name) {
        if (index.empty())
            for (std::size_t i = 0; i < fleet.nodes.size(); ++i)
                index.emplace(fleet.nodes[i].node.name, i);
        const auto found = index.find(name);
        return found == index.end() ? kNowhere : found->second;
    };
    for (std::size_t e = 0; e < fleet.edges.size(); ++e) {
        const Edge& edge = fleet.edges[e].edge;
        auto& [from, to] = ends_[e];
        if (!isAt(from, edge.client))
            from = find(edge.client);
        if (!isAt(to, edge.server))
            to = find(edge.server);
    }
}

MapPicture composeMap(const FleetView& fleet, const MapWish& wish, const HealthChanges& changes,
                      const std::set<std::string>& before, const MapIndex& index) {
    return Composer(fleet, wish, changes, before, index).compose();
}

MapPicture composeMap(const FleetView& fleet, const MapWish& wish, const HealthChanges& changes,
                      const std::set<std::string>& before) {
    MapIndex index;
    index.update(fleet);
    return composeMap(fleet, wish, changes, before, index);
}

std::string groupOf(const Node& node, MapGrouping grouping) {
    switch (grouping) {
        case MapGrouping::Namespace:
            return namespaceOf(node);
        case MapGrouping::Host:
            return node.hosts.empty() ? std::string() : node.hosts.front();
        case MapGrouping::Team:
            return node.owner.team;
        case MapGrouping::Auto:
        case MapGrouping::None:
            break;
    }
    return {};
}

std::vector<std::string> matchesOf(const FleetView& fleet, const MapQuery& query) {
    std::vector<std::string> names;
    const std::vector<char> matched = evaluate(fleet, query);
    for (std::size_t i = 0; i < matched.size(); ++i)
        if (matched[i])
            names.push_back(fleet.nodes[i].node.name);
    return names;
}

}  // namespace levee
