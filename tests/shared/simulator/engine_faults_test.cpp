// SPDX-License-Identifier: Apache-2.0
#include <QTest>
#include <cmath>

#include "tests/shared/simulator/scenario_builder.h"
#include "tests/support/test_registry.h"

using namespace levee;
using namespace levee::simulator;
using namespace levee::simulator::test;
using Kind = FaultSpec::Kind;

namespace {

/// Figures of "shop" in each of the intervals.
std::vector<Figures> across(const Scenario& scenario, const std::vector<Interval>& intervals,
                            std::string_view algorithm = "none") {
    Simulation simulation(scenario, *algorithmNamed(algorithm), 1, intervals);
    simulation.run();
    std::vector<Figures> figures;
    for (const Interval& interval : intervals) {
        figures.push_back(simulation.figures("shop", interval));
    }
    return figures;
}

/// More than the service can do, and a backlog that is never empty nor long.
Scenario saturated() {
    Scenario scenario = queueOf({.servers = 10, .load = 2, .duration = 40});
    scenario.services[0].backlog = 20;
    return scenario;
}

const std::vector<Interval> kBeforeDuringAfter{{2, 10}, {10.2, 20}, {20.2, 40}};

FaultSpec fault(Kind kind, double value) {
    return {.kind = kind, .service = "shop", .at = 10, .seconds = 10, .value = value};
}

}  // namespace

class EngineFaultsTest : public QObject {
    Q_OBJECT
private slots:
    void capacityFollowsTheServers() {
        for (const double factor : {0.0, 0.5, 2.0}) {
            Scenario scenario = saturated();
            scenario.clients[0].arrivals.rates[0].rate *= 2;
            scenario.faults = {fault(Kind::Servers, factor)};
            const std::vector<Figures> f = across(scenario, kBeforeDuringAfter);
            QVERIFY(std::abs(*figure(f[0], "goodput") - 1) < 0.05);
            QVERIFY(std::abs(*figure(f[1], "goodput") - factor) < 0.05);
            QVERIFY(std::abs(*figure(f[2], "goodput") - 1) < 0.05);
        }
    }

    void aSlowServiceDoesLess() {
        Scenario scenario = saturated();
        scenario.faults = {fault(Kind::Slow, 4)};
        const std::vector<Figures> f = across(scenario, kBeforeDuringAfter);
        QVERIFY(std::abs(*figure(f[0], "goodput") - 1) < 0.05);
        QVERIFY(std::abs(*figure(f[1], "goodput") - 0.25) < 0.05);
        QVERIFY(std::abs(*figure(f[2], "goodput") - 1) < 0.05);
    }

    void faultsThatOverlapMultiply() {
        Scenario scenario = saturated();
        scenario.faults = {fault(Kind::Slow, 2), fault(Kind::Servers, 0.5)};
        scenario.faults[1].at = 12;
        scenario.faults[1].seconds = 4;
        const std::vector<Figures> f = across(scenario, {{10.2, 12}, {12.2, 16}, {16.2, 20}});
        QVERIFY(std::abs(*figure(f[0], "goodput") - 0.5) < 0.06);
        QVERIFY(std::abs(*figure(f[1], "goodput") - 0.25) < 0.06);
        QVERIFY(std::abs(*figure(f[2], "goodput") - 0.5) < 0.06);
    }

    void errorsFailTheirShareInAMillisecond() {
        Scenario scenario = oneByOne(400);
        scenario.clients[0].arrivals.rates[0].rate = 100;
        scenario.faults = {
            {.kind = Kind::Errors, .service = "shop", .at = 100, .seconds = 200, .value = 0.3}};
        const std::vector<Figures> f = across(scenario, {{0, 100}, {100, 300}, {300.1, 400}});
        QCOMPARE(f[0].failed, 0U);
        QVERIFY(std::abs(*figure(f[1], "failedShare") - 0.3) < 0.02);
        QCOMPARE(f[2].failed, 0U);
    }

    void aCrashFailsWhatIsUnderWayAndAllCallsUntilTheEnd() {
        Scenario scenario = oneByOne(40);
        scenario.services[0] = serviceOf("shop", 20, 1);  // ten at work, always
        scenario.faults = {fault(Kind::Crash, 0)};
        const std::vector<Figures> f =
            across(scenario, {{2, 10}, {10, 10.0005}, {10.0005, 20}, {20.01, 40}});
        QCOMPARE(f[0].failed, 0U);
        QVERIFY(f[1].failed == 10 || f[1].failed == 9);
        QVERIFY(f[2].failed >= 99 && f[2].good == 0);
        QCOMPARE(f[3].failed, 0U);
        QVERIFY(f[3].good >= 189);
    }

    void aCrashEmptiesTheBacklogAndAbandonsCalls() {
        Scenario scenario = oneByOne(40);
        scenario.services[0] = serviceOf("shop", 1, 0.05);
        scenario.services.push_back(serviceOf("store", 100, 5));
        CallSpec call;
        call.to = "store";
        scenario.services[0].calls = {call};
        scenario.faults = {fault(Kind::Crash, 0)};
        scenario.faults[0].seconds = 0.01;
        const Interval whole{0, 40};
        Simulation simulation(scenario, *algorithmNamed("none"), 1, {whole});
        simulation.runUntil(9.9);
        QVERIFY(simulation.trace("shop").back().inFlight > 90);
        simulation.runUntil(10.2);
        QVERIFY(simulation.trace("shop").back().inFlight <= 3);
        simulation.runUntil(16);
        // The call that was under way was answered after its caller was gone.
        QCOMPARE(simulation.figures("store", whole).late, 1U);
        QCOMPARE(simulation.figures("store", whole).failed, 1U);
    }

