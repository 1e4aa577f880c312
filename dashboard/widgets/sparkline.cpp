// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/widgets/sparkline.h"

#include <QPainter>
#include <QPolygonF>
#include <algorithm>
#include <cmath>

#include "dashboard/widgets/theme.h"

namespace levee {
namespace {

/// Values per drawn point: more points than this in a pixel cannot be seen.
std::vector<double> thinned(const std::vector<double>& values, double width) {
    const auto most = std::size_t(std::max(2.0, width));
    if (values.size() <= most)
        return values;
    std::vector<double> result(most, NAN);
    for (std::size_t i = 0; i < values.size(); ++i) {
        double& slot = result[i * most / values.size()];
        slot = std::isnan(slot) ? values[i] : std::max(slot, values[i]);
    }
    return result;
}

void fillBelow(QPainter& painter, const std::vector<QPointF>& run, double bottom,
               const QColor& color) {
    if (!color.isValid() || run.size() < 2)
        return;
    QPolygonF area(QList<QPointF>(run.begin(), run.end()));
    area << QPointF(run.back().x(), bottom) << QPointF(run.front().x(), bottom);
    painter.setPen(Qt::NoPen);
    painter.setBrush(color);
    painter.drawPolygon(area);
}

void drawRun(QPainter& painter, const std::vector<QPointF>& run, const SparkStyle& style) {
    painter.setPen(QPen(style.line, style.width, Qt::SolidLine, Qt::RoundCap));
    if (run.size() == 1)
        painter.drawPoint(run.front());
    QList<QLineF> lines;
    for (std::size_t i = 1; i < run.size(); ++i)
        lines << QLineF(run[i - 1], run[i]);
    painter.drawLines(lines);
}

}  // namespace

void paintSparkline(QPainter& painter, const QRectF& box, const std::vector<double>& values,
                    const SparkStyle& style) {
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    const std::vector<double> shown = thinned(values, box.width());
    double top = style.floorMax;
    std::size_t known = 0;
    for (const double value : shown) {
        if (std::isfinite(value)) {
            top = std::max(top, value);
            ++known;
        }
    }
    if (known < 2) {
        QColor faint = style.line;
        faint.setAlphaF(0.35F);
        painter.setPen(QPen(faint, 1, Qt::DotLine));
        painter.drawLine(QPointF(box.left(), box.bottom() - 0.5),
                         QPointF(box.right(), box.bottom() - 0.5));
        painter.restore();
        return;
    }
    const double inset = style.endDot ? 2.5 : 0.5;
    const QRectF area = box.adjusted(0.5, inset, -inset, -0.75);
    const double step = area.width() / double(shown.size() - 1);
    std::vector<std::vector<QPointF>> runs(1);
    for (std::size_t i = 0; i < shown.size(); ++i) {
        if (std::isfinite(shown[i])) {
            const double part = std::clamp(shown[i] / top, 0.0, 1.0);
            runs.back().emplace_back(area.left() + double(i) * step,
                                     area.bottom() - part * area.height());
        } else if (!runs.back().empty()) {
            runs.emplace_back();
        }
    }
    for (const auto& run : runs) {
        fillBelow(painter, run, box.bottom(), style.fill);
        drawRun(painter, run, style);
    }
    if (style.endDot && std::isfinite(shown.back())) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(style.line);
        painter.drawEllipse(runs.back().back(), 2.0, 2.0);
    }
    painter.restore();
}

Sparkline::Sparkline(ThemeController& themes, QWidget* parent) : QWidget(parent), themes_(themes) {
    connect(&themes, &ThemeController::changed, this, qOverload<>(&QWidget::update));
}

void Sparkline::setValues(std::vector<double> values) {
    values_ = std::move(values);
    update();
}

void Sparkline::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    SparkStyle style;
    style.line = themes_.theme().textDim;
    style.fill = themes_.theme().textDim;
    style.fill.setAlphaF(0.15F);
    paintSparkline(painter, QRectF(rect()).adjusted(2, 2, -2, -2), values_, style);
}

}  // namespace levee
