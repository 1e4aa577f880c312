// SPDX-License-Identifier: Apache-2.0
// From the text of a scrape to the samples that are kept. Pure: no I/O, no clock.
//
// The series of a target are remembered by their text, so that a kept sample of a known series
// costs one lookup and no string. What the target's labels claim wins: a sample's own label of the
// same name becomes exported_<name>, so no target can speak for another.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "agent/collect/collect_stats.h"
#include "agent/collect/keep_filter.h"
#include "agent/collect/prom_text_parser.h"
#include "agent/collect/series.h"
#include "agent/config/agent_config.h"

namespace levee {

/// The kept series of one target, by their text in the exposition. Holds what the last good scrape
/// had, so it is bounded by the sample limit. Confined to the loop thread.
class SeriesCache {
public:
    explicit SeriesCache(Labels targetLabels) : targetLabels_(std::move(targetLabels)) {}

    struct Found {
        std::shared_ptr<const Series> series;  ///< null: not to be kept
        bool isRepeated = false;               ///< this scrape had it already
    };
    /// The series of a sample. The filter is asked once, when the series is new.
    Found find(const ParsedSample& sample, const KeepFilter& filter);
    /// After a change of the filter.
    void clear();
    void beginScrape();
    /// Forgets the series that the scrape did not have.
    void endScrape();
    const Labels& targetLabels() const { return targetLabels_; }
    std::size_t size() const { return entries_.size(); }

private:
    struct Entry {
        std::shared_ptr<const Series> series;  ///< null: the filter dropped it
        std::uint64_t scrape = 0;
        std::size_t place = 0;  ///< in the newest scrape that had it
    };
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const {
            return std::hash<std::string_view>{}(text);
        }
    };
    using Entries = std::unordered_map<std::string, Entry, Hash, std::equal_to<>>;

    Entries::value_type* known(std::string_view text);

    Labels targetLabels_;
    Entries entries_;
    std::uint64_t scrape_ = 0;
    // Targets write their series in the same order each time: the one after the last found is tried
    // before any hash is computed.
    std::vector<Entries::value_type*> order_;    // of the last scrape
    std::vector<Entries::value_type*> current_;  // of this one so far
    std::size_t cursor_ = 0;                     // into order_
};

/// The labels of a series: the sample's with the target's laid over them.
Labels mergeLabels(std::span<const LabelView> sampleLabels, const Labels& targetLabels);

struct ReadOutcome {
    ScrapeFailure failure = ScrapeFailure::None;
    std::string error;  ///< "LINE:COLUMN: expected ..., found ..."
    std::uint64_t samples = 0;
    std::uint64_t repeated = 0;
    std::vector<Sample> kept;  ///< empty after a failure: all or nothing
};

/// Confined to the loop thread; serves all targets of a pool in turn.
class ScrapeReader {
public:
    ReadOutcome read(std::string_view body, ExpositionFormat format, const ScrapeLimits& limits,
                     const KeepFilter& filter, SeriesCache& cache);

private:
    PromTextParser parser_;
};

}  // namespace levee
