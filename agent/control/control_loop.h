// SPDX-License-Identifier: Apache-2.0
// The one thread that decides. It owns the guards, the map and the advice; everything else hands it
// batches and reads what it published.
//
//   request records -> guards (breakers act on each batch, limits each 100 ms) -> desired state ->
//   gateway records, trace windows -> map                                          each second ->
//   snapshot -> Bulletin, history
//   readings of the host and its sockets -> map, snapshot
//
// The thread never waits for I/O, the disk or a client. Its tick is 100 ms; how late ticks come is
// measured.
#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "agent/config/agent_config.h"
#include "agent/control/bulletin.h"
#include "agent/control/guarded_listener.h"
#include "agent/control/latency_ledger.h"
#include "agent/control/override_book.h"
#include "agent/control/rule_book.h"
#include "agent/control/self_share.h"
#include "agent/enforce/gateway.h"
#include "agent/host/host_window.h"
#include "agent/ingest/trace_window.h"
#include "agent/store/history_store.h"
#include "agent/topology/graph.h"
#include "shared/model/advice.h"
#include "shared/stats/histogram.h"

namespace levee {

struct ControlCounters {
    std::uint64_t ticks = 0;
    std::uint64_t recordsDropped = 0;  ///< the inbox was full
    std::uint64_t recordsLate = 0;     ///< ended more than two seconds before they were read
    double latenessP50 = kUnknown;     ///< seconds, over the last minute
    double latenessP99 = kUnknown;
};

/// The switch for all enforcement.
struct EnforcementSwitch {
    bool isOn = true;
    std::string detail;  ///< who turned it off, when and why
};

/// start() and stop() from one thread; the set and add functions from any.
class ControlLoop {
public:
    /// What the loop cannot count itself: the rest of AgentInfo.
    struct OwnFigures {
        double series = kUnknown;
        double lost = 0;
    };
    struct Parts {
        const TimeSource& time;
        Bulletin& bulletin;
        HistoryStore* history;  ///< null: runs without
        std::function<void(const DesiredState&)> enforce;
        /// On the control thread, once a second: advice from what the services with a limit did.
        std::function<std::vector<Advice>(const std::vector<ServiceLoad>&, MonotonicTime)> advise;
        /// On the control thread: the targets' conditions, for the snapshot.
        std::function<std::vector<TargetState>()> targets;
        /// On the control thread, once a second; may be null.
        std::function<OwnFigures()> figures = {};
        LatencyLedger* latency = nullptr;  ///< null: keeps no latencies
    };

    /// `info`: host, version and start time; the rest is filled in.
    ControlLoop(Parts parts, AgentInfo info);
    ~ControlLoop();
    ControlLoop(const ControlLoop&) = delete;
    ControlLoop& operator=(const ControlLoop&) = delete;

    void start();
    /// Saves what was learned, opens the breakers' gates (nobody would close them later), keeps the
    /// limits. No call of `enforce` afterwards.
    void stop();

    /// The gateway's listeners, in the order that RequestRecord::listener counts. Guards of
    /// subjects that stay keep their state.
    void setListeners(std::vector<ListenerConfig> listeners);
    /// `cameAt`: when the edit reached the agent; nothing: now. `refusal`: why the gateway cannot
    /// carry them out as a whole, or "".
    void setRules(std::shared_ptr<const ActiveRules> rules,
                  std::optional<MonotonicTime> cameAt = {}, std::string refusal = {});
    void setOverrides(std::shared_ptr<const ActiveOverrides> overrides);
    void addRequests(std::vector<RequestRecord>&& records);
    void addTraces(std::shared_ptr<const ingest::TraceWindow> window);
    /// What agent.yaml says of services, before what their traces say.
    void setOwners(std::map<std::string, Owner> owners);
    void setGatewayStatus(GatewayStatus status);
    /// Off: everything passes, and the guards go on in shadow.
    void setEnforcing(EnforcementSwitch turned);
    void addHost(std::shared_ptr<const host::HostWindow> window);

