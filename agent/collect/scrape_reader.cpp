// SPDX-License-Identifier: Apache-2.0
#include "agent/collect/scrape_reader.h"

#include <algorithm>
#include <utility>

namespace levee {
namespace {

/// The metric's name counts as a label, as do the target's, as in Prometheus.
ParseLimits parseLimits(const ScrapeLimits& limits, const Labels& targetLabels) {
    const std::size_t taken = targetLabels.size() + 1;
    return {limits.labels > taken ? limits.labels - taken : 0, limits.nameBytes, limits.valueBytes};
}

bool contains(const Labels& labels, std::string_view name) {
    return std::any_of(labels.begin(), labels.end(),
                       [name](const Label& label) { return label.name == name; });
}

}  // namespace

Labels mergeLabels(std::span<const LabelView> sampleLabels, const Labels& targetLabels) {
    Labels merged = targetLabels;
    std::vector<const LabelView*> conflicts;
    for (const LabelView& label : sampleLabels) {
        if (label.value.empty())
            continue;
        if (contains(targetLabels, label.name))
            conflicts.push_back(&label);
        else
            merged.push_back({std::string(label.name), std::string(label.value)});
    }
    for (const LabelView* label : conflicts) {
        std::string renamed(label->name);
        do
            renamed.insert(0, "exported_");
        while (contains(merged, renamed));
        merged.push_back({std::move(renamed), std::string(label->value)});
    }
    return merged;
}

void SeriesCache::beginScrape() {
    ++scrape_;
    cursor_ = 0;
    current_.clear();
}

SeriesCache::Entries::value_type* SeriesCache::known(std::string_view text) {
    if (cursor_ < order_.size() && order_[cursor_]->first == text)
        return order_[cursor_++];
    const auto found = entries_.find(text);
    if (found == entries_.end())
        return nullptr;
    cursor_ = found->second.place + 1;
    return &*found;
}

void SeriesCache::clear() {
    entries_.clear();
    order_.clear();
    current_.clear();
    cursor_ = 0;
}

SeriesCache::Found SeriesCache::find(const ParsedSample& sample, const KeepFilter& filter) {
    Entries::value_type* entry = known(sample.seriesText);
    if (entry == nullptr) {
        auto series =
            Series::make(std::string(sample.name), mergeLabels(sample.labels, targetLabels_));
        if (!filter.keeps(*series))
            series = nullptr;
        entry = &*entries_.emplace(sample.seriesText, Entry{std::move(series)}).first;
    } else if (entry->second.scrape == scrape_) {
        return {nullptr, true};
    }
    entry->second.scrape = scrape_;
    entry->second.place = current_.size();
    current_.push_back(entry);
    return {entry->second.series, false};
}

void SeriesCache::endScrape() {
    order_.swap(current_);
    if (entries_.size() != order_.size())
        std::erase_if(entries_, [this](const auto& item) { return item.second.scrape != scrape_; });
}

ReadOutcome ScrapeReader::read(std::string_view body, ExpositionFormat format,
                               const ScrapeLimits& limits, const KeepFilter& filter,
                               SeriesCache& cache) {
    ReadOutcome outcome;
    const auto fail = [&](ScrapeFailure failure, std::string error) {
        cache.endScrape();
        return ReadOutcome{failure, std::move(error), outcome.samples, 0, {}};
    };
    parser_.reset(body, format, parseLimits(limits, cache.targetLabels()));
    cache.beginScrape();
    outcome.kept.reserve(cache.size());
    std::string_view lastName;
    bool keepsLast = false;
    for (;;) {
        const Entry entry = parser_.next();
        if (entry == Entry::End)
            break;
        if (entry == Entry::Error)
            return fail(parser_.error().kind == ParseErrorKind::LabelLimit
                            ? ScrapeFailure::LabelLimit
                            : ScrapeFailure::Parse,
                        parser_.error().text());
        if (entry != Entry::Sample)
            continue;
        const ParsedSample& sample = parser_.sample();
        if (++outcome.samples > limits.samples)
            return fail(ScrapeFailure::SampleLimit,
                        "more than " + std::to_string(limits.samples) + " samples");
        if (sample.name != lastName) {
            keepsLast = filter.keeps(sample.name);
            // A decoded name lives in scratch space only until the next sample.
            lastName = sample.seriesText.starts_with(sample.name)
                           ? sample.seriesText.substr(0, sample.name.size())
                           : std::string_view();
        }
        if (!keepsLast)
            continue;
        auto [series, isRepeated] = cache.find(sample, filter);
        if (series != nullptr)
            outcome.kept.push_back({std::move(series), sample.value, sample.timestampMillis});
        else if (isRepeated)
            ++outcome.repeated;
    }
    cache.endScrape();
    return outcome;
}

}  // namespace levee
