// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/model/topology_store.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace levee {
namespace {

constexpr double kShedThatMatters = 0.005;

/// 0 is the worst; 3 is nothing to look at.
int urgency(const Node& node) {
    if (node.health == Health::Failing)
        return 0;
    if (node.health == Health::Degraded)
        return 1;
    return node.traffic.shedShare() > kShedThatMatters ? 2 : 3;
}

}  // namespace

TopologyStore::TopologyStore(const TimeSource& time, QObject* parent)
    : QObject(parent), time_(time) {}

void TopologyStore::setFleet(std::shared_ptr<const FleetView> fleet) {
    const bool isSame = fleet->news != 0 && fleet->news == newest_->news;
    newest_ = std::move(fleet);
    if (newest_->millis > 0) {
        series_.record(*newest_);
        health_.record(*newest_);
        if (!isSame)
            changes_.record(*newest_);
        past_.record(newest_, time_.monotonic());
    }
    if (isPaused_ || isTravelling())
        return;
    hasOnlyTimePassed_ = isSame && shown_->news == newest_->news;
    shown_ = newest_;
    emit changed();
}

void TopologyStore::setPaused(bool paused) {
    if (paused == isPaused_)
        return;
    isPaused_ = paused;
    emit pausedChanged(paused);
    if (!paused && !isTravelling())
        show(newest_);
}

void TopologyStore::show(std::shared_ptr<const FleetView> fleet) {
    hasOnlyTimePassed_ = false;
    shown_ = std::move(fleet);
    emit changed();
}

bool TopologyStore::travelTo(std::int64_t millis) {
    if (newest_->millis == 0)
        return false;
    if (millis >= newest_->millis) {
        returnToLive();
        return true;
    }
    const PastPicture* then = past_.at(millis);
    if (!then)
        return false;
    travel_ = *then;
    travelMillis_ = std::max(millis, past_.oldestMillis());
    emit travelChanged();
    show(travel_.fleet);
    return true;
}

void TopologyStore::returnToLive() {
    if (!isTravelling())
        return;
    travel_ = {};
    emit travelChanged();
    show(newest_);
}

MonotonicTime TopologyStore::present() const {
    return isTravelling() ? travel_.shownAt : time_.monotonic();
}

const FleetNode* TopologyStore::node(const std::string& name) const {
    const auto& nodes = shown_->nodes;
    const auto found = std::ranges::lower_bound(
        nodes, name, {}, [](const FleetNode& n) -> const std::string& { return n.node.name; });
    return found != nodes.end() && found->node.name == name ? &*found : nullptr;
}

const FleetEdge* TopologyStore::edge(const std::string& client, const std::string& server) const {
    const auto& edges = shown_->edges;
    const auto key = std::tie(client, server);
    const auto found =
        std::lower_bound(edges.begin(), edges.end(), key, [](const FleetEdge& e, const auto& k) {
            return std::tie(e.edge.client, e.edge.server) < k;
        });
    const bool isFound =
        found != edges.end() && std::tie(found->edge.client, found->edge.server) == key;
    return isFound ? &*found : nullptr;
}

std::vector<const FleetEdge*> TopologyStore::callersOf(const std::string& name) const {
    std::vector<const FleetEdge*> found;
    for (const FleetEdge& edge : shown_->edges)
        if (edge.edge.server == name)
            found.push_back(&edge);
    return found;
}

std::vector<const FleetEdge*> TopologyStore::dependenciesOf(const std::string& name) const {
    std::vector<const FleetEdge*> found;
    for (const FleetEdge& edge : shown_->edges)
        if (edge.edge.client == name)
            found.push_back(&edge);
    return found;
}

std::vector<const FleetGuard*> TopologyStore::guardsOf(const std::string& subject) const {
    std::vector<const FleetGuard*> found;
    for (const FleetGuard& guard : shown_->guards)
        if (guard.guard.subject == subject)
            found.push_back(&guard);
    return found;
}

const Advice* TopologyStore::adviceFor(const std::string& service) const {
    const auto found = std::ranges::find(shown_->advice, service, &Advice::service);
    return found == shown_->advice.end() ? nullptr : &*found;
}

std::vector<std::string> TopologyStore::unhealthy() const {
    std::vector<std::pair<int, std::string>> ranked;
    for (const FleetNode& node : shown_->nodes)
        if (const int rank = urgency(node.node); rank < 3)
            ranked.emplace_back(rank, node.node.name);
    std::ranges::sort(ranked);
    std::vector<std::string> names;
    for (auto& [rank, name] : ranked)
        names.push_back(std::move(name));
    return names;
}

double TopologyStore::ageSeconds(MonotonicTime heardAt) const {
    return toSeconds(present() - shown_->knownAt(heardAt));
}

DataAge TopologyStore::ageOf(MonotonicTime heardAt) const {
    return classify(shown_->knownAt(heardAt), present());
}

}  // namespace levee
