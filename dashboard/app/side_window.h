// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <memory>

#include "dashboard/actions/action_registry.h"
#include "dashboard/actions/view_actions.h"
#include "dashboard/app/main_window.h"
#include "dashboard/app/settings.h"
#include "dashboard/model/selection_state.h"
#include "dashboard/model/timeline_state.h"

namespace levee {

/// One more window on the same models, with a page, a selection, keys and a range of time of its
/// own. Rules are edited in the first window alone: there is one text. GUI thread only.
class SideWindow final : public QObject {
    Q_OBJECT
public:
    /// REQUIRES: what `shared` refers to outlives this.
    SideWindow(const ViewContext& shared, const ViewLink& link, QObject* parent);

    MainWindow& window() { return *window_; }
    ViewActions& views() { return views_; }

signals:
    void closed();
    void rulesAsked();

private:
    ActionRegistry actions_;
    SelectionState selection_;
    TimelineState timelineState_;
    ViewActions views_;
    Settings settings_ = Settings::transient();
    std::unique_ptr<MainWindow> window_;
};

}  // namespace levee
