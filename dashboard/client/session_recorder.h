// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <memory>
#include <string>

#include "dashboard/client/agent_session.h"
#include "dashboard/client/session_file.h"

namespace levee {

/// Writes everything that a session receives to a file, from the next whole state on. Stops at the
/// first write error and says so once. GUI thread only.
class SessionRecorder final : public QObject {
    Q_OBJECT
public:
    /// REQUIRES: `session` outlives the recorder.
    SessionRecorder(AgentSession& session, std::unique_ptr<SessionFileWriter> file,
                    const TimeSource& time, QObject* parent = nullptr);

signals:
    void failed(const QString& reason);

private:
    void write(const LinkUpdate& update);

    AgentSession& session_;
    std::unique_ptr<SessionFileWriter> file_;
    const TimeSource& time_;
    bool hasSnapshot_ = false;
};

}  // namespace levee
