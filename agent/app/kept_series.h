// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agent/collect/keep_filter.h"
#include "agent/collect/sample_history.h"
#include "agent/collect/target.h"
#include "agent/config/agent_config.h"

namespace levee {

/// The section keep, and what the signals of the packs in use read.
KeepConfig keptFor(const AgentConfig& config);
/// What the shipped views read, and what the section keep asks for. Expressions that do not parse
/// keep nothing: the loader has refused them.
KeepFilter keepFilter(const KeepConfig& keep);
/// Leaves in a scrape what the filter keeps, and the synthetic series: what would have come without
/// a receiver of remote write.
void keepOnly(const KeepFilter& filter, ScrapeResult& result);
SampleHistorySettings historySettings(const KeepConfig& keep);

}  // namespace levee
