// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>

namespace levee {

/// HAProxy's own socket that its log goes to while no agent is there.
inline constexpr const char* kSinkName = "sink.sock";

/// Where a managed gateway keeps its files. All in one directory of its own, mode 0700. Immutable.
struct GatewayPaths {
    /// `runtimeSocket`: of an HAProxy that is somebody else's; "": in the directory.
    explicit GatewayPaths(std::string gatewayDirectory, std::string runtimeSocket = {})
        : directory(std::move(gatewayDirectory)), foreignSocket(std::move(runtimeSocket)) {}

    std::string directory;
    std::string foreignSocket;

    /// The configuration in force, to be looked at.
    std::string config() const { return directory + "/haproxy.cfg"; }
    /// The last one that HAProxy refused.
    std::string refused() const { return directory + "/haproxy.cfg.refused"; }
    std::string pidFile() const { return directory + "/haproxy.pid"; }
    std::string statsSocket() const {
        return foreignSocket.empty() ? directory + "/haproxy.sock" : foreignSocket;
    }
    std::string peerSocket() const { return directory + "/peer.sock"; }
    std::string logSocket() const { return directory + "/log.sock"; }
    std::string sinkSocket() const { return directory + "/" + kSinkName; }
    /// Limits and shares in force.
    std::string numbersMap() const { return directory + "/numbers.map"; }
    /// Names of the rules in force.
    std::string wordsMap() const { return directory + "/words.map"; }
    /// When the agent was last alive.
    std::string agentMap() const { return directory + "/agent.map"; }
    std::string serverState() const { return directory + "/server.state"; }
    std::string lockFile() const { return directory + "/lock"; }
    /// `hash` of the body: a body that changes gets a new file, and the one that a running
    /// configuration names stays.
    std::string fallbackBody(const std::string& hash) const {
        return directory + "/fallback." + hash + ".body";
    }
};

}  // namespace levee
