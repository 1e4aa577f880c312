// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>
#include <optional>
#include <string>
#include <vector>

#include "dashboard/model/latency_compare.h"
#include "dashboard/views/view_context.h"
#include "dashboard/widgets/chart/time_chart.h"

namespace levee {

class LatencyFeed;
class LatencyHeatmap;

/// The heatmap of one service or edge: asks the agents while it is seen, and compares the box that
/// the person draws with the rest of what is in sight. GUI thread only.
class HeatmapView final : public QWidget {
    Q_OBJECT
public:
    explicit HeatmapView(const ViewContext& context, QWidget* parent = nullptr);

    void setSubject(const std::string& subject);
    /// REQUIRES: from < to.
    void setRange(std::int64_t fromMillis, std::int64_t toMillis,
                  const std::vector<ChartMark>& marks);
    void letGo();  ///< of the box
    LatencyHeatmap& map() { return *map_; }

signals:
    /// The comparison is new; nothing: no box is chosen.
    void compared(const std::optional<levee::LatencyBox>& box,
                  const levee::LatencyComparison& comparison);
    void boxChosen();  ///< by the person

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    void refresh();
    void compare();
    QString emptyText() const;

    ViewContext context_;
    LatencyFeed* feed_;
    LatencyHeatmap* map_;
    std::int64_t from_ = 0;
    std::int64_t to_ = 0;
    std::optional<LatencyBox> box_;
};

}  // namespace levee
