// SPDX-License-Identifier: Apache-2.0
// One place to scrape, made from a job of the configuration, and how it fares.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "agent/collect/collect_stats.h"
#include "agent/collect/exposition_parser.h"
#include "agent/collect/relabel.h"
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
    std::optional<ExpositionFormat> fallback;        ///< for a Content-Type that says no format
    std::shared_ptr<const HttpClientConfig> client;  ///< never null
    bool honorLabels = false;
    bool honorTimestamps = true;
    std::shared_ptr<const Relabeler> metricRelabel;  ///< null: series stay as they are

    /// Where in the interval it is due: spread by the URL, the same after a restart.
    Duration offset() const;
    /// Equal keys are the same target, whose state survives a change of configuration.
    std::string key() const;
    bool operator==(const Target& other) const;
};

/// What discovery has found, by the name of the job.
using DiscoveredTargets = std::map<std::string, std::vector<StaticTargets>>;

/// Discovered targets that cannot be scraped. Others of the same answer are not touched by them.
struct RefusedTargets {
    std::uint64_t count = 0;
    std::string first;  ///< what is wrong with the first of them
};

/// Every target of the jobs, static and discovered, relabelled. An error, with nothing made, for
/// more than kMaxTargets, a scheme other than http and https, an interval below 10 ms, a static
/// address that is no host[:port], or a target that stands there twice in a job without
/// relabel_configs. Discovered targets that are wrong are left out and counted, and a target that
/// is discovered twice is one.
Result<std::vector<Target>> makeTargets(const std::vector<ScrapeJob>& jobs,
                                        const DiscoveredTargets& discovered = {},
                                        RefusedTargets* refused = nullptr);

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

/// up, scrape_duration_seconds, scrape_samples_scraped, scrape_body_size_bytes.
constexpr std::size_t kSyntheticSeries = 4;

/// One scrape's outcome. `kept` ends with the synthetic series in any case (but when the target was
/// removed), and begins with the filtered ones after a good scrape: a series that is missing there
/// has ended.
struct ScrapeResult {
    TargetStatus state;
    MonotonicTime at{};    ///< when the scrape began: the time of its values
    bool removed = false;  ///< the target left the configuration: everything of it has ended
    std::vector<Sample> kept;

    bool isGood() const { return !removed && state.health == TargetHealth::Up; }
};

}  // namespace levee
