// SPDX-License-Identifier: Apache-2.0
// Sums up the requests of one gateway listener, each record by its weight: each 100 ms for its
// guard, each second for the map.
#pragma once

#include <cstdint>
#include <limits>

#include "shared/guard/window_sample.h"
#include "shared/model/request_record.h"
#include "shared/stats/histogram.h"

namespace levee {

/// One second of a listener's traffic, or what has come of it so far.
struct RequestCount {
    std::uint64_t requests = 0;  ///< all that arrived, refused ones included
    std::uint64_t failures = 0;
    std::uint64_t shed = 0;
    double busySeconds = 0;  ///< time that requests spent at the service, summed
    stats::Histogram
        latency;  ///< of answered requests, seconds, time in the gateway's queue included
};

/// Confined to the control thread.
class RequestWindow {
public:
    void add(const RequestRecord& record);

    /// Of the window so far: seconds that requests spent at the service, and with the gateway's
    /// queue.
    double busySeconds() const { return sampleBusySeconds_; }
    double wholeSeconds() const { return sampleSeconds_; }

    /// The window since the last call.
    WindowSample takeSample(Duration length, Duration serverTimeout);
    /// The traffic since the last call.
    RequestCount takeCount();

private:
    static constexpr std::int64_t kNoWait = std::numeric_limits<std::int64_t>::max();

    WindowSample sample_;
    std::uint64_t sampleAnswers_ = 0;  ///< records that sample_.latency was made of
    double sampleBusySeconds_ = 0;
    double sampleSeconds_ = 0;
    std::int64_t sampleOthers_ = 0;           ///< in flight when one ended, summed
    std::int64_t sampleLeastWait_ = kNoWait;  ///< microseconds
    RequestCount count_;
};

bool isFailed(Outcome outcome);  ///< the service did not answer as it should
bool isShed(Outcome outcome);    ///< refused, here or further down

}  // namespace levee
