// SPDX-License-Identifier: Apache-2.0
// Conversions between the messages of agent.proto and their model values; total both ways. An
// enumerator of the wire that this build does not know becomes the model's first one.
#pragma once

#include <levee/v1/agent.pb.h>

#include "shared/model/snapshot.h"
#include "shared/model/snapshot_delta.h"

namespace levee::wire {

void toWire(const TargetState& value, v1::TargetState& message);
TargetState fromWire(const v1::TargetState& message);
void toWire(const AgentInfo& value, v1::AgentInfo& message);
AgentInfo fromWire(const v1::AgentInfo& message);
void toWire(const AgentSnapshot& value, v1::Snapshot& message);
AgentSnapshot fromWire(const v1::Snapshot& message);
void toWire(const SnapshotDelta& value, v1::SnapshotDelta& message);
SnapshotDelta fromWire(const v1::SnapshotDelta& message);

}  // namespace levee::wire
