// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <memory>
#include <string>
#include <vector>

#include "dashboard/client/fleet_view.h"
#include "dashboard/model/freshness.h"
#include "dashboard/model/health_changes.h"
#include "dashboard/model/health_history.h"
#include "dashboard/model/series_store.h"
#include "shared/base/time.h"

namespace levee {

/// The picture that every view shows: the merged fleet, and the last 15 minutes of it. Pausing
/// holds the picture still for reading; recording goes on behind it. GUI thread only.
class TopologyStore final : public QObject {
    Q_OBJECT
public:
    explicit TopologyStore(const TimeSource& time, QObject* parent = nullptr);

    /// A new picture. While paused it is recorded and kept back.
    void setFleet(std::shared_ptr<const FleetView> fleet);
    /// Of the last changed(): the picture is the one before, only later. Whoever shows no time and
    /// no age has nothing to do.
    bool hasOnlyTimePassed() const { return hasOnlyTimePassed_; }

    const FleetView& fleet() const { return *shown_; }
    const std::shared_ptr<const FleetView>& fleetPointer() const { return shown_; }
    SeriesStore& series() { return series_; }
    const SeriesStore& series() const { return series_; }
    const HealthChanges& changes() const { return changes_; }
    const HealthHistory& health() const { return health_; }

    /// Null when there is none. Valid until the next changed().
    const FleetNode* node(const std::string& name) const;
    const FleetEdge* edge(const std::string& client, const std::string& server) const;
    std::vector<const FleetEdge*> callersOf(const std::string& name) const;
    std::vector<const FleetEdge*> dependenciesOf(const std::string& name) const;
    std::vector<const FleetGuard*> guardsOf(const std::string& subject) const;
    const Advice* adviceFor(const std::string& service) const;
    /// Names of services that are degraded or failing or shed, worst first.
    std::vector<std::string> unhealthy() const;

    bool isPaused() const { return isPaused_; }
    void setPaused(bool paused);
    double ageSeconds(MonotonicTime heardAt) const;
    DataAge ageOf(MonotonicTime heardAt) const;

signals:
    void changed();
    void pausedChanged(bool paused);

private:
    const TimeSource& time_;
    std::shared_ptr<const FleetView> shown_ = std::make_shared<FleetView>();
    std::shared_ptr<const FleetView> newest_ = shown_;
    SeriesStore series_;
    HealthChanges changes_;
    HealthHistory health_;
    bool isPaused_ = false;
    bool hasOnlyTimePassed_ = false;
};

}  // namespace levee
