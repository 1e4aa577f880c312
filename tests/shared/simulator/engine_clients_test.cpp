// SPDX-License-Identifier: Apache-2.0
// What callers do: timeouts, retries and their budgets, breakers.
#include <QTest>
#include <cmath>

#include "tests/shared/simulator/scenario_builder.h"
#include "tests/support/test_registry.h"

using namespace levee;
using namespace levee::simulator;
using namespace levee::simulator::test;
using Kind = FaultSpec::Kind;

namespace {

double perFirst(std::uint64_t count, const Figures& f) {
    return static_cast<double>(count) / static_cast<double>(f.firsts);
}

/// "shop" calls "store", which fails a share of the calls.
Scenario failingStore(double share, const CallSpec& call) {
    Scenario scenario = oneByOne(100);
    scenario.clients[0].arrivals.rates[0].rate = 200;
    scenario.services.push_back(serviceOf("store", 100, 0.01));
    scenario.services[0].calls = {call};
    scenario.faults = {{.kind = Kind::Errors, .service = "store", .seconds = 1000, .value = share}};
    return scenario;
}

CallSpec callTo(const char* service) {
    CallSpec call;
    call.to = service;
    return call;
}

struct Both {
    Figures shop;
    Figures store;
};

Both figuresOfBoth(const Scenario& scenario, std::string_view algorithm, Interval interval) {
    Simulation simulation(scenario, *algorithmNamed(algorithm), 1, {interval});
    simulation.run();
    return {simulation.figures("shop", interval), simulation.figures("store", interval)};
}

}  // namespace

class EngineClientsTest : public QObject {
    Q_OBJECT
private slots:
    void aCallerThatGivesUpLeavesWaste() {
        Scenario scenario = oneByOne(20);
        scenario.services[0] = serviceOf("shop", 100, 0.5);
        scenario.clients[0].timeout = 0.4;
        Figures f = figuresOf(scenario, "none");
        QCOMPARE(f.good, 0U);
        QVERIFY(f.failed >= 195 && f.late >= 194);
        scenario.clients[0].timeout = 0.6;
        f = figuresOf(scenario, "none");
        QVERIFY(f.good >= 194);
        QCOMPARE(f.failed + f.late, 0U);
    }

    void attemptsMultiplyAsTheFailuresDo() {
        for (const double share : {0.3, 1.0}) {
            Scenario scenario = oneByOne(200);
            scenario.clients[0].attempts = 3;
            scenario.clients[0].arrivals.rates[0].rate = 200;
            scenario.clients[0].backoff = 0.01;
            scenario.faults = {
                {.kind = Kind::Errors, .service = "shop", .seconds = 1000, .value = share}};
            const Figures f = figuresOf(scenario, "none");
            QVERIFY(std::abs(perFirst(f.offered, f) - (1 + share + share * share)) < 0.02);
            QVERIFY(std::abs(perFirst(f.good, f) - (1 - share * share * share)) < 0.01);
        }
    }

    void retriesOfEachLayerMultiply() {
        CallSpec call = callTo("store");
        call.attempts = 3;
        Scenario scenario = failingStore(1, call);
        scenario.clients[0].attempts = 4;
        scenario.clients[0].backoff = 0.01;
        const Both f = figuresOfBoth(scenario, "none", {0, 99});
        QVERIFY(std::abs(perFirst(f.shop.offered, f.shop) - 4) < 0.01);
        // Every attempt at the shop is a first call to the store.
        QVERIFY(std::abs(static_cast<double>(f.store.offered) / static_cast<double>(f.shop.firsts) -
                         12) < 0.05);
    }

    void aBudgetBoundsTheRetries() {
        CallSpec call = callTo("store");
        call.attempts = 5;
        call.retryBudget = 0.1;
        const Both f = figuresOfBoth(failingStore(1, call), "none", {0, 100});
        QVERIFY(std::abs(perFirst(f.store.retries, f.store) - 0.1) < 0.002);
    }

