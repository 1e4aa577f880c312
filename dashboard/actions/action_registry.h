// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAction>
#include <QObject>
#include <array>

#include "dashboard/actions/page.h"

namespace levee {

/// Everything that a key or a menu can do. Menus, buttons and key lists only collect these.
enum class ActionId {
    PageTopology,
    PageService,
    PageRules,
    PageScaling,
    PageTimeline,
    PageFleet,
    Locate,
    OpenAlert,
    CommandLine,
    Pause,
    Live,
    EarlierPicture,
    LaterPicture,
    NextUnhealthy,
    PreviousUnhealthy,
    Back,
    ZoomIn,
    ZoomOut,
    Fit,
    TidyMap,
    FindOnMap,
    HideOnMap,
    ShowAll,
    ErrorsOnly,
    FocusService,
    GroupMap,
    MapTable,
    ShowMinimap,
    ShowParticles,
    ExportMap,
    Heatmap,
    CheckRules,
    ApplyRules,
    RollBackRules,
    DraftRule,
    HoldGuard,
    AddNote,
    TakeCommand,
    CloseIncident,
    ExportTimeline,
    ThemeSystem,
    ThemeDark,
    ThemeLight,
    ThemeContrast,
    ToggleTheme,
    ResetLayout,
    Notify,
    ShowKeys,
    CopyLink,
    SaveView,
    NewWindow,
    Quit,
    Count
};

/// Owns one QAction per ActionId, with its words and keys. What an action does is connected by
/// those who own the state it changes. No action fires from a key's auto-repeat, except zooming and
/// going through the past.
/// GUI thread only.
class ActionRegistry final : public QObject {
    Q_OBJECT
public:
    explicit ActionRegistry(QObject* parent = nullptr);

    QAction& operator[](ActionId id) const { return *actions_[static_cast<std::size_t>(id)]; }
    static ActionId ofPage(Page page) {
        return static_cast<ActionId>(static_cast<int>(ActionId::PageTopology) +
                                     static_cast<int>(page));
    }

    /// In place of those that it has; its tool tip names the first.
    void setKeys(ActionId id, const QList<QKeySequence>& keys);

private:
    void add(ActionId id, const QString& text, const QList<QKeySequence>& keys = {});

    std::array<QAction*, static_cast<std::size_t>(ActionId::Count)> actions_{};
};

}  // namespace levee
