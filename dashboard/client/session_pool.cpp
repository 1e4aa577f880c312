// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/client/session_pool.h"

namespace levee {

SessionPool::SessionPool(const TimeSource& time, QObject* parent)
    : QObject(parent), time_(time), throttle_(kStateInterval, time, [this] { merge(); }) {}

SessionPool::~SessionPool() = default;

AgentSession& SessionPool::add(std::unique_ptr<AgentSession> session) {
    AgentSession& added = *session;
    sessions_.push_back(std::move(session));
    refreshAgents();
    connect(&added, &AgentSession::snapshotChanged, this, [this] { throttle_.request(); });
    connect(&added, &AgentSession::stateChanged, this, [this] {
        refreshAgents();
        emit stateChanged();
    });
    if (!added.isRecording()) {
        const auto compare = [this, &added] {
            const std::int64_t ahead = added.snapshot()->millis - toUnixMillis(time_.wall());
            offsets_[&added] = static_cast<double>(ahead) / 1e3;
        };
        connect(&added, &AgentSession::snapshotReceived, this, compare);
        connect(&added, &AgentSession::deltaReceived, this, compare);
    }
    connect(&added, &AgentSession::eventsReceived, this,
            [this, &added](const std::vector<Event>& events) {
                const AgentSnapshot* snapshot = added.snapshot();
                emit eventsReceived(snapshot ? snapshot->agent.host : added.address(), events);
            });
    return added;
}

void SessionPool::connectAll() {
    for (const auto& session : sessions_)
        session->connectToAgent();
}

FleetSource SessionPool::source(const AgentSession& session) const {
    FleetSource source;
    source.agent.address = session.address();
    source.agent.state = session.state();
    source.agent.heardAt = session.heardAt();
    source.snapshot = session.snapshot();
    if (source.snapshot) {
        source.agent.hasSnapshot = true;
        source.agent.info = source.snapshot->agent;
        source.agent.snapshotMillis = source.snapshot->millis;
        if (const auto found = offsets_.find(&session); found != offsets_.end())
            source.agent.clockOffset = found->second;
    }
    return source;
}

void SessionPool::refreshAgents() {
    auto fleet = std::make_shared<FleetView>(*fleet_);
    fleet->agents.clear();
    for (const auto& session : sessions_)
        fleet->agents.push_back(source(*session).agent);
    fleet_ = std::move(fleet);
}

void SessionPool::merge() {
    std::vector<FleetSource> sources;
    sources.reserve(sessions_.size());
    for (const auto& session : sessions_)
        sources.push_back(source(*session));
    fleet_ = std::make_shared<const FleetView>(mergeFleet(sources));
    emit fleetChanged();
}

}  // namespace levee
