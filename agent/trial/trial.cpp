// SPDX-License-Identifier: Apache-2.0
#include "agent/trial/trial.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <deque>
#include <functional>
#include <iterator>
#include <queue>

#include "agent/control/guarded_listener.h"
#include "rules/lang/scalar_reader.h"
#include "shared/base/hash.h"
#include "shared/base/random.h"
#include "shared/base/units.h"

namespace levee::trial {
namespace {

using namespace std::chrono_literals;
using Micros = std::chrono::microseconds;

constexpr Duration kTick = 100ms;

std::int64_t micros(Duration time) {
    return std::chrono::duration_cast<Micros>(time).count();
}

std::string millisText(Duration time) {
    return formatDuration(std::chrono::duration_cast<std::chrono::milliseconds>(time));
}

/// What is to be judged, as it develops.
struct Watch {
    explicit Watch(const Expectation& what) : expectation(what) {}

    bool covers(Duration at) const { return at >= expectation.from && at < expectation.to; }

    const Expectation& expectation;
    std::uint64_t requests = 0;
    std::uint64_t refused = 0;
    double least = kUnknown;  ///< of the limit
    double most = kUnknown;
    Duration firstMoved = Duration::max();   ///< opened or closed, since `from`
    Duration firstBroken = Duration::max();  ///< was not as it should be all along
    std::string broken;                      ///< how it was then
};

class Trial {
public:
    Trial(const GuardTest& test, const RuleSet& rules)
        : test_(test),
          config_(configOf(test)),
          listener_(config_, stableHash(test.name), kStart),
          random_(stableHash(test.name) + 1),
          freeAt_(test.servers, Duration::zero()) {
        listener_.setRules({1, rules, {}}, kStart);
        watches_.reserve(test.expect.size());
        for (const Expectation& expectation : test.expect)
            watches_.emplace_back(expectation);
    }

    TrialResult run();

private:
    static constexpr MonotonicTime kStart{std::chrono::hours(1)};

    struct Request {
        Duration arrived{};
        Duration started{};
        Duration ends{};
        bool isFailed = false;
        std::uint16_t waitingBefore = 0;

        bool operator>(const Request& other) const { return ends > other.ends; }
    };

    static ListenerConfig configOf(const GuardTest& test) {
        ListenerConfig config;
        config.direction = test.client.empty() ? Direction::Inbound : Direction::Outbound;
        config.client = test.client;
        config.service = test.service;
        return config;
    }

    MonotonicTime clock(Duration at) const { return kStart + at; }
    void runUntil(Duration until);
    void arrive(Duration at, const Phase& phase);
    void startService(Request request, Duration at);
    void end(const Request& request);
    void dropOverdue(Duration at);
    void tick(Duration at);
    void record(const Request& request, Outcome outcome, Duration at);
    void observe(Duration at);
    void count(Duration at, bool isRefused);
    Verdict judge(const Watch& watch) const;

