// SPDX-License-Identifier: GPL-3.0-or-later
// What all agents together say, as one picture. Plain values.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "dashboard/client/agent_session.h"
#include "dashboard/client/shared_rows.h"
#include "shared/base/time.h"
#include "shared/model/snapshot.h"

namespace levee {

/// One agent: how it is reached and how old its word is.
struct FleetAgent {
    std::string address;
    SessionState state;
    bool hasSnapshot = false;
    AgentInfo info;
    std::int64_t snapshotMillis = 0;  ///< by the agent's own clock
    MonotonicTime heardAt{};          ///< by ours
    /// Seconds that the agent's clock was ahead of ours when it was last heard, the way of the
    /// message included; unknown of a recording.
    double clockOffset = kUnknown;
};

/// Numbers carry the time at which the newest of their sources was heard, so that old ones can
/// look old.
struct FleetNode {
    Node node;
    MonotonicTime heardAt{};
};
struct FleetEdge {
    Edge edge;
    MonotonicTime heardAt{};
};
/// Guards stay apart: each host enforces its own.
struct FleetGuard {
    std::string host;
    GuardState guard;
    MonotonicTime heardAt{};
};
struct FleetTarget {
    std::string host;
    TargetState target;
};

struct FleetView {
    std::int64_t millis = 0;         ///< newest wall time that any agent reported
    std::uint64_t news = 0;          ///< equal: of two pictures of one pool only times differ
    MonotonicTime freshAt{};         ///< all of it was still so then
    std::vector<FleetAgent> agents;  ///< in the order they were added
    SharedRows<FleetNode> nodes;     ///< by name
    SharedRows<FleetEdge> edges;     ///< by client, server
    SharedRows<FleetGuard> guards;   ///< by subject, host
    SharedRows<Advice> advice;       ///< by service
    SharedRows<FleetTarget> targets;

    /// When something was last known to be as it stands here.
    MonotonicTime knownAt(MonotonicTime heardAt) const { return std::max(heardAt, freshAt); }
};

/// What one agent contributes; `snapshot` may be null.
struct FleetSource {
    FleetAgent agent;
    const AgentSnapshot* snapshot = nullptr;
};

/// Nodes are merged by name, edges by their ends: rates and in-flight counts add up, health is the
/// worst, percentiles are the largest reported (percentiles cannot be added up, and an operator
/// must see the slow host), instances are the most that one agent knows of, hosts are united.
/// Advice for one service from several agents adds up, with the reason of the largest.
FleetView mergeFleet(const std::vector<FleetSource>& sources);

}  // namespace levee
