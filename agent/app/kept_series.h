// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "agent/collect/keep_filter.h"
#include "agent/collect/sample_history.h"
#include "agent/collect/target.h"
#include "agent/config/agent_config.h"
#include "rules/lang/rule_set.h"
#include "rules/promql/needed_series.h"

namespace levee {

/// The section keep, and what the signals of the packs in use read.
KeepConfig keptFor(const AgentConfig& config);
/// What the shipped views read, what the section keep asks for, and what `conditions` read.
/// Expressions that do not parse keep nothing: the loader has refused them.
KeepFilter keepFilter(const KeepConfig& keep, const std::vector<promql::NeededSeries>& conditions);
/// What the conditions of the automations read that are not off.
std::vector<promql::NeededSeries> seriesOf(const RuleSet& rules);
/// Leaves in a scrape what the filter keeps, and the synthetic series: what would have come without
/// a receiver of remote write.
void keepOnly(const KeepFilter& filter, ScrapeResult& result);
SampleHistorySettings historySettings(const KeepConfig& keep,
                                      std::vector<promql::NeededSeries> conditions);

}  // namespace levee
