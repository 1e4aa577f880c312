// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/widgets/state_glyph.h"

#include <QCoreApplication>
#include <QPainter>
#include <QPainterPath>
#include <cmath>

#include "dashboard/widgets/format.h"
#include "dashboard/widgets/theme.h"

namespace levee {
namespace {

QString tr(const char* text) {
    return QCoreApplication::translate("levee", text);
}

/// Shed shares up to this are noise: one refused request in two hundred.
constexpr double kThrottledShare = 0.005;

QPolygonF triangle(const QRectF& box) {
    return {{QPointF(box.center().x(), box.top()), box.bottomRight(), box.bottomLeft()}};
}

void drawCross(QPainter& painter, const QRectF& box) {
    QPen pen = painter.pen();
    pen.setWidthF(box.width() * 0.28);
    pen.setCapStyle(Qt::FlatCap);
    painter.setPen(pen);
    painter.drawLine(box.topLeft(), box.bottomRight());
    painter.drawLine(box.topRight(), box.bottomLeft());
}

void drawHalfSquare(QPainter& painter, const QRectF& box) {
    const double inset = box.width() * 0.08;
    const QRectF square = box.adjusted(inset, inset, -inset, -inset);
    painter.setBrush(Qt::NoBrush);
    painter.drawRect(square);
    painter.fillRect(QRectF(square.topLeft(), QSizeF(square.width() / 2, square.height())),
                     painter.pen().color());
}

void drawSlashedCircle(QPainter& painter, const QRectF& box) {
    const double inset = box.width() * 0.08;
    const QRectF circle = box.adjusted(inset, inset, -inset, -inset);
    painter.setBrush(Qt::NoBrush);
    painter.drawEllipse(circle);
    const double reach = circle.width() / 2 * std::sqrt(0.5);
    const QPointF c = circle.center();
    painter.drawLine(c + QPointF(-reach, reach), c + QPointF(reach, -reach));
}

void drawQuestion(QPainter& painter, const QRectF& box) {
    QFont font = painter.font();
    font.setPixelSize(std::max(1, int(std::lround(box.height() * 1.15))));
    font.setBold(true);
    painter.setFont(font);
    painter.drawText(box.adjusted(-4, -4, 4, 4), Qt::AlignCenter, QStringLiteral("?"));
}

void drawCylinder(QPainter& painter, const QRectF& b) {
    const double cap = b.height() * 0.28;
    painter.drawEllipse(QRectF(b.left(), b.top(), b.width(), cap));
    QPainterPath body(QPointF(b.left(), b.top() + cap / 2));
    body.lineTo(b.left(), b.bottom() - cap / 2);
    body.arcTo(QRectF(b.left(), b.bottom() - cap, b.width(), cap), 180, 180);
    body.lineTo(b.right(), b.top() + cap / 2);
    painter.drawPath(body);
}

void drawQueue(QPainter& painter, const QRectF& b) {
    const QRectF pipe = b.adjusted(0, b.height() * 0.2, 0, -b.height() * 0.2);
    painter.drawRect(pipe);
    for (const double part : {0.33, 0.67}) {
        const double x = pipe.left() + pipe.width() * part;
        painter.drawLine(QPointF(x, pipe.top()), QPointF(x, pipe.bottom()));
    }
}

void drawStack(QPainter& painter, const QRectF& b) {
    const double step = b.height() * 0.24;
    const QSizeF size(b.width(), b.height() * 0.5);
    const auto layer = [&](double y) {
        return QPolygonF{QPointF(b.left(), y + size.height() / 2), QPointF(b.center().x(), y),
                         QPointF(b.right(), y + size.height() / 2),
                         QPointF(b.center().x(), y + size.height())};
    };
    painter.drawPolygon(layer(b.top()));
    for (const int i : {1, 2}) {
        const QPolygonF edge = layer(b.top() + step * i);
        painter.drawPolyline(QPolygonF{edge[0], edge[3], edge[2]});
    }
}

void drawCloud(QPainter& painter, const QRectF& b) {
    QPainterPath path;
    path.setFillRule(Qt::WindingFill);
    path.addEllipse(
        QRectF(b.left(), b.top() + b.height() * .42, b.width() * .46, b.height() * .42));
    path.addEllipse(QRectF(b.left() + b.width() * .2, b.top() + b.height() * .12, b.width() * .52,
                           b.height() * .6));
    path.addEllipse(QRectF(b.left() + b.width() * .52, b.top() + b.height() * .36, b.width() * .48,
                           b.height() * .48));
    path.addRect(QRectF(b.left() + b.width() * .22, b.top() + b.height() * .6, b.width() * .54,
                        b.height() * .24));
    painter.drawPath(path.simplified());
}

void drawPerson(QPainter& painter, const QRectF& b) {
    const double head = b.width() * 0.42;
    painter.drawEllipse(QRectF(b.center().x() - head / 2, b.top(), head, head));
    QPainterPath body(QPointF(b.left() + b.width() * .08, b.bottom()));
    body.arcTo(QRectF(b.left() + b.width() * .08, b.top() + b.height() * .52, b.width() * .84,
                      b.height() * .96),
               180, -180);
    body.closeSubpath();
    painter.drawPath(body);
}

void drawHexagon(QPainter& painter, const QRectF& b) {
    const double quarter = b.height() / 4;
    painter.drawPolygon(
        QPolygonF{QPointF(b.center().x(), b.top()), QPointF(b.right(), b.top() + quarter),
                  QPointF(b.right(), b.bottom() - quarter), QPointF(b.center().x(), b.bottom()),
                  QPointF(b.left(), b.bottom() - quarter), QPointF(b.left(), b.top() + quarter)});
}

}  // namespace

VisualState visualState(Health health, bool stale, double shedShare) {
    if (stale)
        return VisualState::Stale;
    if (health == Health::Failing)
        return VisualState::Failing;
    if (health == Health::Degraded)
        return VisualState::Degraded;
    if (shedShare > kThrottledShare)
        return VisualState::Throttled;
    switch (health) {
        case Health::Ok:
            return VisualState::Ok;
        case Health::Idle:
            return VisualState::Idle;
        default:
            return VisualState::Unknown;
    }
}

int severityRank(VisualState state) {
    switch (state) {
        case VisualState::Failing:
            return 0;
        case VisualState::Open:
            return 1;
        case VisualState::Degraded:
            return 2;
        case VisualState::Throttled:
            return 3;
        case VisualState::Stale:
            return 4;
        case VisualState::Unknown:
            return 5;
        case VisualState::Ok:
            return 6;
        case VisualState::Idle:
            return 7;
    }
    return 8;
}

QString glyphOf(VisualState state) {
    switch (state) {
        case VisualState::Ok:
            return QStringLiteral("●");
        case VisualState::Degraded:
            return QStringLiteral("▲");
        case VisualState::Failing:
            return QStringLiteral("✖");
        case VisualState::Throttled:
            return QStringLiteral("◪");
        case VisualState::Open:
            return QStringLiteral("⊘");
        case VisualState::Idle:
            return QStringLiteral("○");
        case VisualState::Stale:
        case VisualState::Unknown:
            break;
    }
    return QStringLiteral("?");
}

QString wordOf(VisualState state) {
    switch (state) {
        case VisualState::Ok:
            return tr("ok");
        case VisualState::Degraded:
            return tr("degraded");
        case VisualState::Failing:
            return tr("failing");
        case VisualState::Throttled:
            return tr("throttled");
        case VisualState::Open:
            return tr("open");
        case VisualState::Idle:
            return tr("idle");
        case VisualState::Stale:
            return tr("stale");
        case VisualState::Unknown:
            break;
    }
    return tr("unknown");
}

QColor colorOf(VisualState state, const Theme& theme) {
    switch (state) {
        case VisualState::Ok:
            return theme.ok;
        case VisualState::Degraded:
            return theme.degraded;
        case VisualState::Failing:
        case VisualState::Open:
            return theme.failing;
        case VisualState::Throttled:
            return theme.throttled;
        case VisualState::Idle:
            return theme.idle;
        case VisualState::Stale:
        case VisualState::Unknown:
            break;
    }
    return theme.stale;
}

VisualState visualState(BreakerState state) {
    switch (state) {
        case BreakerState::Open:
        case BreakerState::ForcedOpen:
            return VisualState::Open;
        case BreakerState::HalfOpen:
            return VisualState::Degraded;
        case BreakerState::Ramp:
            return VisualState::Throttled;
        case BreakerState::Closed:
        case BreakerState::ForcedClosed:
            return VisualState::Ok;
        case BreakerState::Disabled:
            break;
    }
    return VisualState::Idle;
}

QString glyphOf(BreakerState state) {
    return glyphOf(visualState(state));
}

QString wordOf(BreakerState state) {
    switch (state) {
        case BreakerState::Closed:
            return tr("closed");
        case BreakerState::Open:
            return tr("OPEN");
        case BreakerState::HalfOpen:
            return tr("HALF-OPEN");
        case BreakerState::Ramp:
            return tr("RAMP");
        case BreakerState::ForcedOpen:
            return tr("FORCED OPEN");
        case BreakerState::ForcedClosed:
            return tr("FORCED CLOSED");
        case BreakerState::Disabled:
            break;
    }
    return tr("off");
}

QString wordOf(NodeKind kind) {
    switch (kind) {
        case NodeKind::Service:
            return tr("service");
        case NodeKind::Database:
            return tr("database");
        case NodeKind::Queue:
            return tr("queue");
        case NodeKind::Cache:
            return tr("cache");
        case NodeKind::External:
            return tr("external");
        case NodeKind::User:
            return tr("user");
    }
    return {};
}

QString wordOf(BadgeKind kind) {
    switch (kind) {
        case BadgeKind::BreakerOpen:
            return tr("OPEN");
        case BadgeKind::HalfOpen:
            return tr("HALF-OPEN");
        case BadgeKind::Ramp:
            return tr("RAMP");
        case BadgeKind::Limit:
            return tr("LIMIT");
        case BadgeKind::Shadow:
            return tr("SHADOW");
        case BadgeKind::Override:
            return tr("OVERRIDE");
    }
    return {};
}

QString textOf(const GuardBadge& badge) {
    return badge.text.isEmpty() ? wordOf(badge.kind)
                                : wordOf(badge.kind) + QLatin1Char(' ') + badge.text;
}

VisualState visualState(BadgeKind kind) {
    switch (kind) {
        case BadgeKind::BreakerOpen:
            return VisualState::Open;
        case BadgeKind::HalfOpen:
            return VisualState::Degraded;
        case BadgeKind::Ramp:
        case BadgeKind::Limit:
        case BadgeKind::Override:
            return VisualState::Throttled;
        case BadgeKind::Shadow:
            break;
    }
    return VisualState::Idle;
}

bool badgeOf(const GuardState& guard, GuardBadge& badge) {
    if (guard.heldBy) {
        const Override& held = *guard.heldBy;
        const QString what = held.kind == OverrideKind::ForceOpen     ? tr("open")
                             : held.kind == OverrideKind::ForceClosed ? tr("closed")
                             : held.kind == OverrideKind::Shed
                                 //: a class of requests that is refused
                                 ? tr("no %1").arg(QString::fromStdString(held.className))
                                 : formatCount(held.limit);
        //: what a person holds, and how long still: "open, 12 min"
        badge = {BadgeKind::Override, tr("%1, %2").arg(what, formatAge(held.remainingSeconds))};
        return true;
    }
    if (guard.hasBreaker) {
        switch (guard.breaker) {
            case BreakerState::Open:
                badge = {BadgeKind::BreakerOpen, std::isfinite(guard.reopenInSeconds)
                                                     ? formatAge(guard.reopenInSeconds)
                                                     : QString()};
                return true;
            case BreakerState::HalfOpen:
                badge = {BadgeKind::HalfOpen, {}};
                return true;
            case BreakerState::Ramp:
                badge = {BadgeKind::Ramp, formatShare(guard.admitShare)};
                return true;
            case BreakerState::ForcedOpen:
            case BreakerState::ForcedClosed:
                badge = {BadgeKind::Override, wordOf(guard.breaker)};
                return true;
            case BreakerState::Closed:
            case BreakerState::Disabled:
                break;
        }
    }
    if (guard.hasLimit && guard.shedRate > 0) {
        badge = {BadgeKind::Limit, formatCount(guard.limit)};
        return true;
    }
    if (guard.mode == GuardMode::Shadow) {
        badge = {BadgeKind::Shadow, {}};
        return true;
    }
    return false;
}

void drawStateGlyph(QPainter& painter, const QRectF& box, VisualState state, const Theme& theme) {
    const QColor color = colorOf(state, theme);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(color, std::max(1.0, box.width() * 0.16)));
    painter.setBrush(color);
    const double inset = box.width() * 0.08;
    switch (state) {
        case VisualState::Ok:
            painter.setPen(Qt::NoPen);
            painter.drawEllipse(box.adjusted(inset, inset, -inset, -inset));
            break;
        case VisualState::Idle:
            painter.setBrush(Qt::NoBrush);
            painter.drawEllipse(box.adjusted(inset, inset, -inset, -inset));
            break;
        case VisualState::Degraded:
            painter.setPen(Qt::NoPen);
            painter.drawPolygon(triangle(box));
            break;
        case VisualState::Failing:
            drawCross(painter, box.adjusted(inset, inset, -inset, -inset));
            break;
        case VisualState::Throttled:
            drawHalfSquare(painter, box);
            break;
        case VisualState::Open:
            drawSlashedCircle(painter, box);
            break;
        case VisualState::Stale:
        case VisualState::Unknown:
            painter.setPen(theme.textDim);
            drawQuestion(painter, box);
            break;
    }
    painter.restore();
}

void drawKindIcon(QPainter& painter, const QRectF& box, NodeKind kind, const QColor& color) {
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    QPen pen(color, std::max(1.0, box.width() * 0.1));
    pen.setJoinStyle(Qt::RoundJoin);
    painter.setPen(pen);
    painter.setBrush(Qt::NoBrush);
    switch (kind) {
        case NodeKind::Service:
            drawHexagon(painter, box);
            break;
        case NodeKind::Database:
            drawCylinder(painter, box);
            break;
        case NodeKind::Queue:
            drawQueue(painter, box);
            break;
        case NodeKind::Cache:
            drawStack(painter, box);
            break;
        case NodeKind::External:
            drawCloud(painter, box);
            break;
        case NodeKind::User:
            drawPerson(painter, box);
            break;
    }
    painter.restore();
}

}  // namespace levee
