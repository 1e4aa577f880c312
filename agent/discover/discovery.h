// SPDX-License-Identifier: Apache-2.0
// Looks for the targets of all scrape jobs, each source on a thread of its own: a server that hangs
// delays its own answers and nobody else's. Stale targets are better than partial ones: a source
// that fails keeps what it found the last time.
//
// Bounds: kMaxSources threads (what is beyond is refused when the configuration is read), the
// targets and bytes of an answer (target_source.h and the sources).
#pragma once

#include <array>
#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "agent/config/agent_config.h"
#include "agent/discover/target_source.h"

namespace levee::discover {

/// Counts of one kind of source since the start.
struct SourceStats {
    std::atomic<std::uint64_t> looks{0};
    std::atomic<std::uint64_t> failures{0};  ///< of these; the former targets stayed
};

/// What one source is at, for people. A copy.
struct SourceState {
    std::string job;
    std::string_view kind;
    std::size_t targets = 0;
    std::string problem;  ///< of the last look, "" when it went well
};

/// Thread-safe.
class Discovery {
public:
    /// Called with everything that is known for a job, whenever that has changed; on the source's
    /// thread, one call at a time. Must not call back into this.
    using OnTargets = std::function<void(const std::string& job, const TargetGroups& groups)>;

    explicit Discovery(OnTargets onTargets);
    ~Discovery();  ///< stops
    Discovery(const Discovery&) = delete;
    Discovery& operator=(const Discovery&) = delete;

    /// Replaces the sources. One that is configured as before keeps running and keeps its targets.
    /// Waits for the threads of those that go: not long, but for a name server at most 10 s.
    void configure(const std::vector<ScrapeJob>& jobs);
    void stop();

    const SourceStats& stats(std::size_t kind) const { return stats_[kind]; }
    std::vector<SourceState> states() const;

private:
    struct Runner;
    void run(Runner& runner);
    void take(Runner& runner, const Result<Found>& found);
    void publish(const std::string& job);
    static void end(Runner& runner);

    const OnTargets onTargets_;
    std::array<SourceStats, std::variant_size_v<DiscoveryConfig>> stats_;
    std::mutex configuring_;  ///< one configure() or stop() at a time
    mutable std::mutex mutex_;
    std::vector<std::unique_ptr<Runner>> runners_;  // guarded by mutex_
};

}  // namespace levee::discover
