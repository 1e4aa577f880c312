// SPDX-License-Identifier: GPL-3.0-or-later
// The stages of graph_layout.h, private to this folder. Each stage reads what the one before wrote
// into the WorkGraph. Everything is indexed by int and ordered by input and id, never by hash, so
// that the same input gives the same picture.
#pragma once

#include <QHash>
#include <vector>

#include "dashboard/widgets/canvas/graph_layout.h"

namespace levee::layout {

/// The input without duplicates, in the order of ids: the picture does not depend on the order in
/// which things were reported.
struct CleanInput {
    std::vector<LayoutNode> nodes;
    QHash<QString, int> index;
    std::vector<std::pair<int, int>> edges;  ///< indices into nodes
    std::vector<char> connected;
};

/// A real node, or (input < 0) the place where a long edge passes a column.
struct WorkNode {
    int input = -1;
    int rank = 0;
    double width = 0;
    double height = 0;
    double y = 0;  ///< centre, set by placeRows
    bool isVirtual() const { return input < 0; }
};

/// One edge of the input that counts, pointing to the right after cycle breaking.
struct WorkEdge {
    int input = -1;
    int from = 0;
    int to = 0;
    bool reversed = false;
    std::vector<int> chain;  ///< virtual nodes between from and to, left to right
};

struct WorkGraph {
    std::vector<WorkNode> nodes;  ///< real ones first
    std::vector<WorkEdge> edges;
    std::vector<std::vector<int>> up;      ///< neighbours one rank to the left
    std::vector<std::vector<int>> down;    ///< neighbours one rank to the right
    std::vector<std::vector<int>> layers;  ///< nodes of each rank, top to bottom
};

/// Reverses edges until there is no cycle.
void breakCycles(WorkGraph& graph);
/// Sets ranks from 0, every edge at least one rank long, and moves nodes to shorten edges. Where a
/// rank would hold more than `most` nodes, those with the least behind them move on to the next.
void assignRanks(WorkGraph& graph, int most);
/// Adds virtual nodes and fills up, down and layers in the order of a depth-first walk.
void splitLongEdges(WorkGraph& graph);
/// Orders the layers. Returns the number of crossings.
int orderLayers(WorkGraph& graph, int sweeps);
int countCrossings(const WorkGraph& graph);
/// Sets y of every node; nodes of a layer never overlap.
void placeRows(WorkGraph& graph, const LayoutOptions& options);

/// What of the previous layout still exists, at the place where it was; what does not goes to
/// `gone`.
GraphLayout keepKnown(const CleanInput& input, const GraphLayout& previous);
/// Places the nodes that `layout` does not have: where they were when they went, if that is free,
/// else beside their neighbours.
void placeNewcomers(const CleanInput& input, const LayoutOptions& options, GraphLayout& layout);

/// Top edge nearest to `wanted` at which `box` (its x and height count) overlaps nothing in
/// `taken`, with `gap` around.
double nearestFreeTop(const QRectF& box, double wanted, const std::vector<QRectF>& taken,
                      double gap);

}  // namespace levee::layout
