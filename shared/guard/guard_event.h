// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "shared/model/event.h"

namespace levee {

/// Something a guard did, and why. The agent adds time, subject, rule and revision and makes it an
/// Event of the decision log. A value.
struct GuardEvent {
    EventKind kind = EventKind::Breaker;
    EventSeverity severity = EventSeverity::Info;
    std::string text;    ///< one sentence with the numbers
    std::string detail;  ///< inputs and thresholds: `name=value` after `name=value`
};

}  // namespace levee
