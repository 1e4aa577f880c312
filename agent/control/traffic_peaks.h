// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>

#include "agent/store/history_store.h"
#include "shared/base/time.h"

namespace levee {

/// The most that a service or an edge saw of late; kUnknown where nothing was seen.
struct TrafficPeak {
    double requestRate = kUnknown;  ///< per second
    double concurrency = kUnknown;  ///< rate times median latency, so about: Little's law
};

/// The peaks of the last 24 hours, out of the history. Each is read once in five minutes at the
/// most. Thread-safe; waits for the disk.
class TrafficPeaks {
public:
    /// `history` null: nothing is known.
    TrafficPeaks(HistoryStore* history, const TimeSource& time) : history_(history), time_(time) {}

    TrafficPeak of(const std::string& subject);

private:
    struct Kept {
        TrafficPeak peak;
        MonotonicTime at;
    };
    static constexpr std::size_t kMostKept = 4096;

    HistoryStore* history_;
    const TimeSource& time_;
    std::mutex mutex_;
    std::map<std::string, Kept> kept_;
};

}  // namespace levee
