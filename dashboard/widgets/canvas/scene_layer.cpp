// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/widgets/canvas/scene_layer.h"

#include <QList>
#include <QPainter>
#include <algorithm>
#include <cmath>

#include "dashboard/widgets/canvas/far_names.h"

namespace levee {
namespace {

constexpr double kGridPitch = 28;  ///< scene units
constexpr double kLabelGap = 4;    ///< pixels between a card, or its ring, and a label
constexpr double kWholeMargin = 40;

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

PlacedEdge placeEdge(const LayerInput& input, std::size_t index) {
    PlacedEdge edge;
    edge.data = &input.scene.edges[index];
    edge.faded = input.filter.fades(edge.data->from) || input.filter.fades(edge.data->to);
    edge.route.reserve(input.layout.routes[index].size());
    for (const QPointF& point : input.layout.routes[index])
        edge.route.push_back(input.geometry.toView(point));
    return edge;
}

QRectF extentOf(const PlacedEdge& edge) {
    const auto [low, high] =
        std::minmax_element(edge.route.begin(), edge.route.end(),
                            [](const QPointF& a, const QPointF& b) { return a.y() < b.y(); });
    return {QPointF(std::min(edge.route.front().x(), edge.route.back().x()), low->y() - 2),
            QPointF(std::max(edge.route.front().x(), edge.route.back().x()) + 60, high->y() + 2)};
}

std::vector<QRectF> cardObstacles(const LayerInput& input, const QRectF& sight) {
    std::vector<QRectF> obstacles;
    // Names stand in the middle of their cards: a badge may reach over the sides.
    const bool isNames = input.geometry.detail() == DetailLevel::Names;
    const double grow = isNames ? -22 * input.geometry.zoom() : kLabelGap;
    for (const QRectF& box : input.layout.boxes) {
        const QRectF view = input.geometry.toView(box);
        if (view.intersects(sight))
            obstacles.push_back(view.adjusted(-grow, -2, grow, 2));
    }
    return obstacles;
}

}  // namespace

CardLook lookOf(const LayerInput& input, const QString& id) {
    CardLook look;
    look.pinned = input.pinned.contains(id);
    look.faded = input.filter.fades(id);
    look.found = input.filter.halos(id);
    return look;
}

std::vector<EdgeTexts> paintScene(QPainter& painter, const LayerInput& input, const QRectF& sight) {
    const GraphScene& scene = input.scene;
    const GraphLayout& layout = input.layout;
    const CanvasGeometry& geometry = input.geometry;
    const Theme& theme = input.theme;
    const SceneFilter& filter = input.filter;
    std::vector<PlacedEdge> edges;
    std::vector<std::size_t> indices;
    for (std::size_t e = 0; e < layout.routes.size() && e < scene.edges.size(); ++e) {
        if (layout.routes[e].empty())
            continue;
        PlacedEdge edge = placeEdge(input, e);
        if (!extentOf(edge).intersects(sight))
            continue;
        edges.push_back(std::move(edge));
        indices.push_back(e);
    }
    paintEdges(painter, edges, geometry, theme);
    for (const CardData& card : scene.cards) {
        const QRectF box = geometry.toView(layout.boxes.value(card.id));
        if (box.intersects(sight))
            paintNode(painter, card, box, geometry, lookOf(input, card.id), theme);
    }
    if (geometry.detail() == DetailLevel::Dots)
        paintFarNames(painter, scene, layout, geometry, filter.isActive ? &filter.found : nullptr,
                      sight, theme);
    placeEdgeTexts(edges, cardObstacles(input, sight), geometry, theme);
    paintEdgeTexts(painter, edges, geometry, theme);
    std::vector<EdgeTexts> texts(scene.edges.size());
    for (std::size_t i = 0; i < edges.size(); ++i)
        texts[indices[i]] = std::move(edges[i].texts);
    return texts;
}

SceneLayer paintLayer(const LayerInput& input) {
    const QRectF sight = QRectF(QPointF(), QSizeF(input.viewSize))
                             .adjusted(-kLayerMargin, -kLayerMargin, kLayerMargin, kLayerMargin);
    SceneLayer layer;
    layer.image = QImage((sight.size() * input.pixelRatio).toSize(), QImage::Format_RGB32);
    layer.image.setDevicePixelRatio(input.pixelRatio);
    layer.image.fill(input.theme.background);
    layer.offset = input.geometry.offset();
    layer.zoom = input.geometry.zoom();
    layer.pixelRatio = input.pixelRatio;
    layer.revision = input.revision;
    QPainter painter(&layer.image);
    painter.translate(-sight.topLeft());
    paintGrid(painter, sight, input.geometry, input.theme);
    layer.texts = paintScene(painter, input, sight);
    return layer;
}

QSizeF wholeSize(const GraphLayout& layout) {
    return layout.bounds.size() + QSizeF(2 * kWholeMargin, 2 * kWholeMargin);
}

void paintWhole(QPainter& painter, LayerInput input) {
    const QSizeF size = wholeSize(input.layout);
    input.geometry = {};
    input.geometry.setViewSize(size);
    input.geometry.panBy(QPointF(kWholeMargin, kWholeMargin) - input.layout.bounds.topLeft());
    const QRectF sight({0, 0}, size);
    painter.fillRect(sight, input.theme.background);
    paintScene(painter, input, sight);
}

}  // namespace levee
