// SPDX-License-Identifier: GPL-3.0-or-later
// Where to look when a service is not well: what changed before, what hurt first, whom it reaches.
// Evidence beside each, and no verdict: a coincidence in time is not a cause. Pure functions.
#pragma once

#include <QString>
#include <string>
#include <vector>

#include "dashboard/model/timeline_model.h"
#include "dashboard/model/topology_store.h"

namespace levee {

enum class SuspectRole { PossibleCause, FirstSymptom, Impact };

struct Suspect {
    SuspectRole role = SuspectRole::PossibleCause;
    std::string subject;      ///< of the map; "" for what is not on it
    QString evidence;         ///< one sentence, translated
    std::int64_t millis = 0;  ///< when, or 0 for "now"
    std::string entry;        ///< of the timeline, or ""
    Health health = Health::Unknown;

    bool operator==(const Suspect&) const = default;
};

constexpr std::int64_t kSuspectWindowMillis = 15 * 60'000;
constexpr std::size_t kMostSuspects = 6;  ///< of each role

/// About this service or edge (of which the callee counts). Causes: changes in the ten minutes
/// before the first symptom, the newest first; dependencies that are not well while theirs are.
/// First symptom: the earliest warning about it or what it depends on. Impact: callers, direct and
/// further, that are not well. `now`: wall time.
std::vector<Suspect> findSuspects(const TopologyStore& store, const TimelineModel& timeline,
                                  const std::string& subject, std::int64_t now);

}  // namespace levee
