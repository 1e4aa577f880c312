// SPDX-License-Identifier: Apache-2.0
// What was: the traffic of every service and edge, what services use and how far away the other
// end of an edge is, the host, and the events, on disk.
//
// Values are kept at three resolutions: 1 s for 2 h, 10 s for 24 h, 1 min for 14 d, each as one
// compressed block (block_codec.h) of 120 values a subject. A coarser value holds the mean of the
// rates, the largest of p95 and p99, and the median of the p50s: quantiles are never averaged. Of
// round-trip times it holds the median and the smallest, of CPU pressure the largest, of the rest
// the mean. The block that is being filled is written every ten seconds, so a killed agent loses
// ten at most; events are written at once.
//
// Threads: one writer thread owns the file. record() and append() never wait for the disk; when the
// disk does not keep up, whole seconds are dropped and counted. Queries may come from any thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "shared/base/result.h"
#include "shared/model/snapshot.h"

namespace levee {

struct HistoryStats {
    std::uint64_t secondsWritten = 0;
    std::uint64_t secondsDropped = 0;  ///< the queue to the disk was full
    std::uint64_t failures = 0;        ///< writes that SQLite refused
};

/// Thread-safe.
class HistoryStore {
public:
    /// Opens `<directory>/history.db`. A damaged file is put aside (see Database) and named in
    /// notice().
    static Result<std::unique_ptr<HistoryStore>> open(const std::string& directory,
                                                      std::int64_t nowMillis);
    /// Writes what is still waiting.
    virtual ~HistoryStore() = default;

    /// Takes one second: every node (subject = its name), edge (subject = Edge::id()) and the host
    /// (subject = "host:" and its name).
    virtual void record(std::shared_ptr<const AgentSnapshot> snapshot) = 0;
    /// Events carry their ids already.
    virtual void append(std::vector<Event> events) = 0;
    /// Small values by name that survive a restart: what the guards have learned.
    virtual void saveState(std::string name, std::string value) = 0;

    /// Oldest first, at most 7,200 points, from the finest resolution that reaches back to
    /// fromMillis.
    virtual Result<std::vector<SeriesPoint>> series(const std::string& subject,
                                                    std::int64_t fromMillis,
                                                    std::int64_t toMillis) = 0;
    /// The newest `limit` events after `afterId`, oldest first; only of `subject` where it is not
    /// "".
    virtual Result<std::vector<Event>> events(std::int64_t afterId, int limit,
                                              const std::string& subject) = 0;
    /// The largest event id that is on disk, or 0.
    virtual std::int64_t newestEventId() = 0;
    virtual std::string loadState(const std::string& name) = 0;

    /// Waits until everything handed over so far is on disk.
    virtual void flush() = 0;
    virtual HistoryStats stats() const = 0;
    /// What the user should know about the file, or "".
    virtual std::string notice() const = 0;
};

}  // namespace levee
