// SPDX-License-Identifier: GPL-3.0-or-later
// The part of the map that changes once a second and not with every frame: edges, cards and their
// texts in one picture. It is painted from values alone, so that another thread can do it while the
// canvas pans and zooms what it has.
#pragma once

#include <QImage>
#include <QSet>
#include <QSize>
#include <QString>
#include <vector>

#include "dashboard/widgets/canvas/canvas_geometry.h"
#include "dashboard/widgets/canvas/edge_painter.h"
#include "dashboard/widgets/canvas/graph_layout.h"
#include "dashboard/widgets/canvas/graph_scene.h"
#include "dashboard/widgets/theme.h"

namespace levee {

inline constexpr int kLayerMargin = 160;  ///< pixels painted around the view, for panning

/// What was searched for; everything else fades.
struct SceneFilter {
    bool isActive = false;
    QSet<QString> found;

    bool fades(const QString& id) const { return isActive && !found.contains(id); }
    bool halos(const QString& id) const { return isActive && found.contains(id); }
};

struct LayerInput {
    GraphScene scene;
    GraphLayout layout;
    CanvasGeometry geometry;
    QSize viewSize;
    double pixelRatio = 1;
    Theme theme;
    SceneFilter filter;
    QSet<QString> pinned;
    quint64 revision = 0;  ///< counts the scenes
};

struct SceneLayer {
    QImage image;  ///< the view with kLayerMargin around it; null: never painted
    QPointF offset;
    double zoom = 0;
    double pixelRatio = 1;
    quint64 revision = 0;          ///< of the scene that it shows
    std::vector<EdgeTexts> texts;  ///< one for each edge of the scene
};

SceneLayer paintLayer(const LayerInput& input);

/// The same onto any painter, without ground: `sight` is what of the view is painted. Returns the
/// places of the edges' texts.
std::vector<EdgeTexts> paintScene(QPainter& painter, const LayerInput& input, const QRectF& sight);

/// The picture of everything, as large as it is at a zoom of 1: for files.
QSizeF wholeSize(const GraphLayout& layout);
void paintWhole(QPainter& painter, LayerInput input);

/// How a card stands to what was searched for and to the pins.
CardLook lookOf(const LayerInput& input, const QString& id);

}  // namespace levee
