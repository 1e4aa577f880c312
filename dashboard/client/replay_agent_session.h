// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTimer>
#include <memory>
#include <optional>
#include <string>

#include "dashboard/client/agent_session.h"
#include "dashboard/client/session_file.h"

namespace levee {

/// A recorded session file, played in its own time (times `speed`). At the end it stays on the last
/// state. Commands answer that a recording cannot be changed. GUI thread only.
class ReplayAgentSession final : public AgentSession {
    Q_OBJECT
public:
    /// `speed`: 1 as recorded, 10 ten times as fast; at most one frame an event loop turn.
    ReplayAgentSession(std::string path, const TimeSource& time, double speed = 1,
                       QObject* parent = nullptr);

    const std::string& address() const override { return path_; }
    const SessionState& state() const override { return state_; }
    const AgentSnapshot* snapshot() const override { return snapshot_ ? &*snapshot_ : nullptr; }
    MonotonicTime heardAt() const override { return heardAt_; }
    bool isRecording() const override { return true; }

    void connectToAgent() override;
    void disconnectFromAgent() override;
    void checkRules(RuleCheckRequest, QObject* context, Reply<RuleCheckResult> reply) override;
    void applyRules(RuleApplyRequest, QObject* context, Reply<RuleApplyResult> reply) override;
    void rollbackRules(RuleRollbackRequest, QObject* context,
                       Reply<RuleApplyResult> reply) override;
    void listRevisions(RevisionsRequest, QObject* context,
                       Reply<std::vector<RuleRevision>> reply) override;
    void series(SeriesRequest, QObject* context, Reply<std::vector<SeriesPoint>> reply) override;
    void latency(LatencyRequest request, QObject* context, Reply<LatencyMap> reply) override;
    void listTraces(TracesRequest request, QObject* context,
                    Reply<std::vector<TraceSummary>> reply) override;
    void trace(std::string id, QObject* context, Reply<Trace> reply) override;
    void setOverride(OverrideOrder order, QObject* context, Reply<Override> reply) override;
    void extendOverride(OverrideChange change, QObject* context, Reply<Override> reply) override;
    void clearOverride(OverrideChange change, QObject* context, Reply<Override> reply) override;

private:
    void setState(SessionPhase phase, std::string reason);
    void scheduleNext();
    void play();

    const std::string path_;
    const TimeSource& time_;
    const double speed_;
    SessionState state_;
    std::optional<AgentSnapshot> snapshot_;
    MonotonicTime heardAt_{};
    std::unique_ptr<SessionFileReader> file_;
    SessionFrame frame_;
    std::optional<std::int64_t> lastMillis_;
    QTimer timer_;
};

}  // namespace levee
