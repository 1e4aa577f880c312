// SPDX-License-Identifier: GPL-3.0-or-later
// The card of facts beside an edge that is pointed at or selected: numbers, what its guards do, and
// where the time goes. Private to the canvas.
#pragma once

#include <QPointF>
#include <QRectF>

#include "dashboard/widgets/canvas/graph_scene.h"

class QPainter;

namespace levee {

struct Theme;

/// Beside `anchor`, inside `view`. Returns where it stands.
QRectF paintEdgeFacts(QPainter& painter, const EdgeFacts& facts, const QPointF& anchor,
                      const QRectF& view, const Theme& theme);

}  // namespace levee
