// SPDX-License-Identifier: GPL-3.0-or-later
// What stands on the canvas and where, without a window: the scene, its layout, pins, hit testing
// and the walk along edges. Confined to one thread.
#pragma once

#include <QHash>
#include <QMap>
#include <QPointF>
#include <QString>
#include <optional>

#include "dashboard/widgets/canvas/graph_layout.h"
#include "dashboard/widgets/canvas/graph_scene.h"

namespace levee {

/// Arrow keys: Left to callers, Right to what is called, Up and Down within a column.
enum class WalkStep { Left, Right, Up, Down };

/// What a layout is made from, by value, so that any thread may run it.
struct LayoutOrder {
    LayoutInput input;
    std::optional<GraphLayout> previous;  ///< nothing: anew
    LayoutOptions options;

    GraphLayout run() const {
        return previous ? layoutGraph(input, *previous, options) : layoutGraph(input, options);
    }
};

/// A scene with the layout that it needs before it can be shown.
struct SceneOrder {
    GraphScene scene;
    LayoutOrder layout;
};

class CanvasContent {
public:
    /// The layout that `scene` needs; nothing where only numbers changed. Nodes and edges that come
    /// or go are fitted in without moving others. Everything is laid out anew only when more than a
    /// quarter of the graph is new since the last full layout (a fleet that is just being
    /// discovered); with `settled`, because a person works with the picture, only when more than
    /// half is new at once (another picture).
    std::optional<SceneOrder> orderFor(const GraphScene& scene, double aspect, bool settled) const;
    /// The scene that stands, laid out anew.
    SceneOrder orderAnew(double aspect) const;
    /// Takes a scene with the layout that was made for it.
    void take(SceneOrder order, GraphLayout layout);
    /// Takes the numbers of cards and edges that stand; others are left alone.
    void setNumbers(GraphScene scene);

    /// The same at once. Returns whether places or routes changed.
    bool setScene(GraphScene scene, double aspect);
    void relayout(double aspect);
    /// Whether nothing has been fitted in since the last full layout, and nothing is pinned.
    bool isFresh() const { return fresh_ && pins_.isEmpty(); }

    const GraphScene& scene() const { return scene_; }
    const GraphLayout& layout() const { return layout_; }
    const LayoutInput& input() const { return input_; }
    const CardData* card(const QString& id) const;
    /// Index into scene().edges, or -1.
    int edgeIndex(const QString& from, const QString& to) const;

    const QMap<QString, QPointF>& pins() const { return pins_; }
    void setPins(const QMap<QString, QPointF>& pins);
    /// Pins a node at `center`; routes follow.
    void moveNode(const QString& id, const QPointF& center);

    /// Topmost node at a scene point, or "".
    QString nodeAt(const QPointF& point) const;
    /// Nearest edge within `reach` scene units, or -1.
    int edgeAt(const QPointF& point, double reach) const;
    /// Where an arrow key leads; from "": the top of the first column. "" where there is nothing.
    QString walk(const QString& from, WalkStep step) const;
    /// One sentence for a screen reader.
    QString describe(const QString& id) const;

private:
    bool isSameShape(const GraphScene& scene) const;
    LayoutInput inputOf(const GraphScene& scene) const;
    void index();
    bool isMostlyNew(const GraphScene& scene, bool settled) const;
    /// What comes back after it was gone counts as new.
    void forgetGone();
    QString firstNode() const;
    QString walkAlongEdge(const QString& from, bool toCalled) const;
    QString walkInColumn(const QString& from, bool down) const;

    GraphScene scene_;
    QHash<QString, int> cards_;
    QHash<std::pair<QString, QString>, int> edges_;
    QMap<QString, QPointF> pins_;
    LayoutInput input_;
    GraphLayout layout_;
    QHash<QString, bool> laidNodes_;                      ///< in the last full layout
    QHash<std::pair<QString, QString>, bool> laidEdges_;  ///< in the last full layout
    bool fresh_ = false;
};

}  // namespace levee
