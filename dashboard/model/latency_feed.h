// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QString>
#include <QTimer>
#include <string>

#include "dashboard/model/latency_history.h"
#include "shared/base/result.h"

namespace levee {

class SessionPool;

/// Asks the agents for the latencies of one subject: all that they keep at first, then what came
/// since, every two seconds while somebody looks. GUI thread only.
class LatencyFeed final : public QObject {
    Q_OBJECT
public:
    /// REQUIRES: `pool` outlives this.
    explicit LatencyFeed(SessionPool& pool, QObject* parent = nullptr);

    /// "" asks for nothing.
    void setSubject(const std::string& subject);
    const std::string& subject() const { return subject_; }
    /// Off at first.
    void setWatched(bool isWatched);

    const LatencyHistory& history() const { return history_; }
    /// Why there is nothing, as a sentence; "" while there is something, or an answer is awaited.
    const QString& problem() const { return problem_; }
    bool isAwaited() const { return answers_ == 0 && problem_.isEmpty(); }

signals:
    void changed();

private:
    void ask();
    void take(std::size_t agent, const Result<LatencyMap>& result);

    SessionPool& pool_;
    std::string subject_;
    bool isWatched_ = false;
    LatencyHistory history_;
    QString problem_;
    std::uint64_t answers_ = 0;
    std::uint64_t question_ = 0;  ///< drops the answers about an earlier subject
    QTimer again_;
};

}  // namespace levee
