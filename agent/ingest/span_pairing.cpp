// SPDX-License-Identifier: Apache-2.0
#include "agent/ingest/span_pairing.h"

#include <algorithm>

#include "agent/ingest/peer_name.h"
#include "agent/ingest/sampling_weight.h"

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

SpanPairing::SpanPairing(PairingOptions options, MonotonicTime start)
    : options_(options),
      names_(options.names),
      store_(options.waiting, options.remembered, options.ttl),
      selfTimes_(options.selfTime),
      window_(names_, options.edges),
      now_(start),
      windowStart_(start),
      namesForgotten_(start) {}

void SpanPairing::add(const SpanBatch& batch, MonotonicTime now) {
    now_ = now;
    services_.clear();
    for (const ServiceSource& source : batch.services) {
        services_.push_back(names_.intern(source.name, now));
        window_.addSource(services_.back(), source);
    }
    for (const SpanRecord& span : batch.spans)
        addSpan(batch, span, services_[span.service]);
}

void SpanPairing::addSpan(const SpanBatch& batch, const SpanRecord& span, NameId service) {
    weight_ = weightOf(span);
    selfTimes_.add(span, service, weight_, now_);
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
            window_.addSpan(service, failed, secondsBetween(span.startNanos, span.endNanos),
                            weight_);
            addConsumer(batch, span, service, failed);
            break;
        case SpanKind::Internal:
        case SpanKind::Unspecified:
            break;
    }
}

std::uint32_t SpanPairing::weightOf(const SpanRecord& span) const {
    if (span.weight > 0)
        return span.weight;
    return options_.sampledShare < 1 ? weightOfShare(options_.sampledShare, span.trace) : 1;
}

void SpanPairing::addServer(const SpanRecord& span, NameId service, bool failed) {
    const double seconds = secondsBetween(span.startNanos, span.endNanos);
    window_.addSpan(service, failed, seconds, weight_);
    const std::uint64_t caller = callerOf(span);
    if (caller == 0) {
        ++counters_.immediate;
        window_.add({.client = kUserName,
                     .server = service,
                     .requests = weight_,
                     .failures = failed ? weight_ : 0,
                     .attempts = weight_,
                     .weight = weight_,
                     .serverSeconds = seconds});
        return;
    }
    addCallee({span.trace, caller}, {.span = span.span,
                                     .service = service,
                                     .startNanos = span.startNanos,
                                     .endNanos = span.endNanos,
                                     .weight = weight_,
                                     .failed = failed});
}

void SpanPairing::addClient(const SpanBatch& batch, const SpanRecord& span, NameId service,
                            bool failed) {
    const PeerAttributes& peer = peerOf(batch, span);
    Caller caller{.service = service,
                  .parent = span.parent,
                  .startNanos = span.startNanos,
                  .endNanos = span.endNanos,
                  .weight = weight_,
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
    const Callee callee{.span = span.span,
                        .service = service,
                        .queue = names_.intern(queueName(peerOf(batch, span), buffer_), now_),
                        .startNanos = span.startNanos,
                        .endNanos = span.endNanos,
                        .weight = weight_,
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
                     .requests = weight_,
                     .failures = failed ? weight_ : 0,
                     .attempts = weight_,
                     .weight = weight_,
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
    if (call == nullptr) {
        ++counters_.droppedFull;
    } else if (call->state == CallState::Expired) {
        ++counters_.late;
    } else if (std::ranges::any_of(call->callees, [&callee](const Callee& known) {
                   return known.span == callee.span && known.service == callee.service;
               })) {
        ++counters_.duplicates;
    } else if (call->callees.size() >= options_.attempts) {
        ++counters_.droppedFull;
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
                         {.client = queue,
                          .server = callee.service,
                          .weight = callee.weight,
                          .serverSeconds = seconds},
                         callee.failed);
            return true;
        }
    }
    if (!here)
        return false;
    if (isCollapsed(caller, callee)) {
        ++counters_.collapsed;
        callee.counted = true;
        return true;
    }
    if (callee.startNanos < caller.startNanos || callee.endNanos > caller.endNanos)
        counters_.skewed += callee.consumer ? 0 : 1;
    countAttempt(call, callee,
                 {.client = caller.service,
                  .server = callee.service,
                  .weight = std::max(caller.weight, callee.weight),
                  .matched = true,
                  .clientSeconds = secondsBetween(caller.startNanos, caller.endNanos),
                  .serverSeconds = seconds},
                 caller.failed || callee.failed);
    split(call, callee);
    return true;
}

