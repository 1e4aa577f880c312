// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <string_view>

namespace levee {

/// Why a scrape brought nothing.
enum class ScrapeFailure {
    None,
    Timeout,      ///< no whole answer within the job's timeout
    Refused,      ///< no connection: refused, unreachable, unknown host
    Transfer,     ///< the connection broke, or the body was shorter than announced
    Headers,      ///< more than 64 KiB of headers
    BadStatus,    ///< anything but 200; redirects are not followed
    ContentType,  ///< none, or one that is no exposition
    Encoding,     ///< an encoding that was not asked for, or damaged gzip
    TooBig,       ///< ScrapeLimits::bodyBytes, after decompression
    Bomb,         ///< more than 200 bytes of text for each byte sent
    Memory,       ///< the cut lines of all running scrapes are at the collector's budget
    Parse,        ///< a malformed line
    SampleLimit,  ///< ScrapeLimits::samples
    LabelLimit,   ///< ScrapeLimits::labels, nameBytes or valueBytes
    Tls,          ///< the certificate was not believed, or the handshake failed
    Credentials,  ///< a file with a password or a token cannot be read
    Relabel,      ///< metric_relabel_configs leave a series without a name
};
constexpr std::size_t kScrapeFailures = 17;

/// "timeout", "too_big": the value of the label `reason` in the agent's own metrics.
std::string_view name(ScrapeFailure failure);

/// Counts since the start. Thread-safe: written by the collector's thread, read by any.
struct CollectStats {
    using Counter = std::atomic<std::uint64_t>;

    Counter scrapes{0};                               ///< ended, well or not
    std::array<Counter, kScrapeFailures> failures{};  ///< by ScrapeFailure
    Counter skipped{
        0};            ///< not started, because the one before had not ended or the thread was late
    Counter bytes{0};  ///< of text, after decompression, failed scrapes included
    Counter samplesParsed{0};
    Counter samplesKept{0};
    Counter samplesRepeated{0};  ///< a series twice in one scrape: the first one counts
    Counter configsRefused{0};   ///< setJobs() that were not applied
    Counter targetsRefused{0};   ///< discovered targets that cannot be scraped, as of each update
    Counter updatesRefused{0};   ///< updates of discovered targets that would be too many

    std::uint64_t failed(ScrapeFailure failure) const {
        return failures[static_cast<std::size_t>(failure)].load(std::memory_order_relaxed);
    }
};

inline void count(CollectStats::Counter& counter, std::uint64_t n = 1) {
    counter.fetch_add(n, std::memory_order_relaxed);
}

}  // namespace levee
