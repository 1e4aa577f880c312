// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/widgets/canvas/canvas_geometry.h"

#include <QLineF>
#include <algorithm>
#include <cmath>
#include <limits>

namespace levee {
namespace {

QPointF cubicAt(const std::vector<QPointF>& route, std::size_t piece, double t) {
    const QPointF& a = route[piece * 3];
    const QPointF& b = route[piece * 3 + 1];
    const QPointF& c = route[piece * 3 + 2];
    const QPointF& d = route[piece * 3 + 3];
    const double u = 1 - t;
    return a * (u * u * u) + b * (3 * u * u * t) + c * (3 * u * t * t) + d * (t * t * t);
}

double distanceToSegment(const QPointF& a, const QPointF& b, const QPointF& p) {
    const QPointF along = b - a;
    const double squared = QPointF::dotProduct(along, along);
    const double t =
        squared > 0 ? std::clamp(QPointF::dotProduct(p - a, along) / squared, 0.0, 1.0) : 0;
    return QLineF(a + along * t, p).length();
}

}  // namespace

DetailLevel CanvasGeometry::detail() const {
    if (zoom_ < 0.4)
        return DetailLevel::Dots;
    return zoom_ < 0.6 ? DetailLevel::Names : DetailLevel::Cards;
}

QRectF CanvasGeometry::toView(const QRectF& scene) const {
    return {toView(scene.topLeft()), scene.size() * zoom_};
}

QRectF CanvasGeometry::toScene(const QRectF& view) const {
    return {toScene(view.topLeft()), view.size() / zoom_};
}

QRectF CanvasGeometry::visibleScene() const {
    return toScene(QRectF({0, 0}, viewSize_));
}

void CanvasGeometry::zoomAt(const QPointF& anchor, double factor) {
    const QPointF fixed = toScene(anchor);
    zoom_ = std::clamp(zoom_ * factor, kMinZoom, kMaxZoom);
    offset_ = anchor - fixed * zoom_;
}

void CanvasGeometry::fit(const QRectF& bounds, double margin, double maxZoom) {
    const double width = std::max(1.0, viewSize_.width() - 2 * margin);
    const double height = std::max(1.0, viewSize_.height() - 2 * margin);
    const double wanted =
        std::min(width / std::max(1.0, bounds.width()), height / std::max(1.0, bounds.height()));
    zoom_ = std::clamp(std::min(wanted, maxZoom), kMinZoom, kMaxZoom);
    const QPointF middle(viewSize_.width() / 2, viewSize_.height() / 2);
    offset_ = middle - bounds.center() * zoom_;
}

void CanvasGeometry::reveal(const QRectF& box, double margin) {
    const QRectF shown = toView(box).adjusted(-margin, -margin, margin, margin);
    const auto shift = [](double low, double high, double size) {
        if (high - low > size)
            return (size - low - high) / 2;
        return low < 0 ? -low : std::min(0.0, size - high);
    };
    panBy({shift(shown.left(), shown.right(), viewSize_.width()),
           shift(shown.top(), shown.bottom(), viewSize_.height())});
}

std::vector<QPointF> flatten(const std::vector<QPointF>& route, int pieces) {
    std::vector<QPointF> points;
    if (route.empty())
        return points;
    points.push_back(route.front());
    for (std::size_t piece = 0; piece * 3 + 3 < route.size(); ++piece) {
        // A level piece is one line: most of a long edge.
        const bool straight = route[piece * 3].y() == route[piece * 3 + 3].y() &&
                              route[piece * 3].y() == route[piece * 3 + 1].y();
        const int steps = straight ? 1 : pieces;
        for (int i = 1; i <= steps; ++i)
            points.push_back(cubicAt(route, piece, double(i) / steps));
    }
    return points;
}

double distanceToRoute(const std::vector<QPointF>& route, const QPointF& point) {
    double best = std::numeric_limits<double>::infinity();
    const std::vector<QPointF> points = flatten(route, 12);
    for (std::size_t i = 1; i < points.size(); ++i)
        best = std::min(best, distanceToSegment(points[i - 1], points[i], point));
    return best;
}

RouteMiddle middleOf(const std::vector<QPointF>& route) {
    return pointAlong(route, 0.5);
}

RouteMiddle pointAlong(const std::vector<QPointF>& route, double part) {
    const std::vector<QPointF> points = flatten(route, 12);
    double length = 0;
    for (std::size_t i = 1; i < points.size(); ++i)
        length += QLineF(points[i - 1], points[i]).length();
    double left = length * std::clamp(part, 0.0, 1.0);
    for (std::size_t i = 1; i < points.size(); ++i) {
        const QLineF line(points[i - 1], points[i]);
        if (left <= line.length() && line.length() > 0)
            return {line.pointAt(left / line.length()), (line.p2() - line.p1()) / line.length()};
        left -= line.length();
    }
    return {points.empty() ? QPointF() : points.back(), {1, 0}};
}

}  // namespace levee
