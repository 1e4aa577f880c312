// SPDX-License-Identifier: GPL-3.0-or-later
// From the timeline's model to what the band draws. Pure functions.
#pragma once

#include <vector>

#include "dashboard/model/health_history.h"
#include "dashboard/model/timeline_model.h"
#include "dashboard/model/timeline_state.h"
#include "dashboard/widgets/timeline/timeline_band.h"

namespace levee {

/// The entries that `state` accepts; those not about `selected` (unless it is "") are quiet.
std::vector<TimelineMark> buildTimelineMarks(const TimelineModel& model, const TimelineState& state,
                                             const std::string& selected);
/// Each rule set, from when it came into force to when the next one did.
std::vector<TimelineSpan> buildRuleSpans(const std::vector<RuleRevision>& revisions);
std::vector<TimelineLevel> buildLevels(const HealthHistory& history);

}  // namespace levee
