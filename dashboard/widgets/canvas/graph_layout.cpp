// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/widgets/canvas/graph_layout.h"

#include <QMap>
#include <QSet>
#include <algorithm>
#include <cmath>
#include <limits>

#include "dashboard/widgets/canvas/layout_stages.h"

namespace levee {
namespace {

using layout::WorkEdge;
using layout::WorkGraph;
using layout::WorkNode;

/// The input without duplicates, in the order of ids: the picture does not depend on the order in
/// which things were reported.
struct CleanInput {
    std::vector<LayoutNode> nodes;
    QHash<QString, int> index;
    std::vector<std::pair<int, int>> edges;  ///< indices into nodes
    std::vector<char> connected;
};

CleanInput clean(const LayoutInput& input) {
    CleanInput result;
    result.nodes = input.nodes;
    std::stable_sort(result.nodes.begin(), result.nodes.end(),
                     [](const LayoutNode& a, const LayoutNode& b) { return a.id < b.id; });
    const auto last = std::unique(result.nodes.begin(), result.nodes.end(),
                                  [](const auto& a, const auto& b) { return a.id == b.id; });
    result.nodes.erase(last, result.nodes.end());
    for (int i = 0; i < int(result.nodes.size()); ++i)
        result.index.insert(result.nodes[i].id, i);
    for (const LayoutEdge& edge : input.edges) {
        const int from = result.index.value(edge.from, -1);
        const int to = result.index.value(edge.to, -1);
        if (from >= 0 && to >= 0 && from != to)
            result.edges.emplace_back(from, to);
    }
    std::sort(result.edges.begin(), result.edges.end());
    result.edges.erase(std::unique(result.edges.begin(), result.edges.end()), result.edges.end());
    result.connected.assign(result.nodes.size(), 0);
    for (const auto& [from, to] : result.edges)
        result.connected[from] = result.connected[to] = 1;
    return result;
}

WorkGraph workGraph(const CleanInput& input) {
    WorkGraph graph;
    std::vector<int> place(input.nodes.size(), -1);
    for (int i = 0; i < int(input.nodes.size()); ++i) {
        if (!input.connected[i])
            continue;
        place[i] = int(graph.nodes.size());
        WorkNode node;
        node.input = i;
        node.width = input.nodes[i].size.width();
        node.height = input.nodes[i].size.height();
        graph.nodes.push_back(node);
    }
    for (int e = 0; e < int(input.edges.size()); ++e) {
        WorkEdge edge;
        edge.input = e;
        edge.from = place[input.edges[e].first];
        edge.to = place[input.edges[e].second];
        graph.edges.push_back(edge);
    }
    return graph;
}

std::vector<double> columnWidths(const WorkGraph& graph) {
    std::vector<double> widths(graph.layers.size(), 0);
    for (const WorkNode& node : graph.nodes)
        widths[node.rank] = std::max(widths[node.rank], node.width);
    return widths;
}

std::vector<double> columnCenters(const std::vector<double>& widths, double gap) {
    std::vector<double> centers;
    double left = 0;
    for (const double width : widths) {
        centers.push_back(left + width / 2);
        left += width + gap;
    }
    return centers;
}

QRectF boundsOf(const GraphLayout& layout) {
    QRectF bounds;
    for (const QRectF& box : layout.boxes)
        bounds = bounds.isNull() ? box : bounds.united(box);
    return bounds;
}

/// How many times the column gaps and the distances of rows may grow to match the aspect asked for.
std::pair<double, double> spreadFor(const WorkGraph& graph, const LayoutOptions& options) {
    if (options.aspect <= 0 || graph.nodes.empty())
        return {1, 1};
    double top = std::numeric_limits<double>::infinity();
    double bottom = -top;
    double tallest = 0;
    for (const WorkNode& node : graph.nodes) {
        top = std::min(top, node.y);
        bottom = std::max(bottom, node.y);
        tallest = std::max(tallest, node.height);
    }
    const std::vector<double> widths = columnWidths(graph);
    double cards = 0;
    for (const double width : widths)
        cards += width;
    const double gaps = options.columnGap * std::max<double>(0, double(widths.size()) - 1);
    const double wantedHeight = (cards + gaps) / options.aspect - tallest;
    const double wantedGaps = (bottom - top + tallest) * options.aspect - cards;
    const double down = bottom > top ? wantedHeight / (bottom - top) : 1;
    const double right = gaps > 0 ? wantedGaps / gaps : 1;
    return {std::clamp(right, 1.0, kMaxGapSpread), std::clamp(down, 1.0, kMaxSpread)};
}

/// How many nodes one rank may hold, so that a large picture has about the aspect asked for.
/// Passing edges take room as well, hence the factor.
int mostInRank(const WorkGraph& graph, const LayoutOptions& options) {
    constexpr double kRoomForNodes = 0.8;
    constexpr int kLeast = 6;
    if (options.aspect <= 0)
        return std::numeric_limits<int>::max();
    double width = 0;
    double height = 0;
    for (const WorkNode& node : graph.nodes) {
        width = std::max(width, node.width);
        height = std::max(height, node.height);
    }
    const double pitches = (width + options.columnGap) / (height + options.rowGap);
    const double rows = std::sqrt(double(graph.nodes.size()) * pitches / options.aspect);
    return std::max(kLeast, int(rows * kRoomForNodes));
}

/// Rows of nodes without edges, under the graph and about as wide as it.
void placeAlone(const CleanInput& input, const LayoutOptions& options, GraphLayout& result) {
    std::vector<int> alone;
    for (int i = 0; i < int(input.nodes.size()); ++i) {
        if (!input.connected[i])
            alone.push_back(i);
    }
    if (alone.empty())
        return;
    const QSizeF size = input.nodes[alone.front()].size;
    const QRectF above = boundsOf(result);
    const double pitch = size.width() + options.rowGap;
    const double aspect = options.aspect > 0 ? options.aspect : 1.6;
    const double square =
        std::sqrt(double(alone.size()) * pitch * (size.height() + options.rowGap) * aspect);
    const int perRow = std::max(1, int(std::max(above.width(), square) / pitch));
    double top = above.isNull() ? 0 : above.bottom() + options.rowGap * 2;
    double rowHeight = 0;
    for (std::size_t i = 0; i < alone.size(); ++i) {
        const LayoutNode& node = input.nodes[alone[i]];
        const int column = int(i) % perRow;
        if (column == 0 && i > 0) {
            top += rowHeight + options.rowGap;
            rowHeight = 0;
        }
        rowHeight = std::max(rowHeight, node.size.height());
        result.boxes.insert(node.id, QRectF({above.left() + column * pitch, top}, node.size));
        result.ranks.insert(node.id, kAlone);
    }
}

/// Pinned nodes go where the person put them; the others make room up or down.
void applyPins(const CleanInput& input, const LayoutOptions& options, GraphLayout& result) {
    std::vector<QRectF> pinned;
    for (const LayoutNode& node : input.nodes) {
        if (!node.pin)
            continue;
        QRectF& box = result.boxes[node.id];
        box.moveCenter(*node.pin);
        pinned.push_back(box);
    }
    if (pinned.empty())
        return;
    for (const LayoutNode& node : input.nodes) {
        QRectF& box = result.boxes[node.id];
        const bool covered = !node.pin && std::any_of(pinned.begin(), pinned.end(),
                                                      [&](auto& p) { return p.intersects(box); });
        if (!covered)
            continue;
        std::vector<QRectF> taken;
        for (auto it = result.boxes.cbegin(); it != result.boxes.cend(); ++it) {
            if (it.key() != node.id)
                taken.push_back(it.value());
        }
        box.moveTop(layout::nearestFreeTop(box, box.top(), taken, options.rowGap / 2));
    }
}

void storeBoxes(const CleanInput& input, const WorkGraph& graph, const LayoutOptions& options,
                GraphLayout& result) {
    const auto [right, down] = spreadFor(graph, options);
    const auto centers = columnCenters(columnWidths(graph), options.columnGap * right);
    for (const WorkNode& node : graph.nodes) {
        if (node.isVirtual())
            continue;
        const LayoutNode& source = input.nodes[node.input];
        QRectF box({0, 0}, source.size);
        box.moveCenter({centers[node.rank], node.y * down});
        result.boxes.insert(source.id, box);
        result.ranks.insert(source.id, node.rank);
    }
    for (const WorkEdge& edge : graph.edges) {
        if (edge.chain.empty())
            continue;
        std::vector<QPointF> lanes;
        for (const int n : edge.chain)
            lanes.emplace_back(centers[graph.nodes[n].rank], graph.nodes[n].y * down);
        const auto& [from, to] = input.edges[edge.input];
        result.lanes.insert({input.nodes[from].id, input.nodes[to].id}, std::move(lanes));
    }
}

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
            box.moveTop(layout::nearestFreeTop(box, box.top(), taken_, options_.rowGap));
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

/// What of the previous layout still exists, at the place where it was.
GraphLayout keepKnown(const CleanInput& input, const GraphLayout& previous) {
    GraphLayout result;
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

}  // namespace

namespace layout {

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

}  // namespace layout

GraphLayout layoutGraph(const LayoutInput& input, const LayoutOptions& options) {
    const CleanInput cleaned = clean(input);
    WorkGraph graph = workGraph(cleaned);
    GraphLayout result;
    if (!graph.nodes.empty()) {
        layout::breakCycles(graph);
        layout::assignRanks(graph, mostInRank(graph, options));
        layout::splitLongEdges(graph);
        result.crossings = layout::orderLayers(graph, options.sweeps);
        layout::placeRows(graph, options);
        storeBoxes(cleaned, graph, options, result);
    }
    placeAlone(cleaned, options, result);
    applyPins(cleaned, options, result);
    routeEdges(input, result);
    return result;
}

GraphLayout layoutGraph(const LayoutInput& input, const GraphLayout& previous,
                        const LayoutOptions& options) {
    const CleanInput cleaned = clean(input);
    GraphLayout result = keepKnown(cleaned, previous);
    if (result.boxes.isEmpty())
        return layoutGraph(input, options);
    result.crossings = -1;
    Newcomers(cleaned, options, result).placeAll();
    routeEdges(input, result);
    return result;
}

}  // namespace levee
