// SPDX-License-Identifier: Apache-2.0
// What happens to a request at a service: waiting, working, calling others.
#include <QTest>
#include <cmath>

#include "tests/shared/simulator/scenario_builder.h"
#include "tests/support/test_registry.h"

using namespace levee;
using namespace levee::simulator;
using namespace levee::simulator::test;

namespace {

/// "shop" of 10 ms calls "a" of 20 ms and "b" of 30 ms.
Scenario callingBoth(bool parallel) {
    Scenario scenario = oneByOne(20);
    scenario.services.push_back(serviceOf("a", 100, 0.02));
    scenario.services.push_back(serviceOf("b", 100, 0.03));
    for (const char* to : {"a", "b"}) {
        CallSpec call;
        call.to = to;
        call.parallel = parallel;
        scenario.services[0].calls.push_back(call);
    }
    return scenario;
}

bool isConstantly(const Figures& f, double seconds) {
    return f.good > 0 && std::abs(f.latency.min() - seconds) < 1e-9 &&
           std::abs(f.latency.max() - seconds) < 1e-9;
}

Figures ofService(const Scenario& scenario, std::string_view name, std::string_view algorithm) {
    const Interval all{0, scenario.duration};
    Simulation simulation(scenario, *algorithmNamed(algorithm), 1, {all});
    simulation.run();
    return simulation.figures(name, all);
}

}  // namespace

class EngineServicesTest : public QObject {
    Q_OBJECT
private slots:
    void callsFollowOneAnother() {
        QVERIFY(isConstantly(figuresOf(callingBoth(false), "none"), 0.06));
    }

    void parallelCallsTakeAsLongAsTheSlowest() {
        QVERIFY(isConstantly(figuresOf(callingBoth(true), "none"), 0.04));
    }

    void neighbouringParallelCallsGoTogetherAndTheRestFollows() {
        Scenario scenario = callingBoth(true);
        scenario.services.push_back(serviceOf("c", 100, 0.05));
        scenario.services[0].calls.push_back({.to = "c", .breaker = {}});
        QVERIFY(isConstantly(figuresOf(scenario, "none"), 0.09));
    }

    void aShareOfTheRequestsMakesTheCall() {
        Scenario scenario = callingBoth(false);
        scenario.duration = 2000;
        scenario.services[0].calls[0].share = 0.25;
        const Figures f = ofService(scenario, "a", "none");
        QVERIFY(std::abs(static_cast<double>(f.offered) / 20'000 - 0.25) < 0.02);
    }

    void aThreadPoolIsHeldDuringCallsAndAnEventLoopIsNot() {
        for (const bool holds : {true, false}) {
            Scenario scenario = callingBoth(false);
            scenario.services[0].servers = 1;
            scenario.services[0].holdsServer = holds;
            scenario.services[0].backlog = 20;
            scenario.clients[0].arrivals.rates[0].rate = 90;  // 10 ms of work, 60 ms in all
            const Figures f = figuresOf(scenario, "none", 1, 5);
            QCOMPARE(std::lround(*figure(f, "goodRate")), holds ? 17 : 90);
        }
    }

    void aSharedDependencyGetsTheCallsOfAll() {
        Scenario scenario = callingBoth(false);
        scenario.services[2].calls.push_back({.to = "a", .breaker = {}});
        QVERIFY(isConstantly(figuresOf(scenario, "none"), 0.08));
        QCOMPARE(ofService(scenario, "a", "none").offered,
                 2 * ofService(scenario, "b", "none").offered);
    }

    void aFailedCallFailsTheRequestUnlessThereIsAFallback() {
        for (const bool required : {true, false}) {
            Scenario scenario = callingBoth(false);
            scenario.services[0].calls[0].required = required;
            scenario.faults = {{.kind = FaultSpec::Kind::Errors, .service = "a", .seconds = 100}};
            const Figures f = figuresOf(scenario, "none");
            QCOMPARE(*figure(f, "successShare") > 0.9, !required);
            QCOMPARE(*figure(f, "failedShare") > 0.9, required);
            // Failing takes 1 ms. A failed sequence is not gone on with.
            QCOMPARE(ofService(scenario, "b", "none").offered > 0, !required);
            if (!required) {
                QVERIFY(isConstantly(f, 0.041));
            }
        }
    }

    void parallelCallsAreAllWaitedForWhenOneFails() {
        Scenario scenario = callingBoth(true);
        scenario.faults = {{.kind = FaultSpec::Kind::Errors, .service = "a", .seconds = 100}};
        const Figures f = ofService(scenario, "b", "none");
        QVERIFY(f.good > 190);
        QCOMPARE(f.late, 0U);
    }

    void aFullBacklogFailsAtOnce() {
        Scenario scenario = queueOf({.servers = 1, .load = 3, .duration = 20});
        scenario.services[0].backlog = 5;
        const Figures f = figuresOf(scenario, "none", 1, 2);
        QCOMPARE(f.backlogMost, 5.0);
        QVERIFY(std::abs(*figure(f, "failedShare") - 2.0 / 3) < 0.03);
        QCOMPARE(f.refused, 0U);
        QVERIFY(*figure(f, "goodput") > 0.95);
    }

    void theGatewayRefusesWhatHasWaitedTooLong() {
        Scenario scenario = oneByOne(20);
        scenario.services[0] = serviceOf("shop", 1, 0.4);  // a quarter of what is asked for
        scenario.services[0].limiter.settings.limit = 1;
        scenario.services[0].limiter.settings.queue = 1000;
        scenario.services[0].limiter.queueTimeout = 0.25;
        Figures f = figuresOf(scenario, "fixed");
        QVERIFY(std::abs(*figure(f, "refusedShare") - 0.75) < 0.02);
        QVERIFY(f.latency.max() <= 0.65 + 1e-9);
        scenario.services[0].limiter.queueTimeout = 0;
        f = figuresOf(scenario, "fixed");
        QCOMPARE(f.refused, 0U);
        QVERIFY(f.latency.max() > 5);
    }

    void theGatewayGivesUpAServiceThatDoesNotAnswer() {
        Scenario scenario = oneByOne(60);
        scenario.services[0] = serviceOf("shop", 100, 6);  // 60 of them at once
        scenario.services[0].limiter.settings.limit = 20;
        scenario.services[0].limiter.settings.queue = 0;
        Figures f = figuresOf(scenario, "fixed", 1, 10);
        QCOMPARE(f.good, 0U);
        // Each slot is free again after 5 s, though the service works on for another.
        QCOMPARE(std::lround(static_cast<double>(f.failed) / f.seconds), 4);
        QCOMPARE(std::lround(static_cast<double>(f.late) / f.seconds), 4);
        QCOMPARE(f.inFlightMost, 30.0);  // twenty that hold a slot and ten that have lost theirs
        scenario.services[0].limiter.serviceTimeout = 0;
        f = figuresOf(scenario, "fixed", 1, 10);
        QCOMPARE(f.failed, 0U);
        QCOMPARE(f.inFlightMost, 20.0);
    }

    void requestsAreSpreadOverTheInstances() {
        Scenario scenario = queueOf({.servers = 1, .load = 0.7, .duration = 400});
        scenario.services[0].instances = 4;
        scenario.clients[0].arrivals.rates[0].rate *= 4;
        // Four queues of one server each, not one of four.
        const Figures f = figuresOf(scenario, "none");
        QVERIFY(std::abs(f.latency.mean() / (0.01 / (1 - 0.7)) - 1) < 0.05);
    }
};

LEVEE_TEST(EngineServicesTest)
#include "engine_services_test.moc"
