// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "agent/control/refusal_episode.h"
#include "shared/guard/guard_event.h"
#include "shared/model/guard_settings.h"
#include "shared/model/guard_state.h"
#include "shared/model/request_record.h"

namespace levee {

/// A listener's limit by requests per second: what the gateway shall count to, and what it has
/// refused. The counting itself is the gateway's. Confined to the control thread.
class RateGuard {
public:
    /// Counts stay.
    void configure(const RateSettings& settings, GuardMode mode);

    void add(const RequestRecord& record);
    /// The end of a window of `elapsed`.
    void tick(Duration elapsed, MonotonicTime now);

    /// Requests of a key in the rule's window; 0: no limit.
    std::uint32_t requestsInWindow() const;
    bool isShadow() const { return mode_ == GuardMode::Shadow; }
    /// Requests that were not refused, because of shadow.
    std::uint64_t wouldHaveRefused() const { return wouldHaveRefused_; }
    RateState state() const;
    /// An episode of refusals begins or is over.
    std::vector<GuardEvent> takeEvents() { return std::exchange(events_, {}); }

private:
    void report(EventSeverity severity, std::string text, std::uint64_t refused, double seconds);

    RateSettings settings_;
    GuardMode mode_ = GuardMode::Enforce;
    RefusalEpisode refusals_;
    std::uint64_t wouldHaveRefused_ = 0;
    std::vector<GuardEvent> events_;
};

}  // namespace levee
