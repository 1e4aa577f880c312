// SPDX-License-Identifier: Apache-2.0
#include "shared/simulator/simulation.h"

#include <QTest>
#include <cmath>
#include <numeric>
#include <set>

#include "tests/shared/simulator/scenario_builder.h"
#include "tests/support/test_registry.h"

using namespace levee;
using namespace levee::simulator;
using namespace levee::simulator::test;

namespace {

/// A bit of everything: two services, retries, a breaker, faults, priorities.
Scenario busyScenario() {
    Scenario scenario = queueOf({.servers = 4, .load = 1.5, .duration = 40, .timeout = 0.3});
    ServiceSpec store;
    store.name = "store";
    store.instances = 2;
    store.servers = 2;
    store.law = {.kind = ServiceLaw::Kind::Lognormal, .mean = 0.008, .cv = 0.5};
    store.limiter.gateways = 3;
    scenario.services.push_back(store);
    CallSpec call;
    call.to = "store";
    call.timeout = 0.1;
    call.attempts = 2;
    call.retryBudget = 0.2;
    call.hasBreaker = true;
    scenario.services[0].calls = {call};
    ClientSpec& user = scenario.clients[0];
    user.attempts = 3;
    user.priorities = {{0, 0.2}, {3, 0.8}};
    ClientSpec batch = user;
    batch.name = "batch";
    batch.to = "store";
    batch.arrivals = {.law = ArrivalSpec::Law::Bursts, .rates = {{0, 100, false}}};
    batch.priorities = {};
    scenario.clients.push_back(batch);
    using Kind = FaultSpec::Kind;
    scenario.faults = {
        {.kind = Kind::Errors, .service = "store", .at = 5, .seconds = 3, .value = 0.9},
        {.kind = Kind::Crash, .service = "store", .instance = 1, .at = 12, .seconds = 2},
        {.kind = Kind::Stall, .service = "shop", .at = 18, .seconds = 1, .every = 7},
        {.kind = Kind::Slow, .service = "store", .at = 30, .seconds = 4, .value = 3}};
    return scenario;
}

std::vector<double> everythingOf(const Scenario& scenario, std::string_view algorithm,
                                 std::uint64_t seed) {
    const Interval all{0, scenario.duration};
    Simulation simulation(scenario, *algorithmNamed(algorithm), seed, {all});
    simulation.run();
    std::vector<double> values{static_cast<double>(simulation.events())};
    for (const char* subject : {"shop", "store", "user", "batch"}) {
        const Figures f = simulation.figures(subject, all);
        for (const std::string_view name : figureNames()) {
            if (const double value = *figure(f, name); !std::isnan(value)) {
                values.push_back(value);
            }
        }
        values.push_back(f.latency.sum());
    }
    for (const TracePoint& point : simulation.trace("store")) {
        values.insert(values.end(), {point.limit, point.inFlight, point.goodRate});
    }
    return values;
}

}  // namespace

class SimulationTest : public QObject {
    Q_OBJECT
private slots:
    void theSeedAndTheAlgorithmDecideEverything() {
        const Scenario scenario = busyScenario();
        QCOMPARE(everythingOf(scenario, "levee", 7), everythingOf(scenario, "levee", 7));
        QVERIFY(everythingOf(scenario, "levee", 7) != everythingOf(scenario, "levee", 8));
        QVERIFY(everythingOf(scenario, "levee", 7) != everythingOf(scenario, "none", 7));
        QCOMPARE(everythingOf(scenario, "levee", 7), everythingOf(scenario, "adaptive", 7));
    }

    void stoppingInBetweenChangesNothing() {
        const Scenario scenario = busyScenario();
        const Interval all{0, scenario.duration};
        Simulation stepped(scenario, *algorithmNamed("levee"), 3, {all});
        for (double t = 0; t < 41; t += 0.37) {
            stepped.runUntil(std::min(t, scenario.duration));
        }
        stepped.run();
        Simulation whole(scenario, *algorithmNamed("levee"), 3, {all});
        whole.run();
        QCOMPARE(stepped.events(), whole.events());
        QCOMPARE(stepped.figures("user", all).latency.sum(),
                 whole.figures("user", all).latency.sum());
    }

    void everyAlgorithmIsTriedOnTheSameArrivals() {
        Scenario scenario = busyScenario();
        scenario.clients[0].attempts = 1;
        QCOMPARE(figuresOf(scenario, "none", 4).firsts, figuresOf(scenario, "levee", 4).firsts);
    }

