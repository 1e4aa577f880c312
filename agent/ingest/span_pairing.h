// SPDX-License-Identifier: Apache-2.0
// Turns a stream of spans, in whatever order they come, into calls between services.
//
// A call has two halves that usually arrive at different times from different hosts: the caller's
// CLIENT or PRODUCER span, and the callee's SERVER span (which names the caller's as its parent) or
// CONSUMER span (which names it in a link, or as its parent). What is counted:
//
// - caller and SERVER met: one request on caller -> callee, however many SERVER spans the caller
//   has (retries, hedges); it failed when the caller or any attempt failed.
// - a CLIENT span with db attributes: caller -> database or cache, at once. A CLIENT span directly
//   below it is its transport and gives no edge unless a service answers it.
// - messages: producer -> `system:destination` -> consumer, each half by itself, so that one side
//   without spans leaves the other standing; a consumer of n messages (n links) counts n. A message
//   counts once for each consuming service, redeliveries are attempts. Halves that do not name the
//   queue take it from the other half, or make an edge producer -> consumer.
// - a SERVER span without a parent: user -> service.
// - a SERVER span that answers its own service is a hop through a proxy; with `collapseProxies` it
//   is not drawn.
// - a caller that nobody answered within the time to live: caller -> its peer's name, if it names
//   one (`virtual` node); otherwise it is only counted as unpaired. Halves that come after that are
//   late: counted, never drawn twice.
//
// A sampled span counts for the calls it stands for: by its tracestate (sampling_weight.h), else by
// `sampledShare`. Where several spans of one call differ, the heaviest counts.
//
// An answered call's time is split when its SERVER span's self time is known: network and queue
// are the client's duration less the server's, waiting for others the server's less its self time.
//
// A failure is a span status of ERROR, or an HTTP answer of 500 and above; a 4xx answer is the
// caller's own mistake and not held against the edge.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "agent/ingest/half_store.h"
#include "agent/ingest/name_table.h"
#include "agent/ingest/self_time.h"
#include "agent/ingest/span_record.h"
#include "agent/ingest/trace_window.h"
#include "agent/ingest/window_builder.h"
#include "shared/base/time.h"

namespace levee::ingest {

struct PairingOptions {
    double sampledShare = 1;  ///< of spans whose tracestate does not tell: the share that is sent
    bool collapseProxies = false;
    Duration ttl =
        std::chrono::seconds(10);     ///< how long a half waits, and a finished call is known
    std::uint32_t waiting = 100'000;  ///< calls that wait; beyond, halves are dropped and counted
    std::uint32_t remembered = 200'000;  ///< finished calls
    std::uint32_t attempts = 16;         ///< callees of one call
    std::uint32_t names = 4'000;         ///< services and peers
    std::uint32_t edges = 10'000;        ///< a window
    SelfTimeLimits selfTime;
};

/// Confined to the intake thread. Time is an argument and must not run backwards.
class SpanPairing {
public:
    SpanPairing(PairingOptions options, MonotonicTime start);

    void add(const SpanBatch& batch, MonotonicTime now);

    /// Expires what is overdue; to be called about once a second.
    void sweep(MonotonicTime now);

    /// What has been counted since the last call.
    TraceWindow takeWindow(MonotonicTime now);

    PairingCounters counters() const;
    std::uint32_t waiting() const { return store_.waiting(); }

private:
    void addSpan(const SpanBatch& batch, const SpanRecord& span, NameId service);
    std::uint32_t weightOf(const SpanRecord& span) const;
    void addServer(const SpanRecord& span, NameId service, bool failed);
    void addClient(const SpanBatch& batch, const SpanRecord& span, NameId service, bool failed);
    void addConsumer(const SpanBatch& batch, const SpanRecord& span, NameId service, bool failed);
    void addCaller(const SpanRecord& span, Caller caller);
    void addCallee(const SpanKey& key, const Callee& callee);

    void settle(Call& call);
    bool count(Call& call, Callee& callee);
    void countCaller(Call& call, NodeKind kind);
    void countAttempt(Call& call, Callee& callee, EdgeObservation seen, bool callFailed);
    bool isCollapsed(const Caller& caller, const Callee& callee) const;
    void noteSelfTime(const SelfTime& self);
    void split(const Call& call, const Callee& callee);
    void expire(Call& call);
    bool isTransport(const SpanKey& key, const Caller& caller);

    const PairingOptions options_;
    NameTable names_;
    HalfStore store_;
    SelfTimeTracker selfTimes_;
    WindowBuilder window_;
    PairingCounters counters_;
    MonotonicTime now_;  ///< the time of the current call
    MonotonicTime windowStart_;
    MonotonicTime namesForgotten_;
    std::vector<NameId> services_;  ///< of the current batch
    std::uint32_t weight_ = 1;      ///< of the current span
    std::vector<SelfTime> finished_;
    std::string buffer_;
};

}  // namespace levee::ingest
