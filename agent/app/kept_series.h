// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include "agent/collect/keep_filter.h"
#include "agent/collect/sample_history.h"
#include "agent/collect/target.h"
#include "agent/config/agent_config.h"
#include "rules/lang/rule_set.h"
#include "rules/promql/needed_series.h"

namespace levee {

class Collector;
class LiveHistory;

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

/// Tells the collector and the history which series somebody needs, whoever asks for others: a
/// reload or an edit of the rules. A receiver of remote write gets every series; the history has
/// room for those that somebody needs. Thread-safe.
class SeriesKeeper {
public:
    SeriesKeeper(Collector& collector, LiveHistory& history)
        : collector_(collector), history_(history) {}

    void setKeep(const KeepConfig& keep, bool isForwarding);
    void setConditions(std::vector<promql::NeededSeries> conditions);
    /// What stays of a scrape that is forwarded whole; null: all that comes.
    std::shared_ptr<const KeepFilter> kept() const;

private:
    void apply();

    Collector& collector_;
    LiveHistory& history_;
    mutable std::mutex mutex_;
    KeepConfig keep_;  // guarded by mutex_, as the rest
    bool isForwarding_ = false;
    std::vector<promql::NeededSeries> conditions_;
    std::shared_ptr<const KeepFilter> kept_;
};

}  // namespace levee
