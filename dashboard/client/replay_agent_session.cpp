// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/client/replay_agent_session.h"

#include <QPointer>
#include <algorithm>

#include "dashboard/client/link_text.h"
#include "dashboard/client/snapshot_order.h"

namespace levee {
namespace {

// A recording that paused for hours (a suspended laptop) is not waited for.
constexpr std::int64_t kLongestWaitMillis = 5'000;

template <typename T>
void refuse(QObject* session, QObject* context, Reply<T> reply,
            const QString& why =
                LinkText::tr("this is a recorded session: it can be looked at, not changed")) {
    QMetaObject::invokeMethod(
        session,
        [receiver = QPointer<QObject>(context), reply = std::move(reply), why = why.toStdString()] {
            if (receiver)
                reply(Error{why, ErrorKind::Unavailable});
        },
        Qt::QueuedConnection);
}

}  // namespace

ReplayAgentSession::ReplayAgentSession(std::string path, const TimeSource& time, double speed,
                                       QObject* parent)
    : AgentSession(parent), path_(std::move(path)), time_(time), speed_(std::max(speed, 0.01)) {
    timer_.setSingleShot(true);
    timer_.setTimerType(Qt::PreciseTimer);
    connect(&timer_, &QTimer::timeout, this, &ReplayAgentSession::play);
}

void ReplayAgentSession::setState(SessionPhase phase, std::string reason) {
    state_ = {.phase = phase, .reason = std::move(reason)};
    emit stateChanged();
}

void ReplayAgentSession::connectToAgent() {
    if (file_)
        return;
    auto opened = SessionFileReader::open(path_);
    if (!opened) {
        setState(SessionPhase::Stopped, opened.error().message);
        return;
    }
    file_ = std::move(opened).value();
    lastMillis_.reset();
    setState(SessionPhase::Connecting, "");
    scheduleNext();
}

void ReplayAgentSession::disconnectFromAgent() {
    timer_.stop();
    file_.reset();
    setState(SessionPhase::Stopped, "");
}

void ReplayAgentSession::scheduleNext() {
    if (!file_->next(frame_)) {
        const std::string& problem = file_->problem();
        setState(SessionPhase::Stopped,
                 problem.empty() ? LinkText::tr("the recording has ended").toStdString() : problem);
        return;
    }
    const std::int64_t gap = lastMillis_ ? frame_.millis - *lastMillis_ : 0;
    lastMillis_ = frame_.millis;
    const double wait = static_cast<double>(std::clamp<std::int64_t>(gap, 0, kLongestWaitMillis));
    timer_.start(static_cast<int>(wait / speed_));
}

void ReplayAgentSession::play() {
    heardAt_ = time_.monotonic();
    LinkUpdate update = std::move(frame_.update);
    // A snapshot says whose events these are, so it is taken in before them.
    if (update.snapshot) {
        sortAsPromised(*update.snapshot);
        snapshot_ = std::move(*update.snapshot);
        emit snapshotReceived();
    }
    if (!update.events.empty())
        emit eventsReceived(update.events);
    if (update.snapshot) {
        if (state_.phase != SessionPhase::Live)
            setState(SessionPhase::Live, "");
        emit snapshotChanged();
    } else if (update.delta && snapshot_) {
        apply(*update.delta, *snapshot_);
        emit deltaReceived(*update.delta);
        emit snapshotChanged();
    }
    if (file_)
        scheduleNext();
}

void ReplayAgentSession::checkRules(RuleCheckRequest, QObject* context,
                                    Reply<RuleCheckResult> reply) {
    refuse(this, context, std::move(reply));
}
void ReplayAgentSession::applyRules(RuleApplyRequest, QObject* context,
                                    Reply<RuleApplyResult> reply) {
    refuse(this, context, std::move(reply));
}
void ReplayAgentSession::rollbackRules(RuleRollbackRequest, QObject* context,
                                       Reply<RuleApplyResult> reply) {
    refuse(this, context, std::move(reply));
}
void ReplayAgentSession::listRevisions(RevisionsRequest, QObject* context,
                                       Reply<std::vector<RuleRevision>> reply) {
    refuse(this, context, std::move(reply));
}
void ReplayAgentSession::series(SeriesRequest, QObject* context,
                                Reply<std::vector<SeriesPoint>> reply) {
    refuse(this, context, std::move(reply));
}

void ReplayAgentSession::latency(LatencyRequest, QObject* context, Reply<LatencyMap> reply) {
    refuse(this, context, std::move(reply),
           LinkText::tr("a recorded session holds no latencies of requests"));
}

void ReplayAgentSession::listTraces(TracesRequest, QObject* context,
                                    Reply<std::vector<TraceSummary>> reply) {
    refuse(this, context, std::move(reply));
}
void ReplayAgentSession::trace(std::string, QObject* context, Reply<Trace> reply) {
    refuse(this, context, std::move(reply));
}
void ReplayAgentSession::setOverride(OverrideOrder, QObject* context, Reply<Override> reply) {
    refuse(this, context, std::move(reply));
}
void ReplayAgentSession::extendOverride(OverrideChange, QObject* context, Reply<Override> reply) {
    refuse(this, context, std::move(reply));
}
void ReplayAgentSession::clearOverride(OverrideChange, QObject* context, Reply<Override> reply) {
    refuse(this, context, std::move(reply));
}

}  // namespace levee
