// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/views/themed_label.h"

#include <QHelpEvent>
#include <QPainter>
#include <QResizeEvent>
#include <QToolTip>
#include <algorithm>

#include "dashboard/widgets/format.h"
#include "dashboard/widgets/theme.h"

namespace levee {
namespace {

constexpr int kMaxLine = 2'000;  // characters; a longer text is cut
constexpr int kLeastWidth = 60;
constexpr int kWrapWidth = 240;

QFont fontOf(TextTone tone, const Theme& theme) {
    switch (tone) {
        case TextTone::Title:
            return theme.font(13, QFont::DemiBold);
        case TextTone::Number:
            return theme.font(15, QFont::DemiBold);
        case TextTone::Strong:
            return theme.font(9.5, QFont::DemiBold);
        case TextTone::Caption: {
            QFont font = theme.font(7.5, QFont::DemiBold);
            font.setLetterSpacing(QFont::AbsoluteSpacing, 0.8);
            return font;
        }
        case TextTone::Dim:
            return theme.font(8.5);
        case TextTone::Mono:
            return theme.monoFont(9);
        case TextTone::Normal:
            break;
    }
    return theme.font();
}

bool isDim(TextTone tone) {
    return tone == TextTone::Dim || tone == TextTone::Caption;
}

}  // namespace

ThemedLabel::ThemedLabel(ThemeController& themes, TextTone tone, const QString& text,
                         Overflow overflow, QWidget* parent)
    : QWidget(parent), themes_(themes), tone_(tone), overflow_(overflow) {
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    connect(&themes, &ThemeController::changed, this, &ThemedLabel::applyTheme);
    applyTheme();
    setText(text);
}

void ThemedLabel::applyTheme() {
    setFont(fontOf(tone_, themes_.theme()));
    measure();
    update();
}

void ThemedLabel::setText(const QString& text) {
    QString shown;
    if (overflow_ == Overflow::Wrap) {
        QStringList lines;
        for (const QString& line : text.left(kMaxLine).split(QLatin1Char('\n')))
            lines << plainLine(line, kMaxLine);
        shown = lines.join(QLatin1Char('\n'));
    } else {
        shown = plainLine(text, kMaxLine);
    }
    if (tone_ == TextTone::Caption)
        shown = shown.toUpper();
    if (shown == text_)
        return;
    text_ = shown;
    setAccessibleName(text_);
    measure();
    update();
}

void ThemedLabel::setAlignment(Qt::Alignment alignment) {
    alignment_ = alignment;
    update();
}

void ThemedLabel::measure() {
    height_ = fontMetrics().height();
    if (overflow_ == Overflow::Wrap) {
        // Layouts inside scroll areas do not ask for a height for a width: tell them ours.
        const QRect room(0, 0, std::max(width(), kLeastWidth), 100'000);
        height_ = std::max(
            height_,
            fontMetrics().boundingRect(room, Qt::TextWordWrap | Qt::AlignLeft, text_).height());
    }
    updateGeometry();
}

void ThemedLabel::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    if (overflow_ == Overflow::Wrap && event->oldSize().width() != event->size().width())
        measure();
}

QSize ThemedLabel::sizeHint() const {
    const int width =
        overflow_ == Overflow::Wrap ? kWrapWidth : fontMetrics().horizontalAdvance(text_) + 2;
    return {width, height_};
}

QSize ThemedLabel::minimumSizeHint() const {
    const int width = overflow_ == Overflow::Wrap
                          ? kLeastWidth
                          : std::min(sizeHint().width(), fontMetrics().averageCharWidth() * 6);
    return {width, height_};
}

void ThemedLabel::paintEvent(QPaintEvent*) {
    const Theme& theme = themes_.theme();
    QPainter painter(this);
    painter.setPen(isDim(tone_) ? theme.textDim : theme.text);
    if (overflow_ == Overflow::Wrap) {
        painter.drawText(rect(), static_cast<int>(Qt::TextWordWrap | Qt::AlignLeft | Qt::AlignTop),
                         text_);
        return;
    }
    const Qt::TextElideMode mode = tone_ == TextTone::Mono ? Qt::ElideMiddle : Qt::ElideRight;
    painter.drawText(rect(), static_cast<int>(alignment_ | Qt::TextSingleLine),
                     fontMetrics().elidedText(text_, mode, width()));
}

bool ThemedLabel::event(QEvent* event) {
    if (event->type() == QEvent::ToolTip && toolTip().isEmpty()) {
        const bool isCut =
            overflow_ == Overflow::Elide && fontMetrics().horizontalAdvance(text_) > width();
        if (isCut)
            QToolTip::showText(static_cast<QHelpEvent*>(event)->globalPos(), text_.toHtmlEscaped(),
                               this);
        return true;
    }
    return QWidget::event(event);
}

}  // namespace levee
