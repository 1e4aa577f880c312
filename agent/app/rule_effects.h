// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agent/config/agent_config.h"
#include "agent/control/rule_book.h"
#include "agent/enforce/haproxy_config.h"

namespace levee {

/// The fallback answers that a rule set gives the gateway's outbound listeners, by subject.
Fallbacks fallbacksOf(const GatewayConfig& gateway, const RuleSet& rules);

/// The event that tells of a new revision.
Event revisionEvent(const RuleRevision& revision);

}  // namespace levee
