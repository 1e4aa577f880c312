// SPDX-License-Identifier: Apache-2.0
#include "agent/app/rule_effects.h"

#include <fmt/format.h>

namespace levee {

Fallbacks fallbacksOf(const GatewayConfig& gateway, const RuleSet& rules) {
    Fallbacks fallbacks;
    for (const ListenerConfig& listener : gateway.listeners) {
        if (listener.direction != Direction::Outbound)
            continue;
        const Rule* rule = rules.match(listener.client, listener.service);
        fallbacks[listener.subject()] =
            rule != nullptr ? rule->settings.fallback : FallbackSettings{};
    }
    return fallbacks;
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
