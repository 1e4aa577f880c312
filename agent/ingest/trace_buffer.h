// SPDX-License-Identifier: Apache-2.0
// Collects the spans of recent traces until they can be judged as wholes, in bounded memory and at
// a bounded cost for each second however many spans come.
//
// A trace is collected when the hash of its id lies below a threshold. With room for all, that is
// every trace. When the memory or the spans of a second would go beyond their bounds, the threshold
// falls and the traces above it are dropped; so those that are left are always whole. It rises
// again, by a quarter a second, when there is room; a trace that began before it did is not handed
// out, as spans of it may be missing.
#pragma once

#include <absl/container/flat_hash_map.h>

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "agent/ingest/span_record.h"
#include "shared/base/time.h"

namespace levee::ingest {

struct TraceBufferLimits {
    Duration collectFor = std::chrono::seconds(10);  ///< from a trace's first span
    std::uint64_t bytes = 8 * 1024 * 1024;
    std::uint32_t spansPerSecond = 20'000;
    std::uint32_t spansPerTrace = 500;  ///< beyond, spans are counted only
    std::uint32_t textBytes = 200;      ///< of one name
};

/// A trace as it is collected. Its text stands in one string, span after span.
struct CollectedTrace {
    struct Span {
        std::uint64_t id;
        std::uint64_t parent;
        std::uint64_t startNanos;
        std::uint64_t endNanos;
        SpanKind kind;
        bool failed;
        std::uint8_t serviceBytes;  ///< of the text: service, name, peer
        std::uint8_t nameBytes;
        std::uint8_t peerBytes;
    };
    TraceId id;
    MonotonicTime first;
    std::vector<Span> spans;
    std::string text;
    std::uint32_t leftOut = 0;
    bool mayLack = false;  ///< it began before the threshold rose above it

    std::uint64_t bytes() const;
};

/// Confined to the intake thread. Time is an argument.
class TraceBuffer {
public:
    explicit TraceBuffer(TraceBufferLimits limits) : limits_(limits) {}

    void add(const SpanBatch& batch, MonotonicTime now);

    /// The traces whose time is over; to be called about once a second, as it moves the threshold.
    std::vector<std::unique_ptr<CollectedTrace>> take(MonotonicTime now);

    /// Share of all traces that is collected now.
    double share() const { return static_cast<double>(threshold_) * 0x1p-64; }
    std::uint64_t bytes() const { return bytes_; }
    std::uint64_t spans() const { return spans_; }      ///< collected since the start
    std::uint64_t dropped() const { return dropped_; }  ///< traces given up for want of room

private:
    struct Waiting {
        std::uint64_t key;
        MonotonicTime first;
    };
    void addSpan(const SpanBatch& batch, const SpanRecord& span, MonotonicTime now);
    void lower();
    void raise(MonotonicTime now);

    static constexpr std::uint64_t kAll = ~std::uint64_t{0};
    static constexpr std::uint64_t kLowest = kAll >> 20U;  ///< one in a million

    const TraceBufferLimits limits_;
    /// By the last 64 bits of the id, which are all that Zipkin's short ids have.
    absl::flat_hash_map<std::uint64_t, std::unique_ptr<CollectedTrace>> traces_;
    std::deque<Waiting> order_;  ///< by first
    std::uint64_t threshold_ = kAll;
    std::uint64_t before_ = kAll;  ///< the threshold before it was raised the last time
    MonotonicTime raisedAt_{};
    std::uint64_t bytes_ = 0;
    std::uint64_t spans_ = 0;
    std::uint64_t spansThisSecond_ = 0;
    std::uint64_t dropped_ = 0;
    std::string peer_;
};

}  // namespace levee::ingest