    void oneInstanceCanCrashAlone() {
        Scenario scenario = oneByOne(400);
        scenario.services[0].instances = 4;
        scenario.clients[0].arrivals.rates[0].rate = 100;
        scenario.faults = {fault(Kind::Crash, 0)};
        scenario.faults[0].instance = 2;
        scenario.faults[0].seconds = 1000;
        const std::vector<Figures> f = across(scenario, {{20, 400}});
        QVERIFY(std::abs(*figure(f[0], "failedShare") - 0.25) < 0.02);
    }

    void aStallDelaysWhatIsUnderWayByItsLength() {
        Scenario scenario = oneByOne(40);
        scenario.services[0] = serviceOf("shop", 100, 0.25);  // two or three at work
        scenario.faults = {{.kind = Kind::Stall, .service = "shop", .at = 10.01, .seconds = 3}};
        const std::vector<Figures> f =
            across(scenario, {{5, 10.01}, {10.01, 13.01}, {13.01, 13.3}, {13.6, 40}});
        QVERIFY(std::abs(f[0].latency.max() - 0.25) < 1e-9);
        QCOMPARE(f[1].good, 0U);
        QVERIFY(std::abs(f[2].latency.max() - 3.25) < 1e-9);
        // Came at 10.1, the first in the stall: waits until 13.01.
        QCOMPARE(f[2].good, 3U + 30U);
        QVERIFY(std::abs(f[3].latency.max() - 0.25) < 1e-9);
    }

    void aStalledProcessDoesNotAnswerForItsCalls() {
        Scenario scenario = oneByOne(40);
        scenario.services.push_back(serviceOf("store", 100, 0.05));
        CallSpec call;
        call.to = "store";
        scenario.services[0].calls = {call};
        scenario.faults = {{.kind = Kind::Stall, .service = "shop", .at = 10.03, .seconds = 2}};
        const std::vector<Figures> f =
            across(scenario, {{5, 10.03}, {10.03, 12.02}, {12.02, 12.05}});
        QCOMPARE(f[1].good, 0U);
        // The one that came at 10.0 was calling: its answer came at 10.06, and it went on at 12.03.
        QVERIFY(std::abs(f[2].latency.max() - 2.03) < 1e-6);
    }

    void aLimiterInTheProcessStandsStillWithIt() {
        Scenario scenario = oneByOne(40);
        scenario.services[0].limiter.place = LimiterSpec::Place::InProcess;
        scenario.services[0].limiter.settings.limit = 5;
        scenario.services[0].limiter.settings.queue = 2;
        scenario.faults = {{.kind = Kind::Stall, .service = "shop", .at = 10.05, .seconds = 3}};
        const std::vector<Figures> f = across(scenario, {{10.05, 13.04}, {13.04, 13.09}}, "fixed");
        QCOMPARE(f[0].refused + f[0].good + f[0].failed, 0U);
        QCOMPARE(f[1].refused, 30U - 5U);  // all at once when it goes on
        // At a gateway they are refused while it stalls.
        scenario.services[0].limiter.place = LimiterSpec::Place::Gateway;
        QCOMPARE(across(scenario, {{10.05, 13.04}, {13.04, 13.09}}, "fixed")[0].refused > 20, true);
    }

    void faultsComeAgain() {
        Scenario scenario = oneByOne(41);
        scenario.faults = {
            {.kind = Kind::Errors, .service = "shop", .at = 5, .seconds = 1, .every = 10}};
        const std::vector<Figures> f =
            across(scenario, {{0, 41}, {5, 6.01}, {15, 16.01}, {35, 36.01}});
        QVERIFY(f[0].failed >= 38 && f[0].failed <= 42);
        for (const std::size_t k : {1, 2, 3}) {
            QVERIFY(f[k].failed >= 9 && f[k].failed <= 11);
        }
    }

    void theLimitSurvivesAClockThatJumpsAndWindowsThatAreLost() {
        for (const Kind kind : {Kind::ClockJump, Kind::LoseWindows}) {
            Scenario scenario = queueOf({.servers = 20, .load = 2, .duration = 60, .timeout = 0.5});
            scenario.faults = {{.kind = kind,
                                .service = "shop",
                                .at = 20,
                                .seconds = 5,
                                .value = 30,
                                .every = 20}};
            const Figures f = figuresOf(scenario, "levee", 1, 10);
            QVERIFY(*figure(f, "goodput") > 0.9);
            QVERIFY(f.limitMean > 18 && f.limitMean < 35);
        }
    }

    void lostWindowsHoldTheLimit() {
        Scenario scenario = queueOf({.servers = 20, .load = 3, .duration = 40, .timeout = 0.5});
        scenario.faults = {{.kind = Kind::LoseWindows, .service = "shop", .at = 0, .seconds = 20}};
        const std::vector<Figures> f = across(scenario, {{0, 20}, {20.5, 40}}, "levee");
        QCOMPARE(f[0].limitLeast, f[0].limitMost);
        QVERIFY(f[1].limitLeast < f[1].limitMost);
    }
};

LEVEE_TEST(EngineFaultsTest)
#include "engine_faults_test.moc"
