// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStackedWidget>
#include <QWidget>

#include "dashboard/model/selection_state.h"
#include "dashboard/views/view_context.h"

class QButtonGroup;

namespace levee {

class EdgeModel;
class SuspectsPanel;
class TracesPanel;

/// Below the charts of a service or an edge: why (suspects), who calls and is called, slow
/// requests. GUI thread only.
class ServiceDetails final : public QWidget {
    Q_OBJECT
public:
    enum class View { Neighbours, Suspects, Traces };
    explicit ServiceDetails(const ViewContext& context, QWidget* parent = nullptr);

    void setSelection(const Selection& selection);
    void show(View view);
    void refresh();
    TracesPanel& traces() { return *traces_; }

private:
    QWidget* buildNeighbours();

    ViewContext context_;
    EdgeModel* callers_;
    EdgeModel* dependencies_;
    QButtonGroup* views_;
    QStackedWidget* stack_;
    SuspectsPanel* suspects_;
    TracesPanel* traces_;
};

}  // namespace levee
