// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/actions/action_registry.h"

namespace levee {

ActionRegistry::ActionRegistry(QObject* parent) : QObject(parent) {
    add(ActionId::PageTopology, tr("Topology"), {Qt::Key_F1});
    add(ActionId::PageService, tr("Service"), {Qt::Key_F2});
    add(ActionId::PageRules, tr("Rules"), {Qt::Key_F3});
    add(ActionId::PageScaling, tr("Scaling"), {Qt::Key_F4});
    add(ActionId::PageTimeline, tr("Timeline"), {Qt::Key_F5});
    add(ActionId::PageFleet, tr("Fleet"), {Qt::Key_F6});
    add(ActionId::Locate, tr("Go to…"), {Qt::CTRL | Qt::Key_K});
    add(ActionId::OpenAlert, tr("What to do about the latest alert"), {Qt::Key_W});
    add(ActionId::CommandLine, tr("Command…"), {Qt::Key_Colon});
    add(ActionId::Pause, tr("Pause"), {Qt::Key_Space});
    add(ActionId::Live, tr("Live"), {Qt::Key_L});
    add(ActionId::EarlierPicture, tr("10 s earlier"), {Qt::Key_Comma});
    add(ActionId::LaterPicture, tr("10 s later"), {Qt::Key_Period});
    add(ActionId::NextUnhealthy, tr("Next unhealthy service"), {Qt::Key_Tab});
    add(ActionId::PreviousUnhealthy, tr("Previous unhealthy service"), {Qt::Key_Backtab});
    add(ActionId::Back, tr("Back"), {Qt::Key_Escape});
    add(ActionId::ZoomIn, tr("Zoom in"), {Qt::Key_Plus, Qt::Key_Equal});
    add(ActionId::ZoomOut, tr("Zoom out"), {Qt::Key_Minus});
    add(ActionId::Fit, tr("Fit the map"), {Qt::Key_0});
    add(ActionId::TidyMap, tr("Lay the map out anew"), {Qt::Key_Y});
    add(ActionId::FindOnMap, tr("Find on the map"), {Qt::Key_Slash});
    add(ActionId::HideOnMap, tr("Hide on the map"), {Qt::CTRL | Qt::Key_H});
    add(ActionId::ShowAll, tr("Show all services"), {Qt::Key_A});
    add(ActionId::ErrorsOnly, tr("Only what is not well"), {Qt::Key_E});
    add(ActionId::FocusService, tr("Focus on the selected service"), {Qt::Key_F});
    add(ActionId::GroupMap, tr("Group the map another way"), {Qt::Key_G});
    add(ActionId::MapTable, tr("Map as a table"), {Qt::Key_T});
    add(ActionId::ShowMinimap, tr("Overview in the corner"), {Qt::Key_M});
    add(ActionId::ShowParticles, tr("Moving requests"), {Qt::Key_P});
    add(ActionId::ExportMap, tr("Save the map as a picture"), {Qt::CTRL | Qt::Key_E});
    add(ActionId::Heatmap, tr("Latency heatmap of the selection"), {Qt::Key_H});
    add(ActionId::CheckRules, tr("Check"), {Qt::CTRL | Qt::Key_D});
    add(ActionId::ApplyRules, tr("Apply"), {Qt::CTRL | Qt::Key_Return, Qt::CTRL | Qt::Key_Enter});
    add(ActionId::RollBackRules, tr("Roll back the last rule change"),
        {Qt::CTRL | Qt::ALT | Qt::Key_Z});
    add(ActionId::DraftRule, tr("Draft a rule for the selection"), {Qt::Key_R});
    add(ActionId::HoldGuard, tr("Hold a guard by hand…"), {Qt::Key_O});
    add(ActionId::AddNote, tr("Write a note"), {Qt::Key_N});
    add(ActionId::TakeCommand, tr("Take command"), {Qt::Key_C});
    add(ActionId::CloseIncident, tr("Close the incident"));
    add(ActionId::ExportTimeline, tr("Export as Markdown…"), {Qt::CTRL | Qt::SHIFT | Qt::Key_E});
    add(ActionId::ThemeSystem, tr("As the desktop"));
    add(ActionId::ThemeDark, tr("Dark"));
    add(ActionId::ThemeLight, tr("Light"));
    add(ActionId::ThemeContrast, tr("High contrast"));
    add(ActionId::ToggleTheme, tr("Switch theme"), {Qt::CTRL | Qt::SHIFT | Qt::Key_T});
    add(ActionId::ResetLayout, tr("Reset layout"));
    add(ActionId::Notify, tr("Desktop notifications"));
    add(ActionId::ShowKeys, tr("Keyboard"), {Qt::Key_Question});
    add(ActionId::CopyLink, tr("Copy a link to this view"), {Qt::CTRL | Qt::SHIFT | Qt::Key_C});
    add(ActionId::SaveView, tr("Save this view…"), {Qt::CTRL | Qt::SHIFT | Qt::Key_S});
    add(ActionId::NewWindow, tr("This view in a window of its own"),
        {Qt::CTRL | Qt::SHIFT | Qt::Key_N});
    add(ActionId::Quit, tr("Quit"), {Qt::CTRL | Qt::Key_Q});
    (*this)[ActionId::ZoomIn].setAutoRepeat(true);
    (*this)[ActionId::ZoomOut].setAutoRepeat(true);
    (*this)[ActionId::EarlierPicture].setAutoRepeat(true);
    (*this)[ActionId::LaterPicture].setAutoRepeat(true);
    for (const ActionId id :
         {ActionId::ShowAll, ActionId::ErrorsOnly, ActionId::FocusService, ActionId::MapTable,
          ActionId::ShowMinimap, ActionId::ShowParticles, ActionId::Notify})
        (*this)[id].setCheckable(true);
    for (const ActionId id :
         {ActionId::Pause, ActionId::ThemeSystem, ActionId::ThemeDark, ActionId::ThemeLight,
          ActionId::ThemeContrast, ActionId::PageTopology, ActionId::PageService,
          ActionId::PageRules, ActionId::PageScaling, ActionId::PageTimeline, ActionId::PageFleet})
        (*this)[id].setCheckable(true);
}

void ActionRegistry::add(ActionId id, const QString& text, const QList<QKeySequence>& keys) {
    auto* action = new QAction(text, this);
    action->setAutoRepeat(false);
    actions_[static_cast<std::size_t>(id)] = action;
    setKeys(id, keys);
}

void ActionRegistry::setKeys(ActionId id, const QList<QKeySequence>& keys) {
    QAction& action = (*this)[id];
    action.setShortcuts(keys);
    if (keys.isEmpty())
        action.setToolTip(action.text());
    else
        action.setToolTip(
            tr("%1 (%2)").arg(action.text(), keys.front().toString(QKeySequence::NativeText)));
}

}  // namespace levee
