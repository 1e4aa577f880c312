// SPDX-License-Identifier: Apache-2.0
// The stable lower-case names of the model's enumerations: JSON, tables, metrics, events.
#pragma once

#include <optional>
#include <string_view>

#include "shared/model/advice.h"
#include "shared/model/audit.h"
#include "shared/model/automation_state.h"
#include "shared/model/event.h"
#include "shared/model/guard_settings.h"
#include "shared/model/guard_state.h"
#include "shared/model/override.h"
#include "shared/model/request_record.h"
#include "shared/model/topology.h"
#include "shared/model/trace.h"

namespace levee {

std::string_view name(NodeKind kind);
std::string_view name(Health health);
std::string_view name(GuardMode mode);
std::string_view name(BreakerState state);
std::string_view name(InstanceStatus status);
std::string_view name(Enforcement enforcement);
std::string_view name(EventKind kind);
std::string_view name(EventSeverity severity);
std::string_view name(OverrideKind kind);
std::string_view name(AuditAction action);
std::string_view name(Confidence confidence);
std::string_view name(Outcome outcome);
std::string_view name(LimiterKind kind);
std::string_view name(SpanKind kind);
std::string_view name(RetryOn on);
std::string_view name(AgentLoss then);
std::string_view name(AutomationPhase phase);
std::string_view name(ConditionState state);

/// The kind of that name; none for other texts.
std::optional<LimiterKind> limiterKindNamed(std::string_view text);

}  // namespace levee
