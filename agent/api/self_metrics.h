// SPDX-License-Identifier: Apache-2.0
// The agent's own metrics. Every metric is declared once, in the table in self_metrics.cpp, with
// its type and its sentence; the page of /metrics and the reference table of the README come from
// it.
#pragma once

#include <string>
#include <vector>

#include "agent/control/metric_value.h"
#include "shared/model/snapshot.h"

namespace levee {

/// Prometheus text 0.0.4: what the snapshot says, and the counters of the parts. A value whose name
/// is not in the table is left out. Pure.
std::string renderMetrics(const AgentSnapshot& snapshot, const std::vector<MetricValue>& counters);

/// The table as Markdown: name, type, meaning.
std::string metricsReference();

}  // namespace levee
