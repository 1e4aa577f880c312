// SPDX-License-Identifier: Apache-2.0
// Scrapes the configured targets on a thread of its own and hands over what each scrape brought.
//
// Faults stay with their target: a hanging, slow, hostile or broken one is down with a reason, and
// no other target is late for it. Memory is bounded by ScrapeLimits per body, a budget for all
// bodies in flight, and the sample limit for what is remembered per target.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "agent/collect/collect_stats.h"
#include "agent/collect/keep_filter.h"
#include "agent/collect/target.h"
#include "agent/config/agent_config.h"
#include "shared/base/result.h"
#include "shared/base/time.h"

namespace levee {

class ScrapePool;

/// Thread-safe.
class Collector {
public:
    /// Called on the collector's thread, one scrape at a time. It must be quick: push into a queue.
    using OnScrape = std::function<void(ScrapeResult&&)>;

    Collector(TimeSource& time, OnScrape onScrape);
    ~Collector();  ///< stops
    Collector(const Collector&) = delete;
    Collector& operator=(const Collector&) = delete;

    /// Begins to scrape. Jobs and filter may be set before or after.
    void start();
    /// Ends the thread; running scrapes are dropped and nothing is handed over afterwards. At most
    /// the time that one callback takes. Idempotent. Must not be called from the callback.
    void stop();

    /// Replaces the jobs. Targets that stay keep their state, and jobs what was discovered for
    /// them. On an error nothing changes.
    Status setJobs(const std::vector<ScrapeJob>& jobs);
    /// Replaces what was discovered for a job; ignored for a job that is not there. Discovered
    /// targets that cannot be scraped are left out and counted; when there are too many targets,
    /// nothing changes.
    Status setDiscovered(const std::string& job, std::vector<StaticTargets> groups);
    void setFilter(KeepFilter filter);

    /// Every configured target, in the order of their URLs. Before its first scrape a target's
    /// health is Unknown.
    std::vector<TargetStatus> targets() const;
    const CollectStats& stats() const { return stats_; }

private:
    void run();
    void applyPending();
    void publish(ScrapeResult&& result);
    Status plan(const std::vector<ScrapeJob>& jobs, const DiscoveredTargets& discovered);

    TimeSource& time_;
    const OnScrape onScrape_;
    CollectStats stats_;

    std::mutex planning_;          // held while targets are made; taken before mutex_
    std::vector<ScrapeJob> jobs_;  // guarded by planning_, as the next
    DiscoveredTargets discovered_;

    mutable std::mutex mutex_;
    std::optional<std::vector<Target>> pendingTargets_;  // guarded by mutex_, as the next three
    std::optional<KeepFilter> pendingFilter_;
    std::map<std::string, TargetStatus> states_;
    bool stopping_ = false;

    std::mutex lifecycle_;  // held through start() and stop(); never taken by the thread itself
    bool running_ = false;

    std::unique_ptr<ScrapePool> pool_;
    std::thread thread_;
};

}  // namespace levee
