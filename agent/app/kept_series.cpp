// SPDX-License-Identifier: Apache-2.0
#include "agent/app/kept_series.h"

#include <algorithm>

#include "agent/collect/collector.h"
#include "agent/collect/live_history.h"
#include "rules/promql/parser.h"

namespace levee {
namespace {

std::vector<promql::NeededSeries> needed(const KeepConfig& keep) {
    std::vector<promql::NeededSeries> all;
    for (const std::string& text : keep.expressions) {
        const promql::ParsedExpression parsed = promql::parseExpression(text);
        if (parsed.expression == nullptr)
            continue;
        for (promql::NeededSeries& series : promql::neededSeries(*parsed.expression))
            all.push_back(std::move(series));
    }
    return all;
}

}  // namespace

KeepConfig keptFor(const AgentConfig& config) {
    KeepConfig keep = config.keep;
    for (const PackConfig& used : config.packs) {
        keep.expressions.push_back(used.pack.needs);
        for (const PackSignal& signal : used.pack.signalList)
            keep.expressions.push_back(signal.expression);
    }
    return keep;
}

std::vector<promql::NeededSeries> seriesOf(const RuleSet& rules) {
    std::vector<promql::NeededSeries> all;
    for (const Automation& automation : rules.automations) {
        if (automation.mode == GuardMode::Off)
            continue;
        for (promql::NeededSeries& series : promql::neededSeries(*automation.condition))
            all.push_back(std::move(series));
    }
    return all;
}

KeepFilter keepFilter(const KeepConfig& keep, const std::vector<promql::NeededSeries>& conditions) {
    KeepFilter filter;
    for (const std::string& pattern : keep.metrics)
        filter.add(pattern);
    for (promql::NeededSeries& series : needed(keep))
        filter.add(std::move(series.matchers));
    for (const promql::NeededSeries& series : conditions)
        filter.add(series.matchers);
    return filter;
}

void keepOnly(const KeepFilter& filter, ScrapeResult& result) {
    if (result.kept.size() <= kSyntheticSeries)
        return;
    const auto synthetic = result.kept.end() - static_cast<std::ptrdiff_t>(kSyntheticSeries);
    const auto end = std::remove_if(result.kept.begin(), synthetic, [&](const Sample& sample) {
        return !filter.keeps(*sample.series);
    });
    result.kept.erase(end, synthetic);
}

SampleHistorySettings historySettings(const KeepConfig& keep,
                                      std::vector<promql::NeededSeries> conditions) {
    SampleHistorySettings settings;
    settings.kept = std::chrono::duration_cast<std::chrono::milliseconds>(keep.history).count();
    settings.bytes = keep.memoryBytes;
    settings.needed = std::move(conditions);
    for (promql::NeededSeries& series : needed(keep))
        settings.needed.push_back(std::move(series));
    return settings;
}

void SeriesKeeper::setKeep(const KeepConfig& keep, bool isForwarding) {
    const std::lock_guard lock(mutex_);
    keep_ = keep;
    isForwarding_ = isForwarding;
    apply();
}

void SeriesKeeper::setConditions(std::vector<promql::NeededSeries> conditions) {
    const std::lock_guard lock(mutex_);
    if (conditions.empty() && conditions_.empty())
        return;
    conditions_ = std::move(conditions);
    apply();
}

void SeriesKeeper::apply() {
    history_.configure(historySettings(keep_, conditions_));
    KeepFilter needed = keepFilter(keep_, conditions_);
    kept_.reset();
    if (!isForwarding_) {
        collector_.setFilter(std::move(needed));
        return;
    }
    kept_ = std::make_shared<const KeepFilter>(std::move(needed));
    collector_.setFilter(KeepFilter(std::vector<std::string>{"*"}));
}

std::shared_ptr<const KeepFilter> SeriesKeeper::kept() const {
    const std::lock_guard lock(mutex_);
    return kept_;
}

}  // namespace levee
