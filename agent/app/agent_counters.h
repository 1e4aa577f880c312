// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "agent/control/metric_value.h"

namespace levee {

class Collector;
struct AutomationCounters;
class ControlLoop;
class HistoryStore;
struct LatencyCounters;
struct SampleHistoryCounters;
namespace promql {
struct SignalReading;
}  // namespace promql
struct LogCounters;
namespace discover {
class Discovery;
}  // namespace discover
namespace forward {
class Forwarder;
struct WebhookCounters;
}  // namespace forward
namespace host {
struct HostCounters;
}  // namespace host
namespace ingest {
struct IngestStats;
struct PairingCounters;
}  // namespace ingest

/// The parts' counters under the names of /metrics.
std::vector<MetricValue> collectorCounters(const Collector& collector);
std::vector<MetricValue> discoveryCounters(const discover::Discovery& discovery);
std::vector<MetricValue> forwardCounters(const forward::Forwarder& forwarder);
std::vector<MetricValue> signalCounters(const SampleHistoryCounters& counters);
std::vector<MetricValue> signalValues(const std::vector<promql::SignalReading>& readings);
std::vector<MetricValue> controlCounters(const ControlLoop& control);
std::vector<MetricValue> latencyCounters(const LatencyCounters& counters);
std::vector<MetricValue> historyCounters(const HistoryStore& history);
std::vector<MetricValue> ingestCounters(const ingest::IngestStats& stats);
std::vector<MetricValue> hostCounters(const host::HostCounters& counters);
std::vector<MetricValue> pairingCounters(const ingest::PairingCounters& counters);
std::vector<MetricValue> automationCounters(const AutomationCounters& counters);
std::vector<MetricValue> webhookCounters(const forward::WebhookCounters& counters);
std::vector<MetricValue> gatewayCounters(const LogCounters& log);

}  // namespace levee
