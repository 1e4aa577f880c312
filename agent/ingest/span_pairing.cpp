// SPDX-License-Identifier: Apache-2.0
#include "agent/ingest/span_pairing.h"

#include <algorithm>

#include "agent/ingest/peer_name.h"

namespace levee::ingest {
namespace {

const PeerAttributes kNoPeerAttributes;

const PeerAttributes& peerOf(const SpanBatch& batch, const SpanRecord& span) {
    return span.peer == SpanRecord::kNoPeer ? kNoPeerAttributes : batch.peers[span.peer];
}

double secondsBetween(std::uint64_t start, std::uint64_t end) {
    return end > start ? static_cast<double>(end - start) * 1e-9 : 0;
}

bool isFailure(const SpanRecord& span, const PeerAttributes& peer) {
    if (peer.httpStatus >= 400)
        return peer.httpStatus >= 500;
    return span.statusError;
}

}  // namespace

SpanPairing::SpanPairing(PairingLimits limits, MonotonicTime start)
    : limits_(limits),
      names_(limits.names),
      store_(limits.waiting, limits.remembered, limits.ttl),
      selfTimes_(limits.selfTime),
      window_(names_, limits.edges),
      now_(start),
      windowStart_(start),
      namesForgotten_(start) {}

void SpanPairing::add(const SpanBatch& batch, MonotonicTime now) {
    now_ = now;
    services_.clear();
    for (const ServiceSource& source : batch.services) {
        services_.push_back(names_.intern(source.name, now));
        window_.addSource(services_.back(), source.instance, source.host);
    }
    for (const SpanRecord& span : batch.spans)
        addSpan(batch, span, services_[span.service]);
}

void SpanPairing::addSpan(const SpanBatch& batch, const SpanRecord& span, NameId service) {
    selfTimes_.add(span, service, now_);
    const bool failed = isFailure(span, peerOf(batch, span));
    switch (span.kind) {
        case SpanKind::Server:
            addServer(span, service, failed);
            break;
        case SpanKind::Client:
        case SpanKind::Producer:
            addClient(batch, span, service, failed);
            break;
        case SpanKind::Consumer:
            window_.addSpan(service, failed, secondsBetween(span.startNanos, span.endNanos));
            addConsumer(batch, span, service, failed);
            break;
        case SpanKind::Internal:
        case SpanKind::Unspecified:
            break;
    }
}

void SpanPairing::addServer(const SpanRecord& span, NameId service, bool failed) {
    const double seconds = secondsBetween(span.startNanos, span.endNanos);
    window_.addSpan(service, failed, seconds);
    if (span.parent == 0) {
        ++counters_.immediate;
        window_.add({.client = kUserName,
                     .server = service,
                     .failures = failed ? 1U : 0U,
                     .serverSeconds = seconds});
        return;
    }
    addCallee({span.trace, span.parent}, {.service = service,
                                          .startNanos = span.startNanos,
                                          .endNanos = span.endNanos,
                                          .failed = failed});
}

void SpanPairing::addClient(const SpanBatch& batch, const SpanRecord& span, NameId service,
                            bool failed) {
    const PeerAttributes& peer = peerOf(batch, span);
    Caller caller{.service = service,
                  .parent = span.parent,
                  .startNanos = span.startNanos,
                  .endNanos = span.endNanos,
                  .failed = failed};
    if (span.kind == SpanKind::Client && !peer.messagingSystem.empty()) {
        if (peer.operation == MessagingOperation::Settle)
            return;
        if (peer.operation == MessagingOperation::Receive) {
            addConsumer(batch, span, service, failed);
            return;
        }
        // A send that carries messages made earlier: each of them has a PRODUCER span of its own.
        if (span.linkCount > 0)
            return;
    }
    caller.producer = span.kind == SpanKind::Producer || !peer.messagingSystem.empty();
    if (caller.producer) {
        caller.peer = names_.intern(queueName(peer, buffer_), now_);
        caller.peerKind = NodeKind::Queue;
    } else if (isDatabase(peer)) {
        caller.database = true;
        caller.peer = names_.intern(databaseName(peer, buffer_), now_);
        caller.peerKind = databaseKind(peer.dbSystem);
    } else {
        caller.peer = names_.intern(remoteName(peer), now_);
    }
    addCaller(span, caller);
}

void SpanPairing::addConsumer(const SpanBatch& batch, const SpanRecord& span, NameId service,
                              bool failed) {
    const Callee callee{.service = service,
                        .queue = names_.intern(queueName(peerOf(batch, span), buffer_), now_),
                        .startNanos = span.startNanos,
                        .endNanos = span.endNanos,
                        .consumer = true,
                        .failed = failed};
    for (std::uint16_t i = 0; i < span.linkCount; ++i) {
        const SpanLink& link = batch.links[span.firstLink + i];
        addCallee({link.trace, link.span}, callee);
    }
    if (span.linkCount > 0 || span.kind == SpanKind::Client)
        return;  // a poll without links says nothing about how many messages it got
    if (span.parent != 0) {
        addCallee({span.trace, span.parent}, callee);
    } else if (callee.queue != kNoName) {
        ++counters_.immediate;
        window_.add({.client = callee.queue,
                     .server = service,
                     .failures = failed ? 1U : 0U,
                     .serverSeconds = secondsBetween(span.startNanos, span.endNanos)});
    } else {
        ++counters_.unpaired;
    }
}

void SpanPairing::addCaller(const SpanRecord& span, Caller caller) {
    Call* call = store_.findOrAdd({span.trace, span.span}, now_);
    if (call == nullptr) {
        ++counters_.droppedFull;
    } else if (call->state == CallState::Expired) {
        ++counters_.late;
    } else if (call->caller.service != kNoName) {
        ++counters_.duplicates;
    } else {
        call->caller = caller;
        call->caller.transport = isTransport(call->key, caller);
        settle(*call);
    }
}

void SpanPairing::addCallee(const SpanKey& key, const Callee& callee) {
    Call* call = store_.findOrAdd(key, now_);
    if (call == nullptr || call->callees.size() >= limits_.attempts) {
        ++counters_.droppedFull;
    } else if (call->state == CallState::Expired) {
        ++counters_.late;
    } else {
        call->callees.push_back(callee);
        settle(*call);
    }
}

/// Counts what the halves that are there allow, and finishes the call when nothing waits any more.
void SpanPairing::settle(Call& call) {
    Caller& caller = call.caller;
    const bool here = caller.service != kNoName;
    if (here && caller.producer && caller.peer == kNoName)
        for (const Callee& callee : call.callees)
            caller.peer = std::max(caller.peer, callee.queue);
    if (here && !caller.counted && caller.peer != kNoName && (caller.database || caller.producer))
        countCaller(call, caller.peerKind);
    bool waits = here ? !caller.counted : false;
    for (Callee& callee : call.callees)
        if (callee.counted || count(call, callee))
            waits = false;
    for (const Callee& callee : call.callees)
        waits = waits || !callee.counted;
    if (!waits)
        store_.finish(call, CallState::Done, now_);
}

/// Tries to put one callee on an edge; false when its caller is needed and not there.
bool SpanPairing::count(Call& call, Callee& callee) {
    const Caller& caller = call.caller;
    const bool here = caller.service != kNoName;
    const double seconds = secondsBetween(callee.startNanos, callee.endNanos);
    if (callee.consumer) {
        const NameId queue = callee.queue != kNoName ? callee.queue
                             : caller.producer       ? caller.peer
                                                     : kNoName;
        if (queue != kNoName) {
            countAttempt(call, callee,
                         {.client = queue, .server = callee.service, .serverSeconds = seconds},
                         callee.failed);
            return true;
        }
    }
    if (!here)
        return false;
    if (callee.startNanos < caller.startNanos || callee.endNanos > caller.endNanos)
        counters_.skewed += callee.consumer ? 0 : 1;
    countAttempt(call, callee,
                 {.client = caller.service,
                  .server = callee.service,
                  .clientSeconds = secondsBetween(caller.startNanos, caller.endNanos),
                  .serverSeconds = seconds},
                 caller.failed || callee.failed);
    return true;
}

void SpanPairing::countCaller(Call& call, NodeKind kind) {
    Caller& caller = call.caller;
    caller.counted = true;
    ++counters_.immediate;
    window_.add({.client = caller.service,
                 .server = caller.peer,
                 .serverKind = kind,
                 .failures = caller.failed ? 1U : 0U,
                 .clientSeconds = secondsBetween(caller.startNanos, caller.endNanos)});
}

/// The first attempt of a service counts the request; the others add to it, and may turn it into a
/// failed one.
void SpanPairing::countAttempt(Call& call, Callee& callee, const EdgeObservation& edge,
                               bool callFailed) {
    ++counters_.paired;
    callee.counted = true;
    Callee* first = &callee;
    for (Callee& other : call.callees)
        if (&other != &callee && other.counted && other.service == callee.service &&
            other.consumer == callee.consumer) {
            first = &other;
            break;
        }
    EdgeObservation seen = edge;
    if (first != &callee) {
        seen.requests = 0;
        seen.clientSeconds.reset();
    }
    seen.failures = callFailed && !first->failureCounted ? 1 : 0;
    first->failureCounted = first->failureCounted || callFailed;
    window_.add(seen);
}

void SpanPairing::sweep(MonotonicTime now) {
    now_ = now;
    while (Call* call = store_.nextDue(now))
        expire(*call);
    store_.forget(now);
    finished_.clear();
    selfTimes_.sweep(now, finished_);
    for (const SelfTime& self : finished_)
        window_.addSelfTime(self.service, self.seconds);
}

void SpanPairing::expire(Call& call) {
    const Caller& caller = call.caller;
    const bool answered =
        std::ranges::any_of(call.callees, [](const Callee& c) { return c.counted; });
    if (caller.service != kNoName && !caller.counted && !answered) {
        if (caller.peer != kNoName && !isTransport(call.key, caller)) {
            ++counters_.virtualPeers;
            window_.add({.client = caller.service,
                         .server = caller.peer,
                         .serverKind = caller.peerKind,
                         .failures = caller.failed ? 1U : 0U,
                         .attempts = 0,
                         .clientSeconds = secondsBetween(caller.startNanos, caller.endNanos)});
        } else {
            ++counters_.unpaired;
        }
    }
    for (const Callee& callee : call.callees)
        counters_.unpaired += callee.counted ? 0 : 1;
    store_.finish(call, CallState::Expired, now_);
}

/// True when the span directly above is a call to a database: this one only carried it. Asked when
/// the span comes and when it expires, as the one above may come first or last.
bool SpanPairing::isTransport(const SpanKey& key, const Caller& caller) {
    if (caller.transport || caller.parent == 0)
        return caller.transport;
    const Call* outer = store_.find({key.trace, caller.parent});
    return outer != nullptr && outer->caller.database;
}

TraceWindow SpanPairing::takeWindow(MonotonicTime now) {
    TraceWindow window = window_.take(windowStart_, now);
    windowStart_ = now;
    window.counters = counters();
    window.waiting = store_.waiting();
    // The window is empty now, and no half is older than twice the time to live, nor a self time
    // than a few of its settle times: beyond the horizon nothing holds a name.
    const Duration horizon =
        2 * limits_.ttl + 4 * limits_.selfTime.settle + std::chrono::minutes(1);
    if (now - namesForgotten_ > std::chrono::seconds(10)) {
        namesForgotten_ = now;
        names_.forget(now - horizon);
    }
    return window;
}

PairingCounters SpanPairing::counters() const {
    PairingCounters all = counters_;
    all.tombstonesCut = store_.cut();
    all.selfTimeDropped = selfTimes_.dropped();
    all.namesOverflowed = names_.overflowed();
    all.edgesOverflowed = window_.overflowed();
    return all;
}

}  // namespace levee::ingest
