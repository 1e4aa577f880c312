// SPDX-License-Identifier: Apache-2.0
// How long a service worked itself: the duration of its SERVER or CONSUMER span less the union of
// the times in which calls it made to others (CLIENT and PRODUCER spans below it, however many
// INTERNAL spans lie between) were under way. Only spans of one process are compared, so clocks
// agree.
//
// A span that waits is kept under its nearest ancestor that is not INTERNAL and known to be so; an
// INTERNAL span that comes later passes on what was kept under it. The answer is computed `settle`
// after the SERVER span came, since children are exported before or with their parents. When the
// store was too full to keep a wait, no answer is given for a while: it would be too long.
#pragma once

#include <absl/container/flat_hash_map.h>
#include <absl/container/inlined_vector.h>

#include <cstdint>
#include <deque>
#include <vector>

#include "agent/ingest/name_table.h"
#include "agent/ingest/span_key.h"
#include "shared/base/time.h"

namespace levee::ingest {

struct SelfTimeLimits {
    Duration settle = std::chrono::seconds(2);
    std::uint32_t spans = 100'000;       ///< a generation; there are two
    std::uint32_t waitsPerSpan = 1'000;  ///< beyond, waits are left out and counted
};

/// A finished answer.
struct SelfTime {
    SpanKey key;               ///< of the SERVER or CONSUMER span
    std::uint64_t caller = 0;  ///< the span that called it, in the same trace; 0: none
    NameId service = kNoName;
    std::uint32_t weight = 1;
    std::uint64_t nanos = 0;
};

/// Confined to the intake thread. Time is an argument.
class SelfTimeTracker {
public:
    explicit SelfTimeTracker(SelfTimeLimits limits) : limits_(limits) {}

    /// `weight`: how many spans it stands for.
    void add(const SpanRecord& span, NameId service, std::uint32_t weight, MonotonicTime now);

    /// Appends the answers that are due to `out`, and forgets what is older than two settle times.
    void sweep(MonotonicTime now, std::vector<SelfTime>& out);

    /// Spans and answers left out for want of room.
    std::uint64_t dropped() const { return dropped_; }
    std::size_t size() const { return current_.size() + previous_.size(); }

private:
    struct Interval {
        std::uint64_t start;
        std::uint64_t end;
    };
    struct Tree {
        NameId service = kNoName;
        std::uint64_t passTo = 0;  ///< INTERNAL: the parent, to which waits belong
        absl::InlinedVector<Interval, 2> waits;
    };
    struct Due {
        SelfTime answer;
        std::uint64_t start;
        std::uint64_t end;
        MonotonicTime at;
    };
    using Map = absl::flat_hash_map<SpanKey, Tree>;

    Tree* find(const SpanKey& key);
    Tree* findOrAdd(const SpanKey& key);
    SpanKey holderOf(SpanKey key);
    void addWait(const SpanKey& key, NameId service, Interval wait);
    void drop();
    void addInternal(const SpanRecord& span, NameId service);
    std::uint64_t selfNanos(const Due& due);

    const SelfTimeLimits limits_;
    Map current_;
    Map previous_;
    MonotonicTime rotated_;
    std::deque<Due> due_;
    std::vector<Interval> scratch_;
    std::uint64_t dropped_ = 0;
    MonotonicTime now_;         ///< of the span being added
    MonotonicTime lossyUntil_;  ///< answers before this may lack waits
};

}  // namespace levee::ingest
