// SPDX-License-Identifier: Apache-2.0
// One place to scrape, made from a job of the configuration, and how it fares.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "agent/collect/collect_stats.h"
#include "agent/collect/exposition_parser.h"
#include "agent/collect/series.h"
#include "agent/config/agent_config.h"
#include "shared/base/result.h"
#include "shared/base/time.h"

namespace levee {

constexpr std::size_t kMaxTargets = 2000;

/// Immutable once made.
struct Target {
    std::string url;  ///< http://10.0.0.1:9100/metrics
    Labels labels;    ///< job, instance and the static labels: on every series of the target
    Duration interval{};
    Duration timeout{};  ///< at most the interval and 10 s
    ScrapeLimits limits;
    std::optional<ExpositionFormat> fallback;  ///< for a Content-Type that says no format

    /// Where in the interval it is due: spread by the URL, the same after a restart.
    Duration offset() const;
    /// Equal keys are the same target, whose state survives a change of configuration.
    std::string key() const;
    bool operator==(const Target& other) const;
};

/// Every target of the jobs. An error, with nothing made, for more than kMaxTargets, a scheme other
/// than http and https, an interval below 10 ms, an address that is no host[:port], or a target
/// that stands there twice.
Result<std::vector<Target>> makeTargets(const std::vector<ScrapeJob>& jobs);

enum class TargetHealth { Unknown, Up, Down };

/// What is known about a target. A copy, for any thread.
struct TargetStatus {
    std::string key;  ///< Target::key()
    std::string job;
    std::string instance;
    std::string url;
    std::map<std::string, std::string> labels;
    TargetHealth health = TargetHealth::Unknown;
    ScrapeFailure failure = ScrapeFailure::None;
    std::string error;  ///< of the last scrape, "" when it went well; "LINE:COLUMN: ..." for text
    WallTime scrapedAt{};  ///< end of the last scrape, for people
    Duration duration{};   ///< of the last scrape
    std::uint64_t scrapes = 0;
    std::uint64_t failures = 0;
    std::uint64_t samples = 0;    ///< in the last good scrape
    std::uint64_t kept = 0;       ///< of these
    std::uint64_t bodyBytes = 0;  ///< of the last scrape, after decompression
};

/// One scrape's outcome. `kept` has the synthetic series (up, scrape_duration_seconds,
/// scrape_samples_scraped, scrape_body_size_bytes) in any case, and the filtered ones after a good
/// scrape: a series that is missing there has ended.
struct ScrapeResult {
    TargetStatus state;
    MonotonicTime at{};    ///< when the scrape began: the time of its values
    bool removed = false;  ///< the target left the configuration: everything of it has ended
    std::vector<Sample> kept;

    bool isGood() const { return !removed && state.health == TargetHealth::Up; }
};

}  // namespace levee
