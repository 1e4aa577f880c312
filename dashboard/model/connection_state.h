// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QTimer>
#include <string>
#include <vector>

#include "dashboard/client/fleet_view.h"
#include "dashboard/model/freshness.h"

namespace levee {

/// How far the whole picture can be trusted.
enum class LinkMode {
    Connecting,    ///< no picture yet, trying
    Failed,        ///< no picture, and the last attempt failed
    Incompatible,  ///< no agent speaks our protocol
    Live,
    Stale,         ///< connected, but nothing came for a while
    Reconnecting,  ///< a picture, but no connection
    Ended,         ///< a recording that is over
};

struct LinkSummary {
    LinkMode mode = LinkMode::Connecting;
    double ageSeconds = 0;  ///< of the newest word of the agent that is silent longest
    int total = 0;
    int live = 0;
    int late = 0;                ///< older than three intervals, or reconnecting
    int lost = 0;                ///< older than 30 s, or never heard
    std::string reason;          ///< of the first agent that is not live, or ""
    bool isUnreachable = false;  ///< nobody listens there
    double retryInSeconds = 0;   ///< until its next attempt

    bool operator==(const LinkSummary&) const = default;
};

/// Of the picture: one live agent keeps it Live; the counts tell about the others.
LinkSummary summarize(const std::vector<FleetAgent>& agents, MonotonicTime now);

/// Watches the age of what the agents said. GUI thread only.
class ConnectionState final : public QObject {
    Q_OBJECT
public:
    explicit ConnectionState(const TimeSource& time, QObject* parent = nullptr);

    void setAgents(std::vector<FleetAgent> agents);
    const LinkSummary& summary() const { return summary_; }
    const std::vector<FleetAgent>& agents() const { return agents_; }
    double ageSeconds(const FleetAgent& agent) const;
    DataAge reachOf(const FleetAgent& agent) const;

signals:
    void modeChanged();  ///< mode or counts are new
    void ticked();       ///< twice a second, and with a new mode: ages have moved on

private:
    void update();
    bool refresh();

    const TimeSource& time_;
    std::vector<FleetAgent> agents_;
    LinkSummary summary_;
    QTimer timer_;
};

}  // namespace levee
