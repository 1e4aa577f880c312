// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPointF>
#include <QRectF>
#include <QSizeF>
#include <vector>

namespace levee {

/// How much of a card is worth drawing at a zoom.
enum class DetailLevel {
    Dots,   ///< below 0.4: a dot of the state's shape
    Names,  ///< 0.4 to 0.6: glyph, name and the main numbers
    Cards   ///< from 0.6: the whole card, labels on edges
};

/// Mapping between the scene (layout units) and the view (logical pixels): view = scene * zoom +
/// offset. A value.
class CanvasGeometry {
public:
    static constexpr double kMinZoom = 0.02;
    static constexpr double kMaxZoom = 3;

    void setViewSize(const QSizeF& size) { viewSize_ = size; }
    QSizeF viewSize() const { return viewSize_; }
    double zoom() const { return zoom_; }
    QPointF offset() const { return offset_; }
    DetailLevel detail() const;

    QPointF toView(const QPointF& scene) const { return scene * zoom_ + offset_; }
    QPointF toScene(const QPointF& view) const { return (view - offset_) / zoom_; }
    QRectF toView(const QRectF& scene) const;
    QRectF toScene(const QRectF& view) const;
    QRectF visibleScene() const;

    /// Zooms by `factor`, with the scene point under `anchor` (view) staying where it is.
    void zoomAt(const QPointF& anchor, double factor);
    void panBy(const QPointF& viewDelta) { offset_ += viewDelta; }
    /// Shows all of `bounds`, centred, with `margin` pixels around, at no more than `maxZoom`.
    void fit(const QRectF& bounds, double margin, double maxZoom = 1);
    /// The smallest pan that shows `box` (scene) with `margin` pixels around it.
    void reveal(const QRectF& box, double margin);

    bool operator==(const CanvasGeometry&) const = default;

private:
    QSizeF viewSize_{1, 1};
    double zoom_ = 1;
    QPointF offset_;
};

/// Distance in the units of the arguments from `point` to a route of cubic pieces (a point, then
/// three a piece); infinite for an empty one.
double distanceToRoute(const std::vector<QPointF>& route, const QPointF& point);
/// Point and unit direction at half of the route's length.
struct RouteMiddle {
    QPointF point;
    QPointF direction{1, 0};
};
RouteMiddle middleOf(const std::vector<QPointF>& route);
/// The same at `part` (0 to 1) of the length.
RouteMiddle pointAlong(const std::vector<QPointF>& route, double part);
/// Straight pieces of a route; `pieces` for each cubic.
std::vector<QPointF> flatten(const std::vector<QPointF>& route, int pieces);

}  // namespace levee
