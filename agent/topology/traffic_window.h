// SPDX-License-Identifier: Apache-2.0
// The last seconds of one edge's traffic, as one source reports it. A report covers the time since
// the one before (a tenth of a second, a second) and is spread evenly over it, so that the rate
// does not depend on how a report's end happens to fall on the slots.
#pragma once

#include <array>
#include <cstdint>
#include <memory>

#include "shared/base/time.h"
#include "shared/model/topology.h"
#include "shared/stats/histogram.h"

namespace levee::topology {

/// One report. Failures and sheds are among the requests.
struct TrafficCounts {
    std::uint64_t requests = 0;  ///< everything that arrived, refused requests included
    std::uint64_t failures = 0;  ///< answered with a failure
    std::uint64_t sheds = 0;     ///< refused by a limit or an open breaker
    Duration span = std::chrono::seconds(1);  ///< the time it covers; at most 5 s is spread
};

/// Values of the last 5 to 10 s: two histograms take turns. Nothing is allocated until there is a
/// value, and what is too old is freed. Confined to one thread.
class SlidingHistogram {
public:
    static constexpr Duration kTurn = std::chrono::seconds(5);

    void merge(const stats::Histogram& values, MonotonicTime now);
    /// Empty when nothing came lately.
    stats::Histogram sum(MonotonicTime now) const;
    void forget(MonotonicTime now);

private:
    std::unique_ptr<stats::Histogram> current_;
    std::unique_ptr<stats::Histogram> previous_;
    MonotonicTime turned_;
};

/// What traffic windows come to; several can be added up.
struct TrafficSum {
    double requestRate = 0;  ///< per second, over 5 s
    double errorRate = 0;
    double shedRate = 0;
    double requests = 0;  ///< in the last 10 s
    double failures = 0;
    double sheds = 0;
    MonotonicTime requestsAt{};  ///< the newest request
    stats::Histogram latency;

    void add(const TrafficSum& other);
    Traffic traffic() const;
};

/// Confined to one thread.
class TrafficWindow {
public:
    void add(const TrafficCounts& counts, const stats::Histogram& latency, MonotonicTime now);
    TrafficSum sum(MonotonicTime now) const;
    void forget(MonotonicTime now) { latency_.forget(now); }

    /// When it was last told anything, and when it last had a request; long ago if never.
    MonotonicTime reportedAt() const { return reportedAt_; }
    MonotonicTime requestsAt() const { return requestsAt_; }

private:
    static constexpr Duration kSlot = std::chrono::milliseconds(500);
    static constexpr std::int64_t kSlots =
        24;  // 10 s, the second that is not yet complete, one spare

    struct Slot {
        std::int64_t number = -1;
        float requests = 0;
        float failures = 0;
        float sheds = 0;
    };
    void addTo(std::int64_t number, const TrafficCounts& counts, double share);
    Slot total(std::int64_t first, std::int64_t last) const;

    std::array<Slot, kSlots> slots_{};  ///< a ring by slot number
    MonotonicTime reportedAt_{};
    MonotonicTime requestsAt_{};
    SlidingHistogram latency_;
};

}  // namespace levee::topology
