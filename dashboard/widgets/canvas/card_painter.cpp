// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/widgets/canvas/card_painter.h"

#include <QCoreApplication>
#include <QFontMetricsF>
#include <QPainter>
#include <algorithm>
#include <cmath>

#include "dashboard/widgets/format.h"
#include "dashboard/widgets/sparkline.h"
#include "dashboard/widgets/theme.h"

namespace levee {
namespace {

// Distances inside a card, in scene units.
constexpr double kPadding = 13;
constexpr double kIcon = 17;
constexpr double kGlyph = 12;
constexpr double kTitlePixels = 14.5;
constexpr double kNumberPixels = 14.5;
constexpr double kCaptionPixels = 10.5;
constexpr double kBarHeight = 6;

QFont pixelFont(const Theme& theme, double pixels, QFont::Weight weight = QFont::Normal) {
    QFont font = theme.font(9, weight);
    font.setPixelSize(std::max(1, int(std::lround(pixels))));
    return font;
}

/// What a person reads first: the border.
void paintBorder(QPainter& painter, const QPainterPath& outline, VisualState state, double zoom,
                 const Theme& theme) {
    painter.setBrush(Qt::NoBrush);
    const QColor color = colorOf(state, theme);
    const double unit = std::clamp(zoom, 0.7, 1.5);
    switch (state) {
        case VisualState::Failing:
        case VisualState::Open:
            // A double line: a wide one, split by the card's ground.
            painter.setPen(QPen(color, 6 * unit));
            painter.drawPath(outline);
            painter.setPen(QPen(theme.surface, 2 * unit));
            painter.drawPath(outline);
            break;
        case VisualState::Degraded:
        case VisualState::Throttled:
            painter.setPen(QPen(color, 2.5 * unit));
            painter.drawPath(outline);
            break;
        case VisualState::Stale:
        case VisualState::Unknown:
            painter.setPen(QPen(theme.stale, 1.2 * unit, Qt::DashLine));
            painter.drawPath(outline);
            break;
        case VisualState::Ok:
        case VisualState::Idle:
            painter.setPen(QPen(theme.border, 1.2 * unit));
            painter.drawPath(outline);
            break;
    }
}

void paintHatch(QPainter& painter, const QPainterPath& outline, const Theme& theme) {
    QColor hatch = theme.stale;
    hatch.setAlphaF(0.28F);
    painter.fillPath(outline, QBrush(hatch, Qt::BDiagPattern));
}

/// Lines that complete the silhouette: the cylinder's lid, the queue's stripes, the second layer.
void paintKindLines(QPainter& painter, NodeKind kind, const QRectF& box, double zoom,
                    const QColor& color) {
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(color, 1.2 * std::clamp(zoom, 0.7, 1.5)));
    if (kind == NodeKind::Database) {
        const double cap = 12 * zoom;
        QPainterPath lid(QPointF(box.left(), box.top() + cap / 2));
        lid.arcTo(QRectF(box.left(), box.top(), box.width(), cap), 180, 180);
        painter.drawPath(lid);
    } else if (kind == NodeKind::Queue) {
        for (const double inset : {5.0, 9.0}) {
            for (const double x : {box.left() + inset * zoom, box.right() - inset * zoom})
                painter.drawLine(QPointF(x, box.top() + 6 * zoom),
                                 QPointF(x, box.bottom() - 6 * zoom));
        }
    }
}

struct Numbers {
    QString value;
    QString caption;
};

void paintTitleRow(QPainter& painter, const CardData& card, const QRectF& row, double zoom,
                   VisualState state, const Theme& theme) {
    const QRectF icon(row.left(), row.center().y() - kIcon * zoom / 2, kIcon * zoom, kIcon * zoom);
    drawKindIcon(painter, icon, card.kind, theme.textDim);
    const QString word = wordOf(state);
    const QFont wordFont = pixelFont(theme, kCaptionPixels * 1.05 * zoom,
                                     severityRank(state) <= 3 ? QFont::DemiBold : QFont::Normal);
    const double wordWidth = QFontMetricsF(wordFont).horizontalAdvance(word) + 1;
    painter.setFont(wordFont);
    painter.setPen(severityRank(state) <= 3 ? theme.text : theme.textDim);
    painter.drawText(QRectF(row.right() - wordWidth, row.top(), wordWidth, row.height()),
                     Qt::AlignVCenter | Qt::AlignRight, word);
    const double glyph = kGlyph * zoom;
    drawStateGlyph(painter,
                   QRectF(row.right() - wordWidth - glyph - 4 * zoom, row.center().y() - glyph / 2,
                          glyph, glyph),
                   state, theme);
    const QFont titleFont = pixelFont(theme, kTitlePixels * zoom, QFont::DemiBold);
    const QRectF title(icon.right() + 7 * zoom, row.top(),
                       row.right() - wordWidth - glyph - 16 * zoom - icon.right(), row.height());
    painter.setFont(titleFont);
    painter.setPen(card.stale ? theme.textDim : theme.text);
    const QString text = plainLine(card.title.isEmpty() ? card.id : card.title);
    painter.drawText(title, Qt::AlignVCenter | Qt::AlignLeft | Qt::TextSingleLine,
                     QFontMetricsF(titleFont).elidedText(text, Qt::ElideMiddle, title.width()));
}

void paintNumbers(QPainter& painter, const CardData& card, const QRectF& area, double zoom,
                  const Theme& theme) {
    const auto orDash = [](const QString& text) {
        return text.isEmpty() ? QStringLiteral("-") : text;
    };
    const Numbers columns[] = {{orDash(card.rate), QCoreApplication::translate("Card", "requests")},
                               {orDash(card.errors), QCoreApplication::translate("Card", "errors")},
                               {orDash(card.p99), QCoreApplication::translate("Card", "p99")}};
    const QFont numberFont = pixelFont(theme, kNumberPixels * zoom, QFont::Medium);
    const QFont captionFont = pixelFont(theme, kCaptionPixels * zoom);
    const double starts[] = {0, 0.36, 0.68, 1};
    for (int i = 0; i < 3; ++i) {
        const double left = area.left() + area.width() * starts[i];
        const double width = area.width() * (starts[i + 1] - starts[i]);
        const QRectF value(left, area.top(), width, 19 * zoom);
        painter.setFont(numberFont);
        painter.setPen(card.stale || card.health == Health::Idle ? theme.textDim : theme.text);
        painter.drawText(value, Qt::AlignVCenter | Qt::AlignLeft | Qt::TextSingleLine,
                         columns[i].value);
        painter.setFont(captionFont);
        painter.setPen(theme.textDim);
        painter.drawText(QRectF(left, value.bottom(), width, 13 * zoom),
                         Qt::AlignVCenter | Qt::AlignLeft, columns[i].caption);
    }
}

/// What became of the requests: answered (low), failed (full height), refused (hatched). Height and
/// pattern tell them apart without colour.
void paintOutcomeBar(QPainter& painter, const CardData& card, const QRectF& bar,
                     const Theme& theme) {
    const QRectF low = bar.adjusted(0, bar.height() * 0.3, 0, -bar.height() * 0.3);
    painter.setPen(Qt::NoPen);
    const auto known = [](double share) { return std::isfinite(share) ? std::max(0.0, share) : 0; };
    const double sum = known(card.okShare) + known(card.errorShare) + known(card.shedShare);
    painter.setBrush(theme.grid);
    painter.drawRect(low);
    if (sum <= 0)
        return;
    // What is there at all is at least two pixels wide.
    const auto width = [&](double share) {
        return share > 0 ? std::max(2.0, share / sum * bar.width()) : 0.0;
    };
    const double errors = width(known(card.errorShare));
    const double shed = width(known(card.shedShare));
    const double ok = std::max(0.0, bar.width() - errors - shed);
    QColor calm = card.stale ? theme.stale : theme.ok;
    calm.setAlphaF(theme.isDark ? 0.75F : 0.6F);
    painter.setBrush(calm);
    if (known(card.okShare) > 0)
        painter.drawRect(QRectF(low.left(), low.top(), ok, low.height()));
    painter.setBrush(card.stale ? theme.stale : theme.failing);
    painter.drawRect(QRectF(bar.left() + ok, bar.top(), errors, bar.height()));
    if (shed <= 0)
        return;
    const QRectF refused(bar.left() + ok + errors, bar.top(), shed, bar.height());
    const QColor color = card.stale ? theme.stale : theme.throttled;
    painter.setPen(QPen(color, 1));
    painter.setBrush(QBrush(color, Qt::Dense4Pattern));
    painter.drawRect(refused.adjusted(0.5, 0.5, -0.5, -0.5));
}

/// The guard's pills sit on the lower border, from the right.
void paintBadges(QPainter& painter, const CardData& card, const QRectF& box, double zoom,
                 const Theme& theme) {
    double right = box.right() - 10 * zoom;
    double others = 0;  // what the rest need at least
    for (const GuardBadge& badge : card.badges)
        others += badgeSize(badge, zoom, theme, BadgeForm::Glyph).width() + 5 * zoom;
    for (const GuardBadge& badge : card.badges) {
        others -= badgeSize(badge, zoom, theme, BadgeForm::Glyph).width() + 5 * zoom;
        const double room = right - others - box.left() - 4 * zoom;
        const auto fits = [&](BadgeForm form) {
            return badgeSize(badge, zoom, theme, form).width() <= room;
        };
        const BadgeForm form = fits(BadgeForm::Full)   ? BadgeForm::Full
                               : fits(BadgeForm::Word) ? BadgeForm::Word
                                                       : BadgeForm::Glyph;
        if (!fits(form))
            return;
        const double width = badgeSize(badge, zoom, theme, form).width();
        paintBadge(painter, badge, {right - width / 2, box.bottom()}, zoom, theme, form);
        right -= width + 5 * zoom;
    }
}

/// At the end of the sparkline: how old a stale card is, else how many instances there are.
QString sideNote(const CardData& card) {
    if (card.stale && !card.ageText.isEmpty())
        return card.ageText;
    return card.instances > 1 ? QStringLiteral("×%1").arg(card.instances) : QString();
}

void paintSideNote(QPainter& painter, const QString& text, const QRectF& box, double zoom,
                   const Theme& theme) {
    painter.setFont(pixelFont(theme, kCaptionPixels * zoom));
    painter.setPen(theme.textDim);
    painter.drawText(box, Qt::AlignRight | Qt::AlignVCenter, text);
}

void paintFrame(QPainter& painter, const CardData& card, const QRectF& box, double zoom,
                const CardLook& look, VisualState state, const Theme& theme) {
    const QPainterPath outline = cardOutline(card.kind, box, zoom);
    if (card.kind == NodeKind::Cache) {
        // The layer behind.
        painter.setPen(QPen(theme.border, 1.2 * std::clamp(zoom, 0.7, 1.5)));
        painter.setBrush(theme.surface);
        painter.drawPath(outline.translated(5 * zoom, -5 * zoom));
    }
    painter.fillPath(outline, look.hovered ? theme.raised : theme.surface);
    if (card.stale)
        paintHatch(painter, outline, theme);
    paintKindLines(painter, card.kind, box, zoom, theme.border);
    paintBorder(painter, outline, state, zoom, theme);
    if (!look.selected)
        return;
    const double out = (severityRank(state) <= 1 ? 7 : 5) * std::clamp(zoom, 0.7, 1.5);
    painter.setPen(QPen(theme.accent, 3));
    painter.setBrush(Qt::NoBrush);
    painter.drawPath(cardOutline(card.kind, box.adjusted(-out, -out, out, out), zoom));
}

void paintPin(QPainter& painter, const QRectF& box, double zoom, const Theme& theme) {
    const QPointF head(box.left() + 12 * zoom, box.top());
    painter.setPen(QPen(theme.textDim, 1.4 * zoom));
    painter.setBrush(theme.raised);
    painter.drawEllipse(head, 4.2 * zoom, 4.2 * zoom);
    painter.setBrush(theme.textDim);
    painter.drawEllipse(head, 1.4 * zoom, 1.4 * zoom);
}

/// Name and glyph; where the card is tall enough also rate and errors, and the outcome bar. Text
/// does not shrink below what can be read.
void paintName(QPainter& painter, const CardData& card, const QRectF& box, double zoom,
               const CardLook& look, VisualState state, const Theme& theme) {
    constexpr double kRoomForNumbers = 56;  // pixels
    paintFrame(painter, card, box, zoom, look, state, theme);
    const bool withNumbers = box.height() >= kRoomForNumbers;
    const double pixels =
        withNumbers ? std::clamp(20 * zoom, 11.0, 13.5) : std::max(10.5, 22 * zoom);
    const double glyph = pixels;
    const QRectF inner = box.adjusted(10 * zoom, 0, -10 * zoom, 0);
    const double nameHeight = withNumbers ? box.height() * 0.5 : box.height();
    const QRectF row(inner.left(), box.top() + (withNumbers ? box.height() * 0.06 : 0),
                     inner.width(), nameHeight);
    const QFont font = pixelFont(theme, pixels, QFont::DemiBold);
    const QFontMetricsF metrics(font);
    const QString text = metrics.elidedText(plainLine(card.title.isEmpty() ? card.id : card.title),
                                            Qt::ElideMiddle, row.width() - glyph - 6);
    const double width = glyph + 6 + metrics.horizontalAdvance(text);
    const double left = row.center().x() - width / 2;
    drawStateGlyph(painter, QRectF(left, row.center().y() - glyph / 2, glyph, glyph), state, theme);
    painter.setFont(font);
    painter.setPen(card.stale ? theme.textDim : theme.text);
    painter.drawText(QRectF(left + glyph + 6, row.top(), width, row.height()),
                     Qt::AlignVCenter | Qt::AlignLeft, text);
    if (!withNumbers)
        return;
    painter.setFont(pixelFont(theme, std::clamp(17 * zoom, 10.0, 11.5)));
    painter.setPen(theme.textDim);
    const QString numbers = card.errors.isEmpty() || card.errors == QLatin1String("-")
                                ? card.rate
                                : card.rate + QStringLiteral(" · ") + card.errors;
    painter.drawText(
        QRectF(inner.left(), box.top() + box.height() * 0.5, inner.width(), box.height() * 0.24),
        Qt::AlignCenter, numbers);
    const double side = 22 * zoom;
    paintOutcomeBar(painter, card,
                    QRectF(box.left() + side, box.bottom() - 24 * zoom, box.width() - 2 * side, 4),
                    theme);
}

void paintDot(QPainter& painter, const QRectF& box, const CardLook& look, VisualState state,
              const Theme& theme) {
    const double size = std::clamp(box.height() * 0.6, 5.0, 22.0);
    const QRectF dot(box.center() - QPointF(size / 2, size / 2), QSizeF(size, size));
    drawStateGlyph(painter, dot, state, theme);
    if (!look.selected && !look.hovered)
        return;
    painter.setPen(QPen(theme.accent, look.selected ? 3 : 1.5));
    painter.setBrush(Qt::NoBrush);
    painter.drawEllipse(dot.adjusted(-5, -5, 5, 5));
}

}  // namespace

