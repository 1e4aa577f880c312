// SPDX-License-Identifier: Apache-2.0
// What changed between two snapshots of one agent; the stream sends a whole snapshot once and
// deltas after it.
#pragma once

#include <string>
#include <vector>

#include "shared/model/snapshot.h"

namespace levee {

/// Entries that are new or differ, whole; and the keys of those that went. Immutable.
struct SnapshotDelta {
    std::int64_t sequence = 0;
    std::int64_t millis = 0;
    AgentInfo agent;
    HostState host;  ///< always whole: nearly every figure of it changes
    std::vector<Node> nodes;
    std::vector<std::string> removedNodes;  ///< names
    std::vector<Edge> edges;
    std::vector<std::string> removedEdges;  ///< Edge::id()
    std::vector<GuardState> guards;
    std::vector<std::string> removedGuards;  ///< subjects
    std::vector<TargetState> targets;
    std::vector<std::string> removedTargets;  ///< urls
    std::vector<Advice> advice;               ///< always the whole list: it is short
};

/// REQUIRES: both sorted as AgentSnapshot says.
SnapshotDelta difference(const AgentSnapshot& before, const AgentSnapshot& after);

/// Brings `snapshot` up to the delta; apply(difference(a, b), a) makes a equal to b.
void apply(const SnapshotDelta& delta, AgentSnapshot& snapshot);

/// Equal in every field; an unknown number (NaN) equals an unknown number.
bool isSame(const Traffic& a, const Traffic& b);
bool isSame(const ResourceUsage& a, const ResourceUsage& b);
bool isSame(const SocketFigures& a, const SocketFigures& b);
bool isSame(const Node& a, const Node& b);
bool isSame(const Edge& a, const Edge& b);
bool isSame(const InstanceState& a, const InstanceState& b);
bool isSame(const RateState& a, const RateState& b);
bool isSame(const DeadlineState& a, const DeadlineState& b);
bool isSame(const ClassState& a, const ClassState& b);
bool isSame(const GuardState& a, const GuardState& b);
bool isSame(const TargetState& a, const TargetState& b);

}  // namespace levee
