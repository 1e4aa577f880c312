// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>

namespace levee {

/// Where a managed gateway keeps its files. All in one directory of its own, mode 0700. Immutable.
struct GatewayPaths {
    explicit GatewayPaths(std::string gatewayDirectory) : directory(std::move(gatewayDirectory)) {}

    std::string directory;

    std::string config() const { return directory + "/haproxy.cfg"; }
    std::string candidate() const { return directory + "/haproxy.cfg.candidate"; }
    std::string previous() const { return directory + "/haproxy.cfg.previous"; }
    std::string pidFile() const { return directory + "/haproxy.pid"; }
    std::string statsSocket() const { return directory + "/haproxy.sock"; }
    std::string logSocket() const { return directory + "/log.sock"; }
    std::string admitMap() const { return directory + "/admit.map"; }
    std::string queueMap() const { return directory + "/queue.map"; }
    std::string serverState() const { return directory + "/server.state"; }
    std::string lockFile() const { return directory + "/lock"; }
    /// `hash` of the body: a body that changes gets a new file, and the one that a running
    /// configuration names stays.
    std::string fallbackBody(const std::string& hash) const {
        return directory + "/fallback." + hash + ".body";
    }
};

}  // namespace levee
