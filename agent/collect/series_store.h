// SPDX-License-Identifier: Apache-2.0
// The newest value of every kept series, and the one before it.
//
// Staleness: a series ends with the first good scrape that lacks it, with a failed scrape, and with
// its target. A stale series answers "no data", never its old number and never zero; it is kept for
// kStaleKept so that a view can still name it, then forgotten (with its target at once). When it
// comes back, its rate needs two new samples.
//
// Rates are exact: increase over the time between our own two scrapes, no extrapolation, exposed
// timestamps unread. A counter that went down has been reset: what it counts since is the increase.
//
// Bound: `maxSeries`. At the bound a new series takes the place of nobody: it is refused and
// counted.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "agent/collect/series.h"
#include "agent/collect/target.h"
#include "shared/base/time.h"

namespace levee {

/// `name="value"`; an empty value asks for series without the label.
struct LabelMatcher {
    std::string_view name;
    std::string_view value;
};

/// One series as it is known. A copy.
struct SeriesState {
    std::shared_ptr<const Series> series;
    double value = 0;  ///< of the newest sample; NaN as exposed
    MonotonicTime at{};
    double previous = 0;
    MonotonicTime previousAt{};
    bool hasPrevious = false;
    bool isStale = false;

    /// The value; none when stale or NaN.
    std::optional<double> current() const;
    /// Increase per second of a counter between the last two samples, never negative; none when
    /// stale, after a single sample, or where a value is no finite number.
    std::optional<double> rate() const;
    /// The counter went down between the last two samples.
    bool wasReset() const;
};

/// Confined to one thread.
class SeriesStore {
public:
    static constexpr Duration kStaleKept = std::chrono::minutes(5);

    explicit SeriesStore(std::size_t maxSeries = 100'000) : maxSeries_(maxSeries) {}

    /// Takes over one scrape. Results of one target must come in the order of their times.
    void apply(const ScrapeResult& result);

    /// Every series of that name that carries all of the labels, stale ones included.
    std::vector<SeriesState> select(std::string_view name,
                                    std::span<const LabelMatcher> matchers = {}) const;
    /// Sum of current() over the matching series; none when no series has data.
    std::optional<double> sum(std::string_view name,
                              std::span<const LabelMatcher> matchers = {}) const;
    /// Sum of rate() over the matching series: rate first, then sum, so that one reset stays one.
    std::optional<double> sumRate(std::string_view name,
                                  std::span<const LabelMatcher> matchers = {}) const;

    std::size_t size() const { return states_.size(); }
    std::uint64_t refused() const { return refused_; }  ///< samples of series beyond the bound

private:
    struct Stored {
        SeriesState state;
        std::string target;
        std::uint64_t scrape = 0;
        std::size_t place = 0;  ///< in byName_'s list: removal is O(1)
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
    /// By target, so that an ended scrape visits its own series only.
    struct TargetSeries {
        std::vector<std::shared_ptr<const Series>> series;
        std::uint64_t scrape = 0;
    };
    struct TextHash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const {
            return std::hash<std::string_view>{}(text);
        }
    };

    void store(const Sample& sample, const ScrapeResult& result, TargetSeries& target);
    void endScrape(TargetSeries& target, const ScrapeResult& result);
    void forget(const std::shared_ptr<const Series>& series);
    bool makeRoom();
    template <typename Visit>
    void visit(std::string_view name, std::span<const LabelMatcher> matchers, Visit visitor) const;

    const std::size_t maxSeries_;
    std::uint64_t refused_ = 0;
    bool sweptThisScrape_ = false;
    std::unordered_map<std::shared_ptr<const Series>, Stored, Hash, Equal> states_;
    std::unordered_map<std::string, std::vector<Stored*>, TextHash, std::equal_to<>> byName_;
    std::unordered_map<std::string, TargetSeries> targets_;
};

}  // namespace levee
