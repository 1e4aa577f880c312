// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace levee {

/// One value of one of the agent's own metrics. `name` must stand in the table of
/// agent/api/self_metrics.h.
struct MetricValue {
    std::string_view name;
    double value = 0;
    std::vector<std::pair<std::string, std::string>> labels;
};

}  // namespace levee
