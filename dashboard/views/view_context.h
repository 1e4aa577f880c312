// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace levee {

class ActionRegistry;
class AlertWatch;
class ConnectionState;
class DecisionModel;
class IncidentLog;
class NoteBook;
class OverrideDesk;
class RuleDocument;
class SavedViews;
class SelectionState;
class SessionPool;
class ThemeController;
class TimelineModel;
class TimelineState;
class TopologyStore;
class ViewActions;

/// What this window is for. Immutable.
struct WindowMode {
    QString context;  ///< name of the fleet, or ""
    bool isProduction = false;
    QString readOnly;  ///< why nothing can be changed, or ""
};

/// What every page is bound to. All of it outlives the pages. Immutable.
struct ViewContext {
    ThemeController& themes;
    SessionPool& pool;
    TopologyStore& store;
    SelectionState& selection;
    ConnectionState& connection;
    DecisionModel& decisions;
    RuleDocument& document;
    ActionRegistry& actions;
    ViewActions& views;
    NoteBook& notes;
    TimelineModel& timeline;
    TimelineState& timelineState;
    IncidentLog& incidents;
    OverrideDesk& overrides;
    AlertWatch& alerts;
    SavedViews& savedViews;
    const WindowMode& mode;
};

}  // namespace levee
