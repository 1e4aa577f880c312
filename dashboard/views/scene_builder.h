// SPDX-License-Identifier: GPL-3.0-or-later
// From the model's picture to what the lists draw: words and formatted numbers. Functions of
// (store, now).
#pragma once

#include <QString>
#include <cstdint>
#include <vector>

#include "dashboard/model/topology_store.h"
#include "dashboard/views/attention_list.h"

namespace levee {

/// What is not well, worst first, each with the number that says why.
std::vector<AttentionItem> buildTriage(const TopologyStore& store);
/// Guards that hold something back, or differ from enforcing in peace; worst first.
std::vector<AttentionItem> buildGuardsAtWork(const TopologyStore& store);

/// "checkout → payment" for people, of "checkout->payment".
QString readableSubject(const std::string& subject);

/// "1 failing, 2 degraded, 5 ok": the counts that are not zero.
QString describeHealth(const TopologyStore& store);

/// The same for a view that asks often: counts again only when the picture may say another thing.
class HealthLine {
public:
    const QString& text(const TopologyStore& store);

private:
    QString text_;
    std::uint64_t news_ = 0;
    bool wasFresh_ = false;
};

/// The state that people are shown for a node, an edge, a guard.
VisualState stateOf(const TopologyStore& store, const FleetNode& node);
VisualState stateOf(const TopologyStore& store, const FleetEdge& edge);

}  // namespace levee
