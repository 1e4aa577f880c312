// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/actions/action_names.h"

#include <QCoreApplication>

namespace levee {
namespace {

constexpr ActionName kNames[] = {
    {ActionId::PageTopology, "page-topology", ActionGroup::Pages},
    {ActionId::PageService, "page-service", ActionGroup::Pages},
    {ActionId::PageRules, "page-rules", ActionGroup::Pages},
    {ActionId::PageScaling, "page-scaling", ActionGroup::Pages},
    {ActionId::PageTimeline, "page-timeline", ActionGroup::Pages},
    {ActionId::PageFleet, "page-fleet", ActionGroup::Pages},
    {ActionId::Locate, "locate", ActionGroup::Pages},
    {ActionId::CommandLine, "command-line", ActionGroup::Pages},
    {ActionId::OpenAlert, "open-alert", ActionGroup::Pages},
    {ActionId::Heatmap, "heatmap", ActionGroup::Pages},
    {ActionId::NextUnhealthy, "next-unhealthy", ActionGroup::Pages},
    {ActionId::PreviousUnhealthy, "previous-unhealthy", ActionGroup::Pages},
    {ActionId::Back, "back", ActionGroup::Pages},
    {ActionId::Pause, "pause", ActionGroup::Time},
    {ActionId::Live, "live", ActionGroup::Time},
    {ActionId::EarlierPicture, "earlier", ActionGroup::Time},
    {ActionId::LaterPicture, "later", ActionGroup::Time},
    {ActionId::AddNote, "note", ActionGroup::Time},
    {ActionId::TakeCommand, "take-command", ActionGroup::Time},
    {ActionId::CloseIncident, "close-incident", ActionGroup::Time},
    {ActionId::ExportTimeline, "export-timeline", ActionGroup::Time},
    {ActionId::ZoomIn, "zoom-in", ActionGroup::Map},
    {ActionId::ZoomOut, "zoom-out", ActionGroup::Map},
    {ActionId::Fit, "fit", ActionGroup::Map},
    {ActionId::TidyMap, "tidy-map", ActionGroup::Map},
    {ActionId::FindOnMap, "find-on-map", ActionGroup::Map},
    {ActionId::HideOnMap, "hide-on-map", ActionGroup::Map},
    {ActionId::ShowAll, "show-all", ActionGroup::Map},
    {ActionId::ErrorsOnly, "errors-only", ActionGroup::Map},
    {ActionId::FocusService, "focus", ActionGroup::Map},
    {ActionId::GroupMap, "group-map", ActionGroup::Map},
    {ActionId::MapTable, "map-table", ActionGroup::Map},
    {ActionId::ShowMinimap, "minimap", ActionGroup::Map},
    {ActionId::ShowParticles, "particles", ActionGroup::Map},
    {ActionId::ExportMap, "export-map", ActionGroup::Map},
    {ActionId::CheckRules, "check-rules", ActionGroup::Rules},
    {ActionId::ApplyRules, "apply-rules", ActionGroup::Rules},
    {ActionId::RollBackRules, "roll-back-rules", ActionGroup::Rules},
    {ActionId::DraftRule, "draft-rule", ActionGroup::Rules},
    {ActionId::HoldGuard, "hold-guard", ActionGroup::Rules},
    {ActionId::ThemeSystem, "theme-system", ActionGroup::Look},
    {ActionId::ThemeDark, "theme-dark", ActionGroup::Look},
    {ActionId::ThemeLight, "theme-light", ActionGroup::Look},
    {ActionId::ThemeContrast, "theme-contrast", ActionGroup::Look},
    {ActionId::ToggleTheme, "toggle-theme", ActionGroup::Look},
    {ActionId::ResetLayout, "reset-layout", ActionGroup::Look},
    {ActionId::Notify, "notify", ActionGroup::Look},
    {ActionId::ShowKeys, "show-keys", ActionGroup::Program},
    {ActionId::CopyLink, "copy-link", ActionGroup::Program},
    {ActionId::SaveView, "save-view", ActionGroup::Program},
    {ActionId::NewWindow, "new-window", ActionGroup::Program},
    {ActionId::Quit, "quit", ActionGroup::Program},
};

QString word(const char* text) {
    return QCoreApplication::translate("levee::ActionGroup", text);
}

}  // namespace

std::span<const ActionName> actionNames() {
    return kNames;
}

std::optional<ActionId> actionFromName(const QString& name) {
    for (const ActionName& each : kNames)
        if (name == QLatin1String(each.name))
            return each.id;
    return std::nullopt;
}

QString wordOf(ActionGroup group) {
    switch (group) {
        case ActionGroup::Pages:
            return word(QT_TRANSLATE_NOOP("levee::ActionGroup", "Find the way"));
        case ActionGroup::Time:
            return word(QT_TRANSLATE_NOOP("levee::ActionGroup", "Time"));
        case ActionGroup::Map:
            return word(QT_TRANSLATE_NOOP("levee::ActionGroup", "Map"));
        case ActionGroup::Rules:
            return word(QT_TRANSLATE_NOOP("levee::ActionGroup", "Rules"));
        case ActionGroup::Look:
            return word(QT_TRANSLATE_NOOP("levee::ActionGroup", "Look"));
        case ActionGroup::Program:
            break;
    }
    return word(QT_TRANSLATE_NOOP("levee::ActionGroup", "Program"));
}

}  // namespace levee
