// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <optional>
#include <span>

#include "dashboard/actions/action_registry.h"

namespace levee {

/// Under which heading an action stands in the list of keys.
enum class ActionGroup { Pages, Time, Map, Rules, Look, Program };

/// What an action is called in keys.yaml: never translated, never changed.
struct ActionName {
    ActionId id;
    const char* name;
    ActionGroup group;
};

/// Every action, by group.
std::span<const ActionName> actionNames();
std::optional<ActionId> actionFromName(const QString& name);
QString wordOf(ActionGroup group);  ///< translated

}  // namespace levee
