// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/views/banner.h"

#include <QPainter>

#include "dashboard/views/themed_label.h"
#include "dashboard/widgets/theme.h"

namespace levee {
namespace {
constexpr int kGlyph = 16;
constexpr double kRadius = 6;
}  // namespace

Banner::Banner(ThemeController& themes, VisualState state, QWidget* parent)
    : QWidget(parent), themes_(themes), state_(state), layout_(new QHBoxLayout(this)) {
    layout_->setContentsMargins(14 + kGlyph + 10, 8, 10, 8);
    layout_->setSpacing(8);
    text_ = new ThemedLabel(themes, TextTone::Strong);
    layout_->addWidget(text_, 1);
    connect(&themes, &ThemeController::changed, this, [this] { update(); });
}

void Banner::setText(const QString& text) {
    text_->setText(text);
}

void Banner::paintEvent(QPaintEvent*) {
    const Theme& theme = themes_.theme();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(colorOf(state_, theme), 1.5));
    painter.setBrush(theme.raised);
    painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), kRadius, kRadius);
    drawStateGlyph(painter, QRectF(14, (height() - kGlyph) / 2.0, kGlyph, kGlyph), state_, theme);
}

}  // namespace levee
