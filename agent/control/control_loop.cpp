// SPDX-License-Identifier: Apache-2.0
#include "agent/control/control_loop.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "agent/control/learned_state.h"
#include "agent/runtime/process_usage.h"
#include "shared/base/log.h"

namespace levee {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr Duration kTick = milliseconds(100);
constexpr Duration kPublishEvery = seconds(1);
constexpr Duration kSaveEvery = seconds(30);
constexpr const char* kLearnedName = "guards";
constexpr const char* kUser = topology::kUserNode;  // so span pairing names root spans' callers
constexpr Duration kHostFor = seconds(30);          // a reading is shown for so long

/// What a listener has while enforcement is switched off: everything passes, and what a rate or a
/// deadline would refuse is still counted.
DesiredState::Listener passing(const DesiredState::Listener& wanted) {
    DesiredState::Listener pass;
    pass.subject = wanted.subject;
    pass.rule = wanted.rule;
    pass.rate = wanted.rate;
    pass.leastMicros = wanted.leastMicros;
    pass.turnMicros = wanted.turnMicros;
    pass.isShadow = true;
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

void ControlLoop::tick(MonotonicTime now) {
    const Duration elapsed = now - std::exchange(tickedAt_, now);
    shareWork(now);
    if (parts_.latency != nullptr)
        parts_.latency->closeSlices(toUnixMillis(parts_.time.wall()));
    for (const auto& listener : listeners_)
        listener->tick(elapsed, now);
    announceEvents(now);
    enforceIfChanged();
    // Each tenth tick. The one before may have been a moment late: to ask for a whole second would
    // put every other picture off by a tick, and leave a second out of each twenty.
    if (now - publishedAt_ >= kPublishEvery - kTick / 2)
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
        isNew = listener->takeHoldNews() || isNew;
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
    for (Node& node : snapshot->nodes) {
        node.usage = usageOf(snapshot->host, node.name);
        if (const auto owner = owners_.find(node.name); owner != owners_.end())
            update(node.owner, owner->second);
    }
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
