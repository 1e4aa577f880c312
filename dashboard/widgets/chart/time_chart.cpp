// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/widgets/chart/time_chart.h"

#include <qcustomplot.h>

#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

#include "dashboard/widgets/theme.h"

namespace levee {
namespace {

/// Axis labels by our own formatter: "250 ms", "1.2k/s", "40 %".
class UnitTicker : public QCPAxisTicker {
public:
    explicit UnitTicker(const Unit& unit) : unit_(unit) {}

private:
    QString getTickLabel(double tick, const QLocale&, QChar, int) override {
        // They come with rounding noise: 0.6000000000000001 would be "60.0 %", beside "80 %".
        return formatValue(std::round(tick * 1e9) / 1e9, unit_);
    }
    const Unit& unit_;
};

QColor toneColor(LineTone tone, const Theme& theme) {
    switch (tone) {
        case LineTone::First:
        case LineTone::Second:
        case LineTone::Third:
        case LineTone::Fourth:
            return theme.line[int(tone) - int(LineTone::First)];
        case LineTone::Ok:
            return theme.ok;
        case LineTone::Degraded:
            return theme.degraded;
        case LineTone::Failing:
            return theme.failing;
        case LineTone::Throttled:
            return theme.throttled;
        case LineTone::Dim:
            break;
    }
    return theme.textDim;
}

/// The newest known point up to `until`, null without one.
const ChartPoint* newestKnown(const ChartLine& line, double until) {
    const auto found = std::find_if(
        line.points.rbegin(), line.points.rend(),
        [&](const ChartPoint& p) { return double(p.millis) <= until && std::isfinite(p.value); });
    return found == line.points.rend() ? nullptr : &*found;
}

/// The value nearest to `millis` within two steps of the data.
double valueAt(const ChartLine& line, std::int64_t millis) {
    if (line.points.empty())
        return NAN;
    const auto after =
        std::lower_bound(line.points.begin(), line.points.end(), millis,
                         [](const ChartPoint& p, std::int64_t at) { return p.millis < at; });
    const auto nearest =
        after == line.points.end() || (after != line.points.begin() &&
                                       millis - std::prev(after)->millis < after->millis - millis)
            ? std::prev(after)
            : after;
    const double span = double(line.points.back().millis - line.points.front().millis);
    const double step = span / double(std::max<std::size_t>(1, line.points.size() - 1));
    const bool near = std::abs(double(nearest->millis - millis)) <= std::max(2000.0, step * 2);
    return near ? nearest->value : NAN;
}

/// A round number a little above `value`: axes that end at one are easier to read.
double niceTop(double value) {
    const double scale = std::pow(10.0, std::floor(std::log10(value)));
    for (const double step : {1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0}) {
        if (value <= step * scale)
            return step * scale;
    }
    return 10 * scale;
}

constexpr int kHeader = 34;     ///< pixels above the plot for title and legend
constexpr int kAxisWidth = 62;  ///< pixels; the same in all charts, so that times line up
constexpr int kEndRoom = 8;
constexpr int kTimesHeight = 24;  ///< pixels below the plot
constexpr int kTickRoom = 24;     ///< pixels from one label to the next, about

}  // namespace

/// QCustomPlot with everything of its own look removed; title, legend, marks and read-out are ours.
class TimeChart::Plot : public QCustomPlot {
public:
    Plot(TimeChart& chart, ThemeController& controller) : QCustomPlot(&chart), themes(controller) {
        setMouseTracking(true);
        setNoAntialiasingOnDrag(true);
        setPlottingHint(QCP::phFastPolylines, true);
        setAccessibleName(QObject::tr("Chart over time"));
        yAxis->setTicker(ticker_);
        auto times = QSharedPointer<QCPAxisTickerDateTime>::create();
        times->setDateTimeFormat(QStringLiteral("HH:mm:ss"));
        times->setTickCount(5);
        xAxis->setTicker(times);
        axisRect()->setAutoMargins(QCP::msNone);
        axisRect()->setMargins(QMargins(kAxisWidth, kHeader, kEndRoom, kTimesHeight));
        restyle();
    }

