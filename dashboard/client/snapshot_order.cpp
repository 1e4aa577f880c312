// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/client/snapshot_order.h"

#include <algorithm>
#include <tuple>
#include <vector>

namespace levee {
namespace {

template <typename T, typename Key>
void sortBy(std::vector<T>& items, Key key) {
    if (!std::ranges::is_sorted(items, {}, key))
        std::ranges::sort(items, {}, key);
}

}  // namespace

void sortAsPromised(AgentSnapshot& snapshot) {
    sortBy(snapshot.nodes, [](const Node& n) -> const std::string& { return n.name; });
    sortBy(snapshot.edges, [](const Edge& e) { return std::tie(e.client, e.server); });
    sortBy(snapshot.guards, [](const GuardState& g) -> const std::string& { return g.subject; });
    sortBy(snapshot.targets, [](const TargetState& t) { return std::tie(t.job, t.url); });
}

}  // namespace levee
