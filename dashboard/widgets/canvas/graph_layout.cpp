// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/widgets/canvas/graph_layout.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "dashboard/widgets/canvas/layout_stages.h"

namespace levee {
namespace {

using layout::CleanInput;
using layout::WorkEdge;
using layout::WorkGraph;
using layout::WorkNode;

constexpr double kUsualGapSpread = 2;  ///< columns of a large graph end up so much further apart
constexpr double kShareOfNodes = 0.7;  ///< nodes of a rank may share its height with lanes

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

/// Long edges of a large graph would take more height than its nodes: lanes get narrower until the
/// fullest rank is about as tall as a view of the wanted aspect allows.
LayoutOptions withNarrowLanes(const WorkGraph& graph, LayoutOptions options) {
    constexpr double kNarrowest = 3;
    if (options.aspect <= 0)
        return options;
    const std::vector<double> widths = columnWidths(graph);
    double width = 0;
    for (const double column : widths)
        width += column + options.columnGap * kUsualGapSpread;
    for (const auto& rank : graph.layers) {
        double nodes = 0;
        double lanes = 0;
        for (const int node : rank) {
            if (graph.nodes[node].isVirtual())
                ++lanes;
            else
                nodes += graph.nodes[node].height + options.rowGap;
        }
        const double room = std::max(nodes, width / options.aspect) - nodes * kShareOfNodes;
        if (lanes > 0)
            options.laneGap = std::clamp(room / lanes, kNarrowest, options.laneGap);
    }
    return options;
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

}  // namespace

GraphLayout layoutGraph(const LayoutInput& input, const LayoutOptions& options) {
    const CleanInput cleaned = clean(input);
    WorkGraph graph = workGraph(cleaned);
    GraphLayout result;
    if (!graph.nodes.empty()) {
        layout::breakCycles(graph);
        layout::assignRanks(graph, mostInRank(graph, options));
        layout::splitLongEdges(graph);
        result.crossings = layout::orderLayers(graph, options.sweeps);
        layout::placeRows(graph, withNarrowLanes(graph, options));
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
    GraphLayout result = layout::keepKnown(cleaned, previous);
    if (result.boxes.isEmpty())
        return layoutGraph(input, options);
    result.crossings = -1;
    layout::placeNewcomers(cleaned, options, result);
    routeEdges(input, result);
    return result;
}

}  // namespace levee
