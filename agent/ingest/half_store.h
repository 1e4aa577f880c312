// SPDX-License-Identifier: Apache-2.0
// Where halves of calls wait for each other. Everything about one call lives under one key: the
// caller's span (its trace and its own id; the callee names it as its parent or in a link). Memory
// is bounded by two fixed numbers: how many calls may wait, and how many finished ones are
// remembered, so that a late or repeated half is known for what it is (a tombstone).
//
// Zipkin still has trace ids of 64 bits, which stand for the last 64 of a full one: a half with
// such an id meets any half with the same last 64 bits. An index for that is kept only once an id
// of 64 bits has been seen.
#pragma once

#include <absl/container/flat_hash_map.h>
#include <absl/container/inlined_vector.h>

#include <cstdint>
#include <memory>
#include <vector>

#include "agent/ingest/name_table.h"
#include "agent/ingest/span_key.h"
#include "shared/base/time.h"
#include "shared/model/topology.h"

namespace levee::ingest {

/// The side that was called: a SERVER span, or a consumer of the message.
struct Callee {
    static constexpr std::uint64_t kNoSelfTime = ~std::uint64_t{0};

    std::uint64_t span = 0;
    NameId service = kNoName;
    NameId queue = kNoName;  ///< consumers: the queue's node, when the span names it
    std::uint64_t startNanos = 0;
    std::uint64_t endNanos = 0;
    std::uint64_t selfNanos = kNoSelfTime;  ///< once it is known
    std::uint32_t weight = 1;
    bool consumer = false;
    bool failed = false;
    bool counted = false;  ///< this attempt stands on an edge
    // On the first counted attempt of its service, for the call as a whole:
    bool failureCounted = false;
    std::uint32_t requests = 0;  ///< what it was counted as
};

/// The side that called.
struct Caller {
    NameId service = kNoName;  ///< kNoName: not here yet
    NameId peer = kNoName;     ///< what its attributes call the other end
    NodeKind peerKind = NodeKind::External;
    std::uint64_t parent = 0;
    std::uint64_t startNanos = 0;
    std::uint64_t endNanos = 0;
    std::uint32_t weight = 1;
    bool producer = false;
    bool database = false;
    bool transport = false;  ///< carries the database call directly above it
    bool failed = false;
    bool counted = false;  ///< stands on an edge to its peer
};

enum class CallState : std::uint8_t { Waiting, Done, Expired };

struct Call {
    SpanKey key;
    MonotonicTime deadline;  ///< Waiting: when it expires; otherwise when it is forgotten
    Caller caller;
    absl::InlinedVector<Callee, 1> callees;
    CallState state = CallState::Waiting;
    std::uint32_t slot = 0;  ///< its own
    std::uint32_t previous = 0;
    std::uint32_t next = 0;
};

/// Confined to the intake thread. A call stays where it is until it is forgotten.
class HalfStore {
public:
    HalfStore(std::uint32_t waitingLimit, std::uint32_t doneLimit, Duration ttl);

    Call* find(const SpanKey& key);
    /// nullptr when the key is new and the store has no room for another waiting call.
    Call* findOrAdd(const SpanKey& key, MonotonicTime now);

    /// Turns a waiting call into a remembered one, or renews the reason of one already remembered.
    void finish(Call& call, CallState state, MonotonicTime now);

    /// The waiting call that is due, or nullptr. The caller must finish() it.
    Call* nextDue(MonotonicTime now);
    /// Drops remembered calls that are past their deadline.
    void forget(MonotonicTime now);

    std::uint32_t waiting() const { return waiting_.size; }
    std::uint32_t remembered() const { return done_.size; }
    std::uint64_t cut() const { return cut_; }  ///< remembered calls dropped early

private:
    struct List {
        std::uint32_t head = 0;
        std::uint32_t tail = 0;
        std::uint32_t size = 0;
    };
    void append(List& list, std::uint32_t index);
    void remove(List& list, std::uint32_t index);
    void erase(std::uint32_t index);
    Call* findByLowBits(const SpanKey& key);
    std::uint32_t newSlot();
    Call& at(std::uint32_t slot) { return blocks_[slot / kBlock][slot % kBlock]; }

    static constexpr std::uint32_t kBlock = 1024;

    const std::uint32_t waitingLimit_;
    const std::uint32_t doneLimit_;
    const Duration ttl_;
    absl::flat_hash_map<SpanKey, std::uint32_t> index_;
    /// By the key without the first half of its trace id; the first call of each.
    absl::flat_hash_map<SpanKey, std::uint32_t> lowBits_;
    bool hasShortIds_ = false;
    /// Slot 0 is the lists' end mark. Not one vector: to grow that it would be copied, and half
    /// of it would stand empty.
    std::vector<std::unique_ptr<Call[]>> blocks_;
    std::uint32_t slots_ = 1;  ///< that were ever in use
    std::vector<std::uint32_t> free_;
    List waiting_;  ///< oldest first: the time to live is the same for all
    List done_;
    std::uint64_t cut_ = 0;
};

}  // namespace levee::ingest
