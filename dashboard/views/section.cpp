// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/views/section.h"

#include <QPainter>

#include "dashboard/views/themed_label.h"
#include "dashboard/widgets/theme.h"

namespace levee {
namespace {
constexpr int kMargin = 12;
constexpr double kRadius = 6;
}  // namespace

Section::Section(ThemeController& themes, const QString& caption, Frame frame, QWidget* parent)
    : QWidget(parent), themes_(themes), frame_(frame) {
    if (frame == Frame::Plain)
        setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Maximum);
    auto* outer = new QVBoxLayout(this);
    outer->setContentsMargins(1, 0, 1, 1);
    outer->setSpacing(0);
    head_ = new QHBoxLayout;
    head_->setContentsMargins(kMargin, 9, kMargin, 7);
    head_->setSpacing(8);
    caption_ = new ThemedLabel(themes, TextTone::Caption, caption);
    head_->addWidget(caption_, 1);
    body_ = new QVBoxLayout;
    body_->setContentsMargins(kMargin, 0, kMargin, kMargin);
    body_->setSpacing(8);
    outer->addLayout(head_);
    outer->addLayout(body_, 1);
    connect(&themes, &ThemeController::changed, this, [this] { update(); });
}

void Section::setCaption(const QString& caption) {
    caption_->setText(caption);
}

void Section::addTrailing(QWidget* widget) {
    head_->addWidget(widget);
}

void Section::setFlush() {
    body_->setContentsMargins(0, 0, 0, 4);
    body_->setSpacing(0);
}

void Section::paintEvent(QPaintEvent*) {
    const Theme& theme = themes_.theme();
    QPainter painter(this);
    if (frame_ == Frame::Plain) {
        painter.fillRect(rect(), theme.surface);
        return;
    }
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(theme.border);
    painter.setBrush(theme.surface);
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), kRadius, kRadius);
}

}  // namespace levee
