// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/widgets/canvas/canvas_private.h"

#include <QMarginsF>
#include <QPainter>
#include <algorithm>
#include <cmath>

#include "dashboard/widgets/canvas/canvas_messages.h"

namespace levee {
namespace {

constexpr int kCacheMargin = 160;  ///< pixels that a pan may go before the cache is made anew
constexpr double kFitMargin = 20;  ///< pixels at the sides
constexpr QMarginsF kFitRoom{0, 26, 0, 30};  ///< scene units: a banner above, badges below
constexpr double kFitZoom = 1.3;             ///< a small graph is not blown up beyond this
constexpr double kLabelGap = 4;              ///< pixels between a card, or its ring, and a label
constexpr int kAnimationMillis = 250;
constexpr std::size_t kAnimatedMost = 300;  ///< nodes; beyond, places change at once
constexpr double kGridPitch = 28;           ///< scene units

void paintGrid(QPainter& painter, const QRectF& area, const CanvasGeometry& geometry,
               const Theme& theme) {
    const double pitch = kGridPitch * geometry.zoom();
    if (pitch < 12)
        return;
    QList<QPointF> points;
    const double left = std::fmod(geometry.offset().x() - area.left(), pitch) + area.left();
    const double top = std::fmod(geometry.offset().y() - area.top(), pitch) + area.top();
    for (double x = left; x < area.right(); x += pitch) {
        for (double y = top; y < area.bottom(); y += pitch)
            points << QPointF(x, y);
    }
    painter.setPen(QPen(theme.grid, 1.4));
    painter.drawPoints(points.constData(), int(points.size()));
}

}  // namespace

TopologyCanvas::Private::Private(TopologyCanvas& canvas, ThemeController& controller)
    : q(canvas), themes(controller) {
    animation.setDuration(kAnimationMillis);
    animation.setStartValue(0.0);
    animation.setEndValue(1.0);
    animation.setEasingCurve(QEasingCurve::InOutCubic);
    QObject::connect(&animation, &QVariantAnimation::valueChanged, &q,
                     [this](const QVariant& part) { showProgress(part.toDouble()); });
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
    look.faded = highlighting && !highlight.contains(id);
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
    result.faded = highlighting &&
                   !(highlight.contains(result.data->from) && highlight.contains(result.data->to));
    for (const QPointF& point : shown.routes[edge])
        result.route.push_back(geometry.toView(point));
    return result;
}

std::vector<QRectF> TopologyCanvas::Private::cardObstacles(const QRectF& sight) const {
    std::vector<QRectF> obstacles;
    // Names stand in the middle of their cards: a badge may reach over the sides.
    const double grow = geometry.detail() == DetailLevel::Names ? -22 * geometry.zoom() : kLabelGap;
    for (const QRectF& box : shown.boxes) {
        const QRectF view = geometry.toView(box);
        if (view.intersects(sight))
            obstacles.push_back(view.adjusted(-grow, -2, grow, 2));
    }
    return obstacles;
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

void TopologyCanvas::Private::rebuildCache() {
    const Theme& theme = themes.theme();
    const double ratio = q.devicePixelRatioF();
    const QRectF sight =
        QRectF(q.rect()).adjusted(-kCacheMargin, -kCacheMargin, kCacheMargin, kCacheMargin);
    const QSize pixels = (sight.size() * ratio).toSize();
    if (cache.size() != pixels)
        cache = QPixmap(pixels);
    cache.setDevicePixelRatio(ratio);
    cache.fill(theme.background);
    QPainter painter(&cache);
    painter.translate(-sight.topLeft());
    paintGrid(painter, sight, geometry, theme);
    std::vector<PlacedEdge> edges;
    std::vector<std::size_t> indices;
    for (int e = 0; e < int(shown.routes.size()); ++e) {
        if (shown.routes[e].empty())
            continue;
        PlacedEdge edge = placed(e);
        edge.focused = edge.selected = false;
        const auto [low, high] =
            std::minmax_element(edge.route.begin(), edge.route.end(),
                                [](const QPointF& a, const QPointF& b) { return a.y() < b.y(); });
        const QRectF extent(
            QPointF(std::min(edge.route.front().x(), edge.route.back().x()), low->y() - 2),
            QPointF(std::max(edge.route.front().x(), edge.route.back().x()) + 60, high->y() + 2));
        if (!extent.intersects(sight))
            continue;
        edges.push_back(std::move(edge));
        indices.push_back(std::size_t(e));
    }
    paintEdges(painter, edges, geometry, theme);
    for (const CardData& card : content.scene().cards) {
        const QRectF box = geometry.toView(shown.boxes.value(card.id));
        CardLook look = lookOf(card.id);
        look.hovered = look.selected = false;
        if (box.intersects(sight))
            paintNode(painter, card, box, geometry, look, theme);
    }
    placeEdgeTexts(edges, cardObstacles(sight), geometry, theme);
    paintEdgeTexts(painter, edges, geometry, theme);
    texts.assign(shown.routes.size(), {});
    for (std::size_t i = 0; i < edges.size(); ++i)
        texts[indices[i]] = edges[i].texts;
    cacheValid = true;
    cacheOffset = geometry.offset();
    cacheZoom = geometry.zoom();
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
        edges.back().texts = texts[std::size_t(e)].shifted(geometry.offset() - cacheOffset);
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
    painter.fillRect(q.rect(), themes.theme().background);
    if (!content.scene().cards.empty()) {
        const QPointF moved = geometry.offset() - cacheOffset;
        const bool usable =
            cacheValid && cacheZoom == geometry.zoom() && std::abs(moved.x()) < kCacheMargin &&
            std::abs(moved.y()) < kCacheMargin && cache.devicePixelRatio() == q.devicePixelRatioF();
        if (!usable)
            rebuildCache();
        painter.drawPixmap(geometry.offset() - cacheOffset - QPointF(kCacheMargin, kCacheMargin),
                           cache);
        if (!hoveredNode.isEmpty() || hoveredEdge >= 0 || !selectedNode.isEmpty() ||
            !selectedEdge.first.isEmpty())
            paintFocused(painter);
    }
    paintState(painter);
    if (q.hasFocus()) {
        painter.setPen(QPen(themes.theme().accent, 3));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(QRectF(q.rect()).adjusted(1.5, 1.5, -1.5, -1.5));
    }
}

}  // namespace levee
