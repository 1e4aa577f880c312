// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/widgets/waterfall/trace_waterfall.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QScrollBar>
#include <algorithm>

#include "dashboard/widgets/format.h"
#include "dashboard/widgets/state_glyph.h"
#include "dashboard/widgets/theme.h"

namespace levee {
namespace {

constexpr int kRow = 22;
constexpr int kHead = 20;
constexpr int kIndent = 12;
constexpr int kPadding = 10;
constexpr double kNameShare = 0.36;
constexpr double kDurationWidth = 64;
constexpr double kLeastBar = 2;

QString nameOf(const TraceSpan& span) {
    const auto text = [](const std::string& s) {
        return plainLine(QString::fromStdString(s), 120);
    };
    return text(span.service) + QStringLiteral(" · ") + text(span.name);
}

}  // namespace

TraceWaterfall::TraceWaterfall(ThemeController& themes, QWidget* parent)
    : QAbstractScrollArea(parent), themes_(themes) {
    setFrameShape(QFrame::NoFrame);
    setFocusPolicy(Qt::StrongFocus);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setAccessibleName(tr("Trace"));
    connect(&themes, &ThemeController::changed, viewport(), [this] { viewport()->update(); });
}

void TraceWaterfall::setTrace(Trace trace) {
    trace_ = std::move(trace);
    waterfall_ = layOutWaterfall(trace_);
    message_.clear();
    fitScrollBar();
    verticalScrollBar()->setValue(0);
    choose(waterfall_.rows.empty() ? -1 : 0);
}

void TraceWaterfall::clear(const QString& message) {
    trace_ = {};
    waterfall_ = {};
    message_ = message;
    fitScrollBar();
    choose(-1);
}

QString TraceWaterfall::chosenText() const {
    if (chosen_ < 0 || chosen_ >= rows())
        return {};
    const WaterfallRow& row = waterfall_.rows[static_cast<std::size_t>(chosen_)];
    const TraceSpan& span = trace_.spans[row.span];
    //: a span: name, its whole time, its time without its children, when it began
    QString text = tr("%1: %2, %3 of it its own, %4 after the start")
                       .arg(nameOf(span), formatLatency(row.seconds),
                            formatLatency(row.selfSeconds), formatLatency(row.start));
    if (!span.peer.empty())
        text += tr(", calls %1").arg(plainLine(QString::fromStdString(span.peer), 120));
    if (span.failed)
        text += tr(", FAILED");
    return text;
}

void TraceWaterfall::choose(int row) {
    chosen_ = row;
    setAccessibleDescription(chosenText());
    emit chosenChanged(chosenText());
    viewport()->update();
}

void TraceWaterfall::fitScrollBar() {
    const int all = kHead + kRow * rows();
    verticalScrollBar()->setRange(0, std::max(0, all - viewport()->height()));
    verticalScrollBar()->setPageStep(viewport()->height());
    verticalScrollBar()->setSingleStep(kRow);
}

void TraceWaterfall::resizeEvent(QResizeEvent* event) {
    QAbstractScrollArea::resizeEvent(event);
    fitScrollBar();
}

void TraceWaterfall::keyPressEvent(QKeyEvent* event) {
    const int by = event->key() == Qt::Key_Down ? 1 : event->key() == Qt::Key_Up ? -1 : 0;
    if (by == 0 || rows() == 0) {
        QAbstractScrollArea::keyPressEvent(event);
        return;
    }
    choose(std::clamp(chosen_ + by, 0, rows() - 1));
    const int top = kHead + chosen_ * kRow - verticalScrollBar()->value();
    if (top < kHead)
        verticalScrollBar()->setValue(verticalScrollBar()->value() + top - kHead);
    else if (top + kRow > viewport()->height())
        verticalScrollBar()->setValue(verticalScrollBar()->value() + top + kRow -
                                      viewport()->height());
}

void TraceWaterfall::mousePressEvent(QMouseEvent* event) {
    const int row =
        (static_cast<int>(event->position().y()) - kHead + verticalScrollBar()->value()) / kRow;
    if (row >= 0 && row < rows() && event->position().y() > kHead)
        choose(row);
}

void TraceWaterfall::paintEvent(QPaintEvent*) {
    const Theme& theme = themes_.theme();
    QPainter painter(viewport());
    painter.fillRect(viewport()->rect(), theme.surface);
    if (rows() == 0) {
        painter.setPen(theme.textDim);
        painter.drawText(viewport()->rect().adjusted(16, 12, -16, -12),
                         static_cast<int>(Qt::AlignHCenter | Qt::AlignTop | Qt::TextWordWrap),
                         message_);
        return;
    }
    const int scroll = verticalScrollBar()->value();
    for (int row = 0; row < rows(); ++row) {
        const QRectF line(0, kHead + row * kRow - scroll, viewport()->width(), kRow);
        if (line.bottom() > kHead && line.top() < viewport()->height())
            paintRow(painter, row, line);
    }
    painter.fillRect(QRect(0, 0, viewport()->width(), kHead), theme.surface);
    painter.setFont(theme.font(8));
    painter.setPen(theme.textDim);
    const double left = viewport()->width() * kNameShare;
    const double right = viewport()->width() - kDurationWidth;
    for (int quarter = 0; quarter <= 4; ++quarter) {
        const double x = left + (right - left) * quarter / 4;
        painter.drawText(QRectF(x - 40, 0, 80, kHead), Qt::AlignCenter,
                         formatLatency(waterfall_.seconds * quarter / 4));
    }
    painter.fillRect(QRect(0, kHead - 1, viewport()->width(), 1), theme.grid);
}

void TraceWaterfall::paintRow(QPainter& painter, int index, const QRectF& line) const {
    const Theme& theme = themes_.theme();
    const WaterfallRow& row = waterfall_.rows[static_cast<std::size_t>(index)];
    const TraceSpan& span = trace_.spans[row.span];
    const bool isChosen = index == chosen_;
    if (isChosen)
        painter.fillRect(line, theme.selection);
    const double nameWidth = line.width() * kNameShare;
    QRectF name(line.left() + kPadding + std::min(row.depth, 12) * kIndent, line.top(), 0, kRow);
    name.setRight(line.left() + nameWidth - kPadding);
    if (span.failed) {
        drawStateGlyph(painter, QRectF(name.left(), name.center().y() - 5, 10, 10),
                       VisualState::Failing, theme);
        name.setLeft(name.left() + 15);
    }
    painter.setFont(theme.font(9, row.isCritical ? QFont::DemiBold : QFont::Normal));
    painter.setPen(isChosen ? theme.selectedText : row.isCritical ? theme.text : theme.textDim);
    painter.drawText(name, Qt::AlignLeft | Qt::AlignVCenter,
                     painter.fontMetrics().elidedText(nameOf(span), Qt::ElideRight,
                                                      static_cast<int>(name.width())));
    const double left = line.left() + nameWidth;
    const double room = line.right() - kDurationWidth - left;
    const double all = std::max(waterfall_.seconds, 1e-9);
    const QRectF bar(left + room * row.start / all, line.top() + 6,
                     std::max(kLeastBar, room * row.seconds / all), kRow - 12);
    QColor color = row.isCritical ? theme.line[0] : theme.stale;
    painter.fillRect(bar, color);
    if (span.failed) {
        painter.setPen(QPen(theme.failing, 2));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(bar.adjusted(0, -2, 0, 2));
    }
    painter.setFont(theme.font(8.5));
    painter.setPen(isChosen ? theme.selectedText : theme.text);
    painter.drawText(
        QRectF(line.right() - kDurationWidth, line.top(), kDurationWidth - kPadding, kRow),
        Qt::AlignRight | Qt::AlignVCenter, formatLatency(row.seconds));
}

}  // namespace levee
