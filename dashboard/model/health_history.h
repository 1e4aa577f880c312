// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <deque>
#include <vector>

#include "dashboard/client/fleet_view.h"

namespace levee {

/// How many services were not well at one second.
struct HealthSample {
    std::int64_t millis = 0;
    int degraded = 0;
    int failing = 0;
    int services = 0;
};

/// The last hour of it in one-second steps: what the timeline strip shows of the whole fleet.
/// 3,600 samples of 24 bytes. GUI thread only.
class HealthHistory {
public:
    static constexpr std::size_t kSamples = 3'600;

    /// A second that was seen already is replaced; one that is older than the newest is passed
    /// over.
    void record(const FleetView& fleet);
    const std::deque<HealthSample>& samples() const { return samples_; }

private:
    std::deque<HealthSample> samples_;
};

}  // namespace levee
