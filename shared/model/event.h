// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

namespace levee {

enum class EventKind {
    Breaker,
    Limit,
    Rule,
    Override,
    Target,
    Gateway,
    Agent,
    Topology,
    Ejection,
    Automation,
};
enum class EventSeverity { Info, Notice, Warning, Critical };

/// Something that happened or was decided, with its reason: the decision log, the timeline, the
/// audit trail.
struct Event {
    std::int64_t id = 0;      ///< counts up for ever on one agent, without gaps
    std::int64_t millis = 0;  ///< wall time
    EventKind kind = EventKind::Agent;
    EventSeverity severity = EventSeverity::Info;
    std::string subject;  ///< service, edge, target or rule it is about
    std::string text;     ///< one sentence: "breaker opened: 10 of the last 10 calls failed"
    std::string rule;     ///< the rule that decided, or ""
    std::int64_t revision = 0;
    std::string detail;  ///< inputs and thresholds, one `name=value` after another, or ""
    /// What would have led to another decision: "would have stayed closed at failureShare > 0.62".
    /// "" where no threshold decided, but a clock or a person.
    std::string counterfactual = {};
};

}  // namespace levee
