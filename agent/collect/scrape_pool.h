// SPDX-License-Identifier: Apache-2.0
// All targets on one libcurl multi handle: starts what is due, moves what is running, hands over
// what has ended. Every call returns without waiting but poll(), so that a target that hangs costs
// the others nothing. Connections stay open between scrapes.
#pragma once

#include <curl/curl.h>

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "agent/collect/collect_stats.h"
#include "agent/collect/http_fetch.h"
#include "agent/collect/keep_filter.h"
#include "agent/collect/scrape_loop.h"
#include "agent/collect/scrape_reader.h"
#include "shared/base/time.h"

namespace levee {

/// Confined to the loop thread, but for wake().
class ScrapePool {
public:
    using OnScrape = std::function<void(ScrapeResult&&)>;

    ScrapePool(TimeSource& time, CollectStats& stats, OnScrape onScrape);
    ~ScrapePool();
    ScrapePool(const ScrapePool&) = delete;
    ScrapePool& operator=(const ScrapePool&) = delete;

    /// Reconciles: targets that stay keep their state, series and running scrape; those that leave
    /// are handed over once more as removed.
    void setTargets(std::vector<Target> targets);
    void setFilter(KeepFilter filter);

    /// One turn: due scrapes begin, bytes move, ended scrapes are handed over.
    void runOnce();
    /// Waits until something can be done, at most `longest`. Ended early by wake().
    void poll(Duration longest);
    void wake();  ///< Thread-safe.

    std::vector<TargetStatus> states() const;

private:
    /// A running scrape: what fetches and what reads.
    struct Scrape {
        explicit Scrape(HeldBudget& budget) : reader(budget) {}
        HttpFetch fetch;
        ScrapeReader reader;
        bool isReading = false;
    };
    struct Slot {
        explicit Slot(Target target) : loop(std::move(target)) {}
        ScrapeLoop loop;
        MonotonicTime due;
        std::unique_ptr<Scrape> scrape;  ///< while one runs
        MonotonicTime began;
        bool updated = false;  ///< `next` waits for the running scrape to end
        Target next;
    };

    void addTarget(Target target, MonotonicTime now);
    void updateTarget(Slot& slot, Target target, MonotonicTime now);
    void removeTarget(Slot& slot, MonotonicTime now);
    void startDue();
    void start(Slot& slot, MonotonicTime now);
    void finish(Slot& slot, CURLcode code);
    ReadOutcome read(Slot& slot, CURLcode code);
    void countOutcome(const ReadOutcome& outcome, std::uint64_t bodyBytes);
    void schedule(Slot& slot, MonotonicTime due);
    bool takeText(Slot& slot, std::string_view text, ExpositionFormat format);
    std::unique_ptr<Scrape> takeScrape();
    void giveBack(std::unique_ptr<Scrape> scrape);

    TimeSource& time_;
    CollectStats& stats_;
    OnScrape onScrape_;
    CURLM* multi_;
    std::shared_ptr<const KeepFilter> filter_ = std::make_shared<KeepFilter>();
    HeldBudget budget_;
    std::map<std::string, std::unique_ptr<Slot>> slots_;  // by Target::key()
    std::set<std::pair<MonotonicTime, Slot*>> schedule_;
    std::vector<std::unique_ptr<Scrape>> idle_;
};

}  // namespace levee
