// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace levee {

class ActionRegistry;
class ConnectionState;
class DecisionModel;
class RuleDocument;
class SelectionState;
class SessionPool;
class ThemeController;
class TopologyStore;
class ViewActions;

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
};

}  // namespace levee
