// SPDX-License-Identifier: Apache-2.0
// What an action of an automation asks the override book for. Pure.
#pragma once

#include <string>

#include "agent/control/override_request.h"
#include "rules/lang/automation.h"
#include "shared/model/override.h"

namespace levee {

/// "automation:redis-memory-full"
std::string authorOf(const Automation& rule);

/// Without its reason; the time is the whole of `atMost`. REQUIRES: it is no notice.
OverrideRequest overrideFor(const Automation& rule, const AutomationAction& action);

/// `held` is what the action asks for; a factor was taken of the limit of then.
bool isOf(const AutomationAction& action, const Override& held);

}  // namespace levee
