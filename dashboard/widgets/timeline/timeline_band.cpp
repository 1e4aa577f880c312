// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/widgets/timeline/timeline_band.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>
#include <algorithm>

#include "dashboard/widgets/format.h"
#include "dashboard/widgets/theme.h"

namespace levee {
namespace {

constexpr double kAxisHeight = 18;
constexpr double kLaneHeight = 36;
constexpr double kStripHeight = 34;
constexpr double kShapeHeight = 44;
constexpr double kCaptionWidth = 84;
constexpr double kMargin = 12;
constexpr double kGlyph = 12;
constexpr double kTogether = 22;     // closer marks are one: a shape and two figures
constexpr double kTickSpacing = 92;  // a clock time and air
constexpr std::size_t kMostToldLines = 8;

}  // namespace

TimelineBand::TimelineBand(ThemeController& themes, QStringList captions, QWidget* parent)
    : QWidget(parent), themes_(themes), captions_(std::move(captions)) {
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setAccessibleName(tr("Timeline"));
    connect(&themes, &ThemeController::changed, this, [this] { update(); });
}

void TimelineBand::setMarks(std::vector<TimelineMark> marks) {
    marks_ = std::move(marks);
    for (TimelineMark& mark : marks_)
        mark.lane = laneOf(mark.lane);
    update();
}

void TimelineBand::setSpans(std::vector<TimelineSpan> spans) {
    spans_ = std::move(spans);
    update();
}

void TimelineBand::setLevels(std::vector<TimelineLevel> levels) {
    levels_ = std::move(levels);
    update();
}

void TimelineBand::setRange(std::int64_t fromMillis, std::int64_t toMillis) {
    fromMillis_ = fromMillis;
    toMillis_ = std::max(toMillis, fromMillis + 1);
    update();
}

void TimelineBand::setChosen(const std::string& id) {
    chosen_ = id;
    const auto found = std::ranges::find(marks_, id, &TimelineMark::id);
    setAccessibleDescription(found == marks_.end()
                                 ? QString()
                                 : formatClock(found->millis) + QLatin1Char(' ') + found->text);
    update();
}

void TimelineBand::setCursor(std::int64_t millis) {
    if (millis == cursor_)
        return;
    cursor_ = millis;
    update();
}

void TimelineBand::setEmptyText(const QString& text) {
    emptyText_ = text;
    update();
}

QSize TimelineBand::sizeHint() const {
    const double lanes = captions_.isEmpty()
                             ? kStripHeight
                             : kShapeHeight + kLaneHeight * static_cast<double>(captions_.size());
    return {600, static_cast<int>(lanes + kAxisHeight)};
}

TimelineScale TimelineBand::scale() const {
    const double left = kMargin + (captions_.isEmpty() ? 0 : kCaptionWidth);
    return {fromMillis_, toMillis_, left, std::max(left + 1, width() - kMargin)};
}

QRectF TimelineBand::laneRect(int lane) const {
    const TimelineScale s = scale();
    if (captions_.isEmpty())
        return {s.left, 0, s.right - s.left, kStripHeight};
    return {s.left, kShapeHeight + kLaneHeight * lane, s.right - s.left, kLaneHeight};
}

QRectF TimelineBand::rectOf(const TimelineCluster& cluster) const {
    const QPointF center(cluster.x, laneRect(cluster.lane).center().y());
    return {center.x() - kGlyph / 2, center.y() - kGlyph / 2, kGlyph, kGlyph};
}

std::vector<TimelineCluster> TimelineBand::clusters() const {
    return clusterMarks(marks_, scale(), kTogether);
}

QRectF TimelineBand::markRect(const std::string& id) const {
    for (const TimelineCluster& cluster : clusters())
        for (const std::size_t member : cluster.members)
            if (marks_[member].id == id)
                return rectOf(cluster);
    return {};
}

const TimelineCluster* TimelineBand::at(const std::vector<TimelineCluster>& clusters,
                                        QPointF place) const {
    const TimelineCluster* nearest = nullptr;
    double best = kTogether * kTogether;
    for (const TimelineCluster& cluster : clusters) {
        const QPointF away = rectOf(cluster).center() - place;
        const double distance = QPointF::dotProduct(away, away);
        if (distance < best) {
            best = distance;
            nearest = &cluster;
        }
    }
    return nearest;
}

QString TimelineBand::describe(const TimelineCluster& cluster) const {
    QStringList lines;
    const std::size_t count = cluster.members.size();
    for (std::size_t i = 0; i < count && i < kMostToldLines; ++i) {
        const TimelineMark& mark = marks_[cluster.members[count - 1 - i]];
        lines << formatClock(mark.millis) + QStringLiteral("  ") + mark.text;
    }
    if (count > kMostToldLines)
        lines << tr("and %n more", nullptr, static_cast<int>(count - kMostToldLines));
    return lines.join(QLatin1Char('\n'));
}

void TimelineBand::mousePressEvent(QMouseEvent* event) {
    const auto all = clusters();
    if (const TimelineCluster* cluster = at(all, event->position()))
        emit markChosen(marks_[cluster->shown].id);
    else if (const double x = event->position().x(); x >= scale().left && x <= scale().right)
        emit timeChosen(scale().millisAt(x));
}

void TimelineBand::mouseDoubleClickEvent(QMouseEvent* event) {
    const auto all = clusters();
    if (const TimelineCluster* cluster = at(all, event->position()))
        emit markActivated(marks_[cluster->shown].id);
}

void TimelineBand::step(int direction) {
    std::vector<const TimelineMark*> order;
    for (const TimelineMark& mark : marks_)
        if (mark.millis >= fromMillis_ && mark.millis <= toMillis_)
            order.push_back(&mark);
    if (order.empty())
        return;
    std::ranges::stable_sort(order, {}, [](const TimelineMark* mark) { return mark->millis; });
    const auto here = std::ranges::find(order, chosen_, [](const auto* mark) { return mark->id; });
    std::ptrdiff_t next = here - order.begin() + direction;
    if (here == order.end())
        next = static_cast<std::ptrdiff_t>(order.size()) - 1;
    next = std::clamp<std::ptrdiff_t>(next, 0, static_cast<std::ptrdiff_t>(order.size()) - 1);
    emit markChosen(order[static_cast<std::size_t>(next)]->id);
}

void TimelineBand::keyPressEvent(QKeyEvent* event) {
    switch (event->key()) {
        case Qt::Key_Left:
            step(-1);
            return;
        case Qt::Key_Right:
            step(1);
            return;
        case Qt::Key_Return:
        case Qt::Key_Enter:
            if (!chosen_.empty())
                emit markActivated(chosen_);
            return;
        default:
            QWidget::keyPressEvent(event);
    }
}

bool TimelineBand::event(QEvent* event) {
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    auto* help = static_cast<QHelpEvent*>(event);
    const auto all = clusters();
    const TimelineCluster* cluster = at(all, help->pos());
    const QString text = cluster ? describe(*cluster) : QString();
    // A tool tip that looks like markup would be read as markup.
    const QString html = text.toHtmlEscaped().replace(QLatin1Char('\n'), QLatin1String("<br>"));
    QToolTip::showText(help->globalPos(), html.isEmpty() ? html : "<qt>" + html + "</qt>", this);
    return true;
}

void TimelineBand::paintEvent(QPaintEvent*) {
    const Theme& theme = themes_.theme();
    QPainter painter(this);
    painter.fillRect(rect(), theme.surface);
    painter.setRenderHint(QPainter::Antialiasing);
    paintAxis(painter);
    paintLevels(painter);
    paintSpans(painter);
    paintMarks(painter);
    if (cursor_ > 0 && cursor_ >= fromMillis_ && cursor_ <= toMillis_) {
        painter.setPen(QPen(theme.text, 2));
        painter.drawLine(QPointF(scale().xOf(cursor_), 0),
                         QPointF(scale().xOf(cursor_), height() - kAxisHeight));
    }
    if (marks_.empty() && !emptyText_.isEmpty()) {
        painter.setFont(theme.font(8.5));
        painter.setPen(theme.textDim);
        painter.drawText(laneRect(0), Qt::AlignCenter, emptyText_);
    }
    if (hasFocus()) {
        painter.setPen(QPen(theme.accent, 2));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(rect().adjusted(1, 1, -1, -1));
    }
}

void TimelineBand::paintAxis(QPainter& painter) const {
    const Theme& theme = themes_.theme();
    const TimelineScale s = scale();
    const double bottom = height() - kAxisHeight;
    painter.setFont(theme.font(7.5));
    for (const std::int64_t millis : axisTicks(s, kTickSpacing)) {
        const double x = s.xOf(millis);
        painter.setPen(QPen(theme.grid, 1));
        painter.drawLine(QPointF(x, 0), QPointF(x, bottom));
        const QRectF place(x - 45, bottom, 90, kAxisHeight);
        if (place.left() < 0 || place.right() > width())
            continue;
        painter.setPen(theme.textDim);
        painter.drawText(place, Qt::AlignCenter, formatClock(millis));
    }
    painter.setPen(QPen(theme.border, 1));
    painter.drawLine(QPointF(0, bottom), QPointF(width(), bottom));
    for (int lane = 0; lane < captions_.size(); ++lane) {
        const QRectF area = laneRect(lane);
        painter.setPen(QPen(theme.grid, 1));
        painter.drawLine(QPointF(0, area.top()), QPointF(width(), area.top()));
        painter.setPen(theme.textDim);
        painter.setFont(theme.font(8));
        const QRectF caption(kMargin, area.top(), kCaptionWidth - 8, area.height());
        painter.drawText(caption, Qt::AlignLeft | Qt::AlignVCenter,
                         painter.fontMetrics().elidedText(captions_[lane], Qt::ElideRight,
                                                          static_cast<int>(caption.width())));
    }
    if (captions_.isEmpty())
        return;
    painter.setPen(theme.textDim);
    painter.setFont(theme.font(8));
    painter.drawText(QRectF(kMargin, 0, kCaptionWidth - 8, kShapeHeight),
                     Qt::AlignLeft | Qt::AlignVCenter, tr("Not well"));
}

void TimelineBand::paintLevels(QPainter& painter) const {
    const Theme& theme = themes_.theme();
    const TimelineScale s = scale();
    const double bottom = captions_.isEmpty() ? height() - kAxisHeight : kShapeHeight;
    const double tall = (captions_.isEmpty() ? kStripHeight : kShapeHeight) - 4;
    QColor degraded = theme.degraded;
    QColor failing = theme.failing;
    degraded.setAlphaF(0.45F);
    failing.setAlphaF(0.7F);
    painter.setRenderHint(QPainter::Antialiasing, false);
    for (std::size_t i = 0; i < levels_.size(); ++i) {
        const TimelineLevel& level = levels_[i];
        if (level.degraded + level.failing <= 0)
            continue;
        // A second holds until the next one that is known, but no longer than two.
        const std::int64_t end =
            std::min(level.millis + 2'000,
                     i + 1 < levels_.size() ? levels_[i + 1].millis : level.millis + 1'000);
        if (end < fromMillis_ || level.millis > toMillis_)
            continue;
        const double left = std::max(s.left, s.xOf(level.millis));
        const double right = std::min(s.right, std::max(left + 1, s.xOf(end)));
        const double low = tall * level.failing;
        const double high = tall * std::min(1.0, level.failing + level.degraded);
        painter.fillRect(QRectF(left, bottom - high, right - left, high - low), degraded);
        painter.fillRect(QRectF(left, bottom - low, right - left, low), failing);
    }
    painter.setRenderHint(QPainter::Antialiasing);
}

void TimelineBand::paintSpans(QPainter& painter) const {
    if (captions_.isEmpty())
        return;
    const Theme& theme = themes_.theme();
    const TimelineScale s = scale();
    painter.setFont(theme.font(8));
    for (const TimelineSpan& span : spans_) {
        const std::int64_t to = span.toMillis > 0 ? span.toMillis : toMillis_;
        if (to < fromMillis_ || span.fromMillis > toMillis_)
            continue;
        const double left = std::max(s.left, s.xOf(span.fromMillis));
        const double right = std::min(s.right, s.xOf(to));
        const QRectF lane = laneRect(span.lane);
        const QRectF bar(left, lane.bottom() - 8, std::max(1.0, right - left - 1), 4);
        painter.setPen(Qt::NoPen);
        painter.setBrush(theme.line[0]);
        painter.drawRoundedRect(bar, 2, 2);
        const QRectF place(left + kGlyph, lane.top() + 2, right - left - kGlyph - 6,
                           lane.height() - 12);
        if (place.width() < 40)
            continue;
        painter.setPen(theme.textDim);
        painter.drawText(place, Qt::AlignLeft | Qt::AlignVCenter,
                         painter.fontMetrics().elidedText(span.text, Qt::ElideRight,
                                                          static_cast<int>(place.width())));
    }
}

void TimelineBand::paintMarks(QPainter& painter) const {
    const Theme& theme = themes_.theme();
    painter.setFont(theme.font(7, QFont::DemiBold));
    for (const TimelineCluster& cluster : clusters()) {
        const QRectF box = rectOf(cluster);
        const bool isChosen = std::ranges::any_of(
            cluster.members, [&](std::size_t member) { return marks_[member].id == chosen_; });
        painter.setPen(Qt::NoPen);
        if (isChosen) {
            painter.setPen(QPen(theme.accent, 2));
            painter.setBrush(theme.raised);
            painter.drawEllipse(box.adjusted(-5, -5, 5, 5));
        } else {
            // Lifts the shape off what is behind it.
            painter.setBrush(theme.surface);
            painter.drawEllipse(box.adjusted(-2, -2, 2, 2));
        }
        painter.setOpacity(marks_[cluster.shown].isQuiet && !isChosen ? 0.35 : 1);
        drawStateGlyph(painter, box, marks_[cluster.shown].state, theme);
        painter.setOpacity(1);
        if (cluster.members.size() < 2)
            continue;
        painter.setPen(theme.text);
        painter.drawText(QRectF(box.right() + 1, box.top() - 7, 24, 12),
                         Qt::AlignLeft | Qt::AlignVCenter, QString::number(cluster.members.size()));
    }
}

}  // namespace levee
