// SPDX-License-Identifier: GPL-3.0-or-later
// State of the topology canvas and its painting; events stand in topology_canvas.cpp.
#pragma once

#include <QBasicTimer>
#include <QElapsedTimer>
#include <QSet>
#include <QTimer>
#include <QVariantAnimation>
#include <functional>

#include "dashboard/widgets/canvas/canvas_content.h"
#include "dashboard/widgets/canvas/canvas_geometry.h"
#include "dashboard/widgets/canvas/card_painter.h"
#include "dashboard/widgets/canvas/edge_painter.h"
#include "dashboard/widgets/canvas/minimap.h"
#include "dashboard/widgets/canvas/newest_job.h"
#include "dashboard/widgets/canvas/scene_layer.h"
#include "dashboard/widgets/canvas/topology_canvas.h"
#include "dashboard/widgets/theme.h"

namespace levee {

/// What the mouse is doing between press and release.
enum class Drag { None, Undecided, Pan, Node, Minimap };

struct TopologyCanvas::Private {
    Private(TopologyCanvas& canvas, ThemeController& controller);

    // Content and where it is shown; while an animation runs, `shown` is on its way to the layout.
    /// Shows the scene: at once where it is small or only numbers changed, else when its layout
    /// comes from another thread; until then the old places stand, with new numbers.
    void bring(GraphScene scene);
    void layOut(SceneOrder order);
    void laidOut(const GraphLayout& layout);
    void finish(SceneOrder order, GraphLayout layout);
    void forgetWhatIsGone();
    void takeLayout(const GraphLayout& before);
    void showProgress(double part);
    void dropCache();
    void fitView();
    void afterViewChange();
    double aspect() const;

    // Painting.
    void paint(QPainter& painter);
    /// The layer as it is to be now; painted at once where that is quick, else by another thread,
    /// while the last one is shown, moved and stretched.
    void refreshLayer();
    void takeLayer(SceneLayer made);
    void startLayer();
    LayerInput layerInput() const;
    bool isLayerExact() const;
    void paintLayerPicture(QPainter& painter) const;
    void paintMoving(QPainter& painter);
    void paintFacts(QPainter& painter) const;
    bool hasParticles() const;
    void runParticles();
    void paintFocused(QPainter& painter) const;
    void paintState(QPainter& painter) const;
    CardLook lookOf(const QString& id) const;
    bool touchesFocus(const EdgeData& edge) const;
    PlacedEdge placed(int edge) const;
    std::vector<QRectF> wholeCards() const;  ///< in the view, in its pixels

    // Interaction.
    void hover(const QPoint& position);
    void select(const QString& node, int edge, bool tell);
    void lookAt(const QPointF& minimapPoint);
    bool isOnPin(const QString& id, const QPointF& position) const;
    void unpin(const QString& id);
    void sayWhatIsSelected() const;  ///< to a screen reader
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
    QPoint pointerAt;  ///< where the edge was first pointed at
    SceneFilter filter;
    std::function<EdgeFacts(const QString&, const QString&)> facts;
    Minimap minimap;

    ParticleMode particles = ParticleMode::Hover;
    QBasicTimer particleTimer;
    QElapsedTimer particleClock;

    bool touched = false;  ///< the person has panned or zoomed: no more fitting by itself
    bool animated = true;
    QVariantAnimation animation;
    NewestJob<GraphLayout> layouts;
    std::optional<SceneOrder> pending;  ///< its layout is being made
    std::optional<GraphScene> waiting;  ///< came meanwhile, with another shape

    Drag drag = Drag::None;
    QPoint pressedAt;
    QPoint draggedTo;
    QString draggedNode;
    QPointF grip;  ///< from the pointer to the dragged card's centre, scene units

    SceneLayer layer;
    bool isLayerDirty = true;  ///< data, places, filter or theme are newer
    NewestJob<SceneLayer> layers;
    bool isLayerWaiting = false;  ///< something changed while one is being painted
    QElapsedTimer layerClock;     ///< since the last one was begun
    QTimer layerTimer;
    quint64 framesPainted = 0;
    quint64 revision = 0;  ///< counts the scenes that came
};

}  // namespace levee
