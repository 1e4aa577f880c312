// SPDX-License-Identifier: GPL-3.0-or-later
// The dashboard's view of one agent: a stream of state, a stream of events, and commands that
// answer later. Live agents and recorded sessions look the same from here on up.
//
// Threads: GUI thread only. Whatever threads an implementation has stay behind this interface;
// every signal and every reply arrives on the GUI thread.
#pragma once

#include <QObject>
#include <functional>
#include <string>
#include <vector>

#include "dashboard/client/override_calls.h"
#include "dashboard/client/rule_calls.h"
#include "shared/base/result.h"
#include "shared/base/time.h"
#include "shared/model/latency_map.h"
#include "shared/model/snapshot.h"
#include "shared/model/snapshot_delta.h"
#include "shared/model/trace.h"

namespace levee {

enum class SessionPhase {
    Stopped,       ///< not asked to connect, or closed
    Connecting,    ///< first attempt, or an attempt after a pause
    Live,          ///< the stream runs and a snapshot has come
    Waiting,       ///< an attempt failed; the next one comes at `retryAt`
    Incompatible,  ///< the other side speaks no protocol that we speak; tried again now and then
};

/// Readiness and the reason for its absence.
struct SessionState {
    SessionPhase phase = SessionPhase::Stopped;
    std::string reason = {};     ///< one sentence, "" while Live
    bool isUnreachable = false;  ///< nobody listens at the address, as far as can be told
    MonotonicTime retryAt{};     ///< meaningful in Waiting and Incompatible
    int attempts = 0;            ///< failed ones since the session was last Live
    bool isReadOnly = false;  ///< the agent said at the last handshake: this client changes nothing

    bool operator==(const SessionState&) const = default;
};

/// Called once, unless the context or the session is gone by then.
template <typename T>
using Reply = std::function<void(Result<T>)>;

/// GUI thread only.
class AgentSession : public QObject {
    Q_OBJECT
public:
    using QObject::QObject;

    /// How the operator named it: "host:7400", "unix:/run/levee/agent.sock", or a file.
    virtual const std::string& address() const = 0;
    virtual const SessionState& state() const = 0;
    /// The state as of the last snapshotChanged; null before the first snapshot. The pointer stays
    /// valid until the next signal; copy what must live longer.
    virtual const AgentSnapshot* snapshot() const = 0;
    /// When the newest update of any kind came in; the epoch before the first one.
    virtual MonotonicTime heardAt() const = 0;
    /// A file that is played: nothing can be changed, and its clock is not now.
    virtual bool isRecording() const { return false; }
    /// While nobody looks, state comes every few seconds only; events come at once all the same.
    virtual void setSeen(bool /*isSeen*/) {}
    bool isReady() const { return state().phase == SessionPhase::Live; }

    virtual void connectToAgent() = 0;
    virtual void disconnectFromAgent() = 0;

    virtual void checkRules(RuleCheckRequest request, QObject* context,
                            Reply<RuleCheckResult> reply) = 0;
    virtual void applyRules(RuleApplyRequest request, QObject* context,
                            Reply<RuleApplyResult> reply) = 0;
    virtual void rollbackRules(RuleRollbackRequest request, QObject* context,
                               Reply<RuleApplyResult> reply) = 0;
    /// Newest first.
    virtual void listRevisions(RevisionsRequest request, QObject* context,
                               Reply<std::vector<RuleRevision>> reply) = 0;
    /// Oldest first, at most 7,200 points.
    virtual void series(SeriesRequest request, QObject* context,
                        Reply<std::vector<SeriesPoint>> reply) = 0;
    /// An agent of before answers with an error.
    virtual void latency(LatencyRequest request, QObject* context, Reply<LatencyMap> reply) = 0;
    /// Slowest first.
    virtual void listTraces(TracesRequest request, QObject* context,
                            Reply<std::vector<TraceSummary>> reply) = 0;
    virtual void trace(std::string id, QObject* context, Reply<Trace> reply) = 0;
    /// Each answers the override as it is after the call; cleared: as it was. Conflict: something
    /// holds the guard already, or another override does than the one that was named.
    virtual void setOverride(OverrideOrder order, QObject* context, Reply<Override> reply) = 0;
    virtual void extendOverride(OverrideChange change, QObject* context, Reply<Override> reply) = 0;
    virtual void clearOverride(OverrideChange change, QObject* context, Reply<Override> reply) = 0;

signals:
    void stateChanged();
    /// At most ten times a second, however fast the agent talks.
    void snapshotChanged();
    /// A whole snapshot came in, at once; snapshot() holds it already.
    void snapshotReceived();
    /// Each delta as it came in; snapshot() holds it already.
    void deltaReceived(const levee::SnapshotDelta& delta);
    /// At once, never held back.
    void eventsReceived(const std::vector<levee::Event>& events);
};

}  // namespace levee
