// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "agent/enforce/haproxy_config.h"
#include "agent/enforce/haproxy_enforcer.h"
#include "agent/enforce/haproxy_process.h"
#include "agent/enforce/log_reader.h"
#include "agent/runtime/deadline.h"
#include "agent/runtime/unique_fd.h"
#include "shared/model/event.h"

namespace levee {

/// One managed HAProxy and what shall be in force in it: started or taken over, restarted when it
/// died, reloaded when its configuration changed, brought back to the desired state when it forgot.
/// Confined to one thread; gateway.h gives it one.
///
/// An attached HAProxy is found by its socket, never started, reloaded or ended, and brought to the
/// desired state whenever it comes back; end(false) lets everything pass in it.
///
/// Restarts: at once after the first death, then after 100 ms, doubling to 5 s; a process that
/// lived for 10 s counts as well again.
class GatewaySupervisor {
public:
    using EventHandler = std::function<void(EventSeverity, std::string text)>;

    GatewaySupervisor(GatewayPaths paths, EventHandler onEvent);

    /// Makes the directory, takes the lock on it (Conflict when another agent holds it), then takes
    /// over the HAProxy that runs there, reloading it if its configuration is not this one, or
    /// starts one. The state in force of one that is taken over stays in force.
    Status begin(const GatewayConfig& config, const ListenerRules& rules);

    /// Validates, then reloads without a gap if anything changed. On an error everything stays as
    /// it was.
    Status reconfigure(const GatewayConfig& config, const ListenerRules& rules);

    void setDesired(DesiredState desired) { desired_ = std::move(desired); }
    std::int64_t desiredRevision() const { return desired_.revision; }
    /// Brings HAProxy to the desired state; also notices a process that was replaced or died.
    std::vector<Proof> enforce();

    /// The sign of life that rules for the loss of the agent go by. Each second or so.
    void showLife();
    std::vector<RateTable> rateTables() const { return enforcer_.rateTables(); }

    /// Readable when the process has ended; -1 when there is none.
    int processFd() const { return ended_.get(); }
    /// Restarts a process that ended, if the time for it has come.
    void superviseProcess();
    /// Until superviseProcess has something to do besides processFd; nothing: for ever.
    std::optional<Duration> untilRestart() const;
    /// Does what can wait until there is no work: writes the configuration in force down, to be
    /// looked at, and has the next HAProxy stand by, for the CPU of half a start where none does.
    void catchUp();

    /// Lets go. `keepRunning`: HAProxy serves on with the last state.
    Status end(bool keepRunning);

    bool isUp() const { return up_; }
    std::string detail() const { return detail_; }
    int pid() const { return pid_; }
    /// The hash of the configuration in force as its number, as in LogLine::config.
    std::uint32_t configNumber() const;
    /// Of the configuration in force, in its order.
    std::vector<LoggedListener> listeners() const;

private:
    bool isAttached() const { return config_.mode == GatewayMode::Attached; }
    Status beginAttached();
    bool findAttached();
    Status prepareDirectory();
    Status installFiles(const GatewayConfig& config, const ListenerRules& rules);
    Result<reply::Worker> launch(const GatewayConfig& config, const ListenerRules& rules);
    void adopt(const reply::Worker& worker);
    void use(const GatewayConfig& config, const ListenerRules& rules);
    void markDown(std::string why);
    void writeDown();

    GatewayPaths paths_;
    EventHandler onEvent_;
    HaproxyProcess process_;
    UniqueFd lock_;
    GatewayConfig config_;
    ListenerRules rules_;
    std::string hash_;
    std::string unwritten_;  ///< the text in force until it is in its file
    HaproxyEnforcer enforcer_;
    DesiredState desired_;

    bool up_ = false;
    std::string detail_ = "not started";
    int pid_ = 0;
    UniqueFd ended_;
    std::optional<Deadline> unanswered_;  ///< running since the socket fell silent
    std::optional<Deadline> restartAt_;   ///< set while there is no process
    Duration backoff_ = Duration::zero();
    std::optional<Deadline> wellAt_;  ///< past it the process counts as well
};

}  // namespace levee