    /// Nothing gets lost and nothing is made up: when the arrivals have stopped and all has
    /// drained, every attempt is accounted for.
    void whatIsOfferedIsRefusedAnsweredOrFailed() {
        for (const char* algorithm : {"none", "levee", "fixed"}) {
            Scenario scenario = busyScenario();
            scenario.services[0].limiter.settings.limit = 6;
            scenario.services[1].limiter.settings.limit = 2;
            scenario.services[0].backlog = 500;  // or it would not drain in time
            for (ClientSpec& client : scenario.clients) {
                client.arrivals.rates.push_back({40, 0, false});
            }
            for (FaultSpec& fault : scenario.faults) {
                fault.every = 0;
            }
            scenario.duration = 200;
            const Interval all{0, 200};
            Simulation simulation(scenario, *algorithmNamed(algorithm), 5, {all});
            simulation.run();
            for (const char* subject : {"shop", "store", "user", "batch"}) {
                const Figures f = simulation.figures(subject, all);
                QCOMPARE(f.offered, f.refused + f.good + f.failed);
                QCOMPARE(f.offered, f.firsts + f.retries);
                QCOMPARE(f.good, f.latency.count());
                QVERIFY(f.late <= f.failed);
                QVERIFY(f.good > 0);
            }
            QCOMPARE(simulation.trace("shop").back().inFlight, 0.0F);
            QCOMPARE(simulation.trace("store").back().inFlight, 0.0F);
            // A service is offered what its callers send.
            QCOMPARE(simulation.figures("shop", all).offered,
                     simulation.figures("user", all).offered);
        }
    }

    void levelsAddUpToAll() {
        const Scenario scenario = busyScenario();
        const Interval all{0, scenario.duration};
        Simulation simulation(scenario, *algorithmNamed("levee"), 2, {all});
        simulation.run();
        const Figures whole = simulation.figures("shop", all);
        const Figures high = simulation.figures("shop", all, 0);
        const Figures low = simulation.figures("shop", all, 3);
        QCOMPARE(high.offered + low.offered, whole.offered);
        QCOMPARE(high.good + low.good, whole.good);
        QVERIFY(std::abs(static_cast<double>(high.firsts) / static_cast<double>(whole.firsts) -
                         0.2) < 0.01);
        QCOMPARE(simulation.figures("shop", all, 1).offered, 0U);
        // The calls that a request makes have its priority; the batch client's have level 0.
        QVERIFY(simulation.figures("store", all, 3).offered > 0);
        QCOMPARE(simulation.figures("batch", all, 0).offered,
                 simulation.figures("batch", all).offered);
    }

    // How good a limiter is, its own tests say; here it has to be in the loop.
    void theAdaptiveLimiterKeepsAnOverloadedServiceBusy() {
        const Scenario scenario =
            queueOf({.servers = 20, .load = 2, .duration = 30, .timeout = 0.5});
        const Figures f = figuresOf(scenario, "levee", 1, 10);
        QVERIFY(*figure(f, "goodput") > 0.9);
        QVERIFY(f.limitMean > 15 && f.limitMean < 35);
        QVERIFY(*figure(f, "medianInflation") < 2);
    }

    void aLimiterInTheProcessDoesToo() {
        Scenario scenario = queueOf({.servers = 20, .load = 2, .duration = 30, .timeout = 0.5});
        scenario.services[0].limiter.place = LimiterSpec::Place::InProcess;
        scenario.services[0].instances = 2;
        scenario.clients[0].arrivals.rates[0].rate *= 2;
        const Figures f = figuresOf(scenario, "levee", 2, 10);
        QVERIFY(*figure(f, "goodput") > 0.8);
        QVERIFY(f.limitMean > 30 && f.limitMean < 70);
    }

    /// Three classes at twice the capacity: the first two fit in, the third gets what is left.
    void importantRequestsAreServedFirst_data() {
        QTest::addColumn<bool>("inProcess");
        QTest::addColumn<double>("success");
        QTest::newRow("gateway") << false << 0.95;
        // Without a queue the surplus that the admission lets through is refused whatever its
        // class.
        QTest::newRow("in process") << true << 0.65;
    }
    void importantRequestsAreServedFirst() {
        QFETCH(bool, inProcess);
        QFETCH(double, success);
        Scenario scenario = queueOf({.servers = 20, .load = 2, .duration = 60, .timeout = 1});
        scenario.clients[0].priorities = {{0, 0.1}, {4, 0.3}, {7, 0.6}};
        scenario.services[0].limiter.place =
            inProcess ? LimiterSpec::Place::InProcess : LimiterSpec::Place::Gateway;
        const auto successOf = [&](int level) {
            const Interval late{20, 60};
            Simulation simulation(scenario, *algorithmNamed("levee"), 1, {late});
            simulation.run();
            return *figure(simulation.figures("shop", late, level), "successShare");
        };
        QVERIFY(std::abs(successOf(0) - successOf(7)) < 0.05);
        scenario.services[0].limiter.usesPriorities = true;
        QVERIFY2(successOf(0) > success, QByteArray::number(successOf(0)));
        QVERIFY2(successOf(4) > success, QByteArray::number(successOf(4)));
        QVERIFY2(successOf(7) < 0.4, QByteArray::number(successOf(7)));
        QVERIFY2(successOf(-1) > 0.45, QByteArray::number(successOf(-1)));
    }

