// SPDX-License-Identifier: GPL-3.0-or-later
// State of the topology canvas and its painting; events stand in topology_canvas.cpp.
#pragma once

#include <QPixmap>
#include <QSet>
#include <QVariantAnimation>

#include "dashboard/widgets/canvas/canvas_content.h"
#include "dashboard/widgets/canvas/canvas_geometry.h"
#include "dashboard/widgets/canvas/card_painter.h"
#include "dashboard/widgets/canvas/edge_painter.h"
#include "dashboard/widgets/canvas/topology_canvas.h"
#include "dashboard/widgets/theme.h"

namespace levee {

/// What the mouse is doing between press and release.
enum class Drag { None, Undecided, Pan, Node };

struct TopologyCanvas::Private {
    Private(TopologyCanvas& canvas, ThemeController& controller);

    // Content and where it is shown; while an animation runs, `shown` is on its way to the layout.
    void takeLayout(const GraphLayout& before);
    void showProgress(double part);
    void dropCache() { cacheValid = false; }
    void fitView();
    void afterViewChange();
    double aspect() const;

    // Painting.
    void paint(QPainter& painter);
    void rebuildCache();
    void paintFocused(QPainter& painter) const;
    void paintState(QPainter& painter) const;
    CardLook lookOf(const QString& id) const;
    bool touchesFocus(const EdgeData& edge) const;
    PlacedEdge placed(int edge) const;
    std::vector<QRectF> cardObstacles(const QRectF& sight) const;
    std::vector<QRectF> wholeCards() const;  ///< in the view, in its pixels

    // Interaction.
    void hover(const QPoint& position);
    void select(const QString& node, int edge, bool tell);
    void walk(WalkStep step);
    void activate();

    TopologyCanvas& q;
    ThemeController& themes;
    CanvasContent content;
    GraphLayout shown;
    GraphLayout start;  ///< where an animation began
    CanvasGeometry geometry;
    CanvasState state = CanvasState::Loading;
    QString title;
    QString hint;

    QString selectedNode;
    std::pair<QString, QString> selectedEdge;
    QString hoveredNode;
    int hoveredEdge = -1;
    QSet<QString> highlight;
    bool highlighting = false;

    bool touched = false;  ///< the person has panned or zoomed: no more fitting by itself
    bool animated = true;
    QVariantAnimation animation;

    Drag drag = Drag::None;
    QPoint pressedAt;
    QPoint draggedTo;
    QString draggedNode;
    QPointF grip;  ///< from the pointer to the dragged card's centre, scene units

    QPixmap cache;  ///< edges, cards and texts of the viewport and kCacheMargin around it
    bool cacheValid = false;
    QPointF cacheOffset;
    double cacheZoom = 0;
    std::vector<EdgeTexts> texts;  ///< of every edge in sight, as in the cache
};

}  // namespace levee
