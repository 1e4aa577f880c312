// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "agent/control/refusal_episode.h"
#include "shared/model/guard_settings.h"
#include "shared/model/guard_state.h"
#include "shared/model/request_record.h"
#include "shared/stats/histogram.h"

namespace levee {

/// What a listener's gateway needs to know to give up calls that take too long, and not to begin
/// those that nobody will wait for. From the good answers of the last ten seconds:
///   least  what the fastest tenth of them took: whoever waits less than that gets no answer
///   turn   what each one in the queue adds: mean time at the service / limit, since a place
///   becomes
///          free so often (Little's law)
/// Confined to the control thread.
class DeadlineGuard {
public:
    /// Counts stay. Only mode enforce acts; in shadow it learns, and what it would have refused is
    /// counted.
    void configure(const DeadlineSettings& settings, GuardMode mode);

    void add(const RequestRecord& record);
    /// The end of a window of `elapsed`. `limit`: concurrent requests, 0 none.
    void tick(Duration elapsed, std::uint32_t limit, MonotonicTime now);

    /// What a target has for its answer; zero: what the listener says.
    Duration answer() const { return acts() ? settings_.answer : Duration::zero(); }
    // Two significant digits: what changes in the third is not worth telling the gateway.
    std::uint32_t leastMicros() const { return leastMicros_; }  ///< 0: not known, or not asked for
    std::uint32_t turnMicros() const { return turnMicros_; }
    /// Whether callers are asked how long they wait.
    bool isAsking() const { return !settings_.header.empty() && mode_ != GuardMode::Off; }
    /// Requests that were not refused, because of shadow.
    std::uint64_t wouldHaveRefused() const { return wouldHaveRefused_; }

    DeadlineState state() const;
    /// An episode of refusals begins or is over.
    std::vector<GuardEvent> takeEvents() { return std::exchange(events_, {}); }

private:
    static constexpr std::uint64_t kEnough = 50;  ///< answers to go by
    static constexpr Duration kHalf = std::chrono::seconds(5);

    bool acts() const { return mode_ == GuardMode::Enforce; }
    void learn(std::uint32_t limit);
    void report(EventSeverity severity, std::string text, std::uint64_t refused, double seconds);

    DeadlineSettings settings_;
    GuardMode mode_ = GuardMode::Enforce;
    stats::Histogram before_;  ///< seconds at the service, good answers, of the half before
    stats::Histogram now_;
    Duration age_ = Duration::zero();  ///< of now_
    std::uint32_t leastMicros_ = 0;
    std::uint32_t turnMicros_ = 0;
    RefusalEpisode refusals_;
    std::uint64_t wouldHaveRefused_ = 0;
    std::vector<GuardEvent> events_;
};

}  // namespace levee
