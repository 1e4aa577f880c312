// SPDX-License-Identifier: Apache-2.0
// From the text of a scrape, as it arrives, to the samples that are kept. No I/O, no clock.
//
// No body is ever held: whole lines are read where they were received, and only a line that a piece
// cuts is copied. What came of them is handed over once the last one was read, all or nothing.
//
// Between scrapes the beginnings of a target's lines are remembered (line_layout.h), and the kept
// series by their text: a sample of a known series costs the comparison of its line's beginning and
// the reading of its value. What the target's labels claim wins: a sample's own label of the same
// name becomes exported_<name>, so no target can speak for another, unless the job honours labels.
// Rules for series (metric_relabel_configs) run once for each series that is new, and see all of
// it: only a job that has some pays for that.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "agent/collect/collect_stats.h"
#include "agent/collect/keep_filter.h"
#include "agent/collect/line_layout.h"
#include "agent/collect/prom_text_parser.h"
#include "agent/collect/relabel.h"
#include "agent/collect/series.h"
#include "agent/config/agent_config.h"

namespace levee {

/// By what a scrape is read. What was remembered under other terms is forgotten.
struct ReadTerms {
    ExpositionFormat format = ExpositionFormat::PromText;
    ScrapeLimits limits;
    std::shared_ptr<const KeepFilter> filter;
    std::shared_ptr<const Relabeler> relabel = nullptr;  ///< null: series stay as they are
    bool honorTimestamps = true;  ///< else those of the exposition are forgotten
    bool honorLabels = false;     ///< see mergeLabels

    bool operator==(const ReadTerms&) const = default;
};

/// What is remembered of one target: its lines, and its kept series by their text in the
/// exposition, or by that of the series where rules may make one of several. Holds what the last
/// scrape had, so it is bounded by the sample limit. Confined to the loop thread.
class SeriesCache {
public:
    explicit SeriesCache(Labels targetLabels) : targetLabels_(std::move(targetLabels)) {}

    void beginScrape(const ReadTerms& terms);
    struct Found {
        std::shared_ptr<const Series> series;  ///< null: not to be kept
        bool isRepeated = false;               ///< this scrape had it already
        bool isUnnamed = false;                ///< the rules left it without a name
    };
    Found find(const ParsedSample& sample);
    /// The same for the `index`-th series of the last scrape.
    Found findKnown(std::size_t index);
    /// Series found so far in this scrape: the index of the newest, plus one.
    std::size_t found() const { return current_.size(); }
    /// Forgets what the scrape did not have.
    void endScrape();

    LineLayout& layout() { return layout_; }
    const ReadTerms& terms() const { return terms_; }
    const Labels& targetLabels() const { return targetLabels_; }
    std::size_t size() const { return entries_.size(); }

private:
    struct Entry {
        std::shared_ptr<const Series> series;  ///< null: the filter dropped it
        std::uint64_t scrape = 0;
    };
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const {
            return std::hash<std::string_view>{}(text);
        }
    };

    Found take(Entry& entry);
    Found findRelabelled(const ParsedSample& sample);

    Labels targetLabels_;
    ReadTerms terms_;
    LineLayout layout_;
    std::unordered_map<std::string, Entry, Hash, std::equal_to<>> entries_;
    std::uint64_t scrape_ = 0;
    std::vector<Entry*> last_;     // of the last scrape, by the layout's tags
    std::vector<Entry*> current_;  // of this one so far
};

/// The labels of a series: the sample's with the target's laid over them; or, with `honorLabels`,
/// the other way round.
Labels mergeLabels(std::span<const LabelView> sampleLabels, const Labels& targetLabels,
                   bool honorLabels);

struct ReadOutcome {
    ScrapeFailure failure = ScrapeFailure::None;
    std::string error;  ///< "LINE:COLUMN: expected ..., found ..."
    std::uint64_t samples = 0;
    std::uint64_t repeated = 0;
    std::vector<Sample> kept;  ///< empty after a failure: all or nothing
};

/// Bytes that the cut lines of all running scrapes hold together. Confined to the loop thread.
struct HeldBudget {
    std::size_t limit = 64 * 1024 * 1024;
    std::size_t used = 0;
};

/// One scrape at a time. Confined to the loop thread.
class ScrapeReader {
public:
    explicit ScrapeReader(HeldBudget& budget) : budget_(budget) {}
    ~ScrapeReader() { release(); }
    ScrapeReader(const ScrapeReader&) = delete;
    ScrapeReader& operator=(const ScrapeReader&) = delete;

    /// Begins a scrape of the cache's target. The cache must stay until finish() or abandon().
    void begin(const ReadTerms& terms, SeriesCache& cache);
    /// The next piece of text, of any length. False: the scrape has failed, the rest is not wanted.
    bool add(std::string_view text);
    bool hasFailed() const { return outcome_.failure != ScrapeFailure::None; }
    /// After the last piece, or after a failure.
    ReadOutcome finish();
    /// Instead of finish(), when the rest will not come. Idempotent.
    void abandon();

private:
    bool hold(std::string_view text);
    void release();
    void readLines();
    bool readKnownLine();
    void readNewLine();
    bool countSample();
    bool isKept(std::string_view name);
    void keep(SeriesCache::Found found);
    bool isSound(const SeriesCache::Found& found);
    void fail(ScrapeFailure failure, std::string error);

    HeldBudget& budget_;
    PromTextParser parser_;
    SeriesCache* cache_ = nullptr;  // while a scrape is read
    std::string cut_;               // the beginning of a line whose end is to come
    std::string lastName_;
    bool keepsLast_ = false;
    ReadOutcome outcome_;
};

/// Reads a whole body at once.
ReadOutcome readScrape(std::string_view body, const ReadTerms& terms, SeriesCache& cache);

}  // namespace levee
