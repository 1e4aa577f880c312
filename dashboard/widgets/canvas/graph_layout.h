// SPDX-License-Identifier: GPL-3.0-or-later
// Layered left-to-right layout of a directed graph (Sugiyama's method), pure and deterministic.
//
// Steps: cycles are broken by a depth-first search; ranks are longest paths, then pulled tight;
// edges over several ranks pass through virtual nodes; median ordering with transposition reduces
// crossings; rows are placed by Brandes and Koepf's four alignments, taken at the median.
//
// Stability. Given the previous layout, a node that was in it keeps its position exactly, whatever
// else comes or goes; new nodes take the nearest free place beside their neighbours, and one that
// comes back takes the place it had, while that is free. So the bound by which unchanged nodes move
// is 0, at the price of a picture that ages: a call without `previous` lays out anew.
// Where every node is known, only routes are computed.
//
// Large pictures. With an aspect asked for, a rank holds no more nodes than such a view has rows;
// the rest moves on to the next rank, so that a graph with many leaves grows wide instead of tall.
//
// Cost: 500 nodes and 1,000 random edges take about 100 ms in a release build, layered ones 35 ms,
// and 5 to 20 ms where places are kept. Memory is linear in the length of all edges counted in
// ranks. Immutable values; any thread.
#pragma once

#include <QHash>
#include <QPointF>
#include <QRectF>
#include <QSizeF>
#include <QString>
#include <optional>
#include <utility>
#include <vector>

namespace levee {

struct LayoutNode {
    QString id;  ///< unique; a second one of the same id is ignored
    QSizeF size{208, 112};
    std::optional<QPointF> pin;  ///< centre that the person chose; wins over everything
};

/// Edges to unknown nodes, to the node itself and duplicates are ignored.
struct LayoutEdge {
    QString from;
    QString to;
};

/// How far a fresh layout is spread to fill the view: rows by their distance, columns by their gap.
constexpr double kMaxSpread = 2.2;
constexpr double kMaxGapSpread = 5;
/// Rank of a node without edges; such nodes stand in rows under the graph.
constexpr int kAlone = -1'000'000;

struct LayoutInput {
    std::vector<LayoutNode> nodes;
    std::vector<LayoutEdge> edges;
};

struct LayoutOptions {
    double columnGap = 96;  ///< between the widest nodes of neighbouring columns
    double rowGap = 36;     ///< between nodes of one column
    double laneGap = 22;    ///< between long edges that pass a column
    int sweeps = 12;        ///< of crossing reduction; each is linear in the edges
    /// Width by height of the view. A fresh layout is spread, within kMaxSpread and
    /// kMaxGapSpread, so that it fills such a view. 0: as tight as the gaps allow.
    double aspect = 0;
};

/// Where a node stood when it went.
struct GonePlace {
    QPointF center;
    int rank = kAlone;
};

struct GraphLayout {
    QHash<QString, QRectF> boxes;  ///< by id
    QHash<QString, int> ranks;     ///< column, counted to the right; alone: kAlone
    /// Where an edge (from, to) passes the columns between its ends: hints for routing anew.
    QHash<std::pair<QString, QString>, std::vector<QPointF>> lanes;
    /// One per edge of the input, in its order; empty for an ignored edge. A point, then three for
    /// every cubic piece, from the border of `from` to the border of `to`.
    std::vector<std::vector<QPointF>> routes;
    QHash<QString, GonePlace>
        gone;  ///< at most 5,000; a node that comes back takes its place again
    QRectF bounds;
    int crossings = 0;  ///< between neighbouring columns, after ordering; -1 where not counted

    QPointF center(const QString& id) const { return boxes.value(id).center(); }
};

GraphLayout layoutGraph(const LayoutInput& input, const LayoutOptions& options = {});
/// Keeps what `previous` has. See Stability above.
GraphLayout layoutGraph(const LayoutInput& input, const GraphLayout& previous,
                        const LayoutOptions& options = {});
/// Routes anew between boxes that moved, e.g. while one is dragged or positions are animated.
void routeEdges(const LayoutInput& input, GraphLayout& layout);

}  // namespace levee
