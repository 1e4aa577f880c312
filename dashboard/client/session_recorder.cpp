// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/client/session_recorder.h"

namespace levee {

SessionRecorder::SessionRecorder(AgentSession& session, std::unique_ptr<SessionFileWriter> file,
                                 const TimeSource& time, QObject* parent)
    : QObject(parent), session_(session), file_(std::move(file)), time_(time) {
    if (const AgentSnapshot* snapshot = session.snapshot())
        write({*snapshot, {}, {}});
    connect(&session, &AgentSession::snapshotReceived, this, [this] {
        write({*session_.snapshot(), {}, {}});
    });
    connect(&session, &AgentSession::deltaReceived, this, [this](const SnapshotDelta& delta) {
        write({{}, delta, {}});
    });
    connect(&session, &AgentSession::eventsReceived, this,
            [this](const std::vector<Event>& events) {
                write({{}, {}, events});
            });
}

void SessionRecorder::write(const LinkUpdate& update) {
    hasSnapshot_ = hasSnapshot_ || update.snapshot.has_value();
    if (!file_ || (!hasSnapshot_ && update.delta))
        return;
    const Status status = file_->write(toUnixMillis(time_.wall()), update);
    if (status.isOk())
        return;
    file_.reset();
    emit failed(QString::fromStdString(status.error().message));
}

}  // namespace levee
