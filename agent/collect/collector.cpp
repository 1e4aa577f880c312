// SPDX-License-Identifier: Apache-2.0
#include "agent/collect/collector.h"

#include <algorithm>
#include <utility>

#include "agent/collect/client_settings.h"
#include "agent/collect/scrape_pool.h"
#include "shared/base/log.h"

namespace levee {
namespace {

constexpr Duration kLongestPoll = std::chrono::seconds(10);

}  // namespace

Collector::Collector(TimeSource& time, OnScrape onScrape)
    : time_(time), onScrape_(std::move(onScrape)) {
    initCurl();
    pool_ = std::make_unique<ScrapePool>(
        time_, stats_, [this](ScrapeResult&& result) { publish(std::move(result)); });
}

Collector::~Collector() {
    stop();
}

void Collector::start() {
    const std::lock_guard lifecycle(lifecycle_);
    if (running_)
        return;
    running_ = true;
    {
        const std::lock_guard lock(mutex_);
        stopping_ = false;
    }
    thread_ = std::thread([this] { run(); });
}

void Collector::stop() {
    const std::lock_guard lifecycle(lifecycle_);
    if (!running_)
        return;
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    pool_->wake();
    thread_.join();
    running_ = false;
}

Status Collector::setJobs(const std::vector<ScrapeJob>& jobs) {
    const std::lock_guard planning(planning_);
    DiscoveredTargets discovered = discovered_;
    std::erase_if(discovered, [&jobs](const auto& found) {
        return std::none_of(jobs.begin(), jobs.end(),
                            [&](const ScrapeJob& job) { return job.name == found.first; });
    });
    const Status planned = plan(jobs, discovered);
    if (!planned) {
        count(stats_.configsRefused);
        return planned;
    }
    jobs_ = jobs;
    discovered_ = std::move(discovered);
    return planned;
}

Status Collector::setDiscovered(const std::string& job, std::vector<StaticTargets> groups) {
    const std::lock_guard planning(planning_);
    if (std::none_of(jobs_.begin(), jobs_.end(),
                     [&job](const ScrapeJob& known) { return known.name == job; }))
        return Status::ok();
    DiscoveredTargets discovered = discovered_;
    discovered[job] = std::move(groups);
    const Status planned = plan(jobs_, discovered);
    if (planned) {
        discovered_ = std::move(discovered);
    } else {
        count(stats_.updatesRefused);
        log::warning("collect", "{}; the former targets stay", planned.error().message);
    }
    return planned;
}

Status Collector::plan(const std::vector<ScrapeJob>& jobs, const DiscoveredTargets& discovered) {
    RefusedTargets refused;
    auto targets = makeTargets(jobs, discovered, &refused);
    if (!targets)
        return targets.error();
    count(stats_.targetsRefused, refused.count);
    if (refused.count > 0)
        log::warning("collect", "{} discovered targets are left out; the first: {}", refused.count,
                     refused.first);
    {
        const std::lock_guard lock(mutex_);
        std::map<std::string, TargetStatus> states;
        for (const Target& target : *targets) {
            TargetStatus state = ScrapeLoop(target).state();
            const auto known = states_.find(state.key);
            if (known != states_.end())
                state = known->second;
            std::string key = state.key;
            states.emplace(std::move(key), std::move(state));
        }
        states_ = std::move(states);
        pendingTargets_ = std::move(*targets);
    }
    pool_->wake();
    return Status::ok();
}

void Collector::setFilter(KeepFilter filter) {
    {
        const std::lock_guard lock(mutex_);
        pendingFilter_ = std::move(filter);
    }
    pool_->wake();
}

std::vector<TargetStatus> Collector::targets() const {
    const std::lock_guard lock(mutex_);
    std::vector<TargetStatus> all;
    all.reserve(states_.size());
    for (const auto& [key, state] : states_)
        all.push_back(state);
    return all;
}

void Collector::run() {
    for (;;) {
        {
            const std::lock_guard lock(mutex_);
            if (stopping_)
                return;
        }
        applyPending();
        pool_->runOnce();
        pool_->poll(kLongestPoll);
    }
}

void Collector::applyPending() {
    std::optional<std::vector<Target>> targets;
    std::optional<KeepFilter> filter;
    {
        const std::lock_guard lock(mutex_);
        targets.swap(pendingTargets_);
        filter.swap(pendingFilter_);
    }
    if (filter)
        pool_->setFilter(std::move(*filter));
    if (targets)
        pool_->setTargets(std::move(*targets));
}

void Collector::publish(ScrapeResult&& result) {
    {
        const std::lock_guard lock(mutex_);
        const auto known = states_.find(result.state.key);
        if (known != states_.end() && !result.removed) {
            if (known->second.health != result.state.health &&
                result.state.health == TargetHealth::Down)
                log::warning("collect", "{} is down: {}", result.state.url, result.state.error);
            known->second = result.state;
        }
    }
    if (onScrape_)
        onScrape_(std::move(result));
}

}  // namespace levee
