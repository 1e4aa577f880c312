// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QMap>
#include <QPointF>
#include <QString>
#include <QWidget>
#include <memory>
#include <utility>

#include "dashboard/widgets/canvas/canvas_geometry.h"
#include "dashboard/widgets/canvas/graph_scene.h"

namespace levee {

class ThemeController;

/// What the canvas says about its own content.
enum class CanvasState {
    Loading,  ///< nothing yet: skeleton cards
    Empty,    ///< connected, nothing to show: the text says why and what to do
    Live,
    Stale,  ///< the last known picture under a grey veil
    Error   ///< the text says what failed; a picture stays under the veil where there is one
};

/// The live map: one widget that paints cards and edges itself. Edges and cards are cached in a
/// pixmap of the viewport and painted anew only when data, zoom, size or theme change; panning
/// moves the pixmap. Places stay: a new scene moves no card that was there (see graph_layout.h).
///
/// Mouse: click selects, double click activates, drag pans or, on a card, pins it; wheel zooms at
/// the pointer. Keys: arrows walk along edges, Enter activates, + - 0 zoom and fit, Esc clears,
/// Tab leaves. GUI thread only.
class TopologyCanvas : public QWidget {
    Q_OBJECT
    Q_PROPERTY(bool animated READ isAnimated WRITE setAnimated)
public:
    explicit TopologyCanvas(ThemeController& themes, QWidget* parent = nullptr);
    ~TopologyCanvas() override;

    /// Cheap when only numbers changed: a layout is made only where nodes or edges came or went.
    /// Fits the view at the first scene that has cards, and until the person pans or zooms.
    void setScene(GraphScene scene);
    const GraphScene& scene() const;
    /// `text`: the title; `hint`: one line under it, e.g. an action or a command.
    void setState(CanvasState state, const QString& text = {}, const QString& hint = {});
    CanvasState state() const;

    void selectNode(const QString& id);  ///< "" clears; does not emit
    void selectEdge(const QString& from, const QString& to);
    QString selectedNode() const;
    std::pair<QString, QString> selectedEdge() const;
    void revealNode(const QString& id);  ///< pans so that it is in sight

    /// Nodes outside `ids` fade to 10 %; an empty set with `active` fades all.
    void setHighlight(const QStringList& ids, bool active);

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
    void viewChanged();                                                      ///< zoom or offset

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

private:
    struct Private;
    std::unique_ptr<Private> d_;
};

}  // namespace levee
