// SPDX-License-Identifier: Apache-2.0
// The demo shop in the middle of an incident, as an agent would tell it: payment fails half of its
// calls, the breaker on checkout->payment is open, the orders queue is shed. A pure function of the
// second, so that sparklines and charts have a shape.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

#include "shared/model/latency_map.h"
#include "shared/model/snapshot.h"
#include "shared/model/trace.h"

namespace levee::test {

constexpr std::int64_t kDemoStartMillis = 1'760'000'000'000;

/// Smooth and repeatable unrest, about -1 to 1.
inline double demoWave(int second, int phase) {
    const double t = second + 17.0 * phase;
    return 0.6 * std::sin(t / 7.3) + 0.3 * std::sin(t / 2.9 + phase) + 0.1 * std::sin(t * 1.7);
}

inline Traffic demoTraffic(int second, int phase, double rate, double errorShare, double shedShare,
                           double p50) {
    Traffic traffic;
    traffic.requestRate = rate * (1 + 0.12 * demoWave(second, phase));
    traffic.errorRate = traffic.requestRate * errorShare * (1 + 0.2 * demoWave(second, phase + 3));
    traffic.shedRate = traffic.requestRate * shedShare * (1 + 0.1 * demoWave(second, phase + 5));
    traffic.p50 = p50 * (1 + 0.1 * demoWave(second, phase + 7));
    traffic.p95 = traffic.p50 * 2.1;
    traffic.p99 = traffic.p50 * (3.4 + 0.6 * demoWave(second, phase + 9));
    return traffic;
}

/// From this second on payment fails.
constexpr int kDemoFailsAt = 600;

/// What the agent has kept of payment, its caller and what it calls, up to this second: one of two
/// instances gets slow, and so does the ledger.
inline LatencyMap demoLatencies(int second) {
    constexpr int kSlice = 2;
    LatencyMap map;
    map.sliceMillis = kSlice * 1'000;
    map.untilMillis = kDemoStartMillis + second / kSlice * map.sliceMillis;
    map.keptFromMillis = map.untilMillis - 240'000;
    LatencyFacet good;
    good.status = 200;
    good.instance = "10.0.0.11:8080";
    good.revision = 17;
    LatencyFacet ill = good;
    ill.instance = "10.0.0.12:8080";
    LatencyFacet failed = ill;
    failed.status = 503;
    failed.outcome = Outcome::Failure;
    /// A hump of requests around a bucket.
    const auto hump = [](LatencySlice& slice, double middle, double width, double height,
                         std::uint8_t facet) {
        for (int bucket = 0; bucket < kLatencyBuckets; ++bucket) {
            const double away = (bucket - middle) / width;
            const auto count = static_cast<std::uint32_t>(height * std::exp(-away * away));
            if (count > 0)
                slice.cells.push_back({static_cast<std::uint8_t>(bucket), facet, count});
        }
    };
    LatencyStream own{"payment", false, {}};
    LatencyStream caller{"checkout->payment", false, {}};
    LatencyStream ledger{"payment->ledger", false, {}};
    for (std::int64_t at = map.keptFromMillis; at < map.untilMillis; at += map.sliceMillis) {
        const int now = static_cast<int>((at - kDemoStartMillis) / 1'000);
        const double bad = std::clamp((now - kDemoFailsAt) / 20.0, 0.0, 1.0);
        const double wave = demoWave(now, 3);
        LatencySlice slice{at, {good, ill, failed}, {}};
        hump(slice, 16.5 + 0.5 * wave, 2, 60 * (1 - 0.6 * bad), 0);
        hump(slice, 16.5 + 8 * bad + 0.5 * wave, 2 + bad, 60 * (1 - 0.7 * bad), 1);
        hump(slice, 24.5 + 0.5 * wave, 2, 14 * bad, 2);
        own.slices.push_back(slice);
        slice.facets = {good, good, good};
        caller.slices.push_back(std::move(slice));
        LatencySlice calls{at, {good}, {}};
        hump(calls, 13 + 9 * bad + 0.4 * wave, 1.6, 70 * (1 - 0.5 * bad), 0);
        ledger.slices.push_back(std::move(calls));
    }
    map.streams = {own, caller, ledger};
    return map;
}

inline AgentSnapshot demoSnapshot(int second) {
    const bool isFailing = second >= kDemoFailsAt;
    const double bad = isFailing ? std::min(1.0, (second - kDemoFailsAt) / 20.0) : 0;
    AgentSnapshot s;
    s.sequence = second + 1;
    s.millis = kDemoStartMillis + second * 1'000LL;
    s.agent = {"shop-1", "0.1.0", kDemoStartMillis - 5'400'000, 17, 0.011,
               41e6,     true,    "haproxy 2.6.12, pid 4127"};

    const auto node = [&](const char* name, NodeKind kind, Health health, const Traffic& traffic,
                          double inFlight, int instances) {
        Node n;
        n.name = name;
        n.kind = kind;
        n.health = health;
        n.traffic = traffic;
        n.inFlight = inFlight;
        n.selfTime = traffic.p50 * 0.4;
        n.instances = instances;
        n.hosts = {"shop-1"};
        n.seenMillis = s.millis;
        s.nodes.push_back(std::move(n));
    };
    const auto edge = [&](const char* from, const char* to, NodeKind kind, Health health,
                          const Traffic& traffic, std::uint32_t evidence) {
        Edge e;
        e.client = from;
        e.server = to;
        e.serverKind = kind;
        e.evidence = evidence;
        e.health = health;
        e.traffic = traffic;
        e.seenMillis = s.millis;
        s.edges.push_back(std::move(e));
    };
    const Health payHealth = isFailing ? Health::Failing : Health::Ok;
    const Health shopHealth = isFailing ? Health::Degraded : Health::Ok;
    const Traffic user = demoTraffic(second, 1, 412, 0.002 + 0.012 * bad, 0, 0.062);
    const Traffic checkout = demoTraffic(second, 2, 184, 0.004 + 0.027 * bad, 0, 0.048);
    const Traffic payment =
        demoTraffic(second, 3, 172, 0.003 + 0.34 * bad, 0.58 * bad, 0.021 + 0.24 * bad);
    const Traffic ledger = demoTraffic(second, 4, 171 - 96 * bad, 0.001, 0, 0.006);
    const Traffic redis = demoTraffic(second, 5, 343 - 190 * bad, 0, 0, 0.0006);
    const Traffic orders = demoTraffic(second, 6, 61, 0, 0.07 * bad, 0.0021);
    const Traffic fulfil = demoTraffic(second, 7, 57, 0.002, 0, 0.118);

    node("checkout", NodeKind::Service, shopHealth, checkout, 9.1 + 6 * bad, 3);
    node("fulfilment", NodeKind::Service, Health::Ok, fulfil, 6.7, 2);
    node("ledger", NodeKind::Service, Health::Ok, ledger, 1.2, 2);
    node("payment", NodeKind::Service, payHealth, payment, 3.8 + 8 * bad, 2);
    node("rabbitmq:orders", NodeKind::Queue, Health::Ok, orders, kUnknown, 1);
    node("redis:6379", NodeKind::Cache, Health::Ok, redis, kUnknown, 1);
    node("user", NodeKind::User, Health::Idle, Traffic{}, kUnknown, 0);
    node("web", NodeKind::Service, shopHealth, user, 26, 2);

    const std::uint32_t both = kFromTraces | kFromGateway;
    edge("checkout", "payment", NodeKind::Service, payHealth, payment, both);
    edge("checkout", "rabbitmq:orders", NodeKind::Queue, Health::Ok, orders, kFromTraces);
    edge("ledger", "redis:6379", NodeKind::Cache, Health::Ok, redis, kFromTraces);
    edge("payment", "ledger", NodeKind::Service, Health::Ok, ledger, both);
    edge("rabbitmq:orders", "fulfilment", NodeKind::Service, Health::Ok, fulfil, kFromTraces);
    edge("user", "web", NodeKind::Service, Health::Ok, user, kFromGateway);
    edge("web", "checkout", NodeKind::Service, shopHealth, checkout, both);

    const auto guard = [&](const char* subject, const char* rule) -> GuardState& {
        GuardState g;
        g.subject = subject;
        g.rule = rule;
        g.revision = 17;
        g.enforcement = Enforcement::Enforcing;
        g.enforcementDetail = "map read back, generation 41";
        s.guards.push_back(std::move(g));
        return s.guards.back();
    };
    GuardState& breaker = guard("checkout->payment", "payment-breaker");
    breaker.hasBreaker = true;
    breaker.breaker = isFailing ? BreakerState::Open : BreakerState::Closed;
    breaker.admitShare = isFailing ? 0 : 1;
    breaker.distanceToTrip = isFailing ? 0 : 0.93;
    breaker.failureShare = 0.003 + 0.61 * bad;
    breaker.slowShare = 0.02 + 0.3 * bad;
    breaker.reopenInSeconds = isFailing ? 1.8 : kUnknown;
    breaker.trips = isFailing ? 3 : 0;
    breaker.shedRate = payment.shedRate;
    const auto limiter = [&](const char* subject, const char* rule, double limit, double inFlight,
                             double baseline, double shed) {
        GuardState& g = guard(subject, rule);
        g.hasLimit = true;
        g.limit = limit;
        g.inFlight = inFlight;
        g.baseline = baseline;
        g.queueLimit = std::ceil(limit / 2);
        g.shedRate = shed;
    };
    limiter("checkout", "default", 24, 9.1 + 6 * bad, 0.041, 0);
    limiter("payment", "payment-limit", isFailing ? 12 : 16, 3.8 + 8 * bad, 0.018, 4.2 * bad);
    GuardState& ramp = guard("web->checkout", "default");
    ramp.hasBreaker = true;
    ramp.breaker = BreakerState::Closed;
    ramp.distanceToTrip = 1 - 0.3 * bad;
    ramp.failureShare = checkout.errorShare();

    std::ranges::sort(s.guards, {}, &GuardState::subject);
    s.advice = {
        {"checkout", 3, 3, 184, 430, Confidence::High,
         "3 instances carry 430/s at the learned limit of 24; the demand is 184/s, so 43 % is "
         "used."},
        {"payment", 2, 5, 172, 76, Confidence::Medium,
         "172/s are asked for and 2 instances carry 76/s at the learned limit of 12; 5 would carry "
         "190/s with 10 % to spare."},
        {"web", 2, 2, 412, 690, Confidence::High,
         "2 instances carry 690/s; the demand is 412/s, so 60 % is used."},
    };
    s.targets = {
        {"haproxy", "http://127.0.0.1:8404/metrics", true, 0.004, 812, "", s.millis - 200},
        {"node", "http://127.0.0.1:9100/metrics", true, 0.021, 1'043, "", s.millis - 700},
        {"redis", "http://127.0.0.1:9121/metrics", false, 0, 0, "connection refused",
         s.millis - 400},
        {"shop", "http://127.0.0.1:9464/metrics", true, 0.003, 96, "", s.millis - 300},
    };
    return s;
}

inline std::vector<Event> demoEvents(int untilSecond) {
    const auto at = [](std::int64_t id, int second, EventKind kind, EventSeverity severity,
                       const char* subject, const char* text, const char* rule = "",
                       std::int64_t revision = 0, const char* detail = "") {
        return Event{id,      kDemoStartMillis + second * 1'000LL + 137,
                     kind,    severity,
                     subject, text,
                     rule,    revision,
                     detail};
    };
    using enum EventKind;
    using enum EventSeverity;
    const int fail = kDemoFailsAt;
    return {
        at(1, 12, EventKind::Agent, Info, "shop-1",
           "agent 0.1.0 took over a running gateway without a reload"),
        at(2, 31, Topology, Info, "checkout->payment", "new edge, from traces and the gateway"),
        at(3, 140, EventKind::Rule, Notice, "payment-breaker",
           "revision 17 is in force: trip at 50 % failures", "payment-breaker", 17),
        at(4, 355, EventKind::Target, Warning, "redis",
           "scrape target is down: connection refused"),
        at(5, fail + 1, EventKind::Breaker, Critical, "checkout->payment",
           "breaker opened: 10 of the last 10 calls failed", "payment-breaker", 17,
           "failureShare=1 threshold=0.5 calls=10 openFor=2s"),
        at(6, fail + 3, EventKind::Breaker, Notice, "checkout->payment",
           "half-open: 10 probes go through", "payment-breaker", 17),
        at(7, fail + 4, EventKind::Breaker, Critical, "checkout->payment",
           "opened again for 4 s: 6 of 10 probes failed", "payment-breaker", 17),
        at(8, fail + 9, Limit, Warning, "payment",
           "limit 16 -> 12: latency rose to 13x of the baseline of 18 ms", "payment-limit", 17),
        at(9, untilSecond - 2, EventKind::Breaker, Critical, "checkout->payment",
           "opened again for 8 s: 5 of 10 probes failed", "payment-breaker", 17),
    };
}

/// A slow checkout: payment's second call to the ledger fails after a long wait.
inline Trace demoTrace(int number, double seconds) {
    Trace trace;
    char id[33];
    std::snprintf(id, sizeof id, "%032x", number);
    trace.summary.id = id;
    trace.summary.service = "web";
    trace.summary.name = "POST /checkout";
    trace.summary.startMillis = kDemoStartMillis + (kDemoFailsAt + number) * 1'000LL;
    trace.summary.seconds = seconds;
    trace.summary.failed = true;
    trace.summary.keptFor = {"checkout", "checkout->payment", "payment", "web"};
    const auto base = static_cast<std::uint64_t>(trace.summary.startMillis) * 1'000'000;
    const auto span = [&](std::uint64_t spanId, std::uint64_t parent, const char* service,
                          const char* name, SpanKind kind, double from, double to, bool failed,
                          const char* peer = "") {
        trace.spans.push_back({spanId, parent, service, name, peer, kind, failed,
                               base + static_cast<std::uint64_t>(from * seconds * 1e9),
                               base + static_cast<std::uint64_t>(to * seconds * 1e9)});
    };
    span(1, 0, "web", "POST /checkout", SpanKind::Server, 0, 1, true);
    span(2, 1, "web", "POST", SpanKind::Client, 0.02, 0.98, true);
    span(3, 2, "checkout", "POST /order", SpanKind::Server, 0.03, 0.97, true);
    span(4, 3, "checkout", "publish orders", SpanKind::Producer, 0.05, 0.09, false,
         "rabbitmq:orders");
    span(5, 3, "checkout", "POST", SpanKind::Client, 0.10, 0.95, true);
    span(6, 5, "payment", "POST /charge", SpanKind::Server, 0.12, 0.94, true);
    span(7, 6, "payment", "GET", SpanKind::Client, 0.14, 0.30, false);
    span(8, 7, "ledger", "GET /balance", SpanKind::Server, 0.15, 0.29, false);
    span(9, 8, "ledger", "HGET", SpanKind::Client, 0.16, 0.19, false, "redis:6379");
    span(10, 6, "payment", "POST", SpanKind::Client, 0.32, 0.93, true);
    span(11, 10, "ledger", "POST /entry", SpanKind::Server, 0.34, 0.92, true);
    trace.summary.spans = static_cast<int>(trace.spans.size());
    return trace;
}

inline std::string demoRules() {
    return R"(# Guards of the shop.
apiVersion: levee/v1
kind: Guard
metadata:
  name: payment-breaker
spec:
  match: {client: checkout, service: payment}
  mode: enforce
  breaker:
    failureShare: 50%
    slowShare: 80%
    slowerThan: 500ms
    minimumCalls: 20
    window: 5s
    openFor: 2s
    ramp: 5s
  fallback:
    status: 503
    retryAfter: 1s
---
apiVersion: levee/v1
kind: Guard
metadata:
  name: payment-limit
spec:
  match: {service: payment}
  limiter:
    kind: adaptive
    min: 4
    max: 64
)";
}

}  // namespace levee::test
