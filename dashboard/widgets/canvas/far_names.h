// SPDX-License-Identifier: GPL-3.0-or-later
// Names on a map that is zoomed out so far that cards are dots: of what is not well, and of what
// was searched for. Private to the canvas.
#pragma once

#include <QRectF>
#include <QSet>
#include <QString>

#include "dashboard/widgets/canvas/canvas_geometry.h"
#include "dashboard/widgets/canvas/graph_layout.h"
#include "dashboard/widgets/canvas/graph_scene.h"

class QPainter;

namespace levee {

struct Theme;

/// Beside their dots, the worst first; a name that would cover another is left out. `found` may be
/// null.
void paintFarNames(QPainter& painter, const GraphScene& scene, const GraphLayout& layout,
                   const CanvasGeometry& geometry, const QSet<QString>* found, const QRectF& sight,
                   const Theme& theme);

}  // namespace levee
