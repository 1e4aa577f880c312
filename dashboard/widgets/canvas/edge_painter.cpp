// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/widgets/canvas/edge_painter.h"

#include <QFontMetricsF>
#include <QLineF>
#include <QPainter>
#include <algorithm>
#include <cmath>
#include <optional>

#include "dashboard/widgets/canvas/card_painter.h"
#include "dashboard/widgets/format.h"
#include "dashboard/widgets/theme.h"

namespace levee {
namespace {

constexpr int kPieces = 14;    ///< straight lines for one curve
constexpr int kPiecesFar = 8;  ///< the same when zoomed out

/// On and off lengths in pixels; empty: a solid line. Dashes tell states apart without colour.
std::vector<double> dashesOf(VisualState state) {
    switch (state) {
        case VisualState::Failing:
            return {9, 4};
        case VisualState::Degraded:
            return {16, 5};
        case VisualState::Throttled:
            return {12, 4, 3, 4};
        case VisualState::Stale:
        case VisualState::Unknown:
            return {2, 5};
        default:
            return {};
    }
}

QColor edgeColor(VisualState state, const Theme& theme) {
    // Healthy is deliberately dull.
    if (state == VisualState::Ok || state == VisualState::Idle)
        return theme.isDark ? QColor(0x5F, 0x6B, 0x7A) : QColor(0x8F, 0x98, 0xA5);
    return colorOf(state, theme);
}

/// Cuts a polyline into its dashes. Cheaper than the painter's own dashing of wide lines.
void addDashes(const std::vector<QPointF>& points, const std::vector<double>& dashes,
               QList<QLineF>& lines) {
    std::size_t index = 0;
    double left = dashes[0];
    for (std::size_t i = 1; i < points.size(); ++i) {
        QLineF rest(points[i - 1], points[i]);
        while (rest.length() > left) {
            const QPointF cut = rest.pointAt(left / rest.length());
            if (index % 2 == 0)
                lines << QLineF(rest.p1(), cut);
            rest.setP1(cut);
            index = (index + 1) % dashes.size();
            left = dashes[index];
        }
        if (index % 2 == 0)
            lines << rest;
        left -= rest.length();
    }
}

void addSolid(const std::vector<QPointF>& points, QList<QLineF>& lines) {
    for (std::size_t i = 1; i < points.size(); ++i)
        lines << QLineF(points[i - 1], points[i]);
}

/// The route without its last `length` pixels, which the arrow head covers.
std::vector<QPointF> shortened(std::vector<QPointF> points, double length) {
    while (points.size() > 2 &&
           QLineF(points[points.size() - 2], points.back()).length() < length) {
        length -= QLineF(points[points.size() - 2], points.back()).length();
        points.pop_back();
    }
    if (points.size() >= 2) {
        const QLineF last(points[points.size() - 2], points.back());
        if (last.length() > length)
            points.back() = last.pointAt(1 - length / last.length());
    }
    return points;
}

void drawHead(QPainter& painter, const std::vector<QPointF>& route, double size,
              const QColor& color) {
    const QPointF tip = route.back();
    const QLineF back(tip, route[route.size() - 2]);
    const QPointF unit =
        back.length() > 0 ? (back.p2() - back.p1()) / back.length() : QPointF(-1, 0);
    const QPointF side(-unit.y(), unit.x());
    painter.setPen(Qt::NoPen);
    painter.setBrush(color);
    painter.drawPolygon(QPolygonF{tip, tip + unit * size + side * size * 0.48,
                                  tip + unit * size - side * size * 0.48});
}

VisualState stateOf(const EdgeData& edge) {
    return visualState(edge.health, edge.stale, edge.shedShare);
}

void paintEdge(QPainter& painter, const PlacedEdge& edge, const CanvasGeometry& geometry,
               const Theme& theme) {
    const bool far = geometry.detail() == DetailLevel::Dots;
    const VisualState state = stateOf(*edge.data);
    const QColor color =
        edge.selected
            ? theme.accent
            : (edge.focused && severityRank(state) > 5 ? theme.text : edgeColor(state, theme));
    const double scale =
        far ? std::clamp(geometry.zoom() * 1.5, 0.35, 0.6) : std::clamp(geometry.zoom(), 0.6, 1.4);
    const double width = edgeWidth(edge.data->requestRate) * scale + (edge.selected ? 1.2 : 0.0);
    const double head = far ? 0 : std::max(7.0, (7 + edgeWidth(edge.data->requestRate)) * scale);
    const auto points = shortened(flatten(edge.route, far ? kPiecesFar : kPieces), head * 0.8);
    QList<QLineF> lines;
    const std::vector<double> dashes = dashesOf(state);
    if (dashes.empty() || far)
        addSolid(points, lines);
    else
        addDashes(points, dashes, lines);
    painter.setOpacity(edge.faded ? 0.1 : 1);
    painter.setRenderHint(QPainter::Antialiasing, !far);
    painter.setPen(QPen(color, width, Qt::SolidLine, dashes.empty() ? Qt::RoundCap : Qt::FlatCap));
    painter.drawLines(lines);
    if (!far)
        drawHead(painter, edge.route, head, color);
    painter.setOpacity(1);
}

QFont labelFont(const CanvasGeometry& geometry, const Theme& theme) {
    QFont font = theme.font(9);
    font.setPixelSize(std::max(10, int(std::lround(11 * geometry.zoom()))));
    return font;
}

double badgeZoom(const CanvasGeometry& geometry) {
    return std::clamp(geometry.zoom(), 0.75, 1.4);
}

QSizeF labelSize(const QString& text, const CanvasGeometry& geometry, const Theme& theme) {
    const QFontMetricsF metrics(labelFont(geometry, theme));
    return {metrics.horizontalAdvance(text) + 6, metrics.height() + 3};
}

QRectF centered(const QPointF& center, const QSizeF& size) {
    return {center - QPointF(size.width() / 2, size.height() / 2), size};
}

/// Places texts on edges without covering cards or each other.
class TextPlacer {
public:
    TextPlacer(const std::vector<QRectF>& obstacles, const CanvasGeometry& geometry,
               const Theme& theme)
        : taken_(obstacles), geometry_(geometry), theme_(theme) {}

