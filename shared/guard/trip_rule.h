// SPDX-License-Identifier: Apache-2.0
// When a closed breaker trips. Three conditions, any of which is enough: so many failures in a row,
// a share of failed calls, a share of slow calls. The shares need a minimum of calls; where too few
// come within the window, the last `minimumCalls` calls count instead, however long they took (up
// to a minute without any call), so that a service with one call a second is protected too.
#pragma once

#include <optional>
#include <string>

#include "shared/model/guard_settings.h"
#include "shared/stats/sliding_window.h"

namespace levee {

/// Why a breaker trips, in words and in numbers. A value.
struct TripReason {
    std::string text;    ///< "10 of the last 10 calls failed (limit 10 in a row)"
    std::string detail;  ///< "consecutive=10 limit=10"
};

/// Confined to one thread.
class TripRule {
public:
    explicit TripRule(const BreakerSettings& settings);

    void record(bool failed, Duration latency, MonotonicTime now);
    /// Whether the breaker has to open now. `eager`: while recovering, few failures are enough.
    std::optional<TripReason> check(bool eager, MonotonicTime now) const;
    /// 1: nothing wrong, 0: trips now.
    double distance(bool eager, MonotonicTime now) const;

    stats::WindowCounts counts(MonotonicTime now) const { return recent_.snapshot(now); }
    void clear();
    /// Keeps the counts; a call that was slow by the old threshold stays slow.
    void reconfigure(const BreakerSettings& settings, MonotonicTime now);

private:
    struct Basis {
        stats::WindowCounts counts;
        bool isByCount = false;
    };
    Basis basis(MonotonicTime now) const;
    std::uint32_t inARowLimit(bool eager) const;
    std::uint32_t minimumCalls(bool eager) const;

    BreakerSettings settings_;
    stats::TimeWindow recent_;
    stats::CountWindow last_;
    std::uint32_t inARow_ = 0;
    std::optional<MonotonicTime> lastCall_;
};

}  // namespace levee
