// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>

#include "dashboard/client/agent_link.h"
#include "dashboard/client/agent_session.h"
#include "dashboard/client/throttle.h"

namespace levee {

/// A live agent over gRPC. Connects again by itself for as long as it is asked to be connected.
/// Events pass at once; snapshotChanged comes at most ten times a second. GUI thread only.
class GrpcAgentSession final : public AgentSession {
    Q_OBJECT
public:
    GrpcAgentSession(LinkOptions options, const TimeSource& time, QObject* parent = nullptr);
    ~GrpcAgentSession() override;

    const std::string& address() const override { return options_.address; }
    const SessionState& state() const override { return state_; }
    const AgentSnapshot* snapshot() const override { return snapshot_ ? &*snapshot_ : nullptr; }
    MonotonicTime heardAt() const override { return heardAt_; }

    void setSeen(bool isSeen) override;
    void connectToAgent() override;
    void disconnectFromAgent() override;
    void checkRules(RuleCheckRequest request, QObject* context,
                    Reply<RuleCheckResult> reply) override;
    void applyRules(RuleApplyRequest request, QObject* context,
                    Reply<RuleApplyResult> reply) override;
    void rollbackRules(RuleRollbackRequest request, QObject* context,
                       Reply<RuleApplyResult> reply) override;
    void listRevisions(RevisionsRequest request, QObject* context,
                       Reply<std::vector<RuleRevision>> reply) override;
    void series(SeriesRequest request, QObject* context,
                Reply<std::vector<SeriesPoint>> reply) override;
    void latency(LatencyRequest request, QObject* context, Reply<LatencyMap> reply) override;
    void listTraces(TracesRequest request, QObject* context,
                    Reply<std::vector<TraceSummary>> reply) override;
    void trace(std::string id, QObject* context, Reply<Trace> reply) override;
    void setOverride(OverrideOrder order, QObject* context, Reply<Override> reply) override;
    void extendOverride(OverrideChange change, QObject* context, Reply<Override> reply) override;
    void clearOverride(OverrideChange change, QObject* context, Reply<Override> reply) override;

private:
    template <typename T, typename Ask>
    void ask(QObject* context, Reply<T> reply, Ask call);
    /// From any thread: fetch() will run on the GUI thread soon; many wakes become one.
    void wake();
    void fetch();
    void take(LinkUpdate& update);

    const LinkOptions options_;
    const TimeSource& time_;
    SessionState state_;
    std::optional<AgentSnapshot> snapshot_;
    MonotonicTime heardAt_{};
    Throttle throttle_;
    bool isSeen_ = true;
    std::atomic<bool> isAwake_ = false;
    std::unique_ptr<AgentLink> link_;
};

}  // namespace levee
