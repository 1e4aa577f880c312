// SPDX-License-Identifier: Apache-2.0
// The control loop's inbox: what other threads hand over, and what the loop's own makes of it.
#include <algorithm>
#include <utility>

#include "agent/control/control_loop.h"
#include "shared/base/hash.h"
#include "shared/base/log.h"

namespace levee {
namespace {

constexpr std::size_t kMostRecords = 200'000;  // two seconds at 100,000 requests/s
constexpr std::int64_t kLatestMicros = 2'000'000;
constexpr std::size_t kMostHostWindows = 16;

}  // namespace

bool ControlLoop::Inbox::isEmpty() const {
    return records.empty() && traces.empty() && !listeners && rules == nullptr &&
           overrides == nullptr && !gateway && !enforcement;
}

void ControlLoop::setListeners(std::vector<ListenerConfig> listeners) {
    {
        const std::lock_guard lock(mutex_);
        inbox_.listeners = std::move(listeners);
    }
    wake_.notify_all();
}

void ControlLoop::setRules(std::shared_ptr<const ActiveRules> rules,
                           std::optional<MonotonicTime> cameAt, std::string refusal) {
    {
        const std::lock_guard lock(mutex_);
        inbox_.rules = std::move(rules);
        inbox_.refusal = std::move(refusal);
        inbox_.rulesAt = cameAt.value_or(parts_.time.monotonic());
    }
    wake_.notify_all();
}

void ControlLoop::setEnforcing(EnforcementSwitch turned) {
    {
        const std::lock_guard lock(mutex_);
        inbox_.enforcement = std::move(turned);
    }
    wake_.notify_all();
}

void ControlLoop::setOverrides(std::shared_ptr<const ActiveOverrides> overrides) {
    {
        const std::lock_guard lock(mutex_);
        inbox_.overrides = std::move(overrides);
    }
    wake_.notify_all();
}

void ControlLoop::addRequests(std::vector<RequestRecord>&& records) {
    {
        const std::lock_guard lock(mutex_);
        if (inbox_.records.size() + records.size() > kMostRecords) {
            counters_.recordsDropped += records.size();
            return;
        }
        if (inbox_.records.empty())
            inbox_.records = std::move(records);
        else
            inbox_.records.insert(inbox_.records.end(), std::make_move_iterator(records.begin()),
                                  std::make_move_iterator(records.end()));
    }
    wake_.notify_all();
}

void ControlLoop::addTraces(std::shared_ptr<const ingest::TraceWindow> window) {
    const std::lock_guard lock(mutex_);
    inbox_.traces.push_back(std::move(window));
}

void ControlLoop::addHost(std::shared_ptr<const host::HostWindow> window) {
    const std::lock_guard lock(mutex_);
    // Nobody has come for them: the newest says it all.
    if (inbox_.hosts.size() >= kMostHostWindows)
        inbox_.hosts.erase(inbox_.hosts.begin());
    inbox_.hosts.push_back(std::move(window));
}

void ControlLoop::setOwners(std::map<std::string, Owner> owners) {
    const std::lock_guard lock(mutex_);
    inbox_.owners = std::move(owners);
}

void ControlLoop::setGatewayStatus(GatewayStatus status) {
    {
        const std::lock_guard lock(mutex_);
        inbox_.gatewayEvents.insert(inbox_.gatewayEvents.end(),
                                    std::make_move_iterator(status.events.begin()),
                                    std::make_move_iterator(status.events.end()));
        status.events.clear();
        inbox_.gateway = std::move(status);
    }
    wake_.notify_all();
}

void ControlLoop::take(Inbox inbox, MonotonicTime now) {
    if (inbox.enforcement)
        takeSwitch(*inbox.enforcement, now);
    if (inbox.listeners)
        takeListeners(*inbox.listeners, now);
    if (inbox.rules != nullptr) {
        rules_ = std::move(inbox.rules);
        rulesRefusal_ = std::move(inbox.refusal);
        rulesAt_ = inbox.rulesAt;
        for (const auto& listener : listeners_)
            listener->setRules(*rules_, now);
        if (parts_.latency != nullptr)
            parts_.latency->forgetKeys();
    }
    if (inbox.overrides != nullptr) {
        overrides_ = std::move(inbox.overrides);
        for (const auto& listener : listeners_)
            overrideGuard(*listener, now);
    }
    if (inbox.owners)
        owners_ = std::move(*inbox.owners);
    if (inbox.gateway)
        takeGateway(std::move(*inbox.gateway), now);
    for (Event& event : inbox.gatewayEvents)
        parts_.bulletin.add(std::move(event));
    takeRecords(inbox.records, now);
    for (const auto& window : inbox.traces)
        takeTraces(*window, now);
    for (const auto& window : inbox.hosts)
        takeHost(*window, now);
    announceEvents(now);
    enforceIfChanged();
}

void ControlLoop::takeListeners(const std::vector<ListenerConfig>& configs, MonotonicTime now) {
    std::vector<std::unique_ptr<GuardedListener>> next;
    for (const ListenerConfig& config : configs) {
        const auto same = std::find_if(listeners_.begin(), listeners_.end(), [&](const auto& old) {
            return old != nullptr && old->config().subject() == config.subject();
        });
        if (same != listeners_.end()) {
            next.push_back(std::move(*same));
            next.back()->setConfig(config, now);
            continue;
        }
        next.push_back(std::make_unique<GuardedListener>(
            config, stableHash(info_.host + config.subject()), now));
        next.back()->setEnforcing(info_.isEnforcing, now);
        next.back()->setRules(*rules_, now);
        restoreLearned(*next.back());
        overrideGuard(*next.back(), now);
    }
    listeners_ = std::move(next);
    if (parts_.latency != nullptr)
        parts_.latency->forgetKeys();  // a target's number may be another's now
}

/// One answered request. `subject`: of the listener, looked up with the first one of a batch.
void ControlLoop::keepLatency(const GuardedListener& listener, const RequestRecord& record,
                              LatencyLedger::Subject*& subject) {
    if (parts_.latency == nullptr || isShed(record.outcome) ||
        record.outcome == Outcome::ClientGone)
        return;
    if (subject == nullptr)
        subject = parts_.latency->subject(listener.config().subject());
    if (subject == nullptr)
        return;
    parts_.latency->add(*subject, listener.facetKeyOf(record),
                        static_cast<double>(record.durationMicros) * 1e-6, record.weight,
                        [&] { return listener.facetOf(record); });
}

void ControlLoop::takeRecords(const std::vector<RequestRecord>& records, MonotonicTime now) {
    if (records.empty())
        return;
    const std::int64_t wallMicros =
        std::chrono::duration_cast<std::chrono::microseconds>(parts_.time.wall().time_since_epoch())
            .count();
    std::uint64_t late = 0;
    std::vector<LatencyLedger::Subject*> subjects(listeners_.size(), nullptr);
    for (const RequestRecord& record : records) {
        if (record.listener >= listeners_.size())
            continue;
        // What the gateway kept while nobody read is the past: a guard would take it for one
        // window.
        if (wallMicros - record.arrivalMicros - record.durationMicros > kLatestMicros) {
            ++late;
            continue;
        }
        // The gateway's clock is this host's; a jump between the two readings must not reach into
        // the future.
        const std::int64_t ageMicros =
            std::max<std::int64_t>(record.durationMicros, wallMicros - record.arrivalMicros);
        GuardedListener& listener = *listeners_[record.listener];
        keepLatency(listener, record, subjects[record.listener]);
        listener.add(record, now - std::chrono::microseconds(ageMicros), now);
    }
    if (late > 0) {
        const std::lock_guard lock(mutex_);
        counters_.recordsLate += late;
    }
}

void ControlLoop::takeTraces(const ingest::TraceWindow& window, MonotonicTime now) {
    const std::int64_t wallMillis = toUnixMillis(parts_.time.wall());
    if (parts_.latency != nullptr)
        parts_.latency->addTraces(window);
    for (const ingest::EdgeWindow& seen : window.edges) {
        topology::EdgeEvidence evidence;
        evidence.client = seen.client;
        evidence.server = seen.server;
        evidence.clientKind = seen.clientKind;
        evidence.serverKind = seen.serverKind;
        evidence.evidence = kFromTraces;
        evidence.counts = {seen.requests, seen.failures, 0};
        evidence.latency = seen.clientLatency.count() > 0 ? seen.clientLatency : seen.serverLatency;
        evidence.calls = {.requests = seen.requests,
                          .seen = seen.seen,
                          .matched = seen.matched,
                          .unmatched = seen.unmatched,
                          .splitCalls = seen.split.calls,
                          .clientSeconds = seen.split.client,
                          .serverSeconds = seen.split.server,
                          .selfSeconds = seen.split.self,
                          .leastTransit = seen.split.leastTransit};
        graph_.observe(evidence, now, wallMillis);
    }
    for (const ingest::ServiceWindow& seen : window.services) {
        topology::NodeEvidence evidence;
        evidence.name = seen.service;
        evidence.evidence = kFromTraces;
        evidence.hasTraffic = true;
        evidence.counts = {seen.requests, seen.failures, 0};
        evidence.latency = seen.latency;
        evidence.selfTime = seen.selfTime;
        if (seen.latency.sum() > 0)
            selfShare_.addTraced(seen.service, seen.selfTime.sum() / seen.latency.sum(), now);
        evidence.instances = seen.instances;
        evidence.hosts = seen.hosts;
        evidence.owner = seen.owner;
        graph_.observeNode(evidence, now, wallMillis);
    }
}

void ControlLoop::takeHost(const host::HostWindow& window, MonotonicTime now) {
    if (window.host) {
        host_ = *window.host;
        hostAt_ = now;
    }
    if (!window.edges)
        return;
    std::vector<topology::ConnectionEvidence> reading;
    reading.reserve(window.edges->size());
    for (const host::SocketEdge& edge : *window.edges) {
        topology::ConnectionEvidence& seen = reading.emplace_back();
        seen.client = edge.client;
        seen.server = edge.server;
        seen.clientKind = edge.clientKind;
        seen.serverKind = edge.serverKind;
        seen.isClientGuess = edge.isClientGuess;
        seen.clientHost = edge.isClientHere ? info_.host : "";
        seen.serverHost = edge.isServerHere ? info_.host : "";
        seen.figures.connections = edge.connections;
        seen.figures.rtt = edge.rtt;
        seen.figures.minRtt = edge.minRtt;
        const auto rate = [&window](std::uint64_t count) {
            return window.socketSeconds > 0 ? static_cast<double>(count) / window.socketSeconds : 0;
        };
        seen.figures.retransmissionRate = rate(edge.retransmissions);
        seen.figures.sentBytesRate = rate(edge.sentBytes);
        seen.figures.receivedBytesRate = rate(edge.receivedBytes);
    }
    graph_.observeConnections(reading, now, toUnixMillis(parts_.time.wall()));
}

void ControlLoop::takeGateway(GatewayStatus status, MonotonicTime now) {
    info_.gatewayUp = status.up;
    info_.gatewayDetail = status.detail;
    proofs_ = std::move(status.proofs);
    rateTables_ = std::move(status.rateTables);
    provenRevision_ = status.revision;
    announceProof(now);
}

void ControlLoop::takeSwitch(const EnforcementSwitch& turned, MonotonicTime now) {
    info_.isEnforcing = turned.isOn;
    info_.enforcingDetail = turned.detail;
    for (const auto& listener : listeners_)
        listener->setEnforcing(turned.isOn, now);
}

void ControlLoop::restoreLearned(GuardedListener& listener) {
    const auto found = learned_.find(listener.config().subject());
    if (found != learned_.end())
        listener.restore(found->second);
}

void ControlLoop::overrideGuard(GuardedListener& listener, MonotonicTime now) {
    const auto held = std::find_if(overrides_->begin(), overrides_->end(), [&](const auto& each) {
        return each.value.subject == listener.config().subject();
    });
    listener.setOverride(held != overrides_->end() ? &*held : nullptr, now);
}

}  // namespace levee
