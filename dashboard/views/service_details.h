// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStackedWidget>
#include <QWidget>

#include "dashboard/model/selection_state.h"
#include "dashboard/views/view_context.h"

class QButtonGroup;

namespace levee {

class DifferencePanel;
class EdgeModel;
class SuspectsPanel;
class TracesPanel;

/// Below the charts of a service or an edge: who calls and is called, why (suspects), what differs
/// in a part of the heatmap, slow requests. GUI thread only.
class ServiceDetails final : public QWidget {
    Q_OBJECT
public:
    enum class View { Neighbours, Suspects, Differences, Traces };
    explicit ServiceDetails(const ViewContext& context, QWidget* parent = nullptr);

    void setSelection(const Selection& selection);
    void show(View view);
    void refresh();
    DifferencePanel& differences() { return *differences_; }
    TracesPanel& traces() { return *traces_; }

private:
    QWidget* buildNeighbours();

    ViewContext context_;
    EdgeModel* callers_;
    EdgeModel* dependencies_;
    QButtonGroup* views_;
    QStackedWidget* stack_;
    SuspectsPanel* suspects_;
    DifferencePanel* differences_;
    TracesPanel* traces_;
};

}  // namespace levee
