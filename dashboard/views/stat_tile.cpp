// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/views/stat_tile.h"

#include <QHBoxLayout>
#include <QPainter>
#include <QVBoxLayout>

#include "dashboard/views/themed_label.h"
#include "dashboard/widgets/sparkline.h"
#include "dashboard/widgets/theme.h"

namespace levee {
namespace {
constexpr double kRadius = 6;
}

StatTile::StatTile(ThemeController& themes, const QString& caption, QWidget* parent)
    : QWidget(parent), themes_(themes) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(12, 9, 12, 9);
    layout->setSpacing(3);
    layout->addWidget(new ThemedLabel(themes, TextTone::Caption, caption));
    auto* line = new QHBoxLayout;
    line->setSpacing(10);
    value_ = new ThemedLabel(themes, TextTone::Number, QStringLiteral("-"));
    spark_ = new Sparkline(themes);
    spark_->setFixedHeight(24);
    spark_->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    spark_->hide();
    line->addWidget(value_);
    line->addWidget(spark_, 1);
    layout->addLayout(line);
    note_ = new ThemedLabel(themes, TextTone::Dim);
    layout->addWidget(note_);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    connect(&themes, &ThemeController::changed, this, [this] { update(); });
}

void StatTile::setValue(const QString& value, const QString& note) {
    value_->setText(value);
    note_->setText(note);
}

void StatTile::setHistory(std::vector<double> values) {
    spark_->show();
    spark_->setValues(std::move(values));
}

void StatTile::paintEvent(QPaintEvent*) {
    const Theme& theme = themes_.theme();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(theme.border);
    painter.setBrush(theme.surface);
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), kRadius, kRadius);
}

}  // namespace levee
