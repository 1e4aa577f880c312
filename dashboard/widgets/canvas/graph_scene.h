// SPDX-License-Identifier: GPL-3.0-or-later
// What the topology canvas draws: plain values, words and numbers already formatted. The layer
// above makes a scene from the agent's snapshot; the canvas knows no agent.
#pragma once

#include <QString>
#include <vector>

#include "dashboard/widgets/state_glyph.h"
#include "shared/model/topology.h"

namespace levee {

struct CardData {
    QString id;     ///< unique; edges name it
    QString title;  ///< shown, elided; id where empty
    NodeKind kind = NodeKind::Service;
    Health health = Health::Unknown;
    bool stale = false;
    QString rate;               ///< "388/s"; empty: "-"
    QString errors;             ///< "22.1 %"
    QString p99;                ///< "2.40 s"
    std::vector<double> spark;  ///< request rate, oldest first, NaN where unknown
    std::vector<GuardBadge> badges;
    double okShare = kUnknown;  ///< of what arrived, 0 to 1; the three make the outcome bar
    double errorShare = kUnknown;
    double shedShare = kUnknown;
    int instances = 0;  ///< 0: not known
    QString ageText;    ///< "12 s" where stale

    bool operator==(const CardData&) const;
};

struct EdgeData {
    QString from;
    QString to;
    Health health = Health::Unknown;
    bool stale = false;
    double requestRate = 0;  ///< per second; width in three classes
    double errorShare = kUnknown;
    double shedShare = kUnknown;
    QString label;       ///< "350/s  p99 84 ms", shown when near, hovered or selected
    QString shortLabel;  ///< "350/s", where there is no room for the label; may be empty
    std::vector<GuardBadge> badges;  ///< drawn on the edge at every zoom
};

/// Edges whose ends are not among the cards are not drawn.
struct GraphScene {
    std::vector<CardData> cards;
    std::vector<EdgeData> edges;
};

}  // namespace levee
