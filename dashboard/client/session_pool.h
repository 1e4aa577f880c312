// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "dashboard/client/agent_session.h"
#include "dashboard/client/fleet_view.h"
#include "dashboard/client/throttle.h"
#include "shared/base/time.h"

namespace levee {

/// All agents that the operator looks at. Merges what they say into one picture, at most ten times
/// a second however many there are; while nothing but time passes, the last picture is made younger
/// instead, once a second. Passes events on at once with the host they come from. GUI thread only.
class SessionPool final : public QObject {
    Q_OBJECT
public:
    /// REQUIRES: `time` outlives this.
    explicit SessionPool(const TimeSource& time, QObject* parent = nullptr);
    ~SessionPool() override;

    /// Takes the session over; does not connect it.
    AgentSession& add(std::unique_ptr<AgentSession> session);
    void connectAll();
    void setSeen(bool isSeen);  ///< of all sessions: AgentSession::setSeen
    std::size_t size() const { return sessions_.size(); }
    AgentSession& at(std::size_t index) const { return *sessions_.at(index); }
    /// Never null; immutable once handed out.
    const std::shared_ptr<const FleetView>& fleet() const { return fleet_; }

signals:
    /// The merged picture is new.
    void fleetChanged();
    /// How one of the agents is reached has changed; fleet()->agents says so already.
    void stateChanged();
    void eventsReceived(const std::string& host, const std::vector<levee::Event>& events);

private:
    void merge();
    void mergeNews();
    /// The last picture with new times; false where a merge is needed.
    bool letTimePass();
    void refreshAgents();
    FleetSource source(const AgentSession& session) const;

    const TimeSource& time_;
    std::vector<std::unique_ptr<AgentSession>> sessions_;
    std::map<const AgentSession*, double> offsets_;  ///< seconds that their clocks are ahead
    std::shared_ptr<const FleetView> fleet_ = std::make_shared<FleetView>();
    Throttle throttle_;
    Throttle passing_;     ///< while nothing but time passes
    bool hasNews_ = true;  ///< something other than time changed since the last merge
};

}  // namespace levee
