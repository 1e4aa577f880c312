// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QImage>
#include <QMap>
#include <QPointF>
#include <QString>
#include <QWidget>
#include <functional>
#include <memory>
#include <utility>

#include "dashboard/widgets/canvas/canvas_geometry.h"
#include "dashboard/widgets/canvas/graph_scene.h"

namespace levee {

class ThemeController;

/// When particles run along edges.
enum class ParticleMode {
    Off,
    Hover,  ///< on the edge, or the edges of the node, that is pointed at
    On
};

/// What the canvas says about its own content.
enum class CanvasState {
    Loading,  ///< nothing yet: skeleton cards
    Empty,    ///< connected, nothing to show: the text says why and what to do
    Live,
    Stale,  ///< the last known picture under a grey veil
    Error   ///< the text says what failed; a picture stays under the veil where there is one
};

/// The live map: one widget that paints cards and edges itself. Edges and cards are one picture
/// (scene_layer.h), painted anew only when data, zoom, size or theme change; panning moves it, and
/// zooming stretches it until the new one is there. Of more than 60 cards it is painted by another
/// thread. Places stay: a new scene moves no card that was there (see graph_layout.h).
///
/// Mouse: click selects, double click activates, drag pans or, on a card, pins it, a double click
/// on a pinned card's pin frees it; wheel zooms at the pointer; the minimap is clicked or dragged.
/// Keys: arrows walk along edges, Enter activates, + - 0 zoom and fit, Esc clears, Tab leaves. GUI
/// thread only.
class TopologyCanvas : public QWidget {
    Q_OBJECT
    Q_PROPERTY(bool animated READ isAnimated WRITE setAnimated)
public:
    explicit TopologyCanvas(ThemeController& themes, QWidget* parent = nullptr);
    ~TopologyCanvas() override;

    /// Cheap when only numbers changed: a layout is made only where nodes or edges came or went;
    /// that of more than 60 cards on another thread, and the scene is shown when it is there.
    /// Fits the view at the first scene that has cards, and until the person pans or zooms.
    void setScene(GraphScene scene);
    const GraphScene& scene() const;  ///< as shown
    bool isLayingOut() const;         ///< sceneShown() follows
    bool isPainting() const;          ///< layerShown() follows
    quint64 framesPainted() const;    ///< since it was made
    quint64 sceneRevision() const;    ///< counts what setScene() brought
    quint64 shownRevision() const;    ///< of the scene that was painted last
    /// `text`: the title; `hint`: one line under it, e.g. an action or a command.
    void setState(CanvasState state, const QString& text = {}, const QString& hint = {});
    CanvasState state() const;

    void selectNode(const QString& id);  ///< "" clears; does not emit
    void selectEdge(const QString& from, const QString& to);
    QString selectedNode() const;
    std::pair<QString, QString> selectedEdge() const;
    void revealNode(const QString& id);  ///< pans so that it is in sight

    /// Nodes among `ids` get a halo, others fade to 10 %; an empty set with `active` fades all.
    void setHighlight(const QStringList& ids, bool active);

    /// Asked for the edge that is pointed at. Null: nothing is shown beside it.
    void setEdgeFacts(std::function<EdgeFacts(const QString& from, const QString& to)> facts);
    void setMinimapShown(bool shown);
    bool isMinimapShown() const;
    void setParticles(ParticleMode mode);
    ParticleMode particles() const;

    /// The whole map at a zoom of 1, whatever is in sight: `scale` pixels a unit, at most 16,384 in
    /// either direction (then less). Null when the map is empty.
    QImage toImage(double scale = 2) const;
    /// The same as a drawing. False when it cannot be written.
    bool saveSvg(const QString& path) const;

    /// Centres that the person chose, for saving and restoring.
    QMap<QString, QPointF> pins() const;
    void setPins(const QMap<QString, QPointF>& pins);

    const CanvasGeometry& geometryOfView() const;
    /// Where a node or the middle of an edge is, in widget pixels; null when it is not drawn.
    QRectF nodeRect(const QString& id) const;
    QPointF edgePoint(const QString& from, const QString& to) const;
    QString nodeAt(const QPoint& position) const;
    /// One sentence for a screen reader: "payments, service, failing, 388/s, ...".
    QString describeNode(const QString& id) const;

    bool isAnimated() const;
    void setAnimated(bool animated);  ///< off: everything is at its place at once

    QSize sizeHint() const override { return {960, 600}; }
    QSize minimumSizeHint() const override { return {240, 160}; }

public slots:
    void fit();
    void zoomIn();
    void zoomOut();
    void relayout();  ///< anew, without regard to earlier places; pins stay

signals:
    void nodeSelected(const QString& id);  ///< by the person; "" when cleared
    void edgeSelected(const QString& from, const QString& to);
    void nodeActivated(const QString& id);  ///< double click or Enter
    void edgeActivated(const QString& from, const QString& to);
    void pinsChanged();
    void contextRequested(const QString& id, const QPoint& globalPosition);  ///< id may be ""
    void edgeContextRequested(const QString& from, const QString& to, const QPoint& globalPosition);
    void viewChanged();  ///< zoom or offset
    void sceneShown();   ///< a scene that had to wait for its layout
    void layerShown();   ///< what another thread has painted

protected:
    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    void timerEvent(QTimerEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    struct Private;
    std::unique_ptr<Private> d_;
};

}  // namespace levee
