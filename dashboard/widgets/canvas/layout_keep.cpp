// SPDX-License-Identifier: GPL-3.0-or-later
// The incremental half of the layout: what is known stays, what is new takes a free place.
#include <QMap>
#include <algorithm>
#include <cmath>
#include <limits>

#include "dashboard/widgets/canvas/layout_stages.h"

namespace levee::layout {
namespace {

constexpr qsizetype kMostGone = 5'000;  ///< places remembered of nodes that went

/// Places nodes that the previous layout did not have beside their neighbours.
class Newcomers {
public:
    Newcomers(const CleanInput& input, const LayoutOptions& options, GraphLayout& layout)
        : input_(input), options_(options), layout_(layout), neighbours_(input.nodes.size()) {
        for (const auto& [from, to] : input.edges) {
            neighbours_[from].push_back({to, false});
            neighbours_[to].push_back({from, true});
        }
        QMap<int, std::vector<double>> centers;
        for (auto it = layout.boxes.cbegin(); it != layout.boxes.cend(); ++it) {
            taken_.push_back(it.value());
            const int rank = layout.ranks.value(it.key(), kAlone);
            const int at = input.index.value(it.key(), -1);
            if (rank != kAlone && !(at >= 0 && input.nodes[at].pin))
                centers[rank].push_back(it.value().center().x());
        }
        for (auto it = centers.begin(); it != centers.end(); ++it) {
            std::nth_element(it->begin(), it->begin() + it->size() / 2, it->end());
            columns_.insert(it.key(), (*it)[it->size() / 2]);
        }
    }

    void placeAll() {
        std::vector<int> waiting;
        for (int i = 0; i < int(input_.nodes.size()); ++i) {
            if (!layout_.boxes.contains(input_.nodes[i].id))
                waiting.push_back(i);
        }
        std::erase_if(waiting, [&](int node) { return comesBack(node); });
        // Those with a placed neighbour go first; what they bring along follows.
        while (!waiting.empty()) {
            const auto next = std::find_if(waiting.begin(), waiting.end(),
                                           [&](int node) { return hasPlacedNeighbour(node); });
            const auto chosen = next == waiting.end() ? waiting.begin() : next;
            place(*chosen);
            waiting.erase(chosen);
        }
    }

private:
    struct Neighbour {
        int node;
        bool isCaller;
    };

    /// Takes the place that the node had when it went, where nobody has taken it since.
    bool comesBack(int node) {
        const LayoutNode& source = input_.nodes[node];
        const auto gone = layout_.gone.constFind(source.id);
        if (gone == layout_.gone.constEnd() || source.pin)
            return false;
        QRectF box({0, 0}, source.size);
        box.moveCenter(gone->center);
        const double gap = options_.rowGap / 2;
        const QRectF room = box.adjusted(-gap, -gap, gap, gap);
        if (std::any_of(taken_.begin(), taken_.end(),
                        [&](const QRectF& other) { return other.intersects(room); }))
            return false;
        taken_.push_back(box);
        layout_.boxes.insert(source.id, box);
        layout_.ranks.insert(source.id, gone->rank);
        layout_.gone.remove(source.id);
        return true;
    }

    bool isPlaced(int node) const { return layout_.boxes.contains(input_.nodes[node].id); }

    bool hasPlacedNeighbour(int node) const {
        return std::any_of(neighbours_[node].begin(), neighbours_[node].end(),
                           [&](const Neighbour& n) { return isPlaced(n.node); });
    }

    /// Right of its callers, else left of what it calls, else the first column.
    int rankFor(int node) const {
        int afterCallers = kAlone;
        int beforeCalled = std::numeric_limits<int>::max();
        for (const Neighbour& n : neighbours_[node]) {
            const int rank = layout_.ranks.value(input_.nodes[n.node].id, kAlone);
            if (!isPlaced(n.node) || rank == kAlone)
                continue;
            if (n.isCaller)
                afterCallers = std::max(afterCallers, rank + 1);
            else
                beforeCalled = std::min(beforeCalled, rank - 1);
        }
        if (afterCallers != kAlone)
            return afterCallers;
        if (beforeCalled != std::numeric_limits<int>::max())
            return beforeCalled;
        return columns_.isEmpty() ? 0 : columns_.firstKey();
    }