    void restyle() {
        const Theme& theme = themes.theme();
        setBackground(QBrush(theme.surface));
        for (QCPAxis* axis : {xAxis, yAxis}) {
            axis->setTickLabelColor(theme.textDim);
            axis->setTickLabelFont(theme.font(8));
            axis->setBasePen(axis == xAxis ? QPen(theme.border, 1) : QPen(Qt::NoPen));
            axis->setTickPen(Qt::NoPen);
            axis->setSubTickPen(Qt::NoPen);
            axis->setTickLabelPadding(6);
            axis->grid()->setPen(QPen(theme.grid, 1));
            axis->grid()->setZeroLinePen(Qt::NoPen);
            axis->grid()->setVisible(axis == yAxis);
        }
        remakeGraphs();
        replot();
    }

    void remakeGraphs() {
        const Theme& theme = themes.theme();
        clearGraphs();
        for (const ChartLine& line : lines) {
            QCPGraph* graph = addGraph();
            const QColor color = toneColor(line.tone, theme);
            graph->setPen(
                QPen(color, line.dashed ? 1.3 : 1.7, line.dashed ? Qt::DashLine : Qt::SolidLine));
            if (line.filled) {
                QColor fill = color;
                fill.setAlphaF(0.14F);
                graph->setBrush(fill);
            }
            QVector<QCPGraphData> points;
            points.reserve(int(line.points.size()));
            for (const ChartPoint& point : line.points)
                points.append(QCPGraphData(double(point.millis) / 1000.0, point.value));
            graph->data()->set(points, true);
        }
        rescale();
    }

    void rescale() {
        double top = 0;
        known = false;
        const QCPRange shown = xAxis->range();
        for (const ChartLine& line : lines) {
            for (const ChartPoint& point : line.points) {
                const double at = double(point.millis) / 1000.0;
                if (at < shown.lower || at > shown.upper || !std::isfinite(point.value))
                    continue;
                known = true;
                top = std::max(top, point.value);
            }
        }
        const double least = unit == Unit::Share ? 0.01 : unit == Unit::Seconds ? 0.001 : 1;
        top = niceTop(std::max(top * 1.08, least));
        // A share has a natural end.
        yAxis->setRange(0, unit == Unit::Share ? std::min(top, 1.0) : top);
        xAxis->setTickLabels(true);
        yAxis->setTickLabels(known);
        yAxis->grid()->setVisible(known);
    }

    std::int64_t millisAt(double x) const { return std::int64_t(xAxis->pixelToCoord(x) * 1000.0); }

    QRect plotRect() const { return axisRect()->rect(); }

    ThemeController& themes;
    Unit unit = Unit::Count;
    QString title;
    QString emptyText = QObject::tr("no data in this window");
    std::vector<ChartLine> lines;
    std::vector<ChartMark> marks;
    std::optional<std::int64_t> crosshair;
    bool known = false;

protected:
    void resizeEvent(QResizeEvent* event) override {
        // A low chart has fewer lines, not labels over one another.
        const int height = event->size().height() - kHeader - kTimesHeight;
        ticker_->setTickCount(std::clamp(height / kTickRoom, 1, 4));
        QCustomPlot::resizeEvent(event);
    }
    void paintEvent(QPaintEvent* event) override {
        QCustomPlot::paintEvent(event);
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        paintHeader(painter);
        paintMarks(painter);
        if (known)
            paintEnds(painter);
        else
            paintEmpty(painter);
        if (crosshair && known)
            paintCrosshair(painter);
    }

private:
    QSharedPointer<UnitTicker> ticker_ = QSharedPointer<UnitTicker>::create(unit);

    double xOf(std::int64_t millis) const { return xAxis->coordToPixel(double(millis) / 1000.0); }

    void paintHeader(QPainter& painter) const {
        const Theme& theme = themes.theme();
        const QFont titleFont = theme.font(9.5, QFont::DemiBold);
        painter.setFont(titleFont);
        painter.setPen(theme.text);
        const QRectF row(10, 2, width() - 20, kHeader - 12);
        painter.drawText(row, Qt::AlignVCenter | Qt::AlignLeft, title);
        const double titleEnd = row.left() + QFontMetricsF(titleFont).horizontalAdvance(title) + 16;
        double right = row.right();
        if (crosshair)
            right = paintClock(painter, row, right);
        for (auto it = lines.rbegin(); it != lines.rend() && right > titleEnd; ++it)
            right = paintLegendEntry(painter, *it, row, right, titleEnd);
    }

