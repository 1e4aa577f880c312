// SPDX-License-Identifier: Apache-2.0
// How long requests took, of the last minutes, by slices of two seconds, kept in bounded memory for
// whoever looks: per listener by bucket and by how they were answered, per edge and service of the
// traces by bucket alone.
//
// Bounds: subjects, facets a subject, cells in all. What exceeds a bound is counted: requests of
// one facet too many stand under "unknown", the oldest slices go first.
//
// Threads: add(), addTraces(), forgetKeys() and closeSlices() are the control thread's; read() and
// counters() any thread's. A reader holds the writer up for no longer than it copies pointers.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "agent/ingest/trace_window.h"
#include "shared/model/latency_map.h"

namespace levee {

struct LatencyLimits {
    std::int64_t sliceMillis = 2'000;
    std::size_t slices = 450;       ///< of a subject: 15 minutes
    std::size_t subjects = 2'000;   ///< those of traces apart from those of listeners
    std::size_t facets = 128;       ///< of a subject at a time, at most 255
    std::size_t cells = 1'000'000;  ///< in all, of 8 bytes; a facet that is new counts for 16
    std::size_t cellsInReply = 150'000;
};

struct LatencyCounters {
    std::uint64_t cells = 0;          ///< kept now, facets included
    std::uint64_t slicesEvicted = 0;  ///< before their time, for want of room
    std::uint64_t facetsFull = 0;     ///< requests counted as unknown
    std::uint64_t subjectsFull = 0;   ///< requests of subjects beyond the bound, not kept
};

class LatencyLedger {
public:
    explicit LatencyLedger(LatencyLimits limits = {});
    ~LatencyLedger();
    LatencyLedger(const LatencyLedger&) = delete;
    LatencyLedger& operator=(const LatencyLedger&) = delete;

    /// Of one subject, for add(). Stays valid while something of it is kept.
    class Subject;

    /// nullptr: one subject too many; the request is counted.
    Subject* subject(const std::string& name);
    /// `requests` of them alike, of which one was told. `key`: equal for requests of equal facets,
    /// until forgetKeys(); `facet` is asked for when the key is new.
    void add(Subject& subject, std::uint64_t key, double seconds, std::uint64_t requests,
             const std::function<LatencyFacet()>& facet);
    void addTraces(const ingest::TraceWindow& window);
    /// Keys may mean other facets from now on.
    void forgetKeys();
    /// Hands over what has ended by then. A wall clock that was set back by more than a slice
    /// empties the ledger.
    void closeSlices(std::int64_t wallMillis);

    /// Slices of the subject from `fromMillis` on; of a service, with those of the edges to and
    /// from it, those with the most cells first.
    LatencyMap read(const std::string& subject, std::int64_t fromMillis) const;
    LatencyCounters counters() const;

private:
    struct Slice {
        std::int64_t millis = 0;
        std::shared_ptr<const std::vector<LatencyFacet>> facets;
        std::shared_ptr<const std::vector<LatencyCell>> cells;
        std::size_t weight = 0;  ///< as it counts against LatencyLimits::cells
    };
    using Subjects = std::map<std::string, std::unique_ptr<Subject>, std::less<>>;

    Subject* find(Subjects& subjects, const std::string& name, std::uint64_t requests);
    void count(Subject& subject, std::size_t facet, double seconds, std::uint64_t count);
    void close(Subject& subject);
    void clear();
    void dropOldest(bool isEarly);

    const LatencyLimits limits_;
    // Confined to the control thread.
    std::int64_t open_ = 0;  ///< number of the slice that is being filled; 0: none
    // The maps and what is open in their subjects are the control thread's; it changes the maps,
    // and the closed slices, under the lock.
    mutable std::mutex mutex_;
    Subjects listeners_;
    Subjects traced_;
    std::deque<Subject*> order_;  ///< whose slice is the next oldest
    std::int64_t keptFrom_ = 0;
    std::int64_t closedUntil_ = 0;
    LatencyCounters counters_;
};

}  // namespace levee
