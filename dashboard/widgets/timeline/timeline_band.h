// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>
#include <vector>

#include "dashboard/widgets/timeline/timeline_geometry.h"

namespace levee {

class ThemeController;

/// How many were not well at one time: the shape behind the marks.
struct TimelineLevel {
    std::int64_t millis = 0;
    double degraded = 0;  ///< share of all, 0 to 1
    double failing = 0;
};

/// Something that held from one time to another: a rule set in force.
struct TimelineSpan {
    std::int64_t fromMillis = 0;
    std::int64_t toMillis = 0;  ///< 0: still
    int lane = 0;
    QString text;
};

/// Marks on lanes over time, above the shape of how well the fleet was. With captions it is the
/// page's picture; without any, all lanes fall into one and it is the strip. Left and Right walk
/// through the marks, Enter opens one, hovering tells all of a cluster. GUI thread only.
class TimelineBand final : public QWidget {
    Q_OBJECT
public:
    /// `captions`: one a lane; empty: one lane without a name.
    TimelineBand(ThemeController& themes, QStringList captions, QWidget* parent = nullptr);

    void setMarks(std::vector<TimelineMark> marks);
    void setSpans(std::vector<TimelineSpan> spans);
    void setLevels(std::vector<TimelineLevel> levels);
    /// REQUIRES: from < to.
    void setRange(std::int64_t fromMillis, std::int64_t toMillis);
    void setChosen(const std::string& id);
    /// A line at this time, for what is shown of it; 0: none.
    void setCursor(std::int64_t millis);
    void setEmptyText(const QString& text);

    /// Where the mark of this entry is drawn, alone or in a cluster; null when out of sight.
    QRectF markRect(const std::string& id) const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return {200, sizeHint().height()}; }

signals:
    void markChosen(const std::string& id);
    void markActivated(const std::string& id);
    void timeChosen(std::int64_t millis);  ///< a click where there is no mark

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    bool event(QEvent* event) override;

private:
    int lanes() const { return captions_.isEmpty() ? 1 : static_cast<int>(captions_.size()); }
    int laneOf(int lane) const { return captions_.isEmpty() ? 0 : lane; }
    TimelineScale scale() const;
    QRectF laneRect(int lane) const;
    QRectF rectOf(const TimelineCluster& cluster) const;
    std::vector<TimelineCluster> clusters() const;
    const TimelineCluster* at(const std::vector<TimelineCluster>& clusters, QPointF place) const;
    QString describe(const TimelineCluster& cluster) const;
    void step(int direction);
    void paintLevels(QPainter& painter) const;
    void paintSpans(QPainter& painter) const;
    void paintMarks(QPainter& painter) const;
    void paintAxis(QPainter& painter) const;

    ThemeController& themes_;
    const QStringList captions_;
    std::vector<TimelineMark> marks_;
    std::vector<TimelineSpan> spans_;
    std::vector<TimelineLevel> levels_;
    std::int64_t fromMillis_ = 0;
    std::int64_t toMillis_ = 1;
    std::int64_t cursor_ = 0;
    std::string chosen_;
    QString emptyText_;
};

}  // namespace levee
