// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/model/health_history.h"

namespace levee {

void HealthHistory::record(const FleetView& fleet) {
    const std::int64_t second = fleet.millis / 1'000;
    if (fleet.millis <= 0 || (!samples_.empty() && samples_.back().millis / 1'000 > second))
        return;
    HealthSample sample{fleet.millis, 0, 0, 0};
    for (const FleetNode& each : fleet.nodes) {
        if (each.node.kind == NodeKind::User)
            continue;
        ++sample.services;
        sample.degraded += each.node.health == Health::Degraded;
        sample.failing += each.node.health == Health::Failing;
    }
    if (!samples_.empty() && samples_.back().millis / 1'000 == second)
        samples_.back() = sample;
    else
        samples_.push_back(sample);
    if (samples_.size() > kSamples)
        samples_.pop_front();
}

}  // namespace levee