    void placeBadges(PlacedEdge& edge) {
        const double zoom = badgeZoom(geometry_);
        for (const GuardBadge& badge : edge.data->badges) {
            EdgeTexts::Badge placed{middleOf(edge.route).point, BadgeForm::Glyph};
            for (const BadgeForm form : {BadgeForm::Full, BadgeForm::Word, BadgeForm::Glyph}) {
                const auto at = onLine(edge, badgeSize(badge, zoom, theme_, form));
                if (at) {
                    placed = {*at, form};
                    break;
                }
            }
            taken_.push_back(centered(placed.center, badgeSize(badge, zoom, theme_, placed.form)));
            edge.texts.badges.push_back(placed);
        }
    }

    /// The whole label where it fits, else the short one, else none.
    void placeLabel(PlacedEdge& edge) {
        for (const QString* label : {&edge.data->label, &edge.data->shortLabel}) {
            if (label->isEmpty())
                continue;
            const QString text = plainLine(*label, 80);
            const QSizeF size = labelSize(text, geometry_, theme_);
            auto at = besideLine(edge, size);
            if (!at)
                at = onLine(edge, size);
            if (!at)
                continue;
            edge.texts.label = centered(*at, size);
            edge.texts.labelText = text;
            taken_.push_back(edge.texts.label);
            return;
        }
    }

    void keepFree(const EdgeTexts& texts, const EdgeData& edge) {
        for (std::size_t i = 0; i < texts.badges.size(); ++i)
            taken_.push_back(centered(
                texts.badges[i].center,
                badgeSize(edge.badges[i], badgeZoom(geometry_), theme_, texts.badges[i].form)));
        if (!texts.label.isNull())
            taken_.push_back(texts.label);
    }

private:
    static constexpr double kParts[] = {0.5,  0.46, 0.54, 0.42, 0.58, 0.38, 0.62,
                                        0.35, 0.65, 0.31, 0.69, 0.27, 0.73};

    bool isFree(const QRectF& box) const {
        return std::none_of(taken_.begin(), taken_.end(),
                            [&](const QRectF& other) { return other.intersects(box); });
    }

    std::optional<QPointF> onLine(const PlacedEdge& edge, const QSizeF& size) const {
        for (const double part : kParts) {
            const QPointF at = pointAlong(edge.route, part).point;
            if (isFree(centered(at, size)))
                return at;
        }
        return std::nullopt;
    }

