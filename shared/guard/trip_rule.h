// SPDX-License-Identifier: Apache-2.0
// When a closed breaker trips. Three conditions, any of which is enough: so many failures in a row,
// a share of failed calls, a share of slow calls. The shares need a minimum of calls.
//
// They are taken over the last `window` of time; where too few calls come within it, over the last
// `minimumCalls` calls instead, however long they took (up to a minute without any call), so that a
// service with one call a second is protected too. Or, with `windowCalls`, over the last so many
// calls, whatever their age; a minimum above that counts as that many.
//
// Where good calls are sampled, good ones that nobody was told of may lie between two failures: a
// failure then counts as 1/N of one in a row, so that as many failures have to follow each other
// as N good calls would have shown up among.
#pragma once

#include <optional>
#include <string>

#include "shared/guard/call_result.h"
#include "shared/guard/decision.h"
#include "shared/model/guard_settings.h"
#include "shared/stats/sliding_window.h"

namespace levee {

/// Why a breaker trips. A value.
struct TripReason {
    std::string text;  ///< "10 of the last 10 calls failed (limit 10 in a row)"
    Decision why;      ///< the conditions of all that was reached: one alone would not have helped
};

/// Confined to one thread.
class TripRule {
public:
    explicit TripRule(const BreakerSettings& settings);

    void record(bool failed, Duration latency, MonotonicTime now, CallWeight weight = {});
    /// Whether the breaker has to open now. `eager`: while recovering, few failures are enough.
    std::optional<TripReason> check(bool eager, MonotonicTime now) const;
    /// 1: nothing wrong, 0: trips now. It may come to 0 without a call, when good ones leave the
    /// window; a breaker trips with the next bad one then.
    double distance(bool eager, MonotonicTime now) const;

    /// In the window that the settings ask for.
    stats::WindowCounts counts(MonotonicTime now) const;
    void clear();
    /// Keeps the counts, from one kind of window to the other as well: by time, what lies inside
    /// the new length; by calls, as many of the newest as were kept and fit. A call that was slow
    /// by the old threshold stays slow.
    void reconfigure(const BreakerSettings& settings, MonotonicTime now);

private:
    struct Basis {
        stats::WindowCounts counts;
        bool isByCount = false;
    };
    Basis basis(MonotonicTime now) const;
    std::uint32_t wholeRun() const;
    std::uint32_t inARowLimit(bool eager) const;
    std::uint32_t minimumCalls(bool eager) const;
    std::string spanText(bool isByCount) const;

    BreakerSettings settings_;
    stats::TimeWindow recent_;
    stats::CountWindow last_;
    std::uint32_t inARow_ = 0;
    double run_ = 0;  ///< the same, each by what it says where good calls are sampled
    std::optional<MonotonicTime> lastCall_;
};

}  // namespace levee
