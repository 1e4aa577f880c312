// SPDX-License-Identifier: Apache-2.0
#include "agent/control/control_loop.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "agent/control/learned_state.h"
#include "agent/runtime/process_usage.h"
#include "shared/base/hash.h"
#include "shared/base/log.h"

namespace levee {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr Duration kTick = milliseconds(100);
constexpr Duration kPublishEvery = seconds(1);
constexpr Duration kSaveEvery = seconds(30);
constexpr std::size_t kMostRecords = 200'000;  // two seconds at 100,000 requests/s
constexpr std::int64_t kLatestMicros = 2'000'000;
constexpr const char* kLearnedName = "guards";
constexpr const char* kUser = topology::kUserNode;  // so span pairing names root spans' callers
constexpr Duration kHostFor = seconds(30);          // a reading is shown for so long
constexpr std::size_t kMostHostWindows = 16;

/// What a listener has while enforcement is switched off: everything passes, and what a rate would
/// refuse is still counted.
DesiredState::Listener passing(const DesiredState::Listener& wanted) {
    DesiredState::Listener pass;
    pass.subject = wanted.subject;
    pass.rule = wanted.rule;
    pass.rate = wanted.rate;
    pass.isRateShadow = true;
    return pass;
}

topology::EdgeEvidence edgeSeen(const ListenerConfig& config, const RequestCount& count) {
    topology::EdgeEvidence seen;
    seen.client = config.client;
    seen.server = config.service;
    seen.evidence = kFromGateway;
    seen.counts = {count.requests, count.failures, count.shed};
    seen.latency = count.latency;
    return seen;
}

}  // namespace

bool ControlLoop::Inbox::isEmpty() const {
    return records.empty() && traces.empty() && !listeners && rules == nullptr &&
           overrides == nullptr && !gateway && !enforcement;
}

ControlLoop::ControlLoop(Parts parts, AgentInfo info)
    : parts_(std::move(parts)),
      info_(std::move(info)),
      rules_(std::make_shared<const ActiveRules>()),
      overrides_(std::make_shared<const ActiveOverrides>()) {
    if (parts_.history != nullptr)
        learned_ = readLearned(parts_.history->loadState(kLearnedName));
}

ControlLoop::~ControlLoop() {
    stop();
}

void ControlLoop::start() {
    const MonotonicTime now = parts_.time.monotonic();
    tickedAt_ = publishedAt_ = savedAt_ = costAt_ = latenessSince_ = now;
    costCpu_ = processUsage().cpu;
    thread_ = std::thread([this] { run(); });
}

void ControlLoop::stop() {
    {
        const std::lock_guard lock(mutex_);
        isStopping_ = true;
    }
    wake_.notify_all();
    if (thread_.joinable()) {
        thread_.join();
        saveLearned();
        // Nobody will close a breaker, let a target back in or a shed class from now on: none is
        // left out. The limits stay.
        const MonotonicTime now = parts_.time.monotonic();
        for (DesiredState::Listener& listener : enforced_.listeners) {
            listener.admitShare = 1;
            listener.targets.clear();
            for (const auto& each : listeners_) {
                if (each->config().subject() != listener.subject || listener.classes.empty())
                    continue;
                each->setOverride(nullptr, now);
                listener.classes = each->desired().classes;
            }
        }
        parts_.enforce(enforced_);
    }
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

ControlCounters ControlLoop::counters() const {
    const std::lock_guard lock(mutex_);
    return counters_;
}

void ControlLoop::run() {
    MonotonicTime nextTick = tickedAt_ + kTick;
    std::unique_lock lock(mutex_);
    while (!isStopping_) {
        // By the clock that was handed in: one that stands brings no tick.
        wake_.wait_for(lock, nextTick - parts_.time.monotonic(),
                       [&] { return isStopping_ || !inbox_.isEmpty(); });
        Inbox inbox = std::exchange(inbox_, {});
        lock.unlock();
        const MonotonicTime now = parts_.time.monotonic();
        take(std::move(inbox), now);
        if (now >= nextTick) {
            noteLateness(now - nextTick, now);
            tick(now);
            // A tick that was missed is not made up for: the window is as long as it was.
            nextTick = std::max(nextTick + kTick, now + kTick / 2);
        }
        lock.lock();
    }
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
    }
    if (inbox.overrides != nullptr) {
        overrides_ = std::move(inbox.overrides);
        for (const auto& listener : listeners_)
            overrideGuard(*listener, now);
    }
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
}

