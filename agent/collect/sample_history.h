// SPDX-License-Identifier: Apache-2.0
// The recent samples of every kept series, for expressions.
//
// A series is kept for as long as settings say, or as the farthest reach of an expression that
// reads it. It ends with a stale marker: at the first good scrape that lacks it, at a failed
// scrape, and with its target. Times are those of our own scrapes; exposed timestamps are not read.
//
// Bound: `bytes` for everything. At the bound a ring no longer grows, so that its history is
// shorter than asked for, and a new series is refused; both are counted. A query over more time
// than is left answers from what there is.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "agent/collect/sample_ring.h"
#include "agent/collect/series.h"
#include "agent/collect/target.h"
#include "rules/promql/needed_series.h"
#include "rules/promql/series_source.h"

namespace levee {

struct SampleHistorySettings {
    promql::Millis kept = 10 * 60 * 1000;  ///< of every series
    std::size_t bytes = 32 * 1024 * 1024;
    std::vector<promql::NeededSeries> needed{};  ///< series that are kept for longer
};

struct SampleHistoryCounters {
    std::size_t series = 0;
    std::size_t bytes = 0;               ///< of `SampleHistorySettings::bytes`
    std::uint64_t seriesRefused = 0;     ///< samples of new series beyond the bound
    std::uint64_t samplesShortened = 0;  ///< samples that went early, as their ring could not grow
};

/// Confined to one thread.
class SampleHistory final : public promql::SeriesSource {
public:
    explicit SampleHistory(SampleHistorySettings settings = {}) : settings_(std::move(settings)) {}

    /// What is kept already stays until it is too old under the new settings.
    void configure(SampleHistorySettings settings);
    /// Takes over one scrape that began at `at`. Results of one target must come in the order of
    /// their times; one that is not later is left out.
    void apply(const ScrapeResult& result, promql::Millis at);

    void select(std::span<const promql::Matcher> matchers, promql::Millis from, promql::Millis to,
                Depth depth, const Take& take) const override;

    SampleHistoryCounters counters() const;

private:
    struct Kept {
        std::shared_ptr<const Series> series;
        SampleRing ring;
        promql::Millis reach = 0;
        std::string target;
        std::uint64_t scrape = 0;

        bool isStale() const;
    };
    struct Hash {
        std::size_t operator()(const std::shared_ptr<const Series>& s) const { return s->hash; }
    };
    struct Equal {
        bool operator()(const std::shared_ptr<const Series>& a,
                        const std::shared_ptr<const Series>& b) const {
            return a == b || *a == *b;
        }
    };
    struct TargetSeries {
        std::vector<Kept*> series;
        std::uint64_t scrape = 0;
    };
    struct TextHash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const {
            return std::hash<std::string_view>{}(text);
        }
    };

    void store(const Sample& sample, const ScrapeResult& result, promql::Millis at,
               TargetSeries& target);
    Kept* add(const std::shared_ptr<const Series>& series, const std::string& target);
    void push(Kept& kept, promql::Sample sample);
    void makeRoom(Kept& kept);
    void endScrape(TargetSeries& target, promql::Millis at);
    void sweep(promql::Millis at);
    void forget(Kept* kept);
    promql::Millis reachOf(const Series& series) const;

    SampleHistorySettings settings_;
    SampleHistoryCounters counters_;  ///< `series` is not kept up
    promql::Millis sweptAt_ = 0;
    std::unordered_map<std::shared_ptr<const Series>, std::unique_ptr<Kept>, Hash, Equal> kept_;
    std::unordered_map<std::string, std::vector<Kept*>, TextHash, std::equal_to<>> byName_;
    std::unordered_map<std::string, TargetSeries> targets_;  ///< by key; "" has the orphans
};

}  // namespace levee
