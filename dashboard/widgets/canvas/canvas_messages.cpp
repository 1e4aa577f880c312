// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/widgets/canvas/canvas_messages.h"

#include <QFontMetricsF>
#include <QPainter>
#include <QPainterPath>
#include <algorithm>

#include "dashboard/widgets/state_glyph.h"
#include "dashboard/widgets/theme.h"

namespace levee {
namespace {

void paintTexts(QPainter& painter, const QRectF& view, double top, const QString& title,
                const QString& hint, const Theme& theme) {
    const QFont titleFont = theme.font(14, QFont::DemiBold);
    const double titleHeight = QFontMetricsF(titleFont).height();
    const QRectF column = view.adjusted(40, 0, -40, 0);
    painter.setFont(titleFont);
    painter.setPen(theme.text);
    painter.drawText(QRectF(column.left(), top, column.width(), titleHeight * 2),
                     Qt::AlignHCenter | Qt::AlignTop | Qt::TextWordWrap, title);
    painter.setFont(theme.font(10));
    painter.setPen(theme.textDim);
    painter.drawText(QRectF(column.left(), top + titleHeight + 10, column.width(), 80),
                     Qt::AlignHCenter | Qt::AlignTop | Qt::TextWordWrap, hint);
}

void paintGhost(QPainter& painter, const QRectF& box, const Theme& theme) {
    painter.setPen(QPen(theme.grid, 1.2));
    painter.setBrush(theme.surface);
    painter.drawRoundedRect(box, 8, 8);
    painter.setPen(Qt::NoPen);
    painter.setBrush(theme.grid);
    const double unit = box.height() / 12;
    painter.drawRoundedRect(
        QRectF(box.left() + 14, box.top() + unit * 1.6, box.width() * 0.5, unit * 1.3), 3, 3);
    for (int i = 0; i < 3; ++i)
        painter.drawRoundedRect(QRectF(box.left() + 14 + i * box.width() * 0.31,
                                       box.top() + unit * 4.6, box.width() * 0.2, unit * 1.3),
                                3, 3);
    painter.drawRoundedRect(
        QRectF(box.left() + 14, box.bottom() - unit * 2.2, box.width() - 28, unit * 0.6), 2, 2);
}

}  // namespace

void paintSkeleton(QPainter& painter, const QRectF& view, const QString& title, const QString& hint,
                   const Theme& theme) {
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    constexpr int kColumns[] = {1, 2, 3, 2};
    const double width = std::clamp(view.width() / 6.5, 90.0, 216.0);
    const double height = width * 0.56;
    const double pitch = (view.width() - width) / 4.2;
    const double left = view.center().x() - pitch * 1.5 - width / 2;
    const double middle = view.center().y() + 30;
    painter.setPen(QPen(theme.grid, 2));
    const auto rowY = [&](int column, int row) {
        return middle + (row - (kColumns[column] - 1) / 2.0) * height * 1.45;
    };
    painter.setBrush(Qt::NoBrush);
    for (int c = 0; c < 3; ++c) {
        for (int r = 0; r < kColumns[c + 1]; ++r) {
            const QPointF from(left + pitch * c + width, rowY(c, std::min(r, kColumns[c] - 1)));
            const QPointF to(left + pitch * (c + 1), rowY(c + 1, r));
            const QPointF half((to.x() - from.x()) / 2, 0);
            QPainterPath path(from);
            path.cubicTo(from + half, to - half, to);
            painter.drawPath(path);
        }
    }
    for (int c = 0; c < 4; ++c) {
        for (int r = 0; r < kColumns[c]; ++r) {
            paintGhost(painter, QRectF(left + pitch * c, rowY(c, r) - height / 2, width, height),
                       theme);
        }
    }
    paintTexts(painter, view, view.top() + view.height() * 0.08, title, hint, theme);
    painter.restore();
}

void paintMessage(QPainter& painter, const QRectF& view, const QString& title, const QString& hint,
                  bool failed, const Theme& theme) {
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    const double middle = view.top() + view.height() * 0.42;
    const QRectF mark(view.center().x() - 20, middle - 64, 40, 40);
    if (failed)
        drawStateGlyph(painter, mark, VisualState::Failing, theme);
    else
        drawKindIcon(painter, mark, NodeKind::Service, theme.stale);
    paintTexts(painter, view, middle, title, hint, theme);
    painter.restore();
}

void paintVeil(QPainter& painter, const QRectF& view, const QString& title, const QString& hint,
               bool failed, const Theme& theme) {
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    QColor veil = theme.isDark ? QColor(0x50, 0x54, 0x5A) : QColor(0xB4, 0xB8, 0xBE);
    veil.setAlphaF(theme.isDark ? 0.38F : 0.42F);
    painter.fillRect(view, veil);
    const QFont bold = theme.font(10.5, QFont::DemiBold);
    const QFont plain = theme.font(9.5);
    const double titleWidth = QFontMetricsF(bold).horizontalAdvance(title);
    const double hintWidth = hint.isEmpty() ? 0 : QFontMetricsF(plain).horizontalAdvance(hint) + 14;
    const double width = std::min(view.width() - 32, titleWidth + hintWidth + 60);
    const QRectF banner(view.center().x() - width / 2, view.top() + 14, width, 34);
    painter.setPen(QPen(failed ? theme.failing : theme.textDim, 1.5));
    painter.setBrush(theme.surface);
    painter.drawRoundedRect(banner, 17, 17);
    drawStateGlyph(painter, QRectF(banner.left() + 15, banner.center().y() - 6, 12, 12),
                   failed ? VisualState::Failing : VisualState::Stale, theme);
    const QRectF texts = banner.adjusted(36, 0, -16, 0);
    painter.setFont(bold);
    painter.setPen(theme.text);
    painter.drawText(texts, Qt::AlignVCenter | Qt::AlignLeft, title);
    painter.setFont(plain);
    painter.setPen(theme.textDim);
    const QRectF rest = texts.adjusted(titleWidth + 14, 0, 0, 0);
    painter.drawText(rest, Qt::AlignVCenter | Qt::AlignLeft,
                     QFontMetricsF(plain).elidedText(hint, Qt::ElideRight, rest.width()));
    painter.restore();
}

}  // namespace levee
