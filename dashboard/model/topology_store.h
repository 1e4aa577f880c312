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
#include "dashboard/model/picture_history.h"
#include "dashboard/model/series_store.h"
#include "shared/base/time.h"

namespace levee {

/// The picture that every view shows: the merged fleet, and the last 15 minutes of it. Pausing
/// holds the picture still for reading; travelling shows one of the last hour; recording goes on
/// behind both. GUI thread only.
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

    bool isTravelling() const { return travel_.fleet != nullptr; }
    /// Shows the fleet as it was then, or as near to it as there is a picture; false when there is
    /// none. A time that is newer than what is shown live leads back to live.
    bool travelTo(std::int64_t millis);
    void returnToLive();
    std::int64_t travelMillis() const { return travelMillis_; }  ///< that was asked for
    const PictureHistory& past() const { return past_; }
    /// The newest picture, whatever is shown.
    const FleetView& newest() const { return *newest_; }
    double ageSeconds(MonotonicTime heardAt) const;
    DataAge ageOf(MonotonicTime heardAt) const;

signals:
    void changed();
    void pausedChanged(bool paused);
    void travelChanged();

private:
    /// What ages are counted to: now, or when the picture of then was the newest.
    MonotonicTime present() const;
    void show(std::shared_ptr<const FleetView> fleet);

    const TimeSource& time_;
    std::shared_ptr<const FleetView> shown_ = std::make_shared<FleetView>();
    std::shared_ptr<const FleetView> newest_ = shown_;
    SeriesStore series_;
    HealthChanges changes_;
    HealthHistory health_;
    PictureHistory past_;
    std::int64_t travelMillis_ = 0;
    PastPicture travel_;  ///< what is shown instead of the newest
    bool isPaused_ = false;
    bool hasOnlyTimePassed_ = false;
};

}  // namespace levee
