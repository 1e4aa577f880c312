// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "agent/enforce/gateway_supervisor.h"
#include "agent/enforce/log_reader.h"

namespace levee {

/// What the gateway can say about itself at one moment.
struct GatewayStatus {
    bool up = false;     ///< HAProxy runs and answers
    std::string detail;  ///< "process 123", or why it is not up
    int pid = 0;
    std::uint64_t sequence = 0;         ///< of the desired state that the proofs are about
    std::int64_t revision = 0;          ///< of the rules that this state comes from
    std::vector<Proof> proofs;          ///< one for each listener of the configuration
    std::vector<RateTable> rateTables;  ///< of listeners with a rate
    Duration applyTime{};               ///< from setDesired to the proofs
    std::vector<Event> events;  ///< since the last takeStatus, at most 256; id and millis are 0
    LogCounters log;
};

/// The managed gateway: HAProxy, what is in force in it, and what it reports. Two threads of its
/// own: one carries states out and supervises the process, one reads the log. Thread-safe, except
/// that start and stop belong to one thread. One start in its life.
class Gateway {
public:
    struct Hooks {
        /// On the log thread; RequestRecord::listener is an index into the configuration that is
        /// in force when the record is read.
        LogReader::BatchHandler onRecords;
        /// On the gateway's thread, after each change of the status; must not block. May be empty.
        std::function<void()> onStatus;
    };

    explicit Gateway(Hooks hooks);
    /// As the death of the agent: HAProxy serves on with the last state.
    ~Gateway();
    Gateway(const Gateway&) = delete;
    Gateway& operator=(const Gateway&) = delete;

    /// Starts HAProxy or takes over the one that runs in config.directory; returns when it serves.
    Status start(const GatewayConfig& config, const ListenerRules& rules);

    /// The newest state wins; it is applied at once, not at a tick. Returns its sequence number.
    std::uint64_t setDesired(DesiredState desired);

    /// Validates, and reloads without dropping a request if the configuration differs. Waits for
    /// the end of it (tens of milliseconds). On an error the old configuration stays in force.
    Status reconfigure(const GatewayConfig& config, const ListenerRules& rules);

    /// The status now, and the events since the last call.
    GatewayStatus takeStatus();

    /// Ends both threads, and HAProxy unless `keepRunning`. What a gateway that keeps running logs
    /// until the next start is forgotten. (One that is destroyed without a stop, like one whose
    /// agent dies, leaves an HAProxy that keeps its log, and looks for a reader all the time.)
    Status stop(bool keepRunning);

private:
    struct Reconfiguration {
        GatewayConfig config;
        ListenerRules rules;
        std::promise<Status> done;
    };

    Status end(bool keepRunning);
    void run();
    void enforce(std::uint64_t sequence, MonotonicTime since);
    void publish();
    void wait();
    void wake();
    void addEvent(EventSeverity severity, std::string text);
    void reconfigureNow(Reconfiguration& work, std::uint64_t sequence);
    void finish(std::optional<DesiredState> desired, Reconfiguration* work);

    Hooks hooks_;
    std::unique_ptr<GatewaySupervisor> supervisor_;
    std::unique_ptr<LogReader> log_;
    UniqueFd wake_;
    std::thread thread_;

    std::mutex mutex_;  ///< guards the rest
    bool stopping_ = false;
    bool running_ = false;
    std::optional<DesiredState> pending_;
    MonotonicTime pendingSince_{};
    std::uint64_t sequence_ = 0;
    std::unique_ptr<Reconfiguration> reconfiguration_;
    GatewayStatus status_;
};

}  // namespace levee
