// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "shared/base/time.h"
#include "shared/guard/decision.h"
#include "shared/model/event.h"
#include "shared/model/guard_state.h"

namespace levee {

/// Something a guard did, and why. The agent adds time, subject, rule and revision and makes it an
/// Event of the decision log. A value.
struct GuardEvent {
    EventKind kind = EventKind::Breaker;
    EventSeverity severity = EventSeverity::Info;
    std::string text;  ///< one sentence with the numbers
    Decision why;
    /// Whether it was acted on (Enforce) or only recorded (Shadow). What a person holds is acted on
    /// in every mode. Set on every event that Guard hands out.
    std::optional<GuardMode> mode = std::nullopt;
    bool isByHand = false;  ///< a hold began or ended, which is told by who holds it; set by Guard

    /// The record as `name=value` after `name=value`: mode, inputs, thresholds, distance.
    std::string detail() const;
};

/// How long something is held, as people say it: in whole seconds from ten on.
std::string holdSpan(Duration span);

}  // namespace levee