    double paintClock(QPainter& painter, const QRectF& row, double right) const {
        const Theme& theme = themes.theme();
        const QFont font = theme.font(8.5);
        const QString text = formatClock(*crosshair);
        const double width = QFontMetricsF(font).horizontalAdvance(text);
        painter.setFont(font);
        painter.setPen(theme.accent);
        painter.drawText(QRectF(right - width, row.top(), width, row.height()), Qt::AlignVCenter,
                         text);
        return right - width - 16;
    }

    /// At the crosshair, or the newest of those that are shown: in the past not today's.
    double legendValue(const ChartLine& line) const {
        if (crosshair)
            return valueAt(line, *crosshair);
        const ChartPoint* newest = newestKnown(line, shownUntil());
        return newest == nullptr ? NAN : newest->value;
    }

    double shownUntil() const { return xAxis->range().upper * 1000; }

    /// "— p99 2.40 s", from the right; the value in a width that does not jump.
    double paintLegendEntry(QPainter& painter, const ChartLine& line, const QRectF& row,
                            double right, double limit) const {
        const Theme& theme = themes.theme();
        const QFont nameFont = theme.font(8.5);
        const QFont valueFont = theme.font(8.5, QFont::DemiBold);
        const QString value = formatValue(legendValue(line), unit);
        const double valueWidth =
            std::max(QFontMetricsF(valueFont).horizontalAdvance(value),
                     QFontMetricsF(valueFont).horizontalAdvance(QStringLiteral("00.0 ms")));
        const QString name = plainLine(line.name, 40);
        const double nameWidth = QFontMetricsF(nameFont).horizontalAdvance(name);
        const double left = right - valueWidth - nameWidth - 28;
        if (left < limit)
            return 0;
        const double middle = row.center().y();
        painter.setPen(QPen(toneColor(line.tone, theme), 2.4,
                            line.dashed ? Qt::DashLine : Qt::SolidLine, Qt::FlatCap));
        painter.drawLine(QPointF(left, middle), QPointF(left + 14, middle));
        painter.setFont(nameFont);
        painter.setPen(theme.textDim);
        painter.drawText(QRectF(left + 19, row.top(), nameWidth, row.height()), Qt::AlignVCenter,
                         name);
        painter.setFont(valueFont);
        painter.setPen(theme.text);
        painter.drawText(QRectF(left + 24 + nameWidth, row.top(), valueWidth, row.height()),
                         Qt::AlignVCenter | Qt::AlignLeft, value);
        return left - 14;
    }

