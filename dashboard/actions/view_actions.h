// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <functional>
#include <utility>
#include <vector>

#include "dashboard/actions/action_registry.h"
#include "dashboard/model/selection_state.h"
#include "dashboard/model/topology_store.h"

namespace levee {

/// What the keys do to the shared state: pages, pause, the walk through unhealthy services, back.
/// GUI thread only.
class ViewActions final : public QObject {
    Q_OBJECT
public:
    /// REQUIRES: all three outlive this.
    ViewActions(ActionRegistry& actions, TopologyStore& store, SelectionState& selection,
                QObject* parent = nullptr);

    Page page() const { return page_; }
    void showPage(Page page);
    /// Tried, newest first, when the person goes back on the map, before the selection is cleared;
    /// a step that undid something returns true. REQUIRES: what it uses outlives this.
    void addBackStep(std::function<bool()> step) { backSteps_.push_back(std::move(step)); }
    /// The fleet page, with only those agents that are late or lost.
    void showLateAgents();
    /// The rules page, at the rule of this name.
    void showRule(const QString& name);

signals:
    void pageChanged(levee::Page page);
    /// There is no further unhealthy service in this direction: the focus may move on.
    void walkEnded(bool forward);
    void lateAgentsAsked();
    void ruleAsked(const QString& name);

private:
    void walk(bool forward);
    void goBack();

    ActionRegistry& actions_;
    TopologyStore& store_;
    SelectionState& selection_;
    Page page_ = Page::Topology;
    std::vector<std::function<bool()>> backSteps_;
};

}  // namespace levee
