// SPDX-License-Identifier: GPL-3.0-or-later
// What the window says about its agents. Pure functions.
#pragma once

#include <QString>
#include <functional>

#include "dashboard/model/connection_state.h"
#include "dashboard/widgets/canvas/topology_canvas.h"
#include "dashboard/widgets/freshness_badge.h"

namespace levee {

/// The mode pill; pausing shows over everything that still has a picture.
Freshness freshnessOf(const LinkSummary& summary, bool isPaused);

/// One agent: its address; several: "3 agents: 2 live, 1 late".
QString connectionText(const LinkSummary& summary, const std::vector<FleetAgent>& agents);
/// The state of each agent, a line each, and what happens next.
QString connectionDetail(const LinkSummary& summary, const std::vector<FleetAgent>& agents);

/// "3 of 214 late", "1 of 5 lost"; "" when every agent is live, or there is but one.
QString lateText(const LinkSummary& summary);

struct CanvasMessage {
    CanvasState state = CanvasState::Live;
    QString title;
    QString hint;
};
CanvasMessage canvasMessage(const LinkSummary& summary, bool hasPicture);

/// What an empty list says: its own words once an agent has told something, else that nothing is
/// known, which is another thing.
QString emptyWords(const LinkSummary& summary, const QString& whenConnected);
/// Tells `say` these words now and whenever they change, for as long as `owner` lives.
void keepEmptyWords(const ConnectionState& connection, QObject& owner, const QString& whenConnected,
                    const std::function<void(const QString&)>& say);

}  // namespace levee
