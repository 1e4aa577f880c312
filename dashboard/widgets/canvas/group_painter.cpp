// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/widgets/canvas/group_painter.h"

#include <QCoreApplication>
#include <QFontMetricsF>
#include <QPainter>
#include <algorithm>
#include <cmath>

#include "dashboard/widgets/format.h"
#include "dashboard/widgets/theme.h"

namespace levee {
namespace {

QFont pixelFont(const Theme& theme, double pixels, QFont::Weight weight = QFont::Normal) {
    QFont font = theme.font(9, weight);
    font.setPixelSize(std::max(1, int(std::lround(pixels))));
    return font;
}

QRectF faceOf(const QRectF& box) {
    // A group is lower than a card: it says less.
    const double height = box.height() * 0.56;
    return {box.left(), box.center().y() - height / 2, box.width(), height};
}

void paintStack(QPainter& painter, const QRectF& face, double zoom, const CardLook& look,
                VisualState state, const Theme& theme) {
    const double radius = 8 * zoom;
    const double unit = std::clamp(zoom, 0.7, 1.5);
    for (const int back : {2, 1}) {
        const double shift = back * std::max(2.0, 6 * zoom);
        painter.setPen(QPen(theme.border, 1.2 * unit));
        painter.setBrush(theme.surface);
        painter.drawRoundedRect(face.translated(shift, -shift), radius, radius);
    }
    const bool isLoud = severityRank(state) <= 3;
    painter.setPen(
        QPen(isLoud ? colorOf(state, theme) : theme.textDim, (isLoud ? 2.5 : 1.4) * unit));
    painter.setBrush(look.hovered ? theme.raised : theme.surface);
    painter.drawRoundedRect(face, radius, radius);
    if (!look.selected)
        return;
    painter.setPen(QPen(theme.accent, 3));
    painter.setBrush(Qt::NoBrush);
    painter.drawRoundedRect(face.adjusted(-5, -5, 5, 5), radius + 3, radius + 3);
}

struct Row {
    QString text;
    QFont font;
    QColor color;
    Qt::TextElideMode elide = Qt::ElideMiddle;
};

void paintRows(QPainter& painter, const QRectF& area, const std::vector<Row>& rows) {
    double height = 0;
    for (const Row& row : rows)
        height += QFontMetricsF(row.font).height();
    double top = area.center().y() - height / 2;
    for (const Row& row : rows) {
        const QFontMetricsF metrics(row.font);
        painter.setFont(row.font);
        painter.setPen(row.color);
        painter.drawText(QRectF(area.left(), top, area.width(), metrics.height()), Qt::AlignCenter,
                         metrics.elidedText(row.text, row.elide, area.width()));
        top += metrics.height();
    }
}

/// From far the name does not fit into the stack: it stands over it, with the number.
void paintFar(QPainter& painter, const QString& name, const QString& count, const QRectF& face,
              const Theme& theme) {
    const QFont font = pixelFont(theme, 12, QFont::DemiBold);
    const QFontMetricsF metrics(font);
    const QString text =
        metrics.elidedText(name, Qt::ElideMiddle, 130) + QStringLiteral("  ") + count;
    const double width = metrics.horizontalAdvance(text) + 12;
    const QRectF label(face.center().x() - width / 2, face.center().y() - metrics.height() / 2 - 2,
                       width, metrics.height() + 4);
    painter.setPen(QPen(theme.border, 1));
    painter.setBrush(theme.surface);
    painter.drawRoundedRect(label, 5, 5);
    painter.setFont(font);
    painter.setPen(theme.text);
    painter.drawText(label, Qt::AlignCenter, text);
}

}  // namespace

void paintGroup(QPainter& painter, const CardData& group, const QRectF& box,
                const CanvasGeometry& geometry, const CardLook& look, const Theme& theme) {
    const double zoom = geometry.zoom();
    const VisualState state = visualState(group.health, group.stale, group.shedShare);
    const QRectF face = faceOf(box);
    paintStack(painter, face, zoom, look, state, theme);
    const QString name = plainLine(group.title.isEmpty() ? group.id : group.title, 80);
    const QString count = QStringLiteral("+%1").arg(group.members);
    if (geometry.detail() == DetailLevel::Dots)
        return paintFar(painter, name, count, face, theme);
    const QString words =
        QCoreApplication::translate("Card", "+%n service(s)", nullptr, group.members);
    std::vector<Row> rows{
        {name, pixelFont(theme, std::max(11.0, 15 * zoom), QFont::DemiBold), theme.text},
        {words, pixelFont(theme, std::max(10.5, 13 * zoom)), theme.text}};
    if (geometry.detail() == DetailLevel::Cards)
        rows.push_back({plainLine(group.note, 200), pixelFont(theme, std::max(10.5, 11.5 * zoom)),
                        theme.textDim, Qt::ElideRight});
    const double glyph = std::max(9.0, 12 * zoom);
    const double side = 10 * zoom;
    paintRows(painter, face.adjusted(side, 3 * zoom, -side, -3 * zoom), rows);
    drawStateGlyph(painter, QRectF(face.left() + 8 * zoom, face.top() + 8 * zoom, glyph, glyph),
                   state, theme);
}

}  // namespace levee
