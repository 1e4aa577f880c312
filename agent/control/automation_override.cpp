// SPDX-License-Identifier: Apache-2.0
#include "agent/control/automation_override.h"

#include <cmath>

namespace levee {
namespace {

using Kind = AutomationAction::Kind;

OverrideKind kindOf(Kind kind) {
    return kind == Kind::Limit  ? OverrideKind::Limit
           : kind == Kind::Shed ? OverrideKind::Shed
                                : OverrideKind::ForceOpen;
}

}  // namespace

std::string authorOf(const Automation& rule) {
    return std::string(kAutomationAuthor) + rule.name;
}

OverrideRequest overrideFor(const Automation& rule, const AutomationAction& action) {
    OverrideRequest request;
    request.subject = action.subject();
    request.kind = kindOf(action.kind);
    request.limit = action.fixed;
    request.factor = action.factor;
    request.className = action.className;
    request.ttl = rule.atMost;
    request.author = authorOf(rule);
    request.byAutomation = true;
    return request;
}

bool isOf(const AutomationAction& action, const Override& held) {
    if (action.kind == Kind::Notify || action.subject() != held.subject ||
        kindOf(action.kind) != held.kind)
        return false;
    if (action.kind == Kind::Shed)
        return action.className == held.className;
    if (action.kind == Kind::Limit)
        return action.fixed > 0 ? held.limit == action.fixed && std::isnan(held.factor)
                                : held.factor == action.factor;
    return true;
}

}  // namespace levee
