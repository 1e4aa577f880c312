// SPDX-License-Identifier: GPL-3.0-or-later
// Paints edges: width by rate in three classes, dashes and colour by health, an arrow head at the
// server's end, guard badges and labels on the line. Private to the canvas.
#pragma once

#include <QRectF>
#include <vector>

#include "dashboard/widgets/canvas/canvas_geometry.h"
#include "dashboard/widgets/canvas/graph_scene.h"

class QPainter;

namespace levee {

struct Theme;

/// An edge and its route in view pixels.
struct PlacedEdge {
    const EdgeData* data = nullptr;
    std::vector<QPointF> route;
    bool focused = false;  ///< hovered or selected, or at a hovered or selected node
    bool selected = false;
    bool faded = false;
};

/// 1.4, 2.4 or 3.8 pixels: below 10/s, below 100/s, above.
double edgeWidth(double requestRate);

void paintEdges(QPainter& painter, const std::vector<PlacedEdge>& edges,
                const CanvasGeometry& geometry, const Theme& theme);
/// Badges always; labels from the Cards level on, or where focused. Labels avoid `obstacles` (the
/// cards) and each other; a label that finds no place is left out unless its edge is focused.
void paintEdgeTexts(QPainter& painter, const std::vector<PlacedEdge>& edges,
                    const std::vector<QRectF>& obstacles, const CanvasGeometry& geometry,
                    const Theme& theme);

}  // namespace levee
