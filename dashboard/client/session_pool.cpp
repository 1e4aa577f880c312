// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/client/session_pool.h"

#include <algorithm>
#include <utility>

namespace levee {
namespace {

/// Every agent must have spoken lately: then no part of the picture is older than that.
constexpr Duration kLately = std::chrono::milliseconds(1'500);

bool isNews(const SnapshotDelta& delta) {
    return !delta.nodes.empty() || !delta.removedNodes.empty() || !delta.edges.empty() ||
           !delta.removedEdges.empty() || !delta.guards.empty() || !delta.removedGuards.empty() ||
           !delta.targets.empty() || !delta.removedTargets.empty();
}

/// The age of what is shown may lag so far behind; well below the age that counts as late.
constexpr Duration kPassing = std::chrono::seconds(1);

/// The reason has the figures in it.
bool isSame(const Advice& a, const Advice& b) {
    return a.service == b.service && a.current == b.current && a.recommended == b.recommended &&
           a.confidence == b.confidence && a.reason == b.reason;
}

}  // namespace

SessionPool::SessionPool(const TimeSource& time, QObject* parent)
    : QObject(parent),
      time_(time),
      throttle_(kStateInterval, time, [this] { merge(); }),
      passing_(kPassing, time, [this] {
          if (!letTimePass())
              mergeNews();
      }) {}

SessionPool::~SessionPool() = default;

AgentSession& SessionPool::add(std::unique_ptr<AgentSession> session) {
    AgentSession& added = *session;
    sessions_.push_back(std::move(session));
    refreshAgents();
    connect(&added, &AgentSession::snapshotChanged, this, [this] { throttle_.request(); });
    connect(&added, &AgentSession::snapshotReceived, this, [this] { hasNews_ = true; });
    connect(&added, &AgentSession::deltaReceived, this,
            [this, last = std::vector<Advice>()](const SnapshotDelta& delta) mutable {
                const bool isAdviceNew = !std::ranges::equal(
                    last, delta.advice,
                    [](const Advice& a, const Advice& b) { return isSame(a, b); });
                if (isAdviceNew)
                    last = delta.advice;
                hasNews_ = hasNews_ || isAdviceNew || isNews(delta);
            });
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

void SessionPool::setSeen(bool isSeen) {
    for (const auto& session : sessions_)
        session->setSeen(isSeen);
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

bool SessionPool::letTimePass() {
    if (hasNews_ || fleet_->news == 0)
        return false;
    MonotonicTime oldest = time_.monotonic();
    std::int64_t millis = fleet_->millis;
    for (const auto& session : sessions_) {
        const AgentSnapshot* snapshot = session->snapshot();
        if (!snapshot || time_.monotonic() - session->heardAt() > kLately)
            return false;
        oldest = std::min(oldest, session->heardAt());
        millis = std::max(millis, snapshot->millis);
    }
    auto fleet = std::make_shared<FleetView>(*fleet_);
    fleet->millis = millis;
    fleet->freshAt = oldest;
    fleet->agents.clear();
    for (const auto& session : sessions_)
        fleet->agents.push_back(source(*session).agent);
    fleet_ = std::move(fleet);
    emit fleetChanged();
    return true;
}

void SessionPool::merge() {
    if (hasNews_ || fleet_->news == 0)
        mergeNews();
    else
        passing_.request();
}

void SessionPool::mergeNews() {
    const std::uint64_t news = fleet_->news + 1;
    hasNews_ = false;
    std::vector<FleetSource> sources;
    sources.reserve(sessions_.size());
    for (const auto& session : sessions_)
        sources.push_back(source(*session));
    FleetView merged = mergeFleet(sources);
    merged.news = news;
    fleet_ = std::make_shared<const FleetView>(std::move(merged));
    emit fleetChanged();
}

}  // namespace levee
