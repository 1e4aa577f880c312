// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "agent/config/agent_config.h"
#include "agent/enforce/enforcer.h"
#include "agent/enforce/gateway_paths.h"
#include "agent/enforce/haproxy_commands.h"
#include "agent/enforce/listener_limits.h"
#include "agent/enforce/runtime_socket.h"
#include "shared/base/time.h"

namespace levee {

/// How full the memory for a rate's keys is.
struct RateTable {
    std::string subject;
    std::uint64_t keys = 0;
    std::uint64_t mostKeys = 0;
    std::uint64_t timesFull = 0;  ///< found full since the start: old keys were forgotten

    bool operator==(const RateTable&) const = default;
};

/// Enforces by HAProxy's runtime socket: `set maxconn server` for limits, `set weight` for single
/// targets, map entries for rates, queue bounds and shares. Confined to one thread.
///
/// A change is proven by asking HAProxy for all its values again and comparing them; the same
/// answer names the process, so values that went to a process which was replaced meanwhile are
/// found out and sent again. The map files on disk are rewritten first: whatever starts next starts
/// with the last state.
class HaproxyEnforcer final : public Enforcer {
public:
    HaproxyEnforcer(RuntimeSocket socket, GatewayPaths paths);

    /// The listeners of the configuration that HAProxy runs with from now on.
    void setConfig(GatewayConfig config);
    /// A process that a reload replaced. Until it has heard of it, it listens at the same socket as
    /// its successor: what it answers is not what is in force, and is asked again.
    void disregard(int pid) { replacedPid_ = pid; }

    std::vector<Proof> apply(const DesiredState& desired) override;
    Result<DesiredState> readBack() override;
    Status release() override;

    /// Tells HAProxy that the agent is alive at `wall`, which is what rules for its loss go by.
    Status showLife(WallTime wall);
    /// As of the last read-back.
    std::vector<RateTable> rateTables() const;

    /// Writes the map files for a HAProxy that is about to be started.
    Status writeMapFiles(const std::vector<ListenerLimits>& limits);
    /// The process that answered last; nothing when the last question got no answer.
    std::optional<reply::Worker> worker() const;
    /// Commands sent to change something since the start: shows that an unchanged state costs none.
    std::uint64_t changesSent() const { return changesSent_; }

private:
    struct Observed {
        reply::Worker worker;
        bool hasMaps = true;  ///< an attached HAProxy may not have the lines that name them
        MapValues numbers;
        MapValues words;
        std::map<std::string, reply::Server> servers;  ///< by "backend/server"
        std::map<std::string, reply::Table> tables;
    };

    Result<Observed> observe() const;
    Result<Observed> ask() const;
    Status send(const Observed& observed, const std::vector<ListenerLimits>& wanted);
    Status sendMap(const std::string& map, const MapValues& observed, const MapEntries& wanted,
                   std::vector<std::string>& commands);
    bool holds(const Observed& observed, const std::vector<ListenerLimits>& wanted) const;
    ListenerLimits limitsAt(const Observed& observed, std::size_t index) const;
    std::vector<Proof> proofs(const std::vector<ListenerLimits>& wanted, const Status& sent) const;
    std::vector<Proof> unreachable(const Error& error);
    bool isAttached() const { return config_.mode == GatewayMode::Attached; }
    bool isInForce(const ListenerLimits& now, const ListenerLimits& wanted,
                   const Observed& observed) const;
    void noteTables(const Observed& observed);

    RuntimeSocket socket_;
    GatewayPaths paths_;
    GatewayConfig config_;
    int replacedPid_ = 0;
    std::optional<Observed> observed_;  ///< the last read-back
    std::string writtenNumbers_;
    std::string writtenWords_;
    std::map<std::string, std::uint64_t> timesFull_;  ///< by subject
    std::uint64_t changesSent_ = 0;
};

}  // namespace levee
