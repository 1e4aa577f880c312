// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "agent/config/agent_config.h"
#include "agent/forward/remote_writer.h"
#include "agent/forward/sent_series.h"

namespace levee::forward {

/// What one receiver has got. A copy.
struct WriterCounters {
    std::string name;
    std::uint64_t sent = 0;
    std::uint64_t rejected = 0;
    std::uint64_t dropped = 0;
    std::uint64_t filtered = 0;
    std::uint64_t requests = 0;
    std::uint64_t retries = 0;
    std::uint64_t bytes = 0;
    std::size_t pending = 0;
};

/// Hands what was scraped to all receivers of remote write. Thread-safe.
class Forwarder {
public:
    explicit Forwarder(TimeSource& time) : time_(time) {}

    /// Replaces the receivers; one that is configured as before goes on. Waits for those that go,
    /// at most two seconds each.
    void configure(const std::vector<RemoteWriteConfig>& configs,
                   const std::map<std::string, std::string>& externalLabels);
    void stop() { configure({}, {}); }

    bool isActive() const;
    /// Never waits for a receiver. Results of one target must come in the order of their times.
    void add(const ScrapeResult& result);
    std::vector<WriterCounters> counters() const;

private:
    TimeSource& time_;
    std::mutex configuring_;
    mutable std::mutex mutex_;
    std::map<std::string, std::string> externalLabels_;  // guarded by mutex_, as the rest
    std::vector<std::unique_ptr<RemoteWriter>> writers_;
    SentSeries sent_;
};

}  // namespace levee::forward
