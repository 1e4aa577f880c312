// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStackedWidget>
#include <QWidget>
#include <string>

#include "dashboard/views/view_context.h"

namespace levee {

class DataTable;
class GuardStack;
class HeatmapView;
class Section;
class ServiceDetails;
class ServiceModel;
class StatTile;
class ThemedLabel;
class TimeChart;
struct SeriesSample;
struct Traffic;

/// The selected service or edge over time: rates, errors, percentiles, who calls it, what it calls,
/// and its guards from the inside. With nothing selected, all services as a table. GUI thread only.
class ServicePage final : public QWidget {
    Q_OBJECT
public:
    explicit ServicePage(const ViewContext& context, QWidget* parent = nullptr);

    /// The window of the charts: 1, 5 or 15 minutes.
    void setMinutes(int minutes);

    ServiceDetails& details() { return *details_; }
    HeatmapView& heatmap() { return *heatmap_; }

private:
    QWidget* buildList();
    QWidget* buildDetail();
    QLayout* buildHead();
    QLayout* buildTiles();
    QLayout* buildCharts();
    QWidget* buildSide();
    void bindCharts();
    void bindHeatmap();
    void onSelection();
    void refresh();
    void refreshHead();
    void refreshTiles(const Traffic& traffic, double inFlight);
    void refreshCharts();
    void refreshGuards();
    void fetchHistory();
    std::int64_t nowMillis() const;

    ViewContext context_;
    std::string subject_;
    std::string historyOf_;  ///< the subject whose history was asked for
    int minutes_ = 5;
    QStackedWidget* stack_;
    ServiceModel* services_;
    DataTable* list_ = nullptr;
    ThemedLabel* title_ = nullptr;
    ThemedLabel* subtitle_ = nullptr;
    StatTile* rateTile_ = nullptr;
    StatTile* errorTile_ = nullptr;
    StatTile* shedTile_ = nullptr;
    StatTile* latencyTile_ = nullptr;
    StatTile* inFlightTile_ = nullptr;
    TimeChart* latency_ = nullptr;
    TimeChart* shares_ = nullptr;
    TimeChart* rates_ = nullptr;
    HeatmapView* heatmap_ = nullptr;
    ServiceDetails* details_ = nullptr;
    GuardStack* guards_ = nullptr;
};

}  // namespace levee
