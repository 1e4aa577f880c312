// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/widgets/chart/latency_heatmap.h"

#include <QAccessible>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <algorithm>
#include <cmath>

#include "dashboard/widgets/chart/heat_colors.h"
#include "dashboard/widgets/theme.h"

namespace levee {
namespace {

// As in TimeChart, so that times line up.
constexpr int kHeader = 34;
constexpr int kAxisWidth = 62;
constexpr int kEndRoom = 8;
constexpr int kFoot = 24;
constexpr int kLeastRows = 8;
constexpr int kDragFrom = 4;  ///< pixels; less is a click
constexpr int kLegendWidth = 72;

QColor between(const QColor& a, const QColor& b, double t) {
    const auto mix = [t](int from, int to) { return int(std::lround(from + t * (to - from))); };
    return {mix(a.red(), b.red()), mix(a.green(), b.green()), mix(a.blue(), b.blue())};
}

/// `t`: 0 for one request, 1 for the most that a cell in sight has.
QColor heatColor(const Theme& theme, double t) {
    const double place = std::clamp(t, 0.0, 1.0) * double(std::size(heatColors(theme)) - 1);
    const auto low = std::min(std::size_t(place), std::size(heatColors(theme)) - 2);
    return between(heatColors(theme)[low], heatColors(theme)[low + 1], place - double(low));
}

double heatOf(std::uint32_t count, std::uint32_t most) {
    return most > 1 ? std::log(double(count)) / std::log(double(most)) : 0;
}

}  // namespace

LatencyHeatmap::LatencyHeatmap(ThemeController& themes, QWidget* parent)
    : QWidget(parent), themes_(themes) {
    setMouseTracking(true);
    setFocusPolicy(Qt::StrongFocus);
    setCursor(Qt::CrossCursor);
    connect(&themes, &ThemeController::changed, this, [this] {
        remakePicture();
        update();
    });
}

void LatencyHeatmap::setTitle(const QString& title) {
    title_ = plainLine(title, 120);
    setAccessibleName(title_);
    update();
}

void LatencyHeatmap::setData(HeatmapData next) {
    // Columns count from the first one: what points at them stays at its time.
    const std::int64_t moved =
        next.sliceMillis > 0 ? (data_.fromMillis - next.fromMillis) / next.sliceMillis : 0;
    for (std::optional<Cell>* cell : {&hovered_, &cursor_, &anchor_})
        if (*cell)
            (*cell)->column += moved;
    data_ = std::move(next);
    fitRows();
    remakePicture();
    update();
}

void LatencyHeatmap::setMarks(const std::vector<ChartMark>& marks) {
    marks_ = marks;
    update();
}

void LatencyHeatmap::setTimeRange(std::int64_t fromMillis, std::int64_t toMillis) {
    from_ = fromMillis;
    to_ = toMillis;
    update();
}

void LatencyHeatmap::setCrosshair(std::optional<std::int64_t> millis) {
    if (crosshair_ == millis)
        return;
    crosshair_ = millis;
    update();
}

void LatencyHeatmap::setEmptyText(const QString& text) {
    emptyText_ = text;
    update();
}

void LatencyHeatmap::setBox(const std::optional<HeatmapBox>& box) {
    box_ = box;
    update();
}

void LatencyHeatmap::choose(const std::optional<HeatmapBox>& box) {
    if (box_ == box)
        return;
    setBox(box);
    emit boxChosen(box_);
}

/// The rows with requests in them, and one more at each end.
void LatencyHeatmap::fitRows() {
    lowRow_ = data_.rows;
    highRow_ = -1;
    most_ = 0;
    for (std::size_t i = 0; i < data_.counts.size(); ++i) {
        if (data_.counts[i] == 0)
            continue;
        const int row = int(i % std::size_t(data_.rows));
        lowRow_ = std::min(lowRow_, row);
        highRow_ = std::max(highRow_, row);
        most_ = std::max(most_, data_.counts[i]);
    }
    if (most_ == 0) {
        lowRow_ = 0;
        highRow_ = std::max(0, data_.rows - 1);
        return;
    }
    --lowRow_;
    ++highRow_;
    while (highRow_ - lowRow_ + 1 < kLeastRows) {
        --lowRow_;
        ++highRow_;
    }
    lowRow_ = std::max(0, lowRow_);
    highRow_ = std::min(data_.rows - 1, highRow_);
}

void LatencyHeatmap::remakePicture() {
    picture_ = {};
    if (most_ == 0)
        return;
    const Theme& theme = themes_.theme();
    const int rows = highRow_ - lowRow_ + 1;
    picture_ = QImage(int(data_.columns), rows, QImage::Format_ARGB32_Premultiplied);
    picture_.fill(Qt::transparent);
    for (int row = 0; row < rows; ++row) {
        auto* line = reinterpret_cast<QRgb*>(picture_.scanLine(rows - 1 - row));
        for (std::size_t column = 0; column < data_.columns; ++column) {
            const std::uint32_t count =
                data_.counts[column * std::size_t(data_.rows) + std::size_t(lowRow_ + row)];
            if (count > 0)
                line[column] = heatColor(theme, heatOf(count, most_)).rgb();
        }
    }
}

QRectF LatencyHeatmap::plotRect() const {
    return QRectF(rect()).adjusted(kAxisWidth, kHeader, -kEndRoom, -kFoot);
}

double LatencyHeatmap::xOf(std::int64_t millis) const {
    const QRectF area = plotRect();
    return area.left() + area.width() * double(millis - from_) / double(to_ - from_);
}

double LatencyHeatmap::yOf(double row) const {
    const QRectF area = plotRect();
    return area.bottom() - area.height() * (row - lowRow_) / double(highRow_ - lowRow_ + 1);
}

std::int64_t LatencyHeatmap::millisOf(std::int64_t column) const {
    return data_.fromMillis + column * data_.sliceMillis;
}

LatencyHeatmap::Cell LatencyHeatmap::clampedCellAt(QPointF place) const {
    const QRectF area = plotRect();
    const double x = std::clamp(place.x(), area.left(), area.right() - 0.01);
    const double y = std::clamp(place.y(), area.top() + 0.01, area.bottom());
    const double millis = double(from_) + (x - area.left()) / area.width() * double(to_ - from_);
    const double row = (area.bottom() - y) / area.height() * (highRow_ - lowRow_ + 1);
    return {
        std::int64_t(std::floor((millis - double(data_.fromMillis)) / double(data_.sliceMillis))),
        std::clamp(lowRow_ + int(row), lowRow_, highRow_)};
}

std::optional<LatencyHeatmap::Cell> LatencyHeatmap::cellAt(QPointF place) const {
    if (data_.sliceMillis <= 0 || data_.rows <= 0 || !plotRect().contains(place))
        return std::nullopt;
    return clampedCellAt(place);
}

std::uint32_t LatencyHeatmap::countOf(Cell cell) const {
    if (cell.column < 0 || cell.column >= std::int64_t(data_.columns) || cell.row < 0 ||
        cell.row >= data_.rows)
        return 0;
    return data_.counts[std::size_t(cell.column) * std::size_t(data_.rows) + std::size_t(cell.row)];
}

HeatmapBox LatencyHeatmap::boxOf(Cell a, Cell b) const {
    return {millisOf(std::min(a.column, b.column)), millisOf(std::max(a.column, b.column) + 1),
            std::min(a.row, b.row), std::max(a.row, b.row)};
}

QRectF LatencyHeatmap::rectOf(const HeatmapBox& box) const {
    return QRectF(QPointF(xOf(box.fromMillis), yOf(box.highRow + 1)),
                  QPointF(xOf(box.toMillis), yOf(box.lowRow)))
        .intersected(plotRect());
}

std::optional<LatencyHeatmap::Cell> LatencyHeatmap::readCell() const {
    return hovered_ ? hovered_ : hasFocus() ? cursor_ : std::nullopt;
}

QString LatencyHeatmap::readOut() const {
    const std::optional<Cell> cell = readCell();
    if (!cell || data_.rows <= 0)
        return {};
    const auto row = std::size_t(std::clamp(cell->row, 0, data_.rows - 1));
    const std::int64_t begin = millisOf(cell->column);
    //: a time, a range of latencies
    const QString place = tr("%1 · %2 to %3")
                              .arg(formatClock(begin), formatLatency(data_.bounds[row]),
                                   formatLatency(data_.bounds[row + 1]));
    if (begin < data_.knownFrom || begin >= data_.knownUntil)
        return tr("%1: not known").arg(place);
    return tr("%1: %n request(s)", nullptr, int(std::min(countOf(*cell), 2'000'000'000U)))
        .arg(place);
}

void LatencyHeatmap::tellReadOut() {
    setAccessibleDescription(readOut());
    QAccessibleEvent news(this, QAccessible::DescriptionChanged);
    QAccessible::updateAccessibility(&news);
    update();
}

void LatencyHeatmap::mousePressEvent(QMouseEvent* event) {
    anchor_ = event->button() == Qt::LeftButton ? cellAt(event->position()) : std::nullopt;
    pressedAt_ = event->position();
    isDragging_ = false;
}

void LatencyHeatmap::mouseMoveEvent(QMouseEvent* event) {
    hovered_ = cellAt(event->position());
    if (anchor_ && (event->buttons() & Qt::LeftButton)) {
        const QPointF moved = event->position() - pressedAt_;
        isDragging_ = isDragging_ || moved.manhattanLength() >= kDragFrom;
        if (isDragging_)
            setBox(boxOf(*anchor_, clampedCellAt(event->position())));
    }
    if (hovered_) {
        const QRectF area = plotRect();
        const double share = (event->position().x() - area.left()) / area.width();
        setCrosshair(from_ + std::int64_t(share * double(to_ - from_)));
        emit crosshairMoved(*crosshair_);
    }
    update();
}

void LatencyHeatmap::mouseReleaseEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton)
        return;
    if (isDragging_ && anchor_) {
        setBox(boxOf(*anchor_, clampedCellAt(event->position())));
        emit boxChosen(box_);
    } else if (!box_ || !rectOf(*box_).contains(event->position())) {
        choose(std::nullopt);
    }
    cursor_ = clampedCellAt(event->position());
    anchor_.reset();
    isDragging_ = false;
}

void LatencyHeatmap::leaveEvent(QEvent*) {
    hovered_.reset();
    setCrosshair(std::nullopt);
    emit crosshairLeft();
    update();
}

/// Escape is ours while there is a box to let go of.
bool LatencyHeatmap::event(QEvent* event) {
    if (event->type() == QEvent::ShortcutOverride && box_ &&
        static_cast<QKeyEvent*>(event)->key() == Qt::Key_Escape) {
        event->accept();
        return true;
    }
    return QWidget::event(event);
}

void LatencyHeatmap::keyPressEvent(QKeyEvent* event) {
    const bool isExtending = event->modifiers() & Qt::ShiftModifier;
    switch (event->key()) {
        case Qt::Key_Left:
            return moveCursor(-1, 0, isExtending);
        case Qt::Key_Right:
            return moveCursor(1, 0, isExtending);
        case Qt::Key_Up:
            return moveCursor(0, 1, isExtending);
        case Qt::Key_Down:
            return moveCursor(0, -1, isExtending);
        case Qt::Key_Escape:
            if (box_)
                return choose(std::nullopt);
            break;
        default:
            break;
    }
    QWidget::keyPressEvent(event);
}

void LatencyHeatmap::moveCursor(int columns, int rows, bool isExtending) {
    if (most_ == 0)
        return;
    if (!cursor_) {
        // Where the newest requests are.
        cursor_ = Cell{std::int64_t(data_.columns) - 1, lowRow_};
        for (std::size_t i = data_.counts.size(); i-- > 0;)
            if (data_.counts[i] > 0) {
                cursor_ = Cell{std::int64_t(i / std::size_t(data_.rows)),
                               int(i % std::size_t(data_.rows))};
                break;
            }
    } else {
        if (!isExtending)
            anchor_.reset();
        else if (!anchor_)
            anchor_ = cursor_;
        cursor_->column =
            std::clamp<std::int64_t>(cursor_->column + columns, 0, std::int64_t(data_.columns) - 1);
        cursor_->row = std::clamp(cursor_->row + rows, lowRow_, highRow_);
        if (isExtending)
            choose(boxOf(*anchor_, *cursor_));
    }
    hovered_.reset();
    tellReadOut();
}

void LatencyHeatmap::paintEvent(QPaintEvent*) {
    const Theme& theme = themes_.theme();
    QPainter painter(this);
    painter.fillRect(rect(), theme.surface);
    paintHeader(painter);
    const QRectF area = plotRect();
    if (most_ == 0) {
        painter.setFont(theme.font(9.5));
        painter.setPen(theme.textDim);
        painter.drawText(area.adjusted(8, 0, -8, 0), Qt::AlignCenter | Qt::TextWordWrap,
                         emptyText_);
    } else {
        painter.save();
        painter.setClipRect(area);
        paintUnknown(painter);
        const QRectF target(QPointF(xOf(data_.fromMillis), area.top()),
                            QPointF(xOf(millisOf(std::int64_t(data_.columns))), area.bottom()));
        painter.drawImage(target, picture_);
        paintMarks(painter);
        paintBox(painter);
        painter.restore();
        paintAxes(painter);
    }
    if (hasFocus()) {
        painter.setPen(QPen(theme.accent, 2));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(rect().adjusted(1, 1, -2, -2));
    }
}

void LatencyHeatmap::paintHeader(QPainter& painter) const {
    const Theme& theme = themes_.theme();
    const QFont titleFont = theme.font(9.5, QFont::DemiBold);
    const QRectF row(10, 2, width() - 20, kHeader - 12);
    painter.setFont(titleFont);
    painter.setPen(theme.text);
    painter.drawText(row, Qt::AlignVCenter | Qt::AlignLeft, title_);
    const double titleEnd = row.left() + QFontMetricsF(titleFont).horizontalAdvance(title_) + 16;
    painter.setFont(theme.font(8.5));
    const QFontMetricsF metrics(painter.font());
    const QRectF rest(titleEnd, row.top(), row.right() - titleEnd, row.height());
    if (const QString text = readOut(); !text.isEmpty()) {
        painter.setPen(theme.text);
        painter.drawText(rest, Qt::AlignVCenter | Qt::AlignRight,
                         metrics.elidedText(text, Qt::ElideLeft, rest.width()));
        return;
    }
    //: beside the colours of a heatmap: from one request in a cell to so many
    const QString most = formatCount(most_);
    const double needed = kLegendWidth + metrics.horizontalAdvance(most) + 24;
    if (most_ == 0 || rest.width() < needed)
        return;
    painter.setPen(theme.textDim);
    painter.drawText(rest, Qt::AlignVCenter | Qt::AlignRight, most);
    const double right = rest.right() - metrics.horizontalAdvance(most) - 6;
    const QRectF bar(right - kLegendWidth, row.center().y() - 5, kLegendWidth, 10);
    for (int x = 0; x < kLegendWidth; ++x)
        painter.fillRect(QRectF(bar.left() + x, bar.top(), 1, bar.height()),
                         heatColor(theme, double(x) / (kLegendWidth - 1)));
    painter.drawText(QRectF(bar.left() - 16, row.top(), 12, row.height()),
                     Qt::AlignVCenter | Qt::AlignRight, QStringLiteral("1"));
}

void LatencyHeatmap::paintAxes(QPainter& painter) const {
    const Theme& theme = themes_.theme();
    const QRectF area = plotRect();
    painter.setFont(theme.font(8));
    painter.setPen(QPen(theme.border, 1));
    painter.drawLine(area.bottomLeft(), area.bottomRight());
    painter.setPen(theme.textDim);
    const double least = data_.bounds[std::size_t(lowRow_)];
    const double most = data_.bounds[std::size_t(highRow_) + 1];
    const double perRow = std::log(data_.bounds[1] / data_.bounds[0]);
    // Whole decades first; where there is room, two more in each.
    const double perDecade = area.height() / (highRow_ - lowRow_ + 1) * std::log(10.0) / perRow;
    double lastY = area.bottom() + 20;
    for (double decade = std::pow(10.0, std::floor(std::log10(least))); decade <= most;
         decade *= 10) {
        for (const double step : {1.0, 2.0, 5.0}) {
            const double value = decade * step;
            if (value < least || value > most || (step > 1 && perDecade < 60))
                continue;
            const double y = yOf(std::log(value / data_.bounds[0]) / perRow);
            if (lastY - y < 18 || y < area.top() + 4)
                continue;
            lastY = y;
            painter.drawText(QRectF(0, y - 8, kAxisWidth - 6, 16),
                             Qt::AlignVCenter | Qt::AlignRight, formatLatency(value));
        }
    }
    // Whole steps of time, so that labels do not run through the digits.
    constexpr std::int64_t kSteps[] = {10'000, 15'000, 30'000, 60'000, 120'000, 300'000};
    const double room = area.width() / 72;
    std::int64_t step = kSteps[std::size(kSteps) - 1];
    for (const std::int64_t each : kSteps)
        if (double(to_ - from_) / double(each) <= room) {
            step = each;
            break;
        }
    for (std::int64_t at = (from_ / step + 1) * step; at < to_; at += step) {
        const QRectF label(xOf(at) - 40, area.bottom() + 4, 80, 16);
        if (label.left() >= 0 && label.right() <= width())
            painter.drawText(label, Qt::AlignHCenter | Qt::AlignTop, formatClock(at));
    }
}

/// Hatched: there nobody knows, which is not the same as no request.
void LatencyHeatmap::paintUnknown(QPainter& painter) const {
    const QRectF area = plotRect();
    const QBrush hatch(themes_.theme().grid, Qt::BDiagPattern);
    const double first = std::clamp(xOf(data_.knownFrom), area.left(), area.right());
    const double last = std::clamp(xOf(data_.knownUntil), area.left(), area.right());
    painter.fillRect(QRectF(area.topLeft(), QPointF(first, area.bottom())), hatch);
    painter.fillRect(QRectF(QPointF(last, area.top()), area.bottomRight()), hatch);
}

void LatencyHeatmap::paintMarks(QPainter& painter) const {
    const Theme& theme = themes_.theme();
    const QRectF area = plotRect();
    painter.setPen(QPen(theme.textDim, 1, Qt::DashLine));
    for (const ChartMark& mark : marks_)
        painter.drawLine(QPointF(xOf(mark.millis), area.top()),
                         QPointF(xOf(mark.millis), area.bottom()));
    if (crosshair_) {
        painter.setPen(QPen(theme.accent, 1));
        painter.drawLine(QPointF(xOf(*crosshair_), area.top()),
                         QPointF(xOf(*crosshair_), area.bottom()));
    }
}

void LatencyHeatmap::paintBox(QPainter& painter) const {
    const Theme& theme = themes_.theme();
    const auto frame = [&](const QRectF& rect, double width) {
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(theme.surface, width + 2));
        painter.drawRect(rect);
        painter.setPen(QPen(theme.accent, width));
        painter.drawRect(rect);
    };
    if (box_)
        frame(rectOf(*box_).adjusted(1, 1, -1, -1), 2);
    if (const std::optional<Cell> cell = readCell())
        frame(rectOf(boxOf(*cell, *cell)), 1);
}

}  // namespace levee
