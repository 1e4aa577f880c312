// SPDX-License-Identifier: Apache-2.0
#include "agent/discover/discovery.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <exception>
#include <optional>
#include <set>

#include "shared/base/log.h"

namespace levee::discover {
namespace {

std::size_t targetsIn(const TargetGroups& groups) {
    std::size_t count = 0;
    for (const StaticTargets& group : groups)
        count += group.targets.size();
    return count;
}

}  // namespace

/// A source, its thread, and what it has found.
struct Discovery::Runner {
    Runner(std::string jobName, DiscoveryConfig discovery)
        : job(std::move(jobName)),
          config(std::move(discovery)),
          stop(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}
    ~Runner() { ::close(stop); }
    Runner(const Runner&) = delete;
    Runner& operator=(const Runner&) = delete;

    const std::string job;
    const DiscoveryConfig config;
    const int stop;
    std::thread thread;
    std::optional<TargetGroups> groups;  // guarded by Discovery::mutex_, as the next
    std::string problem;
};

Discovery::Discovery(OnTargets onTargets) : onTargets_(std::move(onTargets)) {}

Discovery::~Discovery() {
    stop();
}

void Discovery::end(Runner& runner) {
    const std::uint64_t one = 1;
    if (::write(runner.stop, &one, sizeof one) != sizeof one)
        log::error("discover", "cannot stop the discovery of job '{}'", runner.job);
    if (runner.thread.joinable())
        runner.thread.join();
}

void Discovery::configure(const std::vector<ScrapeJob>& jobs) {
    const std::lock_guard configuring(configuring_);
    std::vector<std::unique_ptr<Runner>> ended;
    std::set<std::string> changed;
    std::vector<Runner*> started;
    {
        const std::lock_guard lock(mutex_);
        std::vector<std::unique_ptr<Runner>> before = std::move(runners_);
        runners_.clear();
        for (const ScrapeJob& job : jobs) {
            for (const DiscoveryConfig& config : job.discoveries) {
                const auto same = std::find_if(before.begin(), before.end(), [&](const auto& r) {
                    return r != nullptr && r->job == job.name && r->config == config;
                });
                if (same != before.end()) {
                    runners_.push_back(std::move(*same));
                    continue;
                }
                runners_.push_back(std::make_unique<Runner>(job.name, config));
                started.push_back(runners_.back().get());
            }
        }
        for (auto& runner : before) {
            if (runner != nullptr)
                ended.push_back(std::move(runner));
        }
    }
    for (const auto& runner : ended) {
        end(*runner);
        changed.insert(runner->job);
    }
    for (const std::string& job : changed)
        publish(job);
    for (Runner* runner : started)
        runner->thread = std::thread([this, runner] { run(*runner); });
}

void Discovery::stop() {
    const std::lock_guard configuring(configuring_);
    std::vector<std::unique_ptr<Runner>> ended;
    {
        const std::lock_guard lock(mutex_);
        ended.swap(runners_);
    }
    for (const auto& runner : ended)
        end(*runner);
}

void Discovery::run(Runner& runner) {
    const std::unique_ptr<TargetSource> source = makeSource(runner.config);
    pollfd stopped{runner.stop, POLLIN, 0};
    while (::poll(&stopped, 1, 0) == 0) {
        try {
            take(runner, source->look(runner.stop));
        } catch (const std::exception& error) {  // of a library, or no memory
            take(runner, Error{error.what()});
        }
        source->wait(runner.stop);
    }
}

void Discovery::take(Runner& runner, const Result<Found>& found) {
    SourceStats& stats = stats_[runner.config.index()];
    stats.looks.fetch_add(1, std::memory_order_relaxed);
    const std::string problem = found ? found->problem : found.error().message;
    if (!problem.empty())
        stats.failures.fetch_add(1, std::memory_order_relaxed);
    bool isNew = false;
    {
        const std::lock_guard lock(mutex_);
        if (problem != runner.problem && !problem.empty())
            log::warning("discover", "job '{}', {}_sd: {}; the former targets stay", runner.job,
                         kindOf(runner.config), problem);
        runner.problem = problem;
        isNew = found && (!runner.groups || *runner.groups != found->groups);
        if (isNew)
            runner.groups = found->groups;
    }
    if (isNew)
        publish(runner.job);
}

void Discovery::publish(const std::string& job) {
    const std::lock_guard lock(mutex_);
    TargetGroups all;
    for (const auto& runner : runners_) {
        if (runner->job == job && runner->groups)
            all.insert(all.end(), runner->groups->begin(), runner->groups->end());
    }
    onTargets_(job, all);
}

std::vector<SourceState> Discovery::states() const {
    const std::lock_guard lock(mutex_);
    std::vector<SourceState> states;
    for (const auto& runner : runners_)
        states.push_back({runner->job, kindOf(runner->config),
                          runner->groups ? targetsIn(*runner->groups) : 0, runner->problem});
    return states;
}

}  // namespace levee::discover
