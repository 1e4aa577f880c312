// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/widgets/canvas/canvas_private.h"

#include <QMarginsF>
#include <QPainter>
#include <algorithm>
#include <cmath>
#include <utility>

#include "dashboard/widgets/canvas/canvas_messages.h"

namespace levee {
namespace {

constexpr double kFitMargin = 20;            ///< pixels at the sides
constexpr QMarginsF kFitRoom{0, 26, 0, 30};  ///< scene units: a banner above, badges below
constexpr double kFitZoom = 1.3;             ///< a small graph is not blown up beyond this
constexpr double kLabelGap = 4;              ///< pixels between a card, or its ring, and a label
constexpr int kAnimationMillis = 250;
constexpr std::size_t kLaidOutAtOnce = 60;  ///< cards; more are laid out on another thread
constexpr std::size_t kAnimatedMost = 60;   ///< cards; beyond, places change at once
}  // namespace

TopologyCanvas::Private::Private(TopologyCanvas& canvas, ThemeController& controller)
    : q(canvas),
      themes(controller),
      layouts([this](const GraphLayout& layout) { laidOut(layout); }),
      layers([this](SceneLayer made) { takeLayer(std::move(made)); }) {
    layerTimer.setSingleShot(true);
    QObject::connect(&layerTimer, &QTimer::timeout, &q, [this] { startLayer(); });
    animation.setDuration(kAnimationMillis);
    animation.setStartValue(0.0);
    animation.setEndValue(1.0);
    animation.setEasingCurve(QEasingCurve::InOutCubic);
    QObject::connect(&animation, &QVariantAnimation::valueChanged, &q,
                     [this](const QVariant& part) { showProgress(part.toDouble()); });
}

void TopologyCanvas::Private::bring(GraphScene scene) {
    if (drag == Drag::Node) {
        // The layout would not know where the card under the pointer is.
        content.setNumbers(scene);
        waiting = std::move(scene);
        return;
    }
    if (pending) {
        content.setNumbers(scene);
        const auto isSame = [](const auto& a, const auto& b, const auto& same) {
            return std::equal(a.begin(), a.end(), b.begin(), b.end(), same);
        };
        const GraphScene& next = pending->scene;
        if (isSame(next.cards, scene.cards, [](auto& a, auto& b) { return a.id == b.id; }) &&
            isSame(next.edges, scene.edges,
                   [](auto& a, auto& b) { return a.from == b.from && a.to == b.to; })) {
            pending->scene = std::move(scene);
            waiting.reset();
        } else {
            waiting = std::move(scene);
        }
        return;
    }
    if (auto order = content.orderFor(scene, aspect(), touched))
        layOut(std::move(*order));
    else
        content.setNumbers(std::move(scene));
}

void TopologyCanvas::Private::layOut(SceneOrder order) {
    if (order.scene.cards.size() <= kLaidOutAtOnce) {
        GraphLayout layout = order.layout.run();
        finish(std::move(order), std::move(layout));
        return;
    }
    content.setNumbers(order.scene);
    pending = std::move(order);
    layouts.start([order = pending->layout] { return order.run(); });
}

void TopologyCanvas::Private::laidOut(const GraphLayout& layout) {
    if (!pending)
        return;
    SceneOrder order = std::move(*pending);
    pending.reset();
    finish(std::move(order), layout);
    if (waiting)
        bring(*std::exchange(waiting, std::nullopt));
    emit q.sceneShown();
}

void TopologyCanvas::Private::finish(SceneOrder order, GraphLayout layout) {
    const GraphLayout before = shown;
    content.take(std::move(order), std::move(layout));
    hoveredEdge = -1;
    takeLayout(before);
    forgetWhatIsGone();
}

void TopologyCanvas::Private::forgetWhatIsGone() {
    if (!content.card(selectedNode))
        selectedNode.clear();
    if (content.edgeIndex(selectedEdge.first, selectedEdge.second) < 0)
        selectedEdge = {};
    if (!content.card(hoveredNode))
        hoveredNode.clear();
}

double TopologyCanvas::Private::aspect() const {
    const QSizeF room = geometry.viewSize() - QSizeF(2 * kFitMargin, 2 * kFitMargin) -
                        QSizeF(0, kFitRoom.top() + kFitRoom.bottom());
    return room.width() > 0 && room.height() > 0 ? room.width() / room.height() : 1.6;
}

void TopologyCanvas::Private::takeLayout(const GraphLayout& before) {
    animation.stop();
    const bool move = animated && q.isVisible() && !before.boxes.isEmpty() &&
                      content.scene().cards.size() <= kAnimatedMost;
    if (move) {
        start = before;
        // Before the first paint: routes have to be those of the new scene's edges.
        showProgress(0);
        animation.start();
    } else {
        showProgress(1);
    }
}

void TopologyCanvas::Private::showProgress(double part) {
    shown = content.layout();
    if (part < 1) {
        for (auto it = shown.boxes.begin(); it != shown.boxes.end(); ++it) {
            const auto from = start.boxes.constFind(it.key());
            if (from != start.boxes.constEnd())
                it->moveCenter(from->center() + (it->center() - from->center()) * part);
        }
        routeEdges(content.input(), shown);
    }
    dropCache();
    if (!touched)
        fitView();
    q.update();
}

void TopologyCanvas::Private::fitView() {
    if (content.layout().boxes.isEmpty())
        return;
    geometry.fit(content.layout().bounds.marginsAdded(kFitRoom), kFitMargin, kFitZoom);
    afterViewChange();
}

void TopologyCanvas::Private::afterViewChange() {
    q.update();
    emit q.viewChanged();
}

CardLook TopologyCanvas::Private::lookOf(const QString& id) const {
    CardLook look;
    look.hovered = id == hoveredNode;
    look.selected = id == selectedNode;
    look.pinned = content.pins().contains(id);
    look.faded = filter.fades(id);
    look.found = filter.halos(id);
    return look;
}

bool TopologyCanvas::Private::touchesFocus(const EdgeData& edge) const {
    const auto isFocus = [&](const QString& id) {
        return !id.isEmpty() && (id == hoveredNode || id == selectedNode);
    };
    return isFocus(edge.from) || isFocus(edge.to);
}

PlacedEdge TopologyCanvas::Private::placed(int edge) const {
    PlacedEdge result;
    result.data = &content.scene().edges[edge];
    result.selected =
        selectedEdge.first == result.data->from && selectedEdge.second == result.data->to;
    result.focused = result.selected || edge == hoveredEdge || touchesFocus(*result.data);
    result.faded = filter.fades(result.data->from) || filter.fades(result.data->to);
    for (const QPointF& point : shown.routes[edge])
        result.route.push_back(geometry.toView(point));
    return result;
}

std::vector<QRectF> TopologyCanvas::Private::wholeCards() const {
    std::vector<QRectF> cards;
    for (const QRectF& box : shown.boxes) {
        const QRectF view = geometry.toView(box);
        if (view.intersects(q.rect()))
            cards.push_back(view.adjusted(-kLabelGap, -2, kLabelGap, 2));
    }
    return cards;
}

void TopologyCanvas::Private::paintFocused(QPainter& painter) const {
    std::vector<PlacedEdge> edges;
    for (int e = 0; e < int(shown.routes.size()); ++e) {
        if (shown.routes[e].empty())
            continue;
        const EdgeData& data = content.scene().edges[e];
        const bool selected = selectedEdge.first == data.from && selectedEdge.second == data.to;
        if (!selected && e != hoveredEdge && !touchesFocus(data))
            continue;
        edges.push_back(placed(e));
        if (layer.zoom == geometry.zoom() && std::size_t(e) < layer.texts.size())
            edges.back().texts =
                layer.texts[std::size_t(e)].shifted(geometry.offset() - layer.offset);
    }
    placeFocusLabels(edges, wholeCards(), geometry, themes.theme());
    paintEdges(painter, edges, geometry, themes.theme());
    QStringList raised;
    for (const PlacedEdge& edge : edges)
        raised << edge.data->from << edge.data->to;
    raised << hoveredNode << selectedNode;
    raised.removeDuplicates();
    for (const QString& id : raised) {
        const CardData* card = content.card(id);
        if (card)
            paintNode(painter, *card, geometry.toView(shown.boxes.value(id)), geometry, lookOf(id),
                      themes.theme());
    }
    paintEdgeTexts(painter, edges, geometry, themes.theme());
}

void TopologyCanvas::Private::paintState(QPainter& painter) const {
    const Theme& theme = themes.theme();
    const QRectF view = q.rect();
    const bool hasPicture = !content.scene().cards.empty();
    switch (state) {
        case CanvasState::Live:
            break;
        case CanvasState::Loading:
            if (!hasPicture)
                paintSkeleton(painter, view, title.isEmpty() ? tr("Loading the map") : title, hint,
                              theme);
            break;
        case CanvasState::Empty:
            if (!hasPicture)
                paintMessage(painter, view, title.isEmpty() ? tr("Nothing to show yet") : title,
                             hint, false, theme);
            break;
        case CanvasState::Stale:
            paintVeil(painter, view, title.isEmpty() ? tr("Old data") : title, hint, false, theme);
            break;
        case CanvasState::Error:
            if (hasPicture)
                paintVeil(painter, view, title, hint, true, theme);
            else
                paintMessage(painter, view, title, hint, true, theme);
            break;
    }
}

void TopologyCanvas::Private::paint(QPainter& painter) {
    ++framesPainted;
    painter.fillRect(q.rect(), themes.theme().background);
    if (!content.scene().cards.empty()) {
        refreshLayer();
        paintLayerPicture(painter);
        if (!hoveredNode.isEmpty() || hoveredEdge >= 0 || !selectedNode.isEmpty() ||
            !selectedEdge.first.isEmpty())
            paintFocused(painter);
        paintMoving(painter);
        minimap.paint(painter, content.scene(), content.layout(), geometry, q.devicePixelRatioF(),
                      themes.theme());
    }
    paintState(painter);
    if (!content.scene().cards.empty())
        paintFacts(painter);
    if (q.hasFocus()) {
        painter.setPen(QPen(themes.theme().accent, 3));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(QRectF(q.rect()).adjusted(1.5, 1.5, -1.5, -1.5));
    }
}

}  // namespace levee
