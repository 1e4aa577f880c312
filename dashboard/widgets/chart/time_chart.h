// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QWidget>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "dashboard/widgets/format.h"

namespace levee {

class ThemeController;

/// Which token a line takes. First to Fourth say nothing about health.
enum class LineTone { First, Second, Third, Fourth, Ok, Degraded, Failing, Throttled, Dim };

struct ChartPoint {
    std::int64_t millis = 0;  ///< wall time
    double value = 0;         ///< in the chart's unit (seconds, share 0 to 1, per second); NaN: gap
};

struct ChartLine {
    QString name;  ///< as in the legend: "p99"
    LineTone tone = LineTone::First;
    std::vector<ChartPoint> points;  ///< ascending in time
    bool filled = false;             ///< a faint area down to zero
    bool dashed = false;             ///< limits, baselines, forecasts
};

/// A vertical mark: a rule, a deploy, a breaker's trip.
struct ChartMark {
    std::int64_t millis = 0;
    QString text;
    LineTone tone = LineTone::Dim;
};

/// Lines over time, with marks, legend with the newest values shown, and a crosshair that charts
/// can share. Times are shown local, HH:mm:ss. Adapts QCustomPlot, which no header of ours names.
/// GUI thread only.
class TimeChart : public QWidget {
    Q_OBJECT
public:
    explicit TimeChart(ThemeController& themes, QWidget* parent = nullptr);
    ~TimeChart() override;

    void setTitle(const QString& title);
    void setUnit(Unit unit);
    void setLines(const std::vector<ChartLine>& lines);
    void setMarks(const std::vector<ChartMark>& marks);
    /// Visible span of wall time. REQUIRES: from < to.
    void setTimeRange(std::int64_t fromMillis, std::int64_t toMillis);
    /// Shows the read-out at this time, e.g. because the pointer is over another chart.
    void setCrosshair(std::optional<std::int64_t> millis);
    /// Shown while there is no known value in sight; default "no data in this window".
    void setEmptyText(const QString& text);

    QSize sizeHint() const override { return {420, 180}; }
    QSize minimumSizeHint() const override { return {200, 110}; }

signals:
    /// The pointer moved over the chart, or left it. Connect to setCrosshair of the others.
    void crosshairMoved(std::int64_t millis);
    void crosshairLeft();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    class Plot;
    std::unique_ptr<Plot> plot_;
};

}  // namespace levee
