// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agent/config/agent_config.h"
#include "agent/control/rule_book.h"
#include "agent/enforce/haproxy_config.h"

namespace levee {

/// What a rule set asks of the configuration of the gateway's listeners.
ListenerRules listenerRules(const GatewayConfig& gateway, const RuleSet& rules);

/// The event that tells of a new revision.
Event revisionEvent(const RuleRevision& revision);

}  // namespace levee