void ControlLoop::takeRecords(const std::vector<RequestRecord>& records, MonotonicTime now) {
    if (records.empty())
        return;
    const std::int64_t wallMicros =
        std::chrono::duration_cast<std::chrono::microseconds>(parts_.time.wall().time_since_epoch())
            .count();
    std::uint64_t late = 0;
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
        listeners_[record.listener]->add(record, now - std::chrono::microseconds(ageMicros), now);
    }
    if (late > 0) {
        const std::lock_guard lock(mutex_);
        counters_.recordsLate += late;
    }
}

void ControlLoop::takeTraces(const ingest::TraceWindow& window, MonotonicTime now) {
    const std::int64_t wallMillis = toUnixMillis(parts_.time.wall());
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

void ControlLoop::tick(MonotonicTime now) {
    const Duration elapsed = now - std::exchange(tickedAt_, now);
    shareWork(now);
    for (const auto& listener : listeners_)
        listener->tick(elapsed, now);
    announceEvents(now);
    enforceIfChanged();
    if (now - publishedAt_ >= kPublishEvery)
        publish(now);
    if (now - savedAt_ >= kSaveEvery) {
        savedAt_ = now;
        saveLearned();
    }
}

/// Tells the limiters what of the latency is their service's own.
void ControlLoop::shareWork(MonotonicTime now) {
    std::map<std::string, double> calls;
    for (const auto& listener : listeners_) {
        if (listener->config().direction == Direction::Outbound)
            calls[listener->config().client] += listener->window().wholeSeconds();
    }
    for (const auto& listener : listeners_) {
        const ListenerConfig& config = listener->config();
        const auto called = calls.find(config.service);
        if (config.direction == Direction::Inbound && called != calls.end())
            selfShare_.add(config.service, listener->window().busySeconds(), called->second, now);
    }
    for (const auto& listener : listeners_)
        listener->setSelfShare(selfShare_.shareOf(listener->config().service, now));
}

void ControlLoop::announceEvents(MonotonicTime now) {
    bool isNew = false;
    for (const auto& listener : listeners_) {
        for (Event& event : listener->takeEvents()) {
            parts_.bulletin.add(std::move(event));
            isNew = true;
        }
    }
    if (isNew)
        publishGuards(now);
}

/// Who watches sees the new state with the event, not a second later.
void ControlLoop::publishGuards(MonotonicTime now) {
    if (published_ == nullptr)
        return;
    auto snapshot = std::make_shared<AgentSnapshot>(*published_);
    snapshot->sequence = ++sequence_;
    info_.rulesRevision = rules_->revision;
    snapshot->agent = info_;
    snapshot->guards = guardStates(now);
    published_ = snapshot;
    parts_.bulletin.publish(std::move(snapshot));
}

void ControlLoop::takeGateway(GatewayStatus status, MonotonicTime now) {
    info_.gatewayUp = status.up;
    info_.gatewayDetail = status.detail;
    proofs_ = std::move(status.proofs);
    rateTables_ = std::move(status.rateTables);
    provenRevision_ = status.revision;
    announceProof(now);
}

/// Once for each revision: in force everywhere, as the gateway itself has said.
void ControlLoop::announceProof(MonotonicTime now) {
    const bool isProven = provenRevision_ == rules_->revision && rulesRefusal_.empty() &&
                          !proofs_.empty() && info_.isEnforcing &&
                          std::all_of(proofs_.begin(), proofs_.end(), [](const Proof& proof) {
                              return proof.state == Enforcement::Enforcing;
                          });
    if (!isProven || toldRevision_ == provenRevision_)
        return;
    toldRevision_ = provenRevision_;
    Event event;
    event.kind = EventKind::Rule;
    event.severity = EventSeverity::Info;
    event.subject = "rules";
    event.text =
        fmt::format("revision {} is proven in force at {} listeners, {:.1f} ms after it came",
                    provenRevision_, proofs_.size(), toSeconds(now - rulesAt_) * 1e3);
    event.revision = provenRevision_;
    parts_.bulletin.add(std::move(event));
    publishGuards(now);
}

void ControlLoop::takeSwitch(const EnforcementSwitch& turned, MonotonicTime now) {
    info_.isEnforcing = turned.isOn;
    info_.enforcingDetail = turned.detail;
    for (const auto& listener : listeners_)
        listener->setEnforcing(turned.isOn, now);
}

void ControlLoop::enforceIfChanged() {
    DesiredState desired;
    desired.revision = rules_->revision;
    for (const auto& listener : listeners_) {
        desired.listeners.push_back(listener->desired());
        if (!info_.isEnforcing)
            desired.listeners.back() = passing(desired.listeners.back());
    }
    if (desired == enforced_)
        return;
    enforced_ = desired;
    parts_.enforce(enforced_);
}

void ControlLoop::publish(MonotonicTime now) {
    const double elapsed = toSeconds(now - std::exchange(publishedAt_, now));
    const std::int64_t wallMillis = toUnixMillis(parts_.time.wall());
    observeGateway(now, wallMillis, elapsed);
    updateOwnCost(now);
    auto snapshot = std::make_shared<AgentSnapshot>();
    ++seconds_;
    snapshot->sequence = ++sequence_;
    snapshot->millis = wallMillis;
    info_.rulesRevision = rules_->revision;
    snapshot->agent = info_;
    topology::GraphSnapshot graph = graph_.snapshot(now);
    snapshot->nodes = std::move(graph.nodes);
    snapshot->edges = std::move(graph.edges);
    if (now - hostAt_ < kHostFor)
        snapshot->host = hostOnTheMap(snapshot->nodes);
    for (Node& node : snapshot->nodes)
        node.usage = usageOf(snapshot->host, node.name);
    called_.clear();
    for (const Edge& edge : snapshot->edges) {
        // A connection does not prove that what arrives comes by it.
        if (edge.client != kUser && edge.evidence != kFromSockets)
            called_.insert(edge.server);
    }
    snapshot->guards = guardStates(now);
    snapshot->advice = parts_.advise(loads_, now);
    snapshot->targets = parts_.targets();
    published_ = snapshot;
    parts_.bulletin.publish(snapshot);
    if (parts_.history != nullptr)
        parts_.history->record(std::move(snapshot));
}

/// The host as last read, with those processes whose service is on the map, be it by its queues
/// ("rabbitmq:orders") alone.
HostState ControlLoop::hostOnTheMap(const std::vector<Node>& nodes) const {
    HostState host = host_;
    std::erase_if(host.processes, [&](const ProcessState& process) {
        const auto node = std::ranges::lower_bound(nodes, process.service, {}, &Node::name);
        const auto queue = std::ranges::lower_bound(nodes, process.service + ':', {}, &Node::name);
        return (node == nodes.end() || node->name != process.service) &&
               (queue == nodes.end() || !queue->name.starts_with(process.service + ':'));
    });
    return host;
}

void ControlLoop::observeGateway(MonotonicTime now, std::int64_t wallMillis, double elapsed) {
    loads_.clear();
    for (const auto& listener : listeners_) {
        const RequestCount count = listener->takeCount();
        if (listener->config().direction == Direction::Outbound)
            graph_.observe(edgeSeen(listener->config(), count), now, wallMillis);
        else
            observeService(*listener, count, now, wallMillis, std::max(elapsed, 0.1));
    }
}

void ControlLoop::observeService(const GuardedListener& listener, const RequestCount& count,
                                 MonotonicTime now, std::int64_t wallMillis, double elapsed) {
    topology::NodeEvidence seen;
    seen.name = listener.config().service;
    seen.evidence = kFromGateway;
    seen.hasTraffic = true;
    seen.counts = {count.requests, count.failures, count.shed};
    seen.latency = count.latency;
    seen.inFlight = count.busySeconds / elapsed;
    seen.instanceCount = static_cast<int>(listener.config().targets.size());
    seen.hosts = {info_.host};
    graph_.observeNode(seen, now, wallMillis);
    observeUser(listener.config().service, count, now, wallMillis);

    const GuardState state = listener.state(nullptr, now);
    ServiceLoad load;
    load.service = seen.name;
    load.instances = seen.instanceCount;
    load.demand = static_cast<double>(count.requests) / elapsed;
    load.shed = static_cast<double>(count.shed) / elapsed;
    load.limit = state.limit;
    load.latency = state.baseline;
    load.inFlight = seen.inFlight;
    loads_.push_back(std::move(load));
}

void ControlLoop::observeUser(const std::string& service, const RequestCount& count,
                              MonotonicTime now, std::int64_t wallMillis) {
    // Requests that nobody on the map sends come from outside it; the first traces need some
    // seconds to say.
    constexpr int kSecondsToKnow = 5;
    const bool hasListener =
        std::any_of(listeners_.begin(), listeners_.end(), [&](const auto& other) {
            return other->config().direction == Direction::Outbound &&
                   other->config().service == service;
        });
    if (hasListener || called_.contains(service) || seconds_ < kSecondsToKnow ||
        count.requests == 0)
        return;
    topology::EdgeEvidence seen;
    seen.client = kUser;
    seen.clientKind = NodeKind::User;
    seen.server = service;
    seen.evidence = kFromGateway;
    seen.counts = {count.requests, count.failures, count.shed};
    seen.latency = count.latency;
    graph_.observe(seen, now, wallMillis);
}

std::vector<GuardState> ControlLoop::guardStates(MonotonicTime now) const {
    std::vector<GuardState> states;
    for (const auto& listener : listeners_) {
        const std::string subject = listener->config().subject();
        const Proof proof = proofOf(subject);
        states.push_back(listener->state(&proof, now));
        for (const RateTable& table : rateTables_)
            if (table.subject == subject && !states.back().rate.key.empty()) {
                states.back().rate.keys = static_cast<std::int64_t>(table.keys);
                states.back().rate.mostKeys = static_cast<std::int64_t>(table.mostKeys);
                states.back().rate.timesFull = static_cast<std::int64_t>(table.timesFull);
            }
    }
    std::sort(states.begin(), states.end(),
              [](const GuardState& a, const GuardState& b) { return a.subject < b.subject; });
    return states;
}

/// How far the rules of today have got at a listener.
Proof ControlLoop::proofOf(const std::string& subject) const {
    const auto found = std::find_if(proofs_.begin(), proofs_.end(),
                                    [&](const Proof& each) { return each.subject == subject; });
    Proof proof = found != proofs_.end() ? *found : Proof{subject, Enforcement::Unknown, {}};
    if (!rulesRefusal_.empty()) {
        proof.state = Enforcement::Refused;
        proof.detail = rulesRefusal_;
    } else if (proof.state == Enforcement::Enforcing && provenRevision_ != rules_->revision) {
        proof.state = Enforcement::Sent;
        proof.detail =
            fmt::format("revision {} was sent; still {}", rules_->revision, proof.detail);
    }
    return proof;
}

void ControlLoop::updateOwnCost(MonotonicTime now) {
    const ProcessUsage usage = processUsage();
    const double elapsed = toSeconds(now - costAt_);
    if (elapsed > 0)
        info_.cpuShare = toSeconds(usage.cpu - costCpu_) / elapsed;
    info_.rssBytes = usage.rssBytes;
    if (parts_.figures) {
        const OwnFigures figures = parts_.figures();
        info_.series = figures.series;
        info_.lost = figures.lost + static_cast<double>(counters().recordsDropped);
    }
    costAt_ = now;
    costCpu_ = usage.cpu;
}

void ControlLoop::saveLearned() {
    for (const auto& listener : listeners_) {
        const LimitMemory memory = listener->save();
        if (!memory.isEmpty())
            learned_[listener->config().subject()] = memory;
    }
    if (parts_.history != nullptr && !learned_.empty())
        parts_.history->saveState(kLearnedName, writeLearned(learned_));
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

void ControlLoop::noteLateness(Duration late, MonotonicTime now) {
    lateness_.record(toSeconds(late));
    const std::lock_guard lock(mutex_);
    ++counters_.ticks;
    if (now - latenessSince_ < std::chrono::minutes(1))
        return;
    counters_.latenessP50 = lateness_.quantile(0.5);
    counters_.latenessP99 = lateness_.quantile(0.99);
    lateness_ = {};
    latenessSince_ = now;
}

}  // namespace levee