    const GuardTest& test_;
    ListenerConfig config_;
    GuardedListener listener_;
    Random random_;
    std::vector<Duration> freeAt_;  ///< of the service's servers; empty: no bound
    Phase phase_;
    std::priority_queue<Request, std::vector<Request>, std::greater<>> inService_;
    std::deque<Request> waiting_;
    Duration nextTick_ = kTick;
    std::vector<Watch> watches_;
    TrialResult result_;
};

void Trial::record(const Request& request, Outcome outcome, Duration at) {
    RequestRecord record;
    record.arrivalMicros = micros(request.arrived);
    record.durationMicros = micros(at - request.arrived);
    record.queueMicros = micros(std::max(Duration::zero(), request.started - request.arrived));
    record.serverConnections =
        static_cast<std::uint16_t>(std::min<std::size_t>(inService_.size() + 1, 65535));
    record.queueLength = request.waitingBefore;
    record.outcome = outcome;
    listener_.add(record, clock(request.arrived), clock(at));
    observe(at);
}

void Trial::count(Duration at, bool isRefused) {
    ++result_.requests;
    result_.refused += isRefused ? 1 : 0;
    for (Watch& watch : watches_) {
        if (watch.covers(at)) {
            ++watch.requests;
            watch.refused += isRefused ? 1 : 0;
        }
    }
}

void Trial::arrive(Duration at, const Phase& phase) {
    phase_ = phase;
    const DesiredState::Listener desired = listener_.desired();
    Request request;
    request.arrived = request.started = at;
    request.waitingBefore =
        static_cast<std::uint16_t>(std::min<std::size_t>(waiting_.size(), 65535));
    if (random_.uniform() >= desired.admitShare) {
        count(at, true);
        record(request, test_.client.empty() ? Outcome::ShedLimit : Outcome::ShedBreaker, at);
        return;
    }
    if (desired.maxInFlight == 0 || inService_.size() < desired.maxInFlight) {
        count(at, false);
        startService(request, at);
        return;
    }
    if (waiting_.size() < desired.queueLimit) {
        waiting_.push_back(request);  // counted when it is known what becomes of it
        return;
    }
    count(at, true);
    record(request, Outcome::ShedLimit, at);
}

void Trial::startService(Request request, Duration at) {
    request.started = at;
    request.isFailed = random_.uniform() < phase_.failures;
    Duration begins = at;
    if (!freeAt_.empty()) {
        std::pop_heap(freeAt_.begin(), freeAt_.end(), std::greater<>());
        begins = std::max(at, freeAt_.back());
        freeAt_.back() = begins + phase_.latency;
        std::push_heap(freeAt_.begin(), freeAt_.end(), std::greater<>());
    }
    request.ends = begins + phase_.latency;
    inService_.push(request);
}

void Trial::end(const Request& request) {
    const Duration given = std::min(request.ends, request.started + config_.serverTimeout);
    record(request,
           given < request.ends ? Outcome::Timeout
           : request.isFailed   ? Outcome::Failure
                                : Outcome::Success,
           request.ends);
    const DesiredState::Listener desired = listener_.desired();
    while (!waiting_.empty() &&
           (desired.maxInFlight == 0 || inService_.size() < desired.maxInFlight)) {
        const Request next = waiting_.front();
        waiting_.pop_front();
        count(next.arrived, false);
        startService(next, request.ends);
    }
}

void Trial::dropOverdue(Duration at) {
    while (!waiting_.empty() && waiting_.front().arrived + config_.queueTimeout <= at) {
        const Request overdue = waiting_.front();
        waiting_.pop_front();
        count(overdue.arrived, true);
        record(overdue, Outcome::ShedLimit, overdue.arrived + config_.queueTimeout);
    }
}

void Trial::tick(Duration at) {
    dropOverdue(at);
    listener_.tick(kTick, clock(at));
    observe(at);
    for (Event& event : listener_.takeEvents()) {
        event.millis = std::chrono::duration_cast<std::chrono::milliseconds>(at).count();
        result_.events.push_back(std::move(event));
    }
}

/// Everything that happens by itself up to then.
void Trial::runUntil(Duration until) {
    for (;;) {
        const Duration ends = inService_.empty() ? Duration::max() : inService_.top().ends;
        if (std::min(ends, nextTick_) > until)
            return;
        if (ends <= nextTick_) {
            const Request request = inService_.top();
            inService_.pop();
            dropOverdue(ends);
            end(request);
        } else {
            tick(nextTick_);
            nextTick_ += kTick;
        }
    }
}

void Trial::observe(Duration at) {
    const GuardState state = listener_.state(nullptr, clock(at));
    for (Watch& watch : watches_) {
        if (!watch.covers(at))
            continue;
        const Expectation& expectation = watch.expectation;
        if (expectation.limit && std::isfinite(state.limit)) {
            watch.least =
                std::isnan(watch.least) ? state.limit : std::min(watch.least, state.limit);
            watch.most = std::isnan(watch.most) ? state.limit : std::max(watch.most, state.limit);
        }
        if (!expectation.breaker)
            continue;
        const bool isOpen = state.breaker == BreakerState::Open;
        const bool isClosed =
            state.breaker == BreakerState::Closed || state.breaker == BreakerState::Disabled;
        const bool isMoved = *expectation.breaker == BreakerExpectation::Opens ? isOpen : isClosed;
        if (isMoved && watch.firstMoved == Duration::max())
            watch.firstMoved = at - expectation.from;
        const bool isRight = *expectation.breaker == BreakerExpectation::Open ? isOpen : isClosed;
        if (!isRight && watch.firstBroken == Duration::max()) {
            watch.firstBroken = at;
            watch.broken = isOpen ? "open" : isClosed ? "closed" : "on its way to closed";
        }
    }
}

Verdict Trial::judge(const Watch& watch) const {
    const Expectation& e = watch.expectation;
    Verdict verdict{describe(e), e.place, false, {}};
    if (e.shed) {
        const double share = watch.requests > 0 ? static_cast<double>(watch.refused) /
                                                      static_cast<double>(watch.requests)
                                                : 0;
        verdict.isMet = watch.requests > 0 && share >= e.shed->least && share <= e.shed->most;
        verdict.seen = fmt::format("{} of {} requests were refused, {:.3g}%", watch.refused,
                                   watch.requests, share * 100);
    } else if (e.limit) {
        verdict.isMet = watch.least >= e.limit->least && watch.most <= e.limit->most;
        verdict.seen = std::isnan(watch.least)
                           ? "there was no limit"
                           : fmt::format("the limit was {:g} to {:g}", watch.least, watch.most);
    } else if (e.within > Duration::zero()) {
        const bool opens = *e.breaker == BreakerExpectation::Opens;
        verdict.isMet = watch.firstMoved <= e.within;
        verdict.seen = watch.firstMoved == Duration::max()
                           ? fmt::format("it never {}", opens ? "opened" : "closed")
                           : fmt::format("it {} after {}", opens ? "opened" : "closed",
                                         millisText(watch.firstMoved));
    } else {
        verdict.isMet = watch.firstBroken == Duration::max();
        verdict.seen = verdict.isMet ? "it was, all along"
                                     : fmt::format("at {} it was {}", millisText(watch.firstBroken),
                                                   watch.broken);
    }
    return verdict;
}

TrialResult Trial::run() {
    Duration begins{};
    for (const Phase& phase : test_.traffic) {
        const Duration over = begins + phase.length;
        if (phase.rate > 0) {
            const auto all = static_cast<std::int64_t>(phase.rate * toSeconds(phase.length));
            for (std::int64_t i = 0; i < all; ++i) {
                const Duration at = begins + fromSeconds(static_cast<double>(i) / phase.rate);
                runUntil(at);
                arrive(at, phase);
            }
        }
        runUntil(over - 1ns);
        begins = over;
    }
    result_.name = test_.name;
    result_.place = test_.place;
    result_.subject = test_.subject();
    result_.rule = listener_.state(nullptr, clock(begins)).rule;
    for (const Watch& watch : watches_)
        result_.verdicts.push_back(judge(watch));
    return std::move(result_);
}

}  // namespace

bool TrialResult::isMet() const {
    return std::all_of(verdicts.begin(), verdicts.end(),
                       [](const Verdict& verdict) { return verdict.isMet; });
}

TrialResult runTrial(const GuardTest& test, const RuleSet& rules) {
    return Trial(test, rules).run();
}

}  // namespace levee::trial
