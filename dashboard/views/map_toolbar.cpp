// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/views/map_toolbar.h"

#include <QAction>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QPainter>
#include <QToolButton>
#include <algorithm>
#include <iterator>
#include <set>

#include "dashboard/actions/action_registry.h"
#include "dashboard/model/topology_store.h"
#include "dashboard/views/find_box.h"
#include "dashboard/views/value_words.h"
#include "dashboard/widgets/theme.h"

namespace levee {
namespace {

constexpr MapGrouping kCycle[] = {MapGrouping::Auto, MapGrouping::Namespace, MapGrouping::Team,
                                  MapGrouping::Host, MapGrouping::None};

MapGrouping after(MapGrouping grouping) {
    const auto* at = std::find(std::begin(kCycle), std::end(kCycle), grouping);
    return at + 1 == std::end(kCycle) ? kCycle[0] : at[1];
}

}  // namespace

QString wordOf(MapGrouping grouping) {
    switch (grouping) {
        case MapGrouping::Auto:
            return MapToolbar::tr("auto");
        case MapGrouping::Namespace:
            return MapToolbar::tr("namespace");
        case MapGrouping::Host:
            return MapToolbar::tr("host");
        case MapGrouping::Team:
            return MapToolbar::tr("team");
        case MapGrouping::None:
            break;
    }
    return MapToolbar::tr("off");
}

MapToolbar::MapToolbar(const ViewContext& context, MapViewState& state, QWidget* parent)
    : QWidget(parent), context_(context) {
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(10, 5, 8, 6);
    row->setSpacing(8);
    find_ = new FindBox(context.themes, tr("Find"), QStringLiteral("err > 1% and !idle"));
    hide_ = new FindBox(context.themes, tr("Hide"), QStringLiteral("kind:user or rps < 1"));
    for (FindBox* box : {find_, hide_})
        box->setVocabulary([this] { return vocabulary(); });
    row->addWidget(find_, 3);
    row->addWidget(hide_, 2);
    for (const ActionId id : {ActionId::ErrorsOnly, ActionId::ShowAll, ActionId::MapTable}) {
        auto* button = new QToolButton;
        button->setDefaultAction(&context.actions[id]);
        button->setText(id == ActionId::ErrorsOnly ? tr("Errors")
                        : id == ActionId::ShowAll  ? tr("All")
                                                   : tr("Table"));
        button->setAccessibleName(context.actions[id].text());
        button->setFocusPolicy(Qt::TabFocus);
        button->setMinimumHeight(26);
        row->addWidget(button);
    }
    group_ = new QToolButton;
    group_->setToolTip(context.actions[ActionId::GroupMap].toolTip());
    group_->setFocusPolicy(Qt::TabFocus);
    group_->setMinimumHeight(26);
    row->addWidget(group_);
    showGrouping(MapGrouping::Auto, MapGrouping::None);
    bind(state);
    connect(&context.themes, &ThemeController::changed, this, [this] { update(); });
}

void MapToolbar::bind(MapViewState& state) {
    connect(find_, &FindBox::queryChanged, &state, &MapViewState::setFind);
    connect(hide_, &FindBox::queryChanged, &state, &MapViewState::setHide);
    for (FindBox* box : {find_, hide_})
        connect(box, &FindBox::left, this, &MapToolbar::left);
    ActionRegistry& actions = context_.actions;
    const auto enter = [](FindBox* box) {
        return [box] {
            box->edit().setFocus(Qt::ShortcutFocusReason);
            box->edit().selectAll();
        };
    };
    connect(&actions[ActionId::FindOnMap], &QAction::triggered, this, enter(find_));
    connect(&actions[ActionId::HideOnMap], &QAction::triggered, this, enter(hide_));
    connect(&actions[ActionId::ShowAll], &QAction::triggered, &state, &MapViewState::setShowAll);
    connect(&actions[ActionId::ErrorsOnly], &QAction::triggered, &state,
            &MapViewState::setErrorsOnly);
    connect(&actions[ActionId::GroupMap], &QAction::triggered, &state,
            [&state] { state.setGrouping(after(state.wish().grouping)); });
    connect(group_, &QToolButton::clicked, &actions[ActionId::GroupMap], &QAction::trigger);
    connect(&state, &MapViewState::changed, this, [this, &state] {
        context_.actions[ActionId::ShowAll].setChecked(state.wish().showAll);
        context_.actions[ActionId::ErrorsOnly].setChecked(state.wish().errorsOnly);
    });
}

void MapToolbar::showGrouping(MapGrouping asked, MapGrouping inForce) {
    const bool isChosen = asked == MapGrouping::Auto && inForce != MapGrouping::None;
    group_->setText(isChosen ? tr("Group: %1 (%2)").arg(wordOf(asked), wordOf(inForce))
                             : tr("Group: %1").arg(wordOf(asked)));
}

QueryVocabulary MapToolbar::vocabulary() const {
    QueryVocabulary vocabulary;
    std::set<QString> hosts;
    std::set<QString> namespaces;
    std::set<QString> teams;
    for (const FleetNode& entry : context_.store.fleet().nodes) {
        vocabulary.names << plainText(entry.node.name);
        for (const std::string& host : entry.node.hosts)
            hosts.insert(plainText(host));
        if (const std::string name = namespaceOf(entry.node); !name.empty())
            namespaces.insert(plainText(name));
        if (!entry.node.owner.team.empty())
            teams.insert(plainText(entry.node.owner.team));
    }
    vocabulary.hosts = QStringList(hosts.begin(), hosts.end());
    vocabulary.namespaces = QStringList(namespaces.begin(), namespaces.end());
    vocabulary.teams = QStringList(teams.begin(), teams.end());
    return vocabulary;
}

void MapToolbar::paintEvent(QPaintEvent*) {
    const Theme& theme = context_.themes.theme();
    QPainter painter(this);
    painter.fillRect(rect(), theme.background);
    painter.fillRect(QRect(0, height() - 1, width(), 1), theme.border);
}

}  // namespace levee
