// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/widgets/canvas/hover_painter.h"

#include <QFontMetricsF>
#include <QPainter>
#include <algorithm>
#include <cmath>

#include "dashboard/widgets/format.h"
#include "dashboard/widgets/theme.h"

namespace levee {
namespace {

constexpr double kWidth = 356;  ///< pixels
constexpr double kPadding = 12;
constexpr double kBar = 12;
constexpr int kTitleLength = 90;
constexpr double kNameShare = 0.25;  ///< of the width that the names of facts may take

double known(double value) {
    return std::isfinite(value) ? std::max(0.0, value) : 0;
}

double sumOf(const EdgeFacts& facts) {
    double sum = 0;
    for (const TimePart& part : facts.split)
        sum += known(part.seconds);
    return sum;
}

/// Parts of the time differ by pattern as well as by tone.
QBrush brushOf(std::size_t part, const Theme& theme) {
    static constexpr Qt::BrushStyle kStyles[] = {Qt::Dense5Pattern, Qt::BDiagPattern,
                                                 Qt::SolidPattern, Qt::Dense6Pattern};
    return {theme.line[part % 4], kStyles[part % 4]};
}

/// Bar over a legend of two columns. Returns the bottom.
double paintSplit(QPainter& painter, const EdgeFacts& facts, const QRectF& area,
                  const Theme& theme) {
    const double sum = sumOf(facts);
    const QFontMetricsF metrics(painter.font());
    double left = area.left();
    for (std::size_t i = 0; i < facts.split.size(); ++i) {
        const double width = known(facts.split[i].seconds) / sum * area.width();
        painter.setPen(QPen(theme.line[i % 4], 1));
        painter.setBrush(brushOf(i, theme));
        painter.drawRect(QRectF(left, area.top(), width, kBar));
        left += width;
    }
    const double row = metrics.height() + 3;
    const double top = area.top() + kBar + 5;
    for (std::size_t i = 0; i < facts.split.size(); ++i) {
        const QRectF cell(area.left() + double(i % 2) * area.width() / 2, top + double(i / 2) * row,
                          area.width() / 2 - 6, row);
        painter.setPen(QPen(theme.line[i % 4], 1));
        painter.setBrush(brushOf(i, theme));
        painter.drawRect(QRectF(cell.left(), cell.center().y() - 4, 8, 8));
        painter.setPen(theme.text);
        const QString text =
            QStringLiteral("%1 %2").arg(facts.split[i].name, formatLatency(facts.split[i].seconds));
        painter.drawText(cell.adjusted(13, 0, 0, 0), Qt::AlignVCenter | Qt::AlignLeft,
                         metrics.elidedText(text, Qt::ElideRight, cell.width() - 13));
    }
    return top + row * double((facts.split.size() + 1) / 2);
}

QPointF placeFor(const QSizeF& size, const QPointF& anchor, const QRectF& view) {
    const double right = anchor.x() + 18;
    const double left = anchor.x() - 18 - size.width();
    const double x =
        right + size.width() <= view.right() - 6 ? right : std::max(view.left() + 6, left);
    const double y = std::clamp(anchor.y() - size.height() / 2, view.top() + 6,
                                std::max(view.top() + 6, view.bottom() - 6 - size.height()));
    return {x, y};
}

}  // namespace

QRectF paintEdgeFacts(QPainter& painter, const EdgeFacts& facts, const QPointF& anchor,
                      const QRectF& view, const Theme& theme) {
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    const QFont bold = theme.font(9.5, QFont::DemiBold);
    const QFont plain = theme.font(9);
    const QFontMetricsF metrics(plain);
    const double row = metrics.height() + 4;
    const double title = QFontMetricsF(bold).height() + 6;
    const bool hasSplit = sumOf(facts) > 0;
    const double splitHeight = hasSplit ? row + kBar + 8 + 2 * (metrics.height() + 3) : 0;
    const QSizeF size(kWidth, 2 * kPadding + title + row * double(facts.rows.size()) + splitHeight);
    const QRectF card(placeFor(size, anchor, view), size);
    painter.setPen(QPen(theme.border, 1));
    painter.setBrush(theme.raised);
    painter.drawRoundedRect(card, 7, 7);
    QRectF inside = card.adjusted(kPadding, kPadding, -kPadding, -kPadding);
    painter.setFont(bold);
    painter.setPen(theme.text);
    painter.drawText(QRectF(inside.topLeft(), QSizeF(inside.width(), title)),
                     Qt::AlignLeft | Qt::AlignTop,
                     QFontMetricsF(bold).elidedText(plainLine(facts.title, kTitleLength),
                                                    Qt::ElideMiddle, inside.width()));
    double y = inside.top() + title;
    painter.setFont(plain);
    const double names = inside.width() * kNameShare;
    for (const auto& [name, value] : facts.rows) {
        painter.setPen(theme.textDim);
        painter.drawText(QRectF(inside.left(), y, names, row), Qt::AlignLeft | Qt::AlignVCenter,
                         metrics.elidedText(name, Qt::ElideRight, names - 6));
        painter.setPen(theme.text);
        const double room = inside.width() - names;
        painter.drawText(QRectF(inside.left() + names, y, room, row),
                         Qt::AlignLeft | Qt::AlignVCenter,
                         metrics.elidedText(plainLine(value, 200), Qt::ElideRight, room));
        y += row;
    }
    if (hasSplit) {
        painter.setPen(theme.textDim);
        painter.drawText(QRectF(inside.left(), y, inside.width(), row),
                         Qt::AlignLeft | Qt::AlignVCenter, facts.splitTitle);
        paintSplit(painter, facts, QRectF(inside.left(), y + row, inside.width(), 0), theme);
    }
    painter.restore();
    return card;
}

}  // namespace levee
