// SPDX-License-Identifier: GPL-3.0-or-later
// The person's own keys: keys.yaml, a map from an action's name to a key or a list of keys, "" for
// none. What is not named keeps its keys.
#pragma once

#include <QKeySequence>
#include <map>
#include <string>

#include "dashboard/actions/action_registry.h"
#include "shared/base/diagnostic.h"

namespace levee {

using KeyBindings = std::map<ActionId, QList<QKeySequence>>;

constexpr std::size_t kMostKeyBytes = 64 * 1024;

/// Reads a keys.yaml. All that is wrong at once: no map, a name that is no action, a key that is no
/// key, a key that two actions would have (with the standard keys of the others), a single letter
/// for an action that destroys. With errors, nothing of it is to be used.
Diagnostics readKeys(const std::string& yaml, const std::string& fileName,
                     const ActionRegistry& actions, KeyBindings& bindings);
void bindKeys(const KeyBindings& bindings, ActionRegistry& actions);
/// The present keys as a keys.yaml, with what each does as a comment.
QString writeKeys(const ActionRegistry& actions);

}  // namespace levee
