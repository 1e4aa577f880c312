// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "agent/host/socket_edges.h"
#include "shared/model/host_state.h"

namespace levee::host {

/// One reading of the host and of its sockets, or of one of them. Immutable once handed out.
struct HostWindow {
    std::optional<HostState> host;                 ///< nothing: not read this time
    std::optional<std::vector<SocketEdge>> edges;  ///< nothing: not read this time
    double socketSeconds = 0;  ///< since the sockets were read before; 0 for the first time
};

/// Since the start, but for those that say "now".
struct HostCounters {
    std::uint64_t readings = 0;        ///< of the sockets
    std::uint64_t readingsFailed = 0;  ///< the kernel refused
    std::uint64_t readingsCut = 0;     ///< there were more sockets than max_sockets
    std::uint64_t sockets = 0;         ///< now
    std::uint64_t socketsUnowned = 0;  ///< now: held by no process that may be looked at
    std::uint64_t unattributed = 0;    ///< connections now whose client is not known
    std::uint64_t peersOverflowed = 0;
    std::uint64_t edgesOverflowed = 0;
    std::uint64_t linksRead = 0;            ///< of /proc/PID/fd
    std::uint64_t processesUnreadable = 0;  ///< now
    std::uint64_t processesLeftOut = 0;     ///< now: beyond ProcessMeter::kMostProcesses
    std::uint64_t devicesLeftOut = 0;       ///< now: beyond HostMeter::kMostDevices
};

}  // namespace levee::host