    ControlCounters counters() const;

private:
    struct Inbox {
        std::vector<RequestRecord> records;
        std::vector<std::shared_ptr<const ingest::TraceWindow>> traces;
        std::vector<std::shared_ptr<const host::HostWindow>> hosts;
        std::optional<std::vector<ListenerConfig>> listeners;
        std::shared_ptr<const ActiveRules> rules;
        std::string refusal;  ///< of the rules
        MonotonicTime rulesAt{};
        std::shared_ptr<const ActiveOverrides> overrides;
        std::optional<std::map<std::string, Owner>> owners;
        std::optional<GatewayStatus> gateway;
        std::optional<EnforcementSwitch> enforcement;
        std::vector<Event> gatewayEvents;

        bool isEmpty() const;
    };

    void run();
    void take(Inbox inbox, MonotonicTime now);
    void takeListeners(const std::vector<ListenerConfig>& configs, MonotonicTime now);
    void takeRecords(const std::vector<RequestRecord>& records, MonotonicTime now);
    void keepLatency(const GuardedListener& listener, const RequestRecord& record,
                     LatencyLedger::Subject*& subject);
    void takeTraces(const ingest::TraceWindow& window, MonotonicTime now);
    void takeHost(const host::HostWindow& window, MonotonicTime now);
    void tick(MonotonicTime now);
    void shareWork(MonotonicTime now);
    void announceEvents(MonotonicTime now);
    void takeGateway(GatewayStatus status, MonotonicTime now);
    void publishGuards(MonotonicTime now);
    void announceProof(MonotonicTime now);
    Proof proofOf(const std::string& subject) const;
    void takeSwitch(const EnforcementSwitch& turned, MonotonicTime now);
    void enforceIfChanged();
    void publish(MonotonicTime now);
    HostState hostOnTheMap(const std::vector<Node>& nodes) const;
    void observeGateway(MonotonicTime now, std::int64_t wallMillis, double elapsed);
    void observeService(const GuardedListener& listener, const RequestCount& count,
                        MonotonicTime now, std::int64_t wallMillis, double elapsed);
    void observeUser(const std::string& service, const RequestCount& count, MonotonicTime now,
                     std::int64_t wallMillis);
    std::vector<GuardState> guardStates(MonotonicTime now) const;
    void updateOwnCost(MonotonicTime now);
    void saveLearned();
    void restoreLearned(GuardedListener& listener);
    void overrideGuard(GuardedListener& listener, MonotonicTime now);
    void noteLateness(Duration lateness, MonotonicTime now);

    const Parts parts_;
    mutable std::mutex mutex_;
    std::condition_variable wake_;
    Inbox inbox_;
    bool isStopping_ = false;
    ControlCounters counters_;  // guarded by mutex_

    // Confined to the control thread.
    AgentInfo info_;
    std::vector<std::unique_ptr<GuardedListener>> listeners_;
    std::shared_ptr<const ActiveRules> rules_;
    std::shared_ptr<const ActiveOverrides> overrides_;
    std::map<std::string, LimitMemory> learned_;
    topology::Graph graph_;
    std::map<std::string, Owner> owners_;
    HostState host_;
    MonotonicTime hostAt_{};
    SelfShare selfShare_;
    std::set<std::string> called_;  ///< services that some node of the last snapshot calls
    std::vector<ServiceLoad> loads_;
    std::vector<Proof> proofs_;
    std::vector<RateTable> rateTables_;
    std::int64_t provenRevision_ = -1;  ///< that the proofs are about
    std::int64_t toldRevision_ = 0;     ///< whose proof was announced; 0, no rules, never is
    std::string rulesRefusal_;
    MonotonicTime rulesAt_{};
    DesiredState enforced_;
    std::int64_t sequence_ = 0;
    int seconds_ = 0;  ///< published so far
    std::shared_ptr<const AgentSnapshot> published_;
    MonotonicTime tickedAt_{};
    MonotonicTime publishedAt_{};
    MonotonicTime savedAt_{};
    MonotonicTime costAt_{};
    Duration costCpu_{};
    stats::Histogram lateness_;
    MonotonicTime latenessSince_{};

    std::thread thread_;
};

}  // namespace levee
