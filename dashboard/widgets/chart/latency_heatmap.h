// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QImage>
#include <QString>
#include <QWidget>
#include <cstdint>
#include <optional>
#include <vector>

#include "dashboard/widgets/chart/time_chart.h"

namespace levee {

class ThemeController;

/// Counts by time (columns of equal length) and latency (rows of equal width on a log scale).
struct HeatmapData {
    std::int64_t fromMillis = 0;  ///< where the first column begins
    std::int64_t sliceMillis = 0;
    std::size_t columns = 0;
    int rows = 0;
    std::vector<std::uint32_t> counts;  ///< column after column, `rows` each, the quickest first
    std::vector<double> bounds;         ///< rows + 1 of them, seconds, ascending
    std::int64_t knownFrom = 0;         ///< outside of these two nothing is known: not zero
    std::int64_t knownUntil = 0;
};

/// A part of it: [fromMillis, toMillis) and the rows from lowRow to highRow.
struct HeatmapBox {
    std::int64_t fromMillis = 0;
    std::int64_t toMillis = 0;
    int lowRow = 0;
    int highRow = 0;

    bool operator==(const HeatmapBox&) const = default;
};

/// Where the requests are, by time and latency. The pointer reads a cell; dragging, or the arrows
/// with Shift, choose a box; a click beside it, or Escape, lets go of it. Its axes stand where
/// those of a TimeChart of the same width do. GUI thread only.
class LatencyHeatmap final : public QWidget {
    Q_OBJECT
public:
    explicit LatencyHeatmap(ThemeController& themes, QWidget* parent = nullptr);

    void setTitle(const QString& title);
    void setData(HeatmapData data);
    void setMarks(const std::vector<ChartMark>& marks);
    /// Visible span of wall time. REQUIRES: from < to.
    void setTimeRange(std::int64_t fromMillis, std::int64_t toMillis);
    void setCrosshair(std::optional<std::int64_t> millis);
    /// Shown while there is no request in sight.
    void setEmptyText(const QString& text);

    const std::optional<HeatmapBox>& box() const { return box_; }
    /// Does not tell.
    void setBox(const std::optional<HeatmapBox>& box);
    /// The cell under the pointer or the keyboard's cursor in words: when, how slow, how many; "".
    QString readOut() const;

    QSize sizeHint() const override { return {420, 180}; }
    QSize minimumSizeHint() const override { return {200, 110}; }

signals:
    /// By the person; nothing: let go of.
    void boxChosen(const std::optional<levee::HeatmapBox>& box);
    void crosshairMoved(std::int64_t millis);
    void crosshairLeft();

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    bool event(QEvent* event) override;

private:
    struct Cell {
        std::int64_t column = 0;
        int row = 0;

        bool operator==(const Cell&) const = default;
    };

    QRectF plotRect() const;
    double xOf(std::int64_t millis) const;
    double yOf(double row) const;  ///< of the row's lower edge
    std::optional<Cell> cellAt(QPointF place) const;
    Cell clampedCellAt(QPointF place) const;
    std::uint32_t countOf(Cell cell) const;
    std::int64_t millisOf(std::int64_t column) const;
    HeatmapBox boxOf(Cell a, Cell b) const;
    QRectF rectOf(const HeatmapBox& box) const;
    std::optional<Cell> readCell() const;
    void fitRows();
    void remakePicture();
    void choose(const std::optional<HeatmapBox>& box);
    void moveCursor(int columns, int rows, bool isExtending);
    void tellReadOut();
    void paintHeader(QPainter& painter) const;
    void paintAxes(QPainter& painter) const;
    void paintUnknown(QPainter& painter) const;
    void paintMarks(QPainter& painter) const;
    void paintBox(QPainter& painter) const;

    ThemeController& themes_;
    QString title_;
    QString emptyText_;
    HeatmapData data_;
    std::vector<ChartMark> marks_;
    std::int64_t from_ = 0;
    std::int64_t to_ = 1;
    int lowRow_ = 0;  ///< rows in sight
    int highRow_ = 0;
    std::uint32_t most_ = 0;  ///< in one cell
    QImage picture_;          ///< a pixel a cell, the rows in sight
    std::optional<std::int64_t> crosshair_;
    std::optional<Cell> hovered_;
    std::optional<Cell> cursor_;  ///< the keyboard's
    std::optional<Cell> anchor_;  ///< where a box begins
    QPointF pressedAt_;
    bool isDragging_ = false;
    std::optional<HeatmapBox> box_;
};

}  // namespace levee