    void paintMarks(QPainter& painter) const {
        const Theme& theme = themes.theme();
        const QRectF area = plotRect();
        const QFont font = theme.font(8);
        const QFontMetricsF metrics(font);
        double textEnd = area.left();
        for (const ChartMark& mark : marks) {
            const double x = xOf(mark.millis);
            if (x < area.left() || x > area.right())
                continue;
            const QColor color = toneColor(mark.tone, theme);
            painter.setPen(QPen(color, 1.2, Qt::DashLine));
            painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()));
            painter.setPen(Qt::NoPen);
            painter.setBrush(color);
            painter.drawPolygon(QPolygonF{QPointF(x - 4, area.top()), QPointF(x + 4, area.top()),
                                          QPointF(x, area.top() + 6)});
            const QString text = plainLine(mark.text, 60);
            const double width = metrics.horizontalAdvance(text) + 8;
            const bool toRight = x + width < area.right();
            const QRectF box(toRight ? x + 5 : x - 5 - width, area.top() + 1, width,
                             metrics.height() + 2);
            if (box.left() < textEnd)
                continue;
            textEnd = box.right();
            QColor ground = theme.surface;
            ground.setAlphaF(0.85F);
            painter.setBrush(ground);
            painter.drawRoundedRect(box, 3, 3);
            painter.setFont(font);
            painter.setPen(theme.textDim);
            painter.drawText(box, Qt::AlignCenter, text);
        }
    }

    /// A dot at the newest value of each line.
    void paintEnds(QPainter& painter) const {
        const Theme& theme = themes.theme();
        for (const ChartLine& line : lines) {
            const ChartPoint* newest = newestKnown(line, shownUntil());
            if (newest == nullptr || line.dashed)
                continue;
            const QPointF at(xOf(newest->millis), yAxis->coordToPixel(newest->value));
            if (!QRectF(plotRect()).adjusted(-1, -1, 2, 2).contains(at))
                continue;
            painter.setPen(QPen(theme.surface, 1.5));
            painter.setBrush(toneColor(line.tone, theme));
            painter.drawEllipse(at, 3.4, 3.4);
        }
    }

    void paintEmpty(QPainter& painter) const {
        painter.setFont(themes.theme().font(9.5));
        painter.setPen(themes.theme().textDim);
        painter.drawText(plotRect().adjusted(8, 0, -8, 0), Qt::AlignCenter | Qt::TextWordWrap,
                         emptyText);
    }

    void paintCrosshair(QPainter& painter) const {
        const Theme& theme = themes.theme();
        const QRectF area = plotRect();
        const double x = xOf(*crosshair);
        if (x < area.left() || x > area.right())
            return;
        painter.setPen(QPen(theme.accent, 1));
        painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()));
        for (const ChartLine& line : lines) {
            const double value = valueAt(line, *crosshair);
            if (!std::isfinite(value))
                continue;
            painter.setPen(QPen(toneColor(line.tone, theme), 1.8));
            painter.setBrush(theme.surface);
            painter.drawEllipse(QPointF(x, yAxis->coordToPixel(value)), 3.4, 3.4);
        }
    }
};

TimeChart::TimeChart(ThemeController& themes, QWidget* parent)
    : QWidget(parent), plot_(std::make_unique<Plot>(*this, themes)) {
    auto* box = new QVBoxLayout(this);
    box->setContentsMargins(0, 0, 0, 0);
    box->addWidget(plot_.get());
    plot_->installEventFilter(this);
    connect(&themes, &ThemeController::changed, this, [this] { plot_->restyle(); });
}

TimeChart::~TimeChart() {
    // A widget that is being destroyed still sends events, when it is no longer a Plot.
    plot_->removeEventFilter(this);
}

void TimeChart::setTitle(const QString& title) {
    plot_->title = plainLine(title, 120);
    plot_->setAccessibleName(plot_->title);
    plot_->update();
}

void TimeChart::setUnit(Unit unit) {
    plot_->unit = unit;
    plot_->rescale();
    plot_->replot();
}

void TimeChart::setLines(const std::vector<ChartLine>& lines) {
    plot_->lines = lines;
    plot_->remakeGraphs();
    plot_->replot(QCustomPlot::rpQueuedReplot);
}

void TimeChart::setMarks(const std::vector<ChartMark>& marks) {
    plot_->marks = marks;
    std::stable_sort(plot_->marks.begin(), plot_->marks.end(),
                     [](const auto& a, const auto& b) { return a.millis < b.millis; });
    plot_->update();
}

void TimeChart::setTimeRange(std::int64_t fromMillis, std::int64_t toMillis) {
    plot_->xAxis->setRange(double(fromMillis) / 1000.0, double(toMillis) / 1000.0);
    plot_->rescale();
    plot_->replot(QCustomPlot::rpQueuedReplot);
}

void TimeChart::setCrosshair(std::optional<std::int64_t> millis) {
    if (plot_->crosshair == millis)
        return;
    plot_->crosshair = millis;
    plot_->update();
}

void TimeChart::setEmptyText(const QString& text) {
    plot_->emptyText = text;
    plot_->update();
}

bool TimeChart::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::MouseMove) {
        const double x = static_cast<QMouseEvent*>(event)->position().x();
        const QRect area = plot_->plotRect();
        if (x >= area.left() && x <= area.right()) {
            setCrosshair(plot_->millisAt(x));
            emit crosshairMoved(*plot_->crosshair);
        }
    } else if (event->type() == QEvent::Leave) {
        setCrosshair(std::nullopt);
        emit crosshairLeft();
    }
    return QWidget::eventFilter(watched, event);
}

}  // namespace levee