QPainterPath cardOutline(NodeKind kind, const QRectF& box, double zoom) {
    QPainterPath path;
    switch (kind) {
        case NodeKind::Database: {
            const double cap = 12 * zoom;
            path.moveTo(box.left(), box.top() + cap / 2);
            path.arcTo(QRectF(box.left(), box.top(), box.width(), cap), 180, -180);
            path.lineTo(box.right(), box.bottom() - cap / 2);
            path.arcTo(QRectF(box.left(), box.bottom() - cap, box.width(), cap), 0, -180);
            path.closeSubpath();
            return path;
        }
        case NodeKind::External: {
            const double cut = 14 * zoom;
            path.addPolygon(
                QPolygonF{box.topLeft() + QPointF(cut, 0), box.topRight() - QPointF(cut, 0),
                          box.topRight() + QPointF(0, cut), box.bottomRight() - QPointF(0, cut),
                          box.bottomRight() - QPointF(cut, 0), box.bottomLeft() + QPointF(cut, 0),
                          box.bottomLeft() - QPointF(0, cut), box.topLeft() + QPointF(0, cut)});
            path.closeSubpath();
            return path;
        }
        case NodeKind::User:
            path.addRoundedRect(box, 30 * zoom, 30 * zoom);
            return path;
        case NodeKind::Queue:
            path.addRect(box);
            return path;
        case NodeKind::Service:
        case NodeKind::Cache:
            break;
    }
    path.addRoundedRect(box, 8 * zoom, 8 * zoom);
    return path;
}

