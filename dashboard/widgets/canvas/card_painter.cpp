// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/widgets/canvas/card_painter.h"

#include <QCoreApplication>
#include <QFontMetricsF>
#include <QPainter>
#include <QStringList>
#include <algorithm>
#include <cmath>

#include "dashboard/widgets/canvas/group_painter.h"
#include "dashboard/widgets/format.h"
#include "dashboard/widgets/sparkline.h"
#include "dashboard/widgets/theme.h"

namespace levee {
namespace {

// Distances inside a card, in scene units.
constexpr double kPadding = 11.5;
constexpr double kIcon = 17;
constexpr double kGlyph = 12;
constexpr double kTitlePixels = 14.5;
constexpr double kNumberPixels = 14.5;
constexpr double kCaptionPixels = 11;
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

/// A text that shrinks with the zoom, but not below what can be read.
double readable(double pixels, double zoom, double least) {
    return std::max(least, pixels * zoom);
}

/// A title in one line, or in two where a name has a joint to break at: "rabbitmq:" over "orders".
QStringList titleLines(const QString& text, const QFontMetricsF& metrics, double width) {
    if (metrics.horizontalAdvance(text) <= width)
        return {text};
    qsizetype best = -1;
    double bestWidth = width;
    for (qsizetype i = 1; i < text.size(); ++i) {
        if (!QStringLiteral(":/-._@ ").contains(text[i - 1]))
            continue;
        const double wider = std::max(metrics.horizontalAdvance(text.left(i)),
                                      metrics.horizontalAdvance(text.mid(i)));
        if (wider <= bestWidth) {
            best = i;
            bestWidth = wider;
        }
    }
    if (best < 0)
        return {metrics.elidedText(text, Qt::ElideMiddle, width)};
    return {text.left(best).trimmed(), text.mid(best).trimmed()};
}

QString titleOf(const CardData& card) {
    return plainLine(card.title.isEmpty() ? card.id : card.title);
}

/// Icon, title, glyph and the state's word; where it is narrow first the word goes, then the icon,
/// then the title takes a second line. Returns the bottom.
double paintTitleRow(QPainter& painter, const CardData& card, const QRectF& area, double zoom,
                     VisualState state, const Theme& theme) {
    const QFont titleFont = pixelFont(theme, readable(kTitlePixels, zoom, 12), QFont::DemiBold);
    const QFont wordFont = pixelFont(theme, readable(kCaptionPixels, zoom, 11),
                                     severityRank(state) <= 3 ? QFont::DemiBold : QFont::Normal);
    const QFontMetricsF metrics(titleFont);
    const QString text = titleOf(card);
    const QString word = wordOf(state);
    const double glyph = std::max(10.0, kGlyph * zoom);
    const double gap = std::max(4.0, 5 * zoom);
    const double icon = kIcon * zoom;
    const double wordWidth = QFontMetricsF(wordFont).horizontalAdvance(word) + gap;
    const double besides = glyph + gap;
    const double wanted = metrics.horizontalAdvance(text);
    const bool withIcon = wanted + besides + icon + gap <= area.width();
    const bool withWord = withIcon && wanted + besides + icon + gap + wordWidth <= area.width();
    QRectF room = area.adjusted(withIcon ? icon + gap : 0, 0, -besides, 0);
    const QStringList lines = titleLines(text, metrics, room.width());
    const double line = std::ceil(metrics.height());
    room.setHeight(line * double(lines.size()));
    const double middle = room.top() + line / 2;
    if (withIcon)
        drawKindIcon(painter, QRectF(area.left(), middle - icon / 2, icon, icon), card.kind,
                     theme.textDim);
    if (withWord) {
        painter.setFont(wordFont);
        painter.setPen(severityRank(state) <= 3 ? theme.text : theme.textDim);
        painter.drawText(QRectF(area.left(), room.top(), area.width(), line),
                         Qt::AlignVCenter | Qt::AlignRight, word);
    }
    drawStateGlyph(
        painter,
        QRectF(area.right() - glyph - (withWord ? wordWidth : 0), middle - glyph / 2, glyph, glyph),
        state, theme);
    painter.setFont(titleFont);
    painter.setPen(card.stale ? theme.textDim : theme.text);
    for (qsizetype i = 0; i < lines.size(); ++i)
        painter.drawText(QRectF(room.left(), room.top() + line * double(i), room.width() + 1, line),
                         Qt::AlignVCenter | Qt::AlignLeft | Qt::TextSingleLine, lines[i]);
    return room.bottom();
}

/// A number and its dim caption on one line; the caption goes where there is no room. Returns the
/// width.
double paintFigure(QPainter& painter, const QRectF& area, const QString& before,
                   const QString& value, const QString& after, bool toTheRight, double zoom,
                   bool isDim, const Theme& theme) {
    const QFont numberFont = pixelFont(theme, readable(kNumberPixels, zoom, 12), QFont::Medium);
    const QFont captionFont = pixelFont(theme, readable(kCaptionPixels, zoom, 11));
    const double space = std::max(4.0, 5 * zoom);
    const double number = QFontMetricsF(numberFont).horizontalAdvance(value);
    const QString caption = before.isEmpty() ? after : before;
    const double words = QFontMetricsF(captionFont).horizontalAdvance(caption) + space;
    const bool withCaption = !caption.isEmpty() && number + words <= area.width();
    const double width = number + (withCaption ? words : 0);
    const double left = toTheRight ? area.right() - width : area.left();
    const bool captionFirst = withCaption && !before.isEmpty();
    painter.setFont(numberFont);
    painter.setPen(isDim ? theme.textDim : theme.text);
    // One base line for both sizes.
    const QFontMetricsF metrics(numberFont);
    const double base = area.center().y() + (metrics.ascent() - metrics.descent()) / 2;
    painter.drawText(QPointF(left + (captionFirst ? words : 0), base), value);
    if (withCaption) {
        painter.setFont(captionFont);
        painter.setPen(theme.textDim);
        painter.drawText(QPointF(captionFirst ? left : left + number + space, base), caption);
    }
    return width;
}

/// At the end of the second line: how old a stale card is, else how many instances there are.
QString sideNote(const CardData& card) {
    if (card.stale && !card.ageText.isEmpty())
        return card.ageText;
    return card.instances > 1 ? QStringLiteral("×%1").arg(card.instances) : QString();
}

/// Rate and errors over p99 and the side note. Returns the bottom.
double paintNumbers(QPainter& painter, const CardData& card, const QRectF& area, double zoom,
                    const Theme& theme) {
    const auto orDash = [](const QString& text) {
        return text.isEmpty() ? QStringLiteral("-") : text;
    };
    const bool isDim = card.stale || card.health == Health::Idle;
    const double line = std::ceil(readable(kNumberPixels, zoom, 12) * 1.3);
    const double gap = 4 * zoom;
    const QRectF first(area.left(), area.top(), area.width(), line);
    const double rate =
        paintFigure(painter, first, {}, orDash(card.rate), {}, false, zoom, isDim, theme);
    paintFigure(painter, first.adjusted(rate + gap, 0, 0, 0), {}, orDash(card.errors),
                QCoreApplication::translate("Card", "err"), true, zoom, isDim, theme);
    const QRectF second = first.translated(0, line);
    const double p99 = paintFigure(painter, second, QCoreApplication::translate("Card", "p99"),
                                   orDash(card.p99), {}, false, zoom, isDim, theme);
    painter.setFont(pixelFont(theme, readable(kCaptionPixels, zoom, 11)));
    painter.setPen(theme.textDim);
    painter.drawText(second.adjusted(p99 + gap, 0, 0, 0), Qt::AlignRight | Qt::AlignVCenter,
                     sideNote(card));
    return second.bottom();
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
    const QStringList lines = titleLines(titleOf(card), metrics, row.width() - glyph - 6);
    double widest = 0;
    for (const QString& line : lines)
        widest = std::max(widest, metrics.horizontalAdvance(line));
    const double left = row.center().x() - (glyph + 6 + widest) / 2;
    drawStateGlyph(painter, QRectF(left, row.center().y() - glyph / 2, glyph, glyph), state, theme);
    painter.setFont(font);
    painter.setPen(card.stale ? theme.textDim : theme.text);
    painter.drawText(QRectF(left + glyph + 6, row.top(), widest + 1, row.height()),
                     Qt::AlignVCenter | Qt::AlignLeft | Qt::TextDontClip,
                     lines.join(QLatin1Char('\n')));
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

/// A broad, soft ring: selected cards have a narrow, hard one.
void paintHalo(QPainter& painter, const QRectF& box, const CanvasGeometry& geometry,
               const Theme& theme) {
    QColor halo = theme.accent;
    halo.setAlphaF(0.42F);
    painter.setBrush(Qt::NoBrush);
    if (geometry.detail() == DetailLevel::Dots) {
        painter.setPen(QPen(halo, 5));
        const double radius = std::clamp(box.height() * 0.6, 5.0, 22.0) / 2 + 5;
        painter.drawEllipse(box.center(), radius, radius);
        return;
    }
    const double width = std::max(6.0, 12 * geometry.zoom());
    const double out = width / 2 + 3;
    painter.setPen(QPen(halo, width));
    painter.drawRoundedRect(box.adjusted(-out, -out, out, out), out + 6, out + 6);
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
            return plainLine(textOf(badge), 60);
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
    const double side = card.kind == NodeKind::Queue ? kPadding + 3 : kPadding;
    const QRectF inner = box.adjusted(side * zoom, top * zoom, -side * zoom, -16 * zoom);
    const double title = paintTitleRow(painter, card, inner, zoom, state, theme);
    const double numbers = paintNumbers(
        painter, card, QRectF(inner.left(), title + 3 * zoom, inner.width(), 0), zoom, theme);
    const QRectF bar(inner.left(), inner.bottom() - kBarHeight * zoom, inner.width(),
                     kBarHeight * zoom);
    const QRectF spark(inner.left(), numbers + 4 * zoom, inner.width(),
                       bar.top() - numbers - 9 * zoom);
    SparkStyle style;
    style.line = card.stale ? theme.stale : theme.textDim;
    style.fill = style.line;
    style.fill.setAlphaF(0.16F);
    style.width = std::max(1.0, 1.3 * zoom);
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
    if (look.found)
        paintHalo(painter, box, geometry, theme);
    if (card.members > 0) {
        paintGroup(painter, card, box, geometry, look, theme);
        painter.restore();
        return;
    }
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
