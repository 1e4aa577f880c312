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

Labels mergeLabels(std::span<const LabelView> sampleLabels, const Labels& targetLabels,
                   bool honorLabels) {
    if (honorLabels) {
        Labels merged;
        for (const LabelView& label : sampleLabels)
            if (!label.value.empty())
                merged.push_back({std::string(label.name), std::string(label.value)});
        for (const Label& label : targetLabels)
            if (!contains(merged, label.name))
                merged.push_back(label);
        return merged;
    }
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

void SeriesCache::beginScrape(const ReadTerms& terms) {
    if (terms != terms_) {
        terms_ = terms;
        layout_.forget();
        entries_.clear();
        last_.clear();
    }
    ++scrape_;
    current_.clear();
    // With a HELP or TYPE line for each sample at the most.
    layout_.begin(2 * std::size_t{terms.limits.samples});
}

SeriesCache::Found SeriesCache::take(Entry& entry) {
    if (entry.scrape == scrape_)
        return {nullptr, true};
    entry.scrape = scrape_;
    current_.push_back(&entry);
    return {entry.series, false};
}

/// Several lines may become one series here, of which the first counts.
SeriesCache::Found SeriesCache::findRelabelled(const ParsedSample& sample) {
    constexpr std::string_view kName = "__name__";
    Labels labels = mergeLabels(sample.labels, targetLabels_, terms_.honorLabels);
    labels.push_back({std::string(kName), std::string(sample.name)});
    LabelBuilder builder(std::move(labels));
    if (!terms_.relabel->apply(builder))
        return {};
    std::string name(builder.get(kName));
    builder.remove(kName);
    labels = builder.take();
    if (name.empty())
        return {nullptr, false, true};
    auto series = Series::make(std::move(name), std::move(labels));
    if (!terms_.filter->keeps(*series))
        return {};
    return take(entries_.try_emplace(series->text(), Entry{series}).first->second);
}

SeriesCache::Found SeriesCache::find(const ParsedSample& sample) {
    if (terms_.relabel != nullptr)
        return findRelabelled(sample);
    auto known = entries_.find(sample.seriesText);
    if (known == entries_.end()) {
        auto series = Series::make(std::string(sample.name),
                                   mergeLabels(sample.labels, targetLabels_, terms_.honorLabels));
        if (!terms_.filter->keeps(*series))
            return {};
        known = entries_.emplace(sample.seriesText, Entry{std::move(series)}).first;
    }
    return take(known->second);
}

SeriesCache::Found SeriesCache::findKnown(std::size_t index) {
    return take(*last_[index]);
}

void SeriesCache::endScrape() {
    layout_.end();
    last_.swap(current_);
    if (entries_.size() != last_.size())
        std::erase_if(entries_, [this](const auto& item) { return item.second.scrape != scrape_; });
}

void ScrapeReader::begin(const ReadTerms& terms, SeriesCache& cache) {
    abandon();
    cache_ = &cache;
    cache.beginScrape(terms);
    parser_.begin(terms.format, parseLimits(terms.limits, cache.targetLabels()));
    lastName_.clear();
    keepsLast_ = false;
    outcome_.kept.reserve(cache.size());
}

bool ScrapeReader::add(std::string_view text) {
    if (hasFailed())
        return false;
    if (!cut_.empty()) {
        const std::size_t end = text.find('\n');
        if (end == std::string_view::npos)
            return hold(text);
        if (!hold(text.substr(0, end + 1)))
            return false;
        text.remove_prefix(end + 1);
        parser_.addLines(cut_);
        readLines();
        release();
    }
    const std::size_t whole = text.rfind('\n') + 1;  // npos + 1 is 0
    parser_.addLines(text.substr(0, whole));
    readLines();
    return !hasFailed() && hold(text.substr(whole));
}

bool ScrapeReader::hold(std::string_view text) {
    if (text.size() > budget_.limit - std::min(budget_.limit, budget_.used)) {
        fail(ScrapeFailure::Memory, "too many long lines at once");
        return false;
    }
    budget_.used += text.size();
    cut_.append(text);
    return true;
}

void ScrapeReader::release() {
    constexpr std::size_t kKept = 64 * 1024;
    budget_.used -= cut_.size();
    cut_.clear();
    if (cut_.capacity() > kKept)
        cut_.shrink_to_fit();
}

ReadOutcome ScrapeReader::finish() {
    if (!hasFailed() && !cut_.empty()) {
        parser_.addLastLine(cut_);
        readLines();
    }
    if (!hasFailed() && parser_.finish() == Entry::Error)
        fail(ScrapeFailure::Parse, parser_.error().text());
    ReadOutcome outcome = std::move(outcome_);
    abandon();
    return outcome;
}

void ScrapeReader::abandon() {
    release();
    if (cache_ != nullptr)
        cache_->endScrape();
    cache_ = nullptr;
    outcome_ = {};
}

void ScrapeReader::fail(ScrapeFailure failure, std::string error) {
    outcome_.failure = failure;
    outcome_.error = std::move(error);
    outcome_.kept.clear();
}

void ScrapeReader::readLines() {
    while (!hasFailed() && !parser_.rest().empty()) {
        if (!readKnownLine())
            readNewLine();
    }
}

bool ScrapeReader::readKnownLine() {
    LineLayout& layout = cache_->layout();
    const LineLayout::Line* line = parser_.mayFollow() ? layout.find(parser_.rest()) : nullptr;
    if (line == nullptr)
        return false;
    if (line->tag == LineLayout::kSilent) {
        parser_.skipKnownLine(line->bytes);
        layout.accept(*line, line->tag);
        return true;
    }
    if (!parser_.readKnownSample(line->bytes))
        return false;
    if (!countSample())
        return true;
    if (line->tag == LineLayout::kDropped) {
        layout.accept(*line, line->tag);
        return true;
    }
    SeriesCache::Found found = cache_->findKnown(line->tag - LineLayout::kFirstKept);
    if (found.series)
        layout.accept(*line,
                      LineLayout::kFirstKept + static_cast<std::uint32_t>(cache_->found()) - 1);
    else
        layout.pass(*line);
    keep(std::move(found));
    return true;
}

void ScrapeReader::readNewLine() {
    LineLayout& layout = cache_->layout();
    const char* const start = parser_.rest().data();
    const Entry entry = parser_.nextLine();
    if (entry == Entry::Error) {
        fail(parser_.error().kind == ParseErrorKind::LabelLimit ? ScrapeFailure::LabelLimit
                                                                : ScrapeFailure::Parse,
             parser_.error().text());
        return;
    }
    if (entry != Entry::Sample) {
        const auto bytes = static_cast<std::size_t>(parser_.rest().data() - start);
        if (parser_.mayFollow())
            layout.add({start, bytes}, LineLayout::kSilent);
        return;
    }
    if (!countSample())
        return;
    const ParsedSample& sample = parser_.sample();
    std::uint32_t tag = LineLayout::kDropped;
    if (isKept(sample.name)) {
        SeriesCache::Found found = cache_->find(sample);
        if (!isSound(found))
            return;
        const bool isRepeated = found.isRepeated;
        if (found.series)
            tag = LineLayout::kFirstKept + static_cast<std::uint32_t>(cache_->found()) - 1;
        keep(std::move(found));
        if (isRepeated)
            return;  // not remembered: the other line may go
    }
    // Only a blank or a brace ends a name or its labels whatever follows.
    const std::string_view beginning(start, parser_.bytesBeforeValue());
    if (std::string_view(" \t}").find(beginning.back()) != std::string_view::npos)
        layout.add(beginning, tag);
}

bool ScrapeReader::countSample() {
    const std::uint64_t limit = cache_->terms().limits.samples;
    if (++outcome_.samples <= limit)
        return true;
    fail(ScrapeFailure::SampleLimit, "more than " + std::to_string(limit) + " samples");
    return false;
}

bool ScrapeReader::isSound(const SeriesCache::Found& found) {
    if (!found.isUnnamed)
        return true;
    constexpr std::size_t kShown = 200;
    fail(ScrapeFailure::Relabel, "metric_relabel_configs leave no name to " +
                                     std::string(parser_.sample().seriesText.substr(0, kShown)));
    return false;
}

/// The samples of a family stand together: their name is looked up once. Where rules may give a
/// series another name, each is looked at.
bool ScrapeReader::isKept(std::string_view name) {
    if (cache_->terms().relabel != nullptr)
        return true;
    if (name != lastName_) {
        lastName_ = name;
        keepsLast_ = cache_->terms().filter->keeps(name);
    }
    return keepsLast_;
}

void ScrapeReader::keep(SeriesCache::Found found) {
    const ParsedSample& sample = parser_.sample();
    if (found.series)
        outcome_.kept.push_back(
            {std::move(found.series), sample.value,
             cache_->terms().honorTimestamps ? sample.timestampMillis : std::nullopt});
    else if (found.isRepeated)
        ++outcome_.repeated;
}

ReadOutcome readScrape(std::string_view body, const ReadTerms& terms, SeriesCache& cache) {
    HeldBudget budget;
    ScrapeReader reader(budget);
    reader.begin(terms, cache);
    reader.add(body);
    return reader.finish();
}

}  // namespace levee
