// SPDX-License-Identifier: Apache-2.0
// Looks at the host and its sockets at their intervals, on a thread of its own, and hands over what
// it saw. Only this class of the module reads the clock.
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "agent/config/agent_config.h"
#include "agent/host/host_window.h"
#include "shared/base/time.h"

namespace levee::host {

/// start() and stop() from one thread; the others from any.
class HostObserver {
public:
    /// Called on the observer's thread.
    using OnWindow = std::function<void(std::shared_ptr<const HostWindow>)>;

    HostObserver(const TimeSource& time, OnWindow onWindow);
    ~HostObserver();
    HostObserver(const HostObserver&) = delete;
    HostObserver& operator=(const HostObserver&) = delete;

    void start(const AgentConfig& config);
    /// Takes effect at once; what was learned of processes stays.
    void configure(const AgentConfig& config);
    void stop();

    /// The instances by which traces know a service; those that are addresses name the sockets.
    void nameInstances(const std::string& service, const std::vector<std::string>& instances);

    HostCounters counters() const;

private:
    class Worker;
    struct Inbox {
        std::unique_ptr<AgentConfig> config;
        std::vector<std::pair<std::string, std::string>> instances;
    };
    void run();

    const TimeSource& time_;
    const OnWindow onWindow_;
    mutable std::mutex mutex_;
    std::condition_variable wake_;
    Inbox inbox_;
    HostCounters counters_;
    bool isStopping_ = false;
    std::thread thread_;
};

}  // namespace levee::host
