// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "shared/model/advice.h"
#include "shared/model/event.h"
#include "shared/model/guard_state.h"
#include "shared/model/host_state.h"
#include "shared/model/topology.h"

namespace levee {

/// One scrape target's condition.
struct TargetState {
    std::string job;
    std::string url;
    bool up = false;
    double durationSeconds = 0;
    int samples = 0;
    std::string error;               ///< why it is down, or ""
    std::int64_t scrapedMillis = 0;  ///< 0: not yet
};

/// The agent about itself.
struct AgentInfo {
    std::string host;
    std::string version;
    std::int64_t startedMillis = 0;
    std::int64_t rulesRevision = 0;
    double cpuShare = kUnknown;  ///< of one core, last second
    double rssBytes = kUnknown;
    bool gatewayUp = false;
    std::string gatewayDetail;
    bool isEnforcing = true;           ///< false: switched off by hand, everything passes
    std::string enforcingDetail = {};  ///< who switched it off, when and why
    double series = kUnknown;          ///< kept of the scraped ones, now
    double lost = kUnknown;  ///< since the start: spans, requests' log lines, seconds of history
                             ///< that were given up for want of room
};

/// All that one agent knows at one instant. Immutable once published (shared_ptr<const
/// AgentSnapshot>).
struct AgentSnapshot {
    std::int64_t sequence = 0;  ///< counts up with each published snapshot
    std::int64_t millis = 0;    ///< wall time it describes
    AgentInfo agent;
    HostState host;
    std::vector<Node> nodes;           ///< by name
    std::vector<Edge> edges;           ///< by client, server
    std::vector<GuardState> guards;    ///< by subject
    std::vector<Advice> advice;        ///< by service
    std::vector<TargetState> targets;  ///< by job, url
};

/// A rule set as it was put in force.
struct RuleRevision {
    std::int64_t revision = 0;
    std::int64_t millis = 0;
    std::string author;
    std::string reason;
    std::string text;  ///< YAML documents, "---" between them
    bool active = false;
};

/// What a series has beside its traffic; kUnknown where it does not apply. Of a service (and of the
/// host, whose subject is "host:" and its name): what it uses here. Of an edge: its connections.
struct Footprint {
    double cpuCores = kUnknown;
    double memoryBytes = kUnknown;
    double cpuPressure = kUnknown;
    double rtt = kUnknown;
    double minRtt = kUnknown;
    double retransmissionRate = kUnknown;
};

/// A time series out of the history.
struct SeriesPoint {
    std::int64_t millis = 0;
    Traffic traffic;
    Footprint footprint{};
};

}  // namespace levee
