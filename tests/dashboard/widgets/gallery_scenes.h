// SPDX-License-Identifier: GPL-3.0-or-later
// Made-up scenes that show every state, for the gallery and the canvas tests.
#pragma once

#include "dashboard/widgets/canvas/graph_scene.h"
#include "dashboard/widgets/chart/time_chart.h"

namespace levee::gallery {

/// The demo shop while its payment service fails under load: ten nodes, every kind and state.
GraphScene shopInTrouble();
/// The same shop, all well.
GraphScene shopAllWell();
/// `count` services in layers with about twice as many edges, for the levels of detail.
GraphScene largeFleet(int count);
/// The shop in trouble among groups that stand for the rest of a large fleet.
GraphScene shopAmongGroups();
/// Markup, right to left, 10,000 characters, emoji, control characters, look-alikes.
GraphScene hostileNames();
/// What is said about the edge to payment.
EdgeFacts paymentFacts();
/// p50, p95 and p99 over five minutes with a gap and a rise.
std::vector<ChartLine> latencyLines(std::int64_t from);

}  // namespace levee::gallery
