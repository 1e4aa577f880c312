// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/views/meter.h"

#include <QPainter>
#include <algorithm>

#include "dashboard/widgets/theme.h"

namespace levee {
namespace {
constexpr int kBarHeight = 6;
}

Meter::Meter(ThemeController& themes, const QString& caption, QWidget* parent)
    : QWidget(parent), themes_(themes), caption_(caption) {
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    connect(&themes, &ThemeController::changed, this, [this] { update(); });
}

void Meter::setValue(double share, const QString& text, VisualState state) {
    share_ = share;
    text_ = text;
    state_ = state;
    //: caption and value for a screen reader
    setAccessibleName(tr("%1: %2").arg(caption_, text));
    update();
}

void Meter::paintEvent(QPaintEvent*) {
    const Theme& theme = themes_.theme();
    QPainter painter(this);
    painter.setFont(theme.font(8.5));
    const QRect line(0, 0, width(), painter.fontMetrics().height() + 2);
    painter.setPen(theme.text);
    const int textWidth = painter.fontMetrics().horizontalAdvance(text_);
    painter.drawText(line, static_cast<int>(Qt::AlignRight | Qt::AlignVCenter), text_);
    painter.setPen(theme.textDim);
    painter.drawText(
        line.adjusted(0, 0, -textWidth - 8, 0), static_cast<int>(Qt::AlignLeft | Qt::AlignVCenter),
        painter.fontMetrics().elidedText(caption_, Qt::ElideRight, width() - textWidth - 8));

    painter.setRenderHint(QPainter::Antialiasing);
    const QRectF track(0.5, line.bottom() + 5.5, width() - 1, kBarHeight);
    const double radius = kBarHeight / 2.0;
    if (!std::isfinite(share_)) {
        painter.setPen(QPen(theme.border, 1, Qt::DashLine));
        painter.setBrush(Qt::NoBrush);
        painter.drawRoundedRect(track, radius, radius);
        return;
    }
    painter.setPen(Qt::NoPen);
    painter.setBrush(theme.border);
    painter.drawRoundedRect(track, radius, radius);
    const double used = std::clamp(share_, 0.0, 1.0);
    if (used <= 0)
        return;
    painter.setBrush(colorOf(state_, theme));
    painter.drawRoundedRect(QRectF(track.left(), track.top(),
                                   std::max(track.width() * used, track.height()), track.height()),
                            radius, radius);
}

}  // namespace levee
