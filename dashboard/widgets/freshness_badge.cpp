// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/widgets/freshness_badge.h"

#include <QPainter>

#include "dashboard/widgets/format.h"
#include "dashboard/widgets/state_glyph.h"
#include "dashboard/widgets/theme.h"

namespace levee {
namespace {

constexpr int kHeight = 26;
constexpr int kGlyph = 10;
constexpr int kPadding = 10;

QString word(Freshness freshness) {
    switch (freshness) {
        case Freshness::Live:
            return FreshnessBadge::tr("LIVE");
        case Freshness::Stale:
            return FreshnessBadge::tr("STALE");
        case Freshness::Paused:
            return FreshnessBadge::tr("PAUSED");
        case Freshness::Connecting:
            return FreshnessBadge::tr("CONNECTING");
        case Freshness::Reconnecting:
            return FreshnessBadge::tr("RECONNECTING");
        case Freshness::TimeTravel:
            return FreshnessBadge::tr("TIME TRAVEL");
        case Freshness::ReadOnly:
            return FreshnessBadge::tr("READ-ONLY");
        case Freshness::Offline:
            break;
    }
    return FreshnessBadge::tr("OFFLINE");
}

void drawPause(QPainter& painter, const QRectF& box, const QColor& color) {
    const double bar = box.width() * 0.3;
    painter.fillRect(QRectF(box.left() + 1, box.top(), bar, box.height()), color);
    painter.fillRect(QRectF(box.right() - bar - 1, box.top(), bar, box.height()), color);
}

void drawArrows(QPainter& painter, const QRectF& box, const QColor& color) {
    painter.setPen(QPen(color, 1.8));
    painter.setBrush(Qt::NoBrush);
    painter.drawArc(box, 40 * 16, 280 * 16);
    const QPointF tip(box.right() - 0.5, box.center().y() - box.height() * 0.32);
    painter.setPen(Qt::NoPen);
    painter.setBrush(color);
    painter.drawPolygon(
        QPolygonF{tip + QPointF(2.5, -3), tip + QPointF(2, 3), tip + QPointF(-4, 1)});
}

void drawLock(QPainter& painter, const QRectF& box, const QColor& color) {
    const QRectF body(box.left() + 0.5, box.top() + box.height() * 0.45, box.width() - 1,
                      box.height() * 0.55);
    painter.setPen(QPen(color, 1.6));
    painter.setBrush(Qt::NoBrush);
    painter.drawArc(QRectF(box.left() + 2, box.top() - 0.5, box.width() - 4, box.height() * 0.9), 0,
                    180 * 16);
    painter.fillRect(body, color);
}

void drawClock(QPainter& painter, const QRectF& box, const QColor& color) {
    painter.setPen(QPen(color, 1.6));
    painter.setBrush(Qt::NoBrush);
    painter.drawEllipse(box);
    painter.drawLine(box.center(), QPointF(box.center().x(), box.top() + 2));
    painter.drawLine(box.center(), QPointF(box.right() - 2.5, box.center().y()));
}

void drawMark(QPainter& painter, const QRectF& box, Freshness freshness, const Theme& theme) {
    switch (freshness) {
        case Freshness::Live:
            drawStateGlyph(painter, box, VisualState::Ok, theme);
            break;
        case Freshness::ReadOnly:
            drawLock(painter, box, theme.text);
            break;
        case Freshness::TimeTravel:
            drawClock(painter, box, theme.accent);
            break;
        case Freshness::Paused:
            drawPause(painter, box, theme.text);
            break;
        case Freshness::Connecting:
        case Freshness::Reconnecting:
            drawArrows(painter, box, theme.accent);
            break;
        case Freshness::Stale:
            drawStateGlyph(painter, box, VisualState::Stale, theme);
            break;
        case Freshness::Offline:
            drawStateGlyph(painter, box, VisualState::Failing, theme);
            break;
    }
}

}  // namespace

FreshnessBadge::FreshnessBadge(ThemeController& themes, QWidget* parent)
    : QWidget(parent), themes_(themes) {
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    connect(&themes, &ThemeController::changed, this, [this] {
        updateGeometry();
        update();
    });
}

void FreshnessBadge::setFreshness(Freshness freshness, double ageSeconds, const QString& detail) {
    const QString before = text();
    freshness_ = freshness;
    ageSeconds_ = ageSeconds;
    setToolTip(detail);
    if (text() == before)
        return;
    setAccessibleName(text());
    updateGeometry();
    update();
}

QString FreshnessBadge::text() const {
    const QString name = word(freshness_);
    return std::isfinite(ageSeconds_) ? name + QLatin1Char(' ') + formatAge(ageSeconds_) : name;
}

QSize FreshnessBadge::sizeHint() const {
    const QFontMetrics metrics(themes_.theme().font(9, QFont::Bold));
    // Room for one more digit, so that a growing age does not move its neighbours.
    const int age = std::isfinite(ageSeconds_)
                        ? metrics.horizontalAdvance(QStringLiteral(" 0") + formatAge(10 * 60))
                        : 0;
    return {kPadding * 2 + kGlyph + 6 + metrics.horizontalAdvance(word(freshness_)) + age, kHeight};
}

void FreshnessBadge::paintEvent(QPaintEvent*) {
    const Theme& theme = themes_.theme();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const bool trusted = freshness_ == Freshness::Live;
    const bool alarming = freshness_ == Freshness::Stale || freshness_ == Freshness::Offline;
    const QRectF pill = QRectF(rect()).adjusted(1, 1, -1, -1);
    painter.setPen(QPen(trusted    ? theme.border
                        : alarming ? theme.text
                                   : theme.accent,
                        trusted ? 1.0 : 1.5));
    painter.setBrush(theme.surface);
    painter.drawRoundedRect(pill, pill.height() / 2, pill.height() / 2);
    if (freshness_ == Freshness::Stale) {
        QColor hatch = theme.stale;
        hatch.setAlphaF(0.4F);
        painter.setPen(Qt::NoPen);
        painter.setBrush(QBrush(hatch, Qt::BDiagPattern));
        painter.drawRoundedRect(pill, pill.height() / 2, pill.height() / 2);
    }
    const QRectF mark(pill.left() + kPadding - 1, pill.center().y() - kGlyph / 2.0, kGlyph, kGlyph);
    drawMark(painter, mark, freshness_, theme);
    const QFont bold = theme.font(9, QFont::Bold);
    painter.setFont(bold);
    painter.setPen(theme.text);
    QRectF place(mark.right() + 6, pill.top(), pill.right() - mark.right() - 6, pill.height());
    painter.drawText(place, Qt::AlignVCenter | Qt::AlignLeft, word(freshness_));
    if (!std::isfinite(ageSeconds_))
        return;
    place.setLeft(place.left() + QFontMetricsF(bold).horizontalAdvance(word(freshness_) + ' '));
    painter.setFont(theme.font(9));
    painter.setPen(alarming ? theme.text : theme.textDim);
    painter.drawText(place, Qt::AlignVCenter | Qt::AlignLeft, formatAge(ageSeconds_));
}

}  // namespace levee
