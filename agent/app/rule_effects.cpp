// SPDX-License-Identifier: Apache-2.0
#include "agent/app/rule_effects.h"

#include <fmt/format.h>

namespace levee {

ListenerRules listenerRules(const GatewayConfig& gateway, const RuleSet& rules) {
    ListenerRules all;
    for (const ListenerConfig& listener : gateway.listeners) {
        const Rule* rule = rules.match(listener.client, listener.service);
        const GuardSettings settings = rule != nullptr ? rule->settings : GuardSettings{};
        ListenerRule& wanted = all[listener.subject()];
        wanted = {settings.fallback, settings.rate,    settings.priority,
                  settings.deadline, settings.retries, settings.agentLoss};
        if (settings.mode == GuardMode::Off) {
            wanted.rate = {};
            wanted.priority = {};
            wanted.deadline = {};
        }
        // In shadow the numbers let all pass (rate, classes, deadlines); calls are tried again by
        // the text.
        if (settings.mode != GuardMode::Enforce)
            wanted.retries = {};
    }
    return all;
}

Event revisionEvent(const RuleRevision& revision) {
    Event event;
    event.kind = EventKind::Rule;
    event.severity = EventSeverity::Notice;
    event.subject = "rules";
    event.text = fmt::format("revision {} is in force, by {}: {}", revision.revision,
                             revision.author, revision.reason);
    event.revision = revision.revision;
    return event;
}

}  // namespace levee
