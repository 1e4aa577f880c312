// SPDX-License-Identifier: GPL-3.0-or-later
// Paints a group of services: a stack of cards with its name and how many it holds. Private to the
// canvas.
#pragma once

#include <QRectF>

#include "dashboard/widgets/canvas/canvas_geometry.h"
#include "dashboard/widgets/canvas/card_painter.h"
#include "dashboard/widgets/canvas/graph_scene.h"

class QPainter;

namespace levee {

struct Theme;

/// Readable at every zoom: from far the name stands over the stack.
void paintGroup(QPainter& painter, const CardData& group, const QRectF& box,
                const CanvasGeometry& geometry, const CardLook& look, const Theme& theme);

}  // namespace levee
