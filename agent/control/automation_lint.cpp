// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "agent/control/automation_override.h"
#include "agent/control/live_lint.h"
#include "shared/base/suggestion.h"
#include "shared/base/units.h"

namespace levee {
namespace {

void lintCondition(const Automation& automation, const LiveFacts& facts, Diagnostics& found) {
    if (!facts.condition)
        return;
    const ConditionReading reading = facts.condition(*automation.condition);
    if (reading.state == ConditionState::Absent)
        found.push_back({Severity::Warning, "live-no-data",
                         fmt::format("spec.when: {} now, so it does not fire; what is exposed is "
                                     "kept for it once the rule is in force, so see `levee get "
                                     "automations` then",
                                     reading.detail),
                         automation.whenPlace});
    if (reading.state == ConditionState::Failed)
        found.push_back({Severity::Warning, "live-failed",
                         "spec.when cannot be evaluated: " + reading.detail, automation.whenPlace});
}

void lintAction(const Automation& automation, const AutomationAction& action,
                const LiveFacts& facts, Diagnostics& found) {
    const auto warn = [&](std::string code, const std::string& message) {
        found.push_back({Severity::Warning, std::move(code),
                         fmt::format("{}: {}", describe(action), message), automation.place});
    };
    const std::string subject = action.subject();
    const auto guard = std::find_if(facts.guards.begin(), facts.guards.end(),
                                    [&](const GuardState& g) { return g.subject == subject; });
    if (guard == facts.guards.end()) {
        std::vector<std::string> subjects;
        for (const GuardState& each : facts.guards)
            subjects.push_back(each.subject);
        const std::string near = nearestWord(subject, subjects);
        warn("live-no-match",
             fmt::format("no listener of this agent is for {}: here it does nothing{}", subject,
                         near.empty() ? std::string() : fmt::format("; is {} meant?", near)));
        return;
    }
    OverrideRequest request = overrideFor(automation, action);
    request.ttl = std::min(request.ttl, facts.overrides.maxTtl);
    request.reason = automation.name;
    const Status possible = checkOverride(request, &*guard, facts.overrides);
    if (!possible)
        warn("live-refused", possible.error().message);
}

}  // namespace

void lintLive(const Automation& automation, const LiveFacts& facts, Diagnostics& found) {
    if (automation.mode == GuardMode::Off)
        return;
    lintCondition(automation, facts, found);
    for (const AutomationAction& action : automation.actions) {
        if (action.kind != AutomationAction::Kind::Notify)
            lintAction(automation, action, facts, found);
    }
    if (automation.atMost > facts.overrides.maxTtl)
        found.push_back(
            {Severity::Warning, "live-shorter",
             fmt::format(
                 "spec.atMost is {}; override.max_ttl of this agent is {}, which is as long "
                 "as it holds anything",
                 formatDuration(automation.atMost), formatDuration(facts.overrides.maxTtl)),
             automation.place});
}

}  // namespace levee
