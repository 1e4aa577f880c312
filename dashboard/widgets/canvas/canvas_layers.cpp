// SPDX-License-Identifier: GPL-3.0-or-later
// How the canvas comes by what it paints: the layer of edges and cards, the particles over it, and
// the facts beside an edge.
#include <QLineF>
#include <QPainter>
#include <algorithm>
#include <cmath>

#include "dashboard/widgets/canvas/canvas_private.h"
#include "dashboard/widgets/canvas/hover_painter.h"
#include "dashboard/widgets/canvas/particles.h"

namespace levee {
namespace {

constexpr std::size_t kPaintedAtOnce = 60;  ///< cards; more are painted by another thread
/// New numbers are painted at most so often by another thread, so that a busy fleet leaves the
/// machine to others. Panning and zooming do not wait.
constexpr qint64 kLayerMillis = 200;
constexpr int kParticleMillis = 33;
constexpr int kPieces = 10;  ///< straight lines for one curve of a particle's way

}  // namespace

void TopologyCanvas::Private::dropCache() {
    isLayerDirty = true;
    minimap.drop();
}

LayerInput TopologyCanvas::Private::layerInput() const {
    const auto pins = content.pins().keys();
    LayerInput input;
    input.scene = content.scene();
    input.layout = shown;
    input.geometry = geometry;
    input.viewSize = q.size();
    input.pixelRatio = q.devicePixelRatioF();
    input.theme = themes.theme();
    input.filter = filter;
    input.pinned = QSet<QString>(pins.begin(), pins.end());
    input.revision = revision;
    return input;
}

bool TopologyCanvas::Private::isLayerExact() const {
    const QPointF moved = geometry.offset() - layer.offset;
    return !layer.image.isNull() && layer.zoom == geometry.zoom() &&
           std::abs(moved.x()) < kLayerMargin && std::abs(moved.y()) < kLayerMargin &&
           layer.pixelRatio == q.devicePixelRatioF();
}

void TopologyCanvas::Private::refreshLayer() {
    if (!isLayerDirty && isLayerExact())
        return;
    if (layer.image.isNull() || content.scene().cards.size() <= kPaintedAtOnce) {
        layers.drop();
        isLayerWaiting = isLayerDirty = false;
        layer = paintLayer(layerInput());
        return;
    }
    if (layers.isRunning()) {
        isLayerWaiting = true;
        return;
    }
    const bool isView = !isLayerExact();
    const qint64 since = layerClock.isValid() ? layerClock.elapsed() : kLayerMillis;
    if (isView || since >= kLayerMillis)
        startLayer();
    else if (!layerTimer.isActive())
        layerTimer.start(int(kLayerMillis - since));
}

void TopologyCanvas::Private::startLayer() {
    if (layers.isRunning()) {
        isLayerWaiting = true;
        return;
    }
    layerTimer.stop();
    layerClock.start();
    isLayerWaiting = isLayerDirty = false;
    layers.start([input = layerInput()] { return paintLayer(input); });
}

void TopologyCanvas::Private::takeLayer(SceneLayer made) {
    layer = std::move(made);
    q.update();
    emit q.layerShown();
}

void TopologyCanvas::Private::paintLayerPicture(QPainter& painter) const {
    if (layer.zoom == geometry.zoom()) {
        painter.drawImage(geometry.offset() - layer.offset - QPointF(kLayerMargin, kLayerMargin),
                          layer.image);
        return;
    }
    // While it is painted anew at another zoom: what there is, stretched.
    const double factor = geometry.zoom() / layer.zoom;
    painter.save();
    painter.translate(geometry.offset() - layer.offset * factor);
    painter.scale(factor, factor);
    painter.drawImage(QPointF(-kLayerMargin, -kLayerMargin), layer.image);
    painter.restore();
}

bool TopologyCanvas::Private::hasParticles() const {
    if (particles == ParticleMode::Off || !animated || state != CanvasState::Live ||
        content.scene().edges.empty() || geometry.detail() == DetailLevel::Dots)
        return false;
    return particles == ParticleMode::On || !hoveredNode.isEmpty() || hoveredEdge >= 0;
}

void TopologyCanvas::Private::runParticles() {
    const bool isSeen = q.isVisible() && q.isActiveWindow() && hasParticles();
    if (isSeen && !particleTimer.isActive())
        particleTimer.start(kParticleMillis, &q);
    else if (!isSeen)
        particleTimer.stop();
}

void TopologyCanvas::Private::paintMoving(QPainter& painter) {
    runParticles();
    if (!hasParticles())
        return;
    if (!particleClock.isValid())
        particleClock.start();
    const double seconds = double(particleClock.elapsed()) / 1'000;
    const QRectF sight = q.rect();
    int left = kMostParticles;
    std::vector<PlacedEdge> under;
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    for (int e = 0; e < int(shown.routes.size()) && left > 0; ++e) {
        const EdgeData& edge = content.scene().edges[std::size_t(e)];
        const bool isPointedAt =
            e == hoveredEdge ||
            (!hoveredNode.isEmpty() && (edge.from == hoveredNode || edge.to == hoveredNode));
        if (shown.routes[std::size_t(e)].empty() ||
            (particles == ParticleMode::Hover && !isPointedAt))
            continue;
        std::vector<QPointF> line = flatten(shown.routes[std::size_t(e)], kPieces);
        for (QPointF& point : line)
            point = geometry.toView(point);
        if (!QRectF(line.front(), line.back())
                 .normalized()
                 .adjusted(-60, -200, 60, 200)
                 .intersects(sight))
            continue;
        const std::vector<Particle> moving = particlesOf(edge, seconds);
        left -= int(moving.size());
        paintParticles(painter, moving, line, themes.theme());
        if (layer.zoom == geometry.zoom() && std::size_t(e) < layer.texts.size()) {
            under.push_back(placed(e));
            under.back().texts =
                layer.texts[std::size_t(e)].shifted(geometry.offset() - layer.offset);
        }
    }
    painter.restore();
    // What is written on an edge stays readable.
    paintEdgeTexts(painter, under, geometry, themes.theme());
}

void TopologyCanvas::Private::paintFacts(QPainter& painter) const {
    if (!facts || hoveredEdge < 0 || drag != Drag::None ||
        std::size_t(hoveredEdge) >= content.scene().edges.size())
        return;
    const EdgeData& edge = content.scene().edges[std::size_t(hoveredEdge)];
    paintEdgeFacts(painter, facts(edge.from, edge.to), QPointF(pointerAt), q.rect(),
                   themes.theme());
}

}  // namespace levee
