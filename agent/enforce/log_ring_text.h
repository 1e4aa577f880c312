// SPDX-License-Identifier: Apache-2.0
// Inside agent/enforce: where HAProxy's log goes, as sections of its configuration. Pure.
#pragma once

#include "agent/enforce/config_lines.h"
#include "agent/enforce/gateway_paths.h"

namespace levee {

/// The ring that HAProxy logs to, whose lines the agent reads at its log socket.
void writeLogRing(const GatewayPaths& paths, ConfigLines& out);

/// A frontend of HAProxy's own that takes the lines while no agent is there and forgets them; it
/// holds each connection for a second. Without it HAProxy 2.6 would connect to the log socket of an
/// agent that is gone again and again without a pause. An agent that stops lets the name of its
/// log socket lead here.
void writeLogSink(const GatewayPaths& paths, ConfigLines& out);

}  // namespace levee