    /// Above or below where the line is nearly level, so that it stays visible.
    std::optional<QPointF> besideLine(const PlacedEdge& edge, const QSizeF& size) const {
        constexpr double kLevel = 0.3;
        for (const double part : kParts) {
            const RouteMiddle place = pointAlong(edge.route, part);
            if (std::abs(place.direction.y()) > kLevel)
                continue;
            const double away = size.height() / 2 + edgeWidth(edge.data->requestRate) + 1;
            for (const double side : {-away, away}) {
                const QPointF at = place.point + QPointF(0, side);
                if (isFree(centered(at, size)))
                    return at;
            }
        }
        return std::nullopt;
    }

    std::vector<QRectF> taken_;
    const CanvasGeometry& geometry_;
    const Theme& theme_;
};

void paintLabel(QPainter& painter, const PlacedEdge& edge, const CanvasGeometry& geometry,
                const Theme& theme) {
    QColor ground = edge.focused ? theme.raised : theme.background;
    ground.setAlphaF(edge.focused ? 1.0F : 0.88F);
    painter.setPen(Qt::NoPen);
    painter.setBrush(ground);
    painter.drawRoundedRect(edge.texts.label, 4, 4);
    painter.setFont(labelFont(geometry, theme));
    painter.setPen(edge.focused ? theme.text : theme.textDim);
    painter.drawText(edge.texts.label, Qt::AlignCenter, edge.texts.labelText);
}

}  // namespace

double edgeWidth(double requestRate) {
    if (!(requestRate >= 10))
        return 1.4;
    return requestRate < 100 ? 2.4 : 3.8;
}

void paintEdges(QPainter& painter, const std::vector<PlacedEdge>& edges,
                const CanvasGeometry& geometry, const Theme& theme) {
    painter.save();
    // The worst last, so that it lies on top; then what the person points at.
    std::vector<const PlacedEdge*> order;
    for (const PlacedEdge& edge : edges)
        order.push_back(&edge);
    std::stable_sort(order.begin(), order.end(), [](const PlacedEdge* a, const PlacedEdge* b) {
        if (a->focused != b->focused)
            return b->focused;
        return severityRank(stateOf(*a->data)) > severityRank(stateOf(*b->data));
    });
    for (const PlacedEdge* edge : order)
        paintEdge(painter, *edge, geometry, theme);
    painter.restore();
}

EdgeTexts EdgeTexts::shifted(const QPointF& by) const {
    EdgeTexts result = *this;
    for (Badge& badge : result.badges)
        badge.center += by;
    if (!result.label.isNull())
        result.label.translate(by);
    return result;
}

void placeEdgeTexts(std::vector<PlacedEdge>& edges, const std::vector<QRectF>& obstacles,
                    const CanvasGeometry& geometry, const Theme& theme) {
    if (geometry.detail() == DetailLevel::Dots)
        return;
    TextPlacer placer(obstacles, geometry, theme);
    for (PlacedEdge& edge : edges)
        placer.placeBadges(edge);
    if (geometry.detail() != DetailLevel::Cards)
        return;
    for (PlacedEdge& edge : edges)
        placer.placeLabel(edge);
}

void placeFocusLabels(std::vector<PlacedEdge>& edges, const std::vector<QRectF>& cards,
                      const CanvasGeometry& geometry, const Theme& theme) {
    if (geometry.detail() == DetailLevel::Dots)
        return;
    TextPlacer placer(cards, geometry, theme);
    for (const PlacedEdge& edge : edges)
        placer.keepFree(edge.texts, *edge.data);
    for (PlacedEdge& edge : edges) {
        if (edge.texts.label.isNull())
            placer.placeLabel(edge);
    }
}

void paintEdgeTexts(QPainter& painter, const std::vector<PlacedEdge>& edges,
                    const CanvasGeometry& geometry, const Theme& theme) {
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    for (const PlacedEdge& edge : edges) {
        if (edge.faded)
            continue;
        if (!edge.texts.label.isNull())
            paintLabel(painter, edge, geometry, theme);
        for (std::size_t i = 0; i < edge.texts.badges.size(); ++i)
            paintBadge(painter, edge.data->badges[i], edge.texts.badges[i].center,
                       badgeZoom(geometry), theme, edge.texts.badges[i].form);
    }
    painter.restore();
}

}  // namespace levee
