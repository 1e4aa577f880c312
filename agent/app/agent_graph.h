// SPDX-License-Identifier: Apache-2.0
// Inside agent/app: the agent's parts and how they hang together. agent_graph.cpp starts and ends
// them, agent_edits.cpp changes them while they run.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "agent/advise/replica_advice.h"
#include "agent/api/admin_server.h"
#include "agent/api/grpc_server.h"
#include "agent/app/kept_series.h"
#include "agent/app/signal_board.h"
#include "agent/collect/collector.h"
#include "agent/collect/live_history.h"
#include "agent/config/agent_config.h"
#include "agent/control/automation_book.h"
#include "agent/control/condition.h"
#include "agent/control/control_loop.h"
#include "agent/control/latency_ledger.h"
#include "agent/control/override_book.h"
#include "agent/control/traffic_peaks.h"
#include "agent/discover/discovery.h"
#include "agent/forward/forwarder.h"
#include "agent/forward/webhook_sender.h"
#include "agent/host/host_observer.h"
#include "agent/ingest/ingest.h"
#include "agent/runtime/unique_fd.h"

namespace levee {

/// The object graph, in the order in which it is built; taken down in the reverse order. start,
/// reload and stop are the main thread's.
class Agent {
public:
    Agent(std::string configFile, AgentConfig config, std::string version)
        : configFile_(std::move(configFile)),
          config_(std::move(config)),
          version_(std::move(version)) {}

    Status start();
    /// Reads configuration and rules again. An Error names everything that was wrong; what could
    /// not be applied is as it was.
    Status reload();
    void stop(bool keepGateway);

private:
    Status openStores();
    void startControl();
    ControlLoop::OwnFigures ownFigures() const;
    Status startRules();
    Status startOverrides();
    void startAutomations();
    Status startGateway();
    Status startIntake();
    Status startServers();
    Status applyConfig(const AgentConfig& next);
    void onScrape(ScrapeResult&& result);
    ConditionReading readSeries(const promql::Expression& condition) const;
    void nameServices();
    void nameOwners();
    void fitGateway(GatewayConfig& gateway);
    void onRules(const std::shared_ptr<const ActiveRules>& rules, const RuleRevision& revision);
    Result<std::string> switchEnforcement(bool isOn, const std::string& author,
                                          const std::string& reason);
    Status isReady() const;
    std::vector<MetricValue> counters() const;
    void announce(EventSeverity severity, EventKind kind, const std::string& subject,
                  std::string text);

    const std::string configFile_;
    AgentConfig config_;
    const std::string version_;
    RealTimeSource time_;
    UniqueFd stateLock_;
    std::unique_ptr<HistoryStore> history_;
    std::unique_ptr<RuleStore> revisions_;
    std::unique_ptr<Bulletin> bulletin_;
    ReplicaAdvisor advisor_;
    LatencyLedger latency_;
    std::unique_ptr<ControlLoop> control_;
    std::unique_ptr<TrafficPeaks> peaks_;
    std::unique_ptr<RuleBook> rules_;
    std::unique_ptr<OverrideBook> overrides_;
    std::unique_ptr<forward::WebhookSender> webhooks_;
    std::unique_ptr<AutomationBook> automations_;
    std::unique_ptr<Gateway> gateway_;
    std::unique_ptr<ingest::Ingest> ingest_;
    std::unique_ptr<LiveHistory> signals_;
    std::unique_ptr<SignalBoard> board_;
    std::unique_ptr<forward::Forwarder> forwarder_;
    std::atomic<bool> takesIn_{false};  ///< the intake is there, for the control thread
    std::unique_ptr<Collector> collector_;
    std::unique_ptr<SeriesKeeper> keeper_;
    std::unique_ptr<discover::Discovery> discovery_;
    std::unique_ptr<host::HostObserver> host_;
    std::unique_ptr<GrpcServer> grpc_;
    std::unique_ptr<AdminServer> admin_;

    std::mutex
        gatewayMutex_;  ///< guards the next two: reloads and rule edits both change the gateway
    GatewayConfig gatewayConfig_;
    ListenerRules listenerRules_;
    std::mutex switchMutex_;  ///< one turn of the enforcement switch at a time
    std::mutex reloadMutex_;  ///< one reload at a time
    std::atomic<bool> isReloadGood_{true};
    std::atomic<bool> areRulesGood_{true};
    mutable std::mutex logMutex_;
    std::mutex hostMutex_;
    AgentConfig hostConfig_;            // guarded by hostMutex_: what the host observer goes by
    std::vector<ScrapeJob> namedJobs_;  // guarded by hostMutex_: its jobs, with what was found
    LogCounters log_;                   // guarded by logMutex_
    ingest::PairingCounters pairing_;   // guarded by logMutex_
};

/// Diagnostics without the last line end, as one part of a sentence.
std::string joinedLines(const Diagnostics& diagnostics);

}  // namespace levee