QString badgeText(const GuardBadge& badge, BadgeForm form) {
    switch (form) {
        case BadgeForm::Full:
            return textOf(badge);
        case BadgeForm::Word:
            return wordOf(badge.kind);
        case BadgeForm::Glyph:
            break;
    }
    return {};
}

QSizeF badgeSize(const GuardBadge& badge, double zoom, const Theme& theme, BadgeForm form) {
    const QString text = badgeText(badge, form);
    const QFont font = pixelFont(theme, std::max(9.0, 10 * zoom), QFont::DemiBold);
    const QFontMetricsF metrics(font);
    const double height = std::max(16.0, 18 * zoom);
    return {metrics.horizontalAdvance(text) + height * (text.isEmpty() ? 1.0 : 1.6), height};
}

QRectF paintBadge(QPainter& painter, const GuardBadge& badge, const QPointF& center, double zoom,
                  const Theme& theme, BadgeForm form) {
    const QSizeF size = badgeSize(badge, zoom, theme, form);
    const QRectF pill(center - QPointF(size.width() / 2, size.height() / 2), size);
    const VisualState state = visualState(badge.kind);
    const bool loud = badge.kind == BadgeKind::BreakerOpen;
    painter.setPen(QPen(state == VisualState::Idle ? theme.textDim : colorOf(state, theme),
                        loud ? 2.2 : 1.5,
                        badge.kind == BadgeKind::Shadow ? Qt::DotLine : Qt::SolidLine));
    painter.setBrush(theme.surface);
    painter.drawRoundedRect(pill, size.height() / 2, size.height() / 2);
    const double glyph = size.height() * 0.56;
    const double inset =
        form == BadgeForm::Glyph ? (size.height() - glyph) / 2 : size.height() * 0.36;
    const QRectF mark(pill.left() + inset, pill.center().y() - glyph / 2, glyph, glyph);
    drawStateGlyph(painter, mark, state, theme);
    painter.setFont(pixelFont(theme, std::max(9.0, 10 * zoom), QFont::DemiBold));
    painter.setPen(theme.text);
    painter.drawText(
        QRectF(mark.right() + size.height() * 0.24, pill.top(), size.width(), pill.height()),
        Qt::AlignVCenter | Qt::AlignLeft, badgeText(badge, form));
    return pill;
}