    void waitsBetweenAttemptsDoubleWithJitter() {
        Scenario scenario = oneByOne(100);
        scenario.clients[0].attempts = 3;
        scenario.clients[0].backoff = 0.1;
        // The service fails everything, but only for the first second.
        scenario.faults = {
            {.kind = Kind::Errors, .service = "shop", .seconds = 0.05 + 0.1, .value = 1}};
        const Interval all{0, 100};
        Simulation simulation(scenario, *algorithmNamed("none"), 1, {all});
        simulation.run();
        const Figures f = simulation.figures("user", all);
        QCOMPARE(f.retries, 1U);
        // 1 ms to fail, half to one and a half times the backoff, 10 ms of work.
        QVERIFY(f.latency.max() > 0.001 + 0.05 + 0.01 - 1e-9);
        QVERIFY(f.latency.max() < 0.001 + 0.15 + 0.01 + 1e-9);
        scenario.faults[0].seconds = 1000;
        scenario.duration = 1000;
        scenario.clients[0].arrivals.rates = {{0, 10, false}, {900, 0, false}};
        Simulation failing(scenario, *algorithmNamed("none"), 1, {{0, 0.26}, {0, 1000}});
        failing.run();
        QCOMPARE(failing.figures("user", {0, 1000}).offered,
                 3 * failing.figures("user", {0, 1000}).firsts);
    }

    void refusalsAreTriedAgainOnlyIfTheClientDoesThat() {
        for (const bool retries : {true, false}) {
            Scenario scenario = limitedQueueOf({.servers = 1, .load = 5, .duration = 50}, 1, 0);
            scenario.clients[0].attempts = 2;
            scenario.clients[0].retriesRefused = retries;
            const Figures f = figuresOf(scenario, "fixed");
            QCOMPARE(f.retries > 0, retries);
            if (retries) {
                QVERIFY(std::abs(*figure(f, "refusedShare") * static_cast<double>(f.firsts) /
                                     static_cast<double>(f.retries) -
                                 1) < 0.02);
            }
        }
    }

    void aBreakerOpensOnAFailingDependencyAndSparesIt() {
        CallSpec call = callTo("store");
        call.hasBreaker = true;
        call.required = false;
        Scenario scenario = failingStore(1, call);
        const Both guarded = figuresOfBoth(scenario, "levee", {0, 90});
        QVERIFY(guarded.store.trips >= 1);
        QVERIFY(*figure(guarded.store, "refusedShare") > 0.9);
        QVERIFY(*figure(guarded.shop, "successShare") > 0.99);
        const Both bare = figuresOfBoth(scenario, "none", {0, 90});
        QCOMPARE(bare.store.trips, 0U);
        QCOMPARE(bare.store.refused, 0U);
    }

    void aBreakerLetsTheTrafficBackIn() {
        CallSpec call = callTo("store");
        call.hasBreaker = true;
        Scenario scenario = failingStore(1, call);
        scenario.faults[0].at = 10;
        scenario.faults[0].seconds = 5;
        const Both before = figuresOfBoth(scenario, "levee", {2, 10});
        QCOMPARE(*figure(before.shop, "successShare"), 1.0);
        const Both during = figuresOfBoth(scenario, "levee", {11, 15});
        QVERIFY(*figure(during.shop, "successShare") < 0.01);
        const Both after = figuresOfBoth(scenario, "levee", {40, 100});
        QVERIFY(*figure(after.shop, "successShare") > 0.999);
    }

    void refusalsFurtherDownDoNotTripABreaker() {
        CallSpec call = callTo("store");
        call.hasBreaker = true;
        Scenario scenario = failingStore(0, call);
        scenario.services[0].limiter.place = LimiterSpec::Place::None;
        scenario.services[1].limiter.settings.limit = 1;
        scenario.services[1].limiter.settings.queue = 0;
        const Both f = figuresOfBoth(scenario, "fixed", {0, 100});
        QVERIFY(*figure(f.store, "refusedShare") > 0.4);
        QCOMPARE(f.store.trips, 0U);
    }

    /// A short stall, and clients that retry: without guards the service never recovers, although
    /// its load is 0.8 as before; with them it does.
    void aRetryStormOutlivesItsTriggerWithoutGuards() {
        Scenario scenario = queueOf({.servers = 10, .load = 0.8, .duration = 120, .timeout = 0.5});
        scenario.services[0].law.mean = 0.05;
        scenario.clients[0].arrivals.rates[0].rate = 160;
        scenario.clients[0].attempts = 4;
        scenario.clients[0].backoff = 0.1;
        scenario.faults = {{.kind = Kind::Stall, .service = "shop", .at = 20, .seconds = 5}};
        const auto goodputAfter = [&](const char* algorithm, double from) {
            return *figure(figuresOf(scenario, algorithm, 1, from), "goodput");
        };
        QVERIFY(goodputAfter("none", 60) < 0.1);
        QVERIFY(goodputAfter("levee", 60) > 0.75);
        scenario.faults.clear();
        QVERIFY(goodputAfter("none", 60) > 0.75);
    }
};

LEVEE_TEST(EngineClientsTest)
#include "engine_clients_test.moc"
