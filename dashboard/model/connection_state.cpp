// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/model/connection_state.h"

#include <algorithm>

namespace levee {
namespace {

constexpr auto kTick = std::chrono::milliseconds(500);

DataAge ageOf(const FleetAgent& agent, MonotonicTime now) {
    if (!agent.hasSnapshot)
        return DataAge::Never;
    const DataAge age = classify(agent.heardAt, now);
    return age == DataAge::Live && agent.state.phase != SessionPhase::Live ? DataAge::Late : age;
}

LinkMode modeWithoutPicture(const std::vector<FleetAgent>& agents) {
    const auto all = [&](SessionPhase phase) {
        return std::ranges::all_of(agents,
                                   [&](const FleetAgent& a) { return a.state.phase == phase; });
    };
    if (all(SessionPhase::Incompatible))
        return LinkMode::Incompatible;
    const bool hasFailed =
        std::ranges::any_of(agents, [](const FleetAgent& a) { return !a.state.reason.empty(); });
    return hasFailed ? LinkMode::Failed : LinkMode::Connecting;
}

LinkMode modeOf(const std::vector<FleetAgent>& agents, const LinkSummary& counts) {
    if (counts.live > 0)
        return LinkMode::Live;
    const auto any = [&](auto test) { return std::ranges::any_of(agents, test); };
    if (!any([](const FleetAgent& a) { return a.hasSnapshot; }))
        return modeWithoutPicture(agents);
    if (any([](const FleetAgent& a) { return a.state.phase == SessionPhase::Live; }))
        return LinkMode::Stale;
    if (std::ranges::all_of(
            agents, [](const FleetAgent& a) { return a.state.phase == SessionPhase::Stopped; }))
        return LinkMode::Ended;
    return LinkMode::Reconnecting;
}

}  // namespace

LinkSummary summarize(const std::vector<FleetAgent>& agents, MonotonicTime now) {
    LinkSummary summary;
    summary.total = static_cast<int>(agents.size());
    for (const FleetAgent& agent : agents) {
        const DataAge age = ageOf(agent, now);
        summary.live += age == DataAge::Live;
        summary.late += age == DataAge::Late;
        summary.lost += age == DataAge::Lost || age == DataAge::Never;
        if (agent.hasSnapshot)
            summary.ageSeconds = std::max(summary.ageSeconds, toSeconds(now - agent.heardAt));
        if (summary.reason.empty() && !agent.state.reason.empty()) {
            summary.reason = agent.address + ": " + agent.state.reason;
            summary.isUnreachable = agent.state.isUnreachable;
            summary.retryInSeconds = std::max(0.0, toSeconds(agent.state.retryAt - now));
        }
    }
    summary.mode = modeOf(agents, summary);
    return summary;
}

ConnectionState::ConnectionState(const TimeSource& time, QObject* parent)
    : QObject(parent), time_(time) {
    connect(&timer_, &QTimer::timeout, this, &ConnectionState::update);
    timer_.start(kTick);
}

void ConnectionState::setAgents(std::vector<FleetAgent> agents) {
    agents_ = std::move(agents);
    if (refresh())
        emit ticked();
}

double ConnectionState::ageSeconds(const FleetAgent& agent) const {
    return agent.hasSnapshot ? toSeconds(time_.monotonic() - agent.heardAt) : kUnknown;
}

DataAge ConnectionState::reachOf(const FleetAgent& agent) const {
    return ageOf(agent, time_.monotonic());
}

void ConnectionState::update() {
    refresh();
    emit ticked();
}

bool ConnectionState::refresh() {
    const LinkSummary before = summary_;
    summary_ = summarize(agents_, time_.monotonic());
    const bool isNew = before.mode != summary_.mode || before.live != summary_.live ||
                       before.late != summary_.late || before.lost != summary_.lost ||
                       before.reason != summary_.reason;
    if (isNew)
        emit modeChanged();
    return isNew;
}

}  // namespace levee