void paintCard(QPainter& painter, const CardData& card, const QRectF& box, double zoom,
               const CardLook& look, const Theme& theme) {
    const VisualState state = visualState(card.health, card.stale, card.shedShare);
    paintFrame(painter, card, box, zoom, look, state, theme);
    const double top = card.kind == NodeKind::Database ? 17 : 10;
    const double side = card.kind == NodeKind::Queue ? kPadding + 5 : kPadding;
    const QRectF inner = box.adjusted(side * zoom, top * zoom, -side * zoom, -16 * zoom);
    const QRectF title(inner.left(), inner.top(), inner.width(), 22 * zoom);
    paintTitleRow(painter, card, title, zoom, state, theme);
    const QRectF numbers(inner.left(), title.bottom() + 5 * zoom, inner.width(), 33 * zoom);
    paintNumbers(painter, card, numbers, zoom, theme);
    const QRectF bar(inner.left(), inner.bottom() - kBarHeight * zoom, inner.width(),
                     kBarHeight * zoom);
    QRectF spark(inner.left(), numbers.bottom() + 5 * zoom, inner.width(),
                 bar.top() - numbers.bottom() - 9 * zoom);
    const QString note = sideNote(card);
    paintSideNote(painter, note, spark, zoom, theme);
    if (!note.isEmpty())
        spark.setRight(spark.right() - (card.stale ? 38 : 26) * zoom);
    SparkStyle style;
    style.line = card.stale ? theme.stale : theme.textDim;
    style.fill = style.line;
    style.fill.setAlphaF(0.16F);
    style.width = 1.3 * zoom;
    paintSparkline(painter, spark, card.spark, style);
    paintOutcomeBar(painter, card, bar, theme);
    paintBadges(painter, card, box, zoom, theme);
    if (look.pinned)
        paintPin(painter, box, zoom, theme);
}

void paintNode(QPainter& painter, const CardData& card, const QRectF& box,
               const CanvasGeometry& geometry, const CardLook& look, const Theme& theme) {
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    if (look.faded)
        painter.setOpacity(0.1);
    const VisualState state = visualState(card.health, card.stale, card.shedShare);
    switch (geometry.detail()) {
        case DetailLevel::Cards:
            paintCard(painter, card, box, geometry.zoom(), look, theme);
            break;
        case DetailLevel::Names:
            paintName(painter, card, box, geometry.zoom(), look, state, theme);
            if (!card.badges.empty())
                paintBadge(painter, card.badges.front(), {box.center().x(), box.bottom()},
                           geometry.zoom(), theme);
            break;
        case DetailLevel::Dots:
            paintDot(painter, box, look, state, theme);
            break;
    }
    painter.restore();
}

}  // namespace levee
