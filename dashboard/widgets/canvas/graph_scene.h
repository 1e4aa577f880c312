// SPDX-License-Identifier: GPL-3.0-or-later
// What the topology canvas draws: plain values, words and numbers already formatted. The layer
// above makes a scene from the agent's snapshot; the canvas knows no agent.
#pragma once

#include <QString>
#include <utility>
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
    int members = 0;    ///< of a group of services that stands as one; 0: a service
    QString note;       ///< of a group: "17 ok, 1 idle"

    bool operator==(const CardData&) const;
};

struct EdgeData {
    QString from;
    QString to;
    Health health = Health::Unknown;
    bool stale = false;
    double requestRate = 0;     ///< per second; width in three classes
    double latency = kUnknown;  ///< seconds; slower particles
    double errorShare = kUnknown;
    double shedShare = kUnknown;
    QString label;       ///< "350/s  p99 84 ms", shown when near, hovered or selected
    QString shortLabel;  ///< "350/s", where there is no room for the label; may be empty
    std::vector<GuardBadge> badges;  ///< drawn on the edge at every zoom
};

/// One share of the time that a call takes.
struct TimePart {
    QString name;
    double seconds = kUnknown;
};

/// What is said about an edge when a person points at it; formatted.
struct EdgeFacts {
    QString title;
    std::vector<std::pair<QString, QString>> rows;  ///< name and value
    QString splitTitle;                             ///< over the bar: "Where 84 ms go"
    std::vector<TimePart> split;                    ///< at most four; empty: not known
};

/// Edges whose ends are not among the cards are not drawn.
struct GraphScene {
    std::vector<CardData> cards;
    std::vector<EdgeData> edges;
};

}  // namespace levee