    /// With a queue far too long for the deadline, half of the work is for nobody.
    void aDeadlineSparesWorkForNobody() {
        Scenario scenario = limitedQueueOf({.servers = 20, .load = 2, .duration = 30}, 20, 1000);
        scenario.clients[0].timeout = 0.1;
        const Figures without = figuresOf(scenario, "fixed", 1, 5);
        QVERIFY(*figure(without, "goodput") < 0.1);
        QVERIFY(without.late > without.good);
        scenario.services[0].limiter.deadline = 0.1;
        const Figures with = figuresOf(scenario, "fixed", 1, 5);
        QVERIFY2(*figure(with, "goodput") > 0.85, QByteArray::number(*figure(with, "goodput")));
    }

    void gatewaysInFrontOfOnePoolEachLimitTheirPart() {
        Scenario scenario = limitedQueueOf({.servers = 8, .load = 3, .duration = 30}, 2, 0);
        scenario.services[0].limiter.gateways = 5;
        const Figures f = figuresOf(scenario, "fixed");
        QCOMPARE(f.limitMean, 10.0);
        QCOMPARE(f.inFlightMost, 10.0);
        QCOMPARE(f.backlogMost, 2.0);
    }

    void withoutALimiterThereIsNoLimit() {
        Scenario scenario = queueOf({.servers = 2, .load = 2, .duration = 20});
        QVERIFY(std::isnan(figuresOf(scenario, "none").limitMean));
        QCOMPARE(figuresOf(scenario, "none").refused, 0U);
        QCOMPARE(figuresOf(scenario, "off").refused, 0U);
        scenario.services[0].limiter.place = LimiterSpec::Place::None;
        QCOMPARE(figuresOf(scenario, "levee").refused, 0U);
    }

    void theTraceHasAPointEachTenthOfASecond() {
        Scenario scenario = limitedQueueOf({.servers = 2, .load = 0.9, .duration = 30}, 3, 1);
        const Interval all{0, 30};
        Simulation simulation(scenario, *algorithmNamed("fixed"), 1, {all});
        simulation.run();
        const std::vector<TracePoint>& trace = simulation.trace("shop");
        QCOMPARE(trace.size(), 300U);
        QVERIFY(std::abs(trace[0].at - 0.1F) < 1e-6F && std::abs(trace[299].at - 30) < 1e-3F);
        const double good =
            std::accumulate(trace.begin(), trace.end(), 0.0,
                            [](double sum, const TracePoint& p) { return sum + p.goodRate * 0.1; });
        QVERIFY(std::abs(good - static_cast<double>(simulation.figures("shop", all).good)) < 0.5);
        QCOMPARE(trace[7].limit, 3.0F);
        QVERIFY(simulation.trace("user").empty());
        scenario.duration = 3601;
        Simulation longer(scenario, *algorithmNamed("fixed"), 1, {all});
        longer.runUntil(1);
        QVERIFY(longer.trace("shop").empty());
    }

    void settlingIsTheTimeFromWhichOnTheRateStays() {
        std::vector<TracePoint> trace;
        const auto add = [&](double until, float rate) {
            while (trace.empty() || trace.back().at < until - 0.05) {
                trace.push_back(
                    {.at = static_cast<float>(trace.size() + 1) * 0.1F, .goodRate = rate});
            }
        };
        add(10, 100);
        add(12, 40);
        add(14, 95);
        add(15, 80);  // not yet
        add(30, 92);
        // The last second that is too low on average ends before 15.7: seven steps of 92, three
        // of 80.
        const double settled = settleSeconds(trace, 10, 30, 100);
        QVERIFY2(settled > 4.5 && settled < 5.2, QByteArray::number(settled));
        QVERIFY(std::isnan(settleSeconds(trace, 10, 30, 200)));
        QVERIFY(settleSeconds(trace, 20, 30, 92) == 0);
        QVERIFY(std::isnan(settleSeconds({}, 0, 30, 92)));
    }

    void algorithmsAreKnownByName() {
        const std::vector<std::string_view> names = algorithmNames();
        QCOMPARE(std::set<std::string_view>(names.begin(), names.end()).size(), names.size());
        for (const std::string_view name : names) {
            QCOMPARE(algorithmNamed(name)->name, std::string(name));
        }
        QVERIFY(!algorithmNamed("magic").has_value());
        QVERIFY(!algorithmNamed("none")->isGuarded);
        QVERIFY(algorithmNamed("levee")->kind == LimiterKind::Adaptive);
    }
};

LEVEE_TEST(SimulationTest)
#include "simulation_test.moc"
