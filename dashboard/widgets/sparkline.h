// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QRectF>
#include <QWidget>
#include <vector>

class QPainter;

namespace levee {

class ThemeController;

/// How a sparkline is drawn. Values count from zero; NaN leaves a gap, never a zero.
struct SparkStyle {
    QColor line;
    QColor fill;             ///< below the line; invalid: none
    double width = 1.25;     ///< logical pixels
    bool endDot = true;      ///< marks the newest value
    double floorMax = 1e-9;  ///< the top of the scale is at least this
};

/// Newest value at the right. Draws short straight segments, which the raster engine does seven
/// times faster than a polyline. Draws a faint base line when fewer than two values are known.
void paintSparkline(QPainter& painter, const QRectF& box, const std::vector<double>& values,
                    const SparkStyle& style);

/// The same as a widget for tables and inspectors. GUI thread only.
class Sparkline : public QWidget {
    Q_OBJECT
public:
    explicit Sparkline(ThemeController& themes, QWidget* parent = nullptr);
    void setValues(std::vector<double> values);
    QSize sizeHint() const override { return {120, 28}; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    ThemeController& themes_;
    std::vector<double> values_;
};

}  // namespace levee