bool SpanPairing::isCollapsed(const Caller& caller, const Callee& callee) const {
    return options_.collapseProxies && caller.service == callee.service && !callee.consumer;
}

void SpanPairing::countCaller(Call& call, NodeKind kind) {
    Caller& caller = call.caller;
    caller.counted = true;
    ++counters_.immediate;
    window_.add({.client = caller.service,
                 .server = caller.peer,
                 .serverKind = kind,
                 .requests = caller.weight,
                 .failures = caller.failed ? caller.weight : 0,
                 .attempts = caller.weight,
                 .weight = caller.weight,
                 .clientSeconds = secondsBetween(caller.startNanos, caller.endNanos)});
}

/// The first attempt of a service counts the request; the others add to it, and may turn it into a
/// failed one.
void SpanPairing::countAttempt(Call& call, Callee& callee, EdgeObservation seen, bool callFailed) {
    ++counters_.paired;
    callee.counted = true;
    Callee* first = &callee;
    for (Callee& other : call.callees)
        if (&other != &callee && other.counted && other.service == callee.service &&
            other.consumer == callee.consumer) {
            first = &other;
            break;
        }
    if (first != &callee)
        seen.clientSeconds.reset();
    seen.attempts = callee.weight;
    seen.requests = seen.weight > first->requests ? seen.weight - first->requests : 0;
    first->requests += seen.requests;
    if (first->failureCounted)
        seen.failures = seen.requests;
    else
        seen.failures = callFailed ? first->requests : 0;
    first->failureCounted = first->failureCounted || callFailed;
    window_.add(seen);
}

/// A self time may be known before its caller has come: it waits in the callee then.
void SpanPairing::noteSelfTime(const SelfTime& self) {
    Call* call = self.caller == 0 ? nullptr : store_.find({self.key.trace, self.caller});
    if (call == nullptr)
        return;
    for (Callee& callee : call->callees) {
        if (callee.span != self.key.span || callee.service != self.service)
            continue;
        callee.selfNanos = self.nanos;
        if (callee.counted)
            split(*call, callee);
    }
}

void SpanPairing::split(const Call& call, const Callee& callee) {
    const Caller& caller = call.caller;
    if (callee.selfNanos == Callee::kNoSelfTime || call.callees.size() != 1 || callee.consumer ||
        isCollapsed(caller, callee))
        return;
    const double client = secondsBetween(caller.startNanos, caller.endNanos);
    const double server = secondsBetween(callee.startNanos, callee.endNanos);
    if (server > client)
        return;  // the caller gave up, or the answer was streamed
    const std::uint32_t weight = std::max(caller.weight, callee.weight);
    window_.addSplit(caller.service, callee.service,
                     {.calls = weight,
                      .client = weight * client,
                      .server = weight * server,
                      .self = weight * (static_cast<double>(callee.selfNanos) * 1e-9),
                      .leastTransit = client - server});
}

void SpanPairing::sweep(MonotonicTime now) {
    now_ = now;
    while (Call* call = store_.nextDue(now))
        expire(*call);
    store_.forget(now);
    finished_.clear();
    selfTimes_.sweep(now, finished_);
    for (const SelfTime& self : finished_) {
        window_.addSelfTime(self.service, static_cast<double>(self.nanos) * 1e-9, self.weight);
        noteSelfTime(self);
    }
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
                         .requests = caller.weight,
                         .failures = caller.failed ? caller.weight : 0,
                         .attempts = 0,
                         .weight = caller.weight,
                         .unmatched = caller.peerKind == NodeKind::External,
                         .clientSeconds = secondsBetween(caller.startNanos, caller.endNanos)});
        } else {
            ++counters_.unpaired;
            if (!isTransport(call.key, caller))
                window_.addOrphan(caller.service, true, caller.weight);
        }
    }
    for (const Callee& callee : call.callees) {
        if (callee.counted)
            continue;
        ++counters_.unpaired;
        window_.addOrphan(callee.service, false, callee.weight);
    }
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
        2 * options_.ttl + 4 * options_.selfTime.settle + std::chrono::minutes(1);
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
