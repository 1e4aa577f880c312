// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractScrollArea>

#include "dashboard/widgets/waterfall/waterfall_rows.h"

namespace levee {

class ThemeController;

/// One trace as bars over time, a span a line: name at the left, bar and duration at the right.
/// The way that the end waited for is strong, failed spans carry their mark. Up and Down move, the
/// chosen span's numbers are in the hint line. GUI thread only.
class TraceWaterfall final : public QAbstractScrollArea {
    Q_OBJECT
public:
    explicit TraceWaterfall(ThemeController& themes, QWidget* parent = nullptr);

    void setTrace(Trace trace);
    void clear(const QString& message);
    /// Service and duration of the chosen span in words, or "".
    QString chosenText() const;
    int rows() const { return static_cast<int>(waterfall_.rows.size()); }

    QSize sizeHint() const override { return {500, 180}; }
    QSize minimumSizeHint() const override { return {240, 84}; }

signals:
    void chosenChanged(const QString& text);

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;

private:
    void choose(int row);
    void fitScrollBar();
    void paintRow(QPainter& painter, int row, const QRectF& line) const;

    ThemeController& themes_;
    Trace trace_;
    Waterfall waterfall_;
    QString message_;
    int chosen_ = -1;
};

}  // namespace levee
