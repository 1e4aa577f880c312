// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/widgets/canvas/minimap.h"

#include <QPainter>
#include <algorithm>

#include "dashboard/widgets/theme.h"

namespace levee {
namespace {

constexpr double kWidest = 200;  ///< pixels
constexpr double kTallest = 130;
constexpr double kDistance = 12;  ///< from the corner
constexpr double kInside = 6;     ///< between the frame and the dots
constexpr double kShareInSight = 0.97;

}  // namespace

QRectF Minimap::frame(const GraphLayout& layout, const CanvasGeometry& geometry) const {
    if (!isShown_ || layout.bounds.isEmpty())
        return {};
    const QRectF seen = geometry.visibleScene().intersected(layout.bounds);
    const bool isWhole = seen.width() >= layout.bounds.width() * kShareInSight &&
                         seen.height() >= layout.bounds.height() * kShareInSight;
    const QSizeF view = geometry.viewSize();
    if (isWhole || view.width() < 2.5 * kWidest || view.height() < 2.5 * kTallest)
        return {};
    QSizeF size = layout.bounds.size();
    size.scale(kWidest - 2 * kInside, kTallest - 2 * kInside, Qt::KeepAspectRatio);
    size = size.expandedTo({40, 30}) + QSizeF(2 * kInside, 2 * kInside);
    return {
        QPointF(view.width() - size.width() - kDistance, view.height() - size.height() - kDistance),
        size};
}

Minimap::Mapping Minimap::mappingOf(const GraphLayout& layout, const QSizeF& size) {
    const QRectF& bounds = layout.bounds;
    Mapping mapping;
    mapping.scale = std::min((size.width() - 2 * kInside) / bounds.width(),
                             (size.height() - 2 * kInside) / bounds.height());
    mapping.offset = QPointF(size.width() / 2, size.height() / 2) - bounds.center() * mapping.scale;
    return mapping;
}

void Minimap::rebuild(const GraphScene& scene, const GraphLayout& layout, const QSizeF& size,
                      double pixelRatio, const Theme& theme) {
    picture_ = QPixmap((size * pixelRatio).toSize());
    picture_.setDevicePixelRatio(pixelRatio);
    picture_.fill(Qt::transparent);
    QPainter painter(&picture_);
    painter.setRenderHint(QPainter::Antialiasing);
    QColor ground = theme.surface;
    ground.setAlphaF(0.94F);
    painter.setPen(QPen(theme.border, 1));
    painter.setBrush(ground);
    painter.drawRoundedRect(QRectF({0.5, 0.5}, size - QSizeF(1, 1)), 6, 6);
    const Mapping mapping = mappingOf(layout, size);
    std::vector<std::pair<VisualState, QRectF>> loud;
    painter.setPen(Qt::NoPen);
    painter.setBrush(theme.stale);
    for (const CardData& card : scene.cards) {
        const QRectF box = layout.boxes.value(card.id);
        const QRectF dot(box.topLeft() * mapping.scale + mapping.offset,
                         (box.size() * mapping.scale).expandedTo({2, 2}));
        const VisualState state = visualState(card.health, card.stale, card.shedShare);
        if (severityRank(state) <= 3)
            loud.emplace_back(state, dot);
        else
            painter.drawRect(dot);
    }
    for (const auto& [state, dot] : loud) {
        const double side = std::max(7.0, dot.width());
        drawStateGlyph(painter,
                       QRectF(dot.center() - QPointF(side / 2, side / 2), QSizeF(side, side)),
                       state, theme);
    }
}

void Minimap::paint(QPainter& painter, const GraphScene& scene, const GraphLayout& layout,
                    const CanvasGeometry& geometry, double pixelRatio, const Theme& theme) {
    const QRectF place = frame(layout, geometry);
    if (place.isNull())
        return;
    if (picture_.isNull() || picture_.devicePixelRatio() != pixelRatio)
        rebuild(scene, layout, place.size(), pixelRatio, theme);
    painter.save();
    painter.drawPixmap(place.topLeft(), picture_);
    const Mapping mapping = mappingOf(layout, place.size());
    const QRectF sight = geometry.visibleScene();
    const QRectF window(sight.topLeft() * mapping.scale + mapping.offset + place.topLeft(),
                        sight.size() * mapping.scale);
    painter.setClipRect(place.adjusted(1, 1, -1, -1));
    painter.setPen(QPen(theme.accent, 2));
    QColor glass = theme.accent;
    glass.setAlphaF(0.12F);
    painter.setBrush(glass);
    painter.drawRect(window);
    painter.restore();
}

QPointF Minimap::scenePoint(const QPointF& view, const GraphLayout& layout,
                            const CanvasGeometry& geometry) const {
    const QRectF place = frame(layout, geometry);
    const Mapping mapping = mappingOf(layout, place.size());
    return (view - place.topLeft() - mapping.offset) / mapping.scale;
}

}  // namespace levee
