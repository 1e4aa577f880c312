// SPDX-License-Identifier: Apache-2.0
// Counts what became of every request, and says it as JSON.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <string>

#include "shared/base/time.h"
#include "tests/support/loadgen/latency_histogram.h"
#include "tests/support/loadgen/options.h"

namespace levee::loadgen {

enum class Failure {
    Connect,   ///< no connection
    Reset,     ///< the connection ended before the answer did
    Protocol,  ///< the answer is not HTTP
};

/// All times are since the start of the run. Totals hold the requests that were due after the
/// warm-up; the timeline holds all, each outcome in the second in which it came. The timeline keeps
/// the last kMaxRows seconds. Confined to one thread.
///
/// Refusals are 429 and 503: an answer that says "not now". Other answers outside 2xx are failures.
/// Good is a 2xx answer within --goodput-within of the intended time.
class Report {
public:
    static constexpr std::size_t kMaxRows = 86'400;

    explicit Report(const Options& options);

    void onOffered(Duration due);
    void onSent(Duration due, Duration now);
    void onAnswer(Duration due, Duration now, int status);
    void onTimeout(Duration due, Duration now);
    void onFailure(Duration due, Duration now, Failure failure);
    void onRetry(Duration due);
    void onConnections(std::uint64_t opened, std::uint64_t peak);

    /// Closes the seconds before `now`. Returns the line about the last of them, or "".
    std::string onTick(Duration now);

    /// `end`: when the last request could have been due.
    std::string json(Duration end);

private:
    struct Row {
        std::uint64_t offered = 0, ok = 0, good = 0, refused = 0, failed = 0, timeouts = 0,
                      errors = 0;
        Duration p50{}, p99{};
        bool operator==(const Row&) const = default;
    };
    struct Totals {
        std::uint64_t offered = 0, sent = 0, ok = 0, good = 0, refused = 0, failed = 0,
                      timeouts = 0, retries = 0;
        std::map<int, std::uint64_t> byStatus;
        std::map<Failure, std::uint64_t> byFailure;
    };

    bool isCounted(Duration due) const { return due >= options_.warmup; }
    Row& rowAt(Duration now);
    void closeRow();
    void dropSilenceAfter(Duration end);
    std::string timelineJson() const;

    const Options& options_;
    Totals totals_;
    LatencyHistogram ok_, refused_, lag_, thisSecond_;
    std::deque<Row> rows_;
    std::uint64_t firstRow_ = 0;  ///< the second of rows_.front()
    std::uint64_t opened_ = 0, peak_ = 0;
};

}  // namespace levee::loadgen
