// SPDX-License-Identifier: Apache-2.0
// Keeps the traces that are worth looking at: for each service and each edge ("a->b") the slowest
// and the newest failed ones of the last minutes, in bounded memory. A trace stays while some
// service or edge holds it.
//
// What a trace counts for at a service is its longest SERVER or CONSUMER span there; at an edge the
// caller's longest CLIENT span that the other service answered, or that names a database or queue;
// behind a queue, and from the user, the called side's own span. Traces joined by links only are
// kept each by itself.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "agent/ingest/trace_buffer.h"
#include "shared/base/time.h"
#include "shared/model/trace.h"

namespace levee::ingest {

struct ExemplarLimits {
    Duration keepFor = std::chrono::minutes(10);
    std::uint32_t slowest = 3;  ///< for each subject
    std::uint32_t failed = 3;
    std::uint32_t subjects = 2'000;  ///< services and edges
    std::uint32_t traces = 500;
    std::uint32_t spansPerTrace = 500;  ///< of one whose spans came in several parts
    std::uint64_t bytes = 8 * 1024 * 1024;
};

/// Thread-safe: the intake thread adds, API threads read.
class ExemplarStore {
public:
    explicit ExemplarStore(ExemplarLimits limits) : limits_(limits) {}

    /// Judges finished traces, and forgets what is too old. `wallMillis`: now, by the wall clock.
    void add(const std::vector<std::unique_ptr<CollectedTrace>>& traces, MonotonicTime now);

    /// The kept traces, slowest first; those kept for `subject` unless it is "". At most `limit`.
    std::vector<TraceSummary> list(std::string_view subject, std::size_t limit) const;
    /// By its id, or a beginning of it that no other has; nullptr when no such trace is kept.
    std::shared_ptr<const Trace> find(std::string_view id) const;

    std::size_t size() const;
    std::uint64_t bytes() const;

private:
    struct Kept {
        std::shared_ptr<const Trace> trace;
        MonotonicTime at;
        std::uint64_t bytes = 0;
        std::uint32_t held = 0;  ///< places on boards
    };
    using Traces = std::map<std::string, Kept, std::less<>>;
    struct Place {
        Traces::iterator trace;
        double seconds;
        MonotonicTime at;
    };
    struct Board {
        std::vector<Place> slowest;  ///< slowest first
        std::vector<Place> failed;   ///< newest first
    };
    struct Sighting {
        double seconds = 0;
        bool failed = false;
    };
    using Sightings = std::map<std::string, Sighting>;
    static Sightings sightingsOf(const Trace& trace);

    void judge(std::shared_ptr<const Trace> trace, MonotonicTime now);
    bool isWanted(const std::string& subject, const Sighting& seen) const;
    void put(Board& board, const Sighting& seen, Traces::iterator trace, MonotonicTime now);
    void dropLast(std::vector<Place>& places, Traces::iterator beingAdded);
    void remove(Traces::iterator trace);
    void removeOldest();

    const ExemplarLimits limits_;
    mutable std::mutex mutex_;
    Traces traces_;  ///< by id
    std::map<std::string, Board, std::less<>> boards_;
    std::uint64_t bytes_ = 0;
};

/// The trace as a plain value: spans by start, with text of its own. Pure.
Trace traceOf(const CollectedTrace& collected);

}  // namespace levee::ingest
