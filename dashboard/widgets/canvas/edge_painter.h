// SPDX-License-Identifier: GPL-3.0-or-later
// Paints edges: width by rate in three classes, dashes and colour by health, an arrow head at the
// server's end, guard badges and labels on the line. Private to the canvas.
#pragma once

#include <QRectF>
#include <QString>
#include <vector>

#include "dashboard/widgets/canvas/canvas_geometry.h"
#include "dashboard/widgets/canvas/card_painter.h"
#include "dashboard/widgets/canvas/graph_scene.h"

class QPainter;

namespace levee {

struct Theme;

/// Where the texts of an edge stand, in view pixels.
struct EdgeTexts {
    struct Badge {
        QPointF center;
        BadgeForm form = BadgeForm::Full;
    };
    std::vector<Badge> badges;  ///< one for each of the edge's, or empty
    QRectF label;               ///< null: no room
    QString labelText;          ///< the whole label or the short one

    EdgeTexts shifted(const QPointF& by) const;
};

/// An edge and its route in view pixels.
struct PlacedEdge {
    const EdgeData* data = nullptr;
    std::vector<QPointF> route;
    bool focused = false;  ///< hovered or selected, or at a hovered or selected node
    bool selected = false;
    bool faded = false;
    EdgeTexts texts;
};

/// 1.4, 2.4 or 3.8 pixels: below 10/s, below 100/s, above.
double edgeWidth(double requestRate);

void paintEdges(QPainter& painter, const std::vector<PlacedEdge>& edges,
                const CanvasGeometry& geometry, const Theme& theme);
/// Finds places for badges (at every level but Dots) and labels (at Cards) that cover neither
/// `obstacles` (the cards) nor each other. A badge becomes shorter before it covers anything; a
/// label that finds no place is left out.
void placeEdgeTexts(std::vector<PlacedEdge>& edges, const std::vector<QRectF>& obstacles,
                    const CanvasGeometry& geometry, const Theme& theme);
/// Looks for places for the labels of focused edges that have none, at Names and Cards. They may
/// cover other edges and their texts, never `cards`; where there is no room there is no label.
void placeFocusLabels(std::vector<PlacedEdge>& edges, const std::vector<QRectF>& cards,
                      const CanvasGeometry& geometry, const Theme& theme);
void paintEdgeTexts(QPainter& painter, const std::vector<PlacedEdge>& edges,
                    const CanvasGeometry& geometry, const Theme& theme);

}  // namespace levee
