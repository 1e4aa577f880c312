// SPDX-License-Identifier: GPL-3.0-or-later
// The whole map in a corner, with the part that is in sight. Private to the canvas.
#pragma once

#include <QPixmap>
#include <QPointF>
#include <QRectF>
#include <QSizeF>

#include "dashboard/widgets/canvas/canvas_geometry.h"
#include "dashboard/widgets/canvas/graph_layout.h"
#include "dashboard/widgets/canvas/graph_scene.h"

class QPainter;

namespace levee {

struct Theme;

class Minimap {
public:
    void setShown(bool shown) { isShown_ = shown; }
    bool isShown() const { return isShown_; }
    void drop() { picture_ = {}; }  ///< data, places or theme changed

    /// Where it stands in the view; null where the view holds the whole map anyway.
    QRectF frame(const GraphLayout& layout, const CanvasGeometry& geometry) const;
    void paint(QPainter& painter, const GraphScene& scene, const GraphLayout& layout,
               const CanvasGeometry& geometry, double pixelRatio, const Theme& theme);
    /// The scene point under a point of the view inside frame().
    QPointF scenePoint(const QPointF& view, const GraphLayout& layout,
                       const CanvasGeometry& geometry) const;

private:
    struct Mapping {
        double scale = 1;
        QPointF offset;  ///< scene to the frame's inside
    };
    static Mapping mappingOf(const GraphLayout& layout, const QSizeF& size);
    void rebuild(const GraphScene& scene, const GraphLayout& layout, const QSizeF& size,
                 double pixelRatio, const Theme& theme);

    bool isShown_ = true;
    QPixmap picture_;
};

}  // namespace levee
