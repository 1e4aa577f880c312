// SPDX-License-Identifier: Apache-2.0
// Inside agent/config: how a listener of the gateway speaks to its callers and its targets.
#pragma once

#include <string>

#include "agent/config/agent_config.h"
#include "rules/lang/field_reader.h"

namespace levee::config {

/// `targets`: addresses, or {address: ..., weight: ...}.
void readListenerTargets(FieldReader& fields, ListenerConfig& listener);
/// The address of an item of `targets` as it is written, or "".
std::string addressTextOf(const YamlNode& item);

/// balance, protocol, tls, target_tls and health_check.
void readListenerOptions(FieldReader& fields, ListenerConfig& listener);

}  // namespace levee::config
