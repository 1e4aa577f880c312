// SPDX-License-Identifier: Apache-2.0
#include "shared/simulator/simulation.h"

#include <QTest>

#include "tests/shared/simulator/scenario_builder.h"
#include "tests/support/test_registry.h"

using namespace levee::simulator;
using namespace levee::simulator::test;

class SimulationTest : public QObject {
    Q_OBJECT
private slots:
    void theSameSeedGivesTheSameRun() {
        const Scenario scenario =
            queueOf({.servers = 4, .load = 2, .duration = 60, .timeout = 0.5});
        const Figures one = figuresOf(scenario, "levee", 7);
        const Figures two = figuresOf(scenario, "levee", 7);
        const Figures other = figuresOf(scenario, "levee", 8);
        QCOMPARE(one.good, two.good);
        QCOMPARE(one.latency.sum(), two.latency.sum());
        QCOMPARE(one.limitMean, two.limitMean);
        QVERIFY(one.latency.sum() != other.latency.sum());
    }

    void theAdaptiveLimiterKeepsAnOverloadedServiceBusy() {
        const Scenario scenario =
            queueOf({.servers = 20, .load = 2, .duration = 30, .timeout = 0.5});
        const Figures f = figuresOf(scenario, "levee", 1, 10);
        QVERIFY(*figure(f, "goodput") > 0.95);
        QVERIFY(f.limitMean > 18 && f.limitMean < 32);
        QVERIFY(*figure(f, "medianInflation") < 2);
    }
};

LEVEE_TEST(SimulationTest)
#include "simulation_test.moc"
