// SPDX-License-Identifier: Apache-2.0
#include "agent/app/target_states.h"

#include <algorithm>
#include <tuple>

#include "agent/collect/collector.h"

namespace levee {

std::vector<TargetState> targetStates(const Collector& collector) {
    std::vector<TargetState> states;
    for (TargetStatus& status : collector.targets()) {
        TargetState state;
        state.job = std::move(status.job);
        state.url = std::move(status.url);
        state.up = status.health == TargetHealth::Up;
        state.durationSeconds = toSeconds(status.duration);
        state.samples = static_cast<int>(status.samples);
        state.error = std::move(status.error);
        state.scrapedMillis =
            status.health == TargetHealth::Unknown ? 0 : toUnixMillis(status.scrapedAt);
        states.push_back(std::move(state));
    }
    std::sort(states.begin(), states.end(), [](const TargetState& a, const TargetState& b) {
        return std::tie(a.job, a.url) < std::tie(b.job, b.url);
    });
    return states;
}

}  // namespace levee
