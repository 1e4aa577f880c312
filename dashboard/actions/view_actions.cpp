// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/actions/view_actions.h"

#include <QActionGroup>
#include <algorithm>

namespace levee {
namespace {
constexpr std::int64_t kStepMillis = 10'000;
}  // namespace

ViewActions::ViewActions(ActionRegistry& actions, TopologyStore& store, SelectionState& selection,
                         QObject* parent)
    : QObject(parent), actions_(actions), store_(store), selection_(selection) {
    auto* pages = new QActionGroup(this);
    for (const Page page : kPages) {
        QAction& action = actions[ActionRegistry::ofPage(page)];
        pages->addAction(&action);
        connect(&action, &QAction::triggered, this, [this, page] { showPage(page); });
    }
    actions[ActionId::PageTopology].setChecked(true);
    QAction& pause = actions[ActionId::Pause];
    connect(&pause, &QAction::triggered, this, [this](bool on) { store_.setPaused(on); });
    connect(&store, &TopologyStore::pausedChanged, &pause, &QAction::setChecked);
    connect(&actions[ActionId::Live], &QAction::triggered, this, [this] {
        store_.returnToLive();
        store_.setPaused(false);
    });
    const auto step = [this](std::int64_t by) {
        store_.travelTo((store_.isTravelling() ? store_.travelMillis() : store_.fleet().millis) +
                        by);
    };
    connect(&actions[ActionId::EarlierPicture], &QAction::triggered, this,
            [step] { step(-kStepMillis); });
    connect(&actions[ActionId::LaterPicture], &QAction::triggered, this,
            [step] { step(kStepMillis); });
    connect(&actions[ActionId::NextUnhealthy], &QAction::triggered, this, [this] { walk(true); });
    connect(&actions[ActionId::PreviousUnhealthy], &QAction::triggered, this,
            [this] { walk(false); });
    connect(&actions[ActionId::Back], &QAction::triggered, this, &ViewActions::goBack);
}

void ViewActions::showPage(Page page) {
    actions_[ActionRegistry::ofPage(page)].setChecked(true);
    if (page == page_)
        return;
    page_ = page;
    emit pageChanged(page);
}

void ViewActions::showLateAgents() {
    showPage(Page::Fleet);
    emit lateAgentsAsked();
}

void ViewActions::showRule(const QString& name) {
    showPage(Page::Rules);
    emit ruleAsked(name);
}

void ViewActions::walk(bool forward) {
    const std::vector<std::string> names = store_.unhealthy();
    const auto at = std::ranges::find(names, selection_.current().node);
    const auto index = at - names.begin();
    const auto count = static_cast<std::ptrdiff_t>(names.size());
    std::ptrdiff_t next = forward ? index + 1 : index - 1;
    if (at == names.end())
        next = forward ? 0 : count - 1;
    if (next < 0 || next >= count)
        emit walkEnded(forward);
    else
        selection_.select(Selection::ofNode(names[static_cast<std::size_t>(next)]));
}

void ViewActions::goBack() {
    if (store_.isTravelling())
        return store_.returnToLive();
    // One level at a time: first to the map, then out of what was asked of it and the selection.
    if (page_ != Page::Topology)
        return showPage(Page::Topology);
    for (auto step = backSteps_.rbegin(); step != backSteps_.rend(); ++step)
        if ((*step)())
            return;
    if (selection_.current().kind != Selection::Kind::None)
        selection_.clear();
}

}  // namespace levee