    double columnAt(int rank, double width) {
        const auto known = columns_.constFind(rank);
        if (known != columns_.constEnd())
            return *known;
        double center = width / 2;
        if (!columns_.isEmpty()) {
            const auto above = columns_.lowerBound(rank);
            const auto nearest = above == columns_.end() ? std::prev(above) : above;
            center = *nearest + (rank - nearest.key()) * (width + options_.columnGap);
        }
        columns_.insert(rank, center);
        return center;
    }

    void place(int node) {
        const LayoutNode& source = input_.nodes[node];
        const int rank = rankFor(node);
        QRectF box({0, 0}, source.size);
        double y = 0;
        int placed = 0;
        for (const Neighbour& n : neighbours_[node]) {
            if (isPlaced(n.node)) {
                y += layout_.boxes.value(input_.nodes[n.node].id).center().y();
                ++placed;
            }
        }
        box.moveCenter({columnAt(rank, box.width()), placed > 0 ? y / placed : 0});
        if (source.pin)
            box.moveCenter(*source.pin);
        else
            box.moveTop(nearestFreeTop(box, box.top(), taken_, options_.rowGap));
        taken_.push_back(box);
        layout_.boxes.insert(source.id, box);
        layout_.ranks.insert(source.id, rank);
    }

    const CleanInput& input_;
    const LayoutOptions& options_;
    GraphLayout& layout_;
    std::vector<std::vector<Neighbour>> neighbours_;
    std::vector<QRectF> taken_;
    QMap<int, double> columns_;  ///< centre x of each rank
};

}  // namespace

GraphLayout keepKnown(const CleanInput& input, const GraphLayout& previous) {
    GraphLayout result;
    result.gone = previous.gone;
    for (auto it = previous.boxes.cbegin(); it != previous.boxes.cend(); ++it) {
        if (!input.index.contains(it.key()))
            result.gone.insert(it.key(), {it->center(), previous.ranks.value(it.key(), kAlone)});
    }
    if (result.gone.size() > kMostGone)
        result.gone.clear();
    for (const LayoutNode& node : input.nodes) {
        const auto known = previous.boxes.constFind(node.id);
        if (known == previous.boxes.constEnd())
            continue;
        QRectF box({0, 0}, node.size);
        box.moveCenter(node.pin ? *node.pin : known->center());
        result.boxes.insert(node.id, box);
        result.ranks.insert(node.id, previous.ranks.value(node.id, kAlone));
    }
    for (const auto& [from, to] : input.edges) {
        const std::pair<QString, QString> key{input.nodes[from].id, input.nodes[to].id};
        const auto lanes = previous.lanes.constFind(key);
        if (lanes != previous.lanes.constEnd())
            result.lanes.insert(key, *lanes);
    }
    return result;
}

void placeNewcomers(const CleanInput& input, const LayoutOptions& options, GraphLayout& layout) {
    Newcomers(input, options, layout).placeAll();
}

double nearestFreeTop(const QRectF& box, double wanted, const std::vector<QRectF>& taken,
                      double gap) {
    std::vector<std::pair<double, double>> blocked;  // intervals of the top edge that collide
    for (const QRectF& other : taken) {
        if (other.left() < box.right() && box.left() < other.right())
            blocked.emplace_back(other.top() - gap - box.height(), other.bottom() + gap);
    }
    std::sort(blocked.begin(), blocked.end());
    double best = wanted;
    double bestDistance = std::numeric_limits<double>::infinity();
    double free = -std::numeric_limits<double>::infinity();  // a free interval starts here
    const auto consider = [&](double from, double to) {
        if (from > to)
            return;
        const double candidate = std::clamp(wanted, from, to);
        if (std::abs(candidate - wanted) < bestDistance) {
            bestDistance = std::abs(candidate - wanted);
            best = candidate;
        }
    };
    for (const auto& [from, to] : blocked) {
        consider(free, from);
        free = std::max(free, to);
    }
    consider(free, std::numeric_limits<double>::infinity());
    return best;
}

}  // namespace levee::layout
