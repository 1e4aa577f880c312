// SPDX-License-Identifier: Apache-2.0
// The formulas against published numbers, and the simulation against the formulas.
#include "shared/simulator/queueing_theory.h"

#include <QTest>
#include <cmath>

#include "tests/shared/simulator/scenario_builder.h"
#include "tests/support/test_registry.h"

using namespace levee::simulator;
using levee::simulator::test::figuresOf;
using levee::simulator::test::limitedQueueOf;
using levee::simulator::test::queueOf;
using levee::simulator::test::QueueSpec;

namespace {

bool isWithin(double value, double expected, double share) {
    return std::abs(value - expected) <= share * expected;
}

QByteArray told(double value, double expected) {
    return QString("%1, expected %2").arg(value, 0, 'g', 6).arg(expected, 0, 'g', 6).toUtf8();
}

/// Long enough for about two million requests: at a load of 0.85 the mean wait is then known to 1 %
/// (standard error) with one server, to 2 % with twenty.
QueueSpec longQueue(int servers, double load, ServiceLaw law) {
    return {.servers = servers,
            .load = load,
            .law = law,
            .duration = 2e6 * law.mean / (load * servers)};
}

const ServiceLaw kExponential{.kind = ServiceLaw::Kind::Exponential, .mean = 0.01};
const ServiceLaw kConstant{.kind = ServiceLaw::Kind::Constant, .mean = 0.01};

}  // namespace

class QueueingTheoryTest : public QObject {
    Q_OBJECT
private slots:
    void erlangCGivesThePublishedNumbers_data() {
        QTest::addColumn<int>("servers");
        QTest::addColumn<double>("load");
        QTest::addColumn<double>("waits");
        QTest::addColumn<double>("precision");
        QTest::newRow("8 servers, 3.87 erlangs") << 8 << 3.87 << 0.0501 << 5e-5;
        QTest::newRow("10 servers, 4.08 erlangs") << 10 << 4.08 << 0.01005 << 5e-6;
        QTest::newRow("10 servers, 6 erlangs") << 10 << 6.0 << 0.101299 << 5e-7;
        QTest::newRow("2 servers, 1 erlang") << 2 << 1.0 << 0.333333 << 5e-7;
        QTest::newRow("3 servers, 2 erlangs") << 3 << 2.0 << 0.444444 << 5e-7;
        QTest::newRow("10 servers, 8 erlangs") << 10 << 8.0 << 0.409180 << 5e-7;
        QTest::newRow("15 servers, 10 erlangs") << 15 << 10.0 << 0.102042 << 5e-7;
        QTest::newRow("100 servers, 90 erlangs") << 100 << 90.0 << 0.216940 << 5e-7;
    }
    void erlangCGivesThePublishedNumbers() {
        QFETCH(int, servers);
        QFETCH(double, load);
        QFETCH(double, waits);
        QFETCH(double, precision);
        QVERIFY2(std::abs(erlangC(servers, load) - waits) <= precision,
                 told(erlangC(servers, load), waits));
    }

    void oneServerHasClosedForms() {
        QVERIFY(isWithin(erlangB(1, 0.5), 0.5 / 1.5, 1e-12));
        QVERIFY(isWithin(erlangC(1, 0.5), 0.5, 1e-12));
        QVERIFY(isWithin(meanWait(1, 0.8), 0.8 / 0.2, 1e-12));
        // M/M/1/2 at a load of 1: three equally likely states.
        const FiniteQueue queue = finiteQueue(1, 2, 1);
        QVERIFY(isWithin(queue.refused, 1.0 / 3, 1e-12));
        QVERIFY(isWithin(queue.throughput, 2.0 / 3, 1e-12));
        QVERIFY(isWithin(queue.meanWait, 0.5, 1e-12));
    }

    void aFiniteQueueLiesBetweenErlangBAndErlangC() {
        QVERIFY(isWithin(finiteQueue(20, 20, 18).refused, erlangB(20, 18), 1e-12));
        QVERIFY(isWithin(finiteQueue(20, 5000, 18).meanWait, meanWait(20, 18), 1e-9));
        const FiniteQueue hopeless = finiteQueue(2, 1000, 1000);  // weights beyond a double
        QVERIFY(isWithin(hopeless.refused, 1 - 2.0 / 1000, 1e-9));
        QVERIFY(isWithin(hopeless.throughput, 1, 1e-9));
    }

    void waitsFollowErlangC_data() {
        QTest::addColumn<int>("servers");
        QTest::addColumn<double>("load");
        QTest::addColumn<int>("seeds");
        QTest::newRow("1 server at 0.5") << 1 << 0.5 << 1;
        QTest::newRow("1 server at 0.8") << 1 << 0.8 << 1;
        QTest::newRow("4 servers at 0.5") << 4 << 0.5 << 1;
        QTest::newRow("4 servers at 0.85") << 4 << 0.85 << 1;
        QTest::newRow("20 servers at 0.85") << 20 << 0.85 << 5;
    }
    void waitsFollowErlangC() {
        QFETCH(int, servers);
        QFETCH(double, load);
        QFETCH(int, seeds);
        double waited = 0;
        for (int seed = 1; seed <= seeds; ++seed) {
            const auto meanOf = [&](const Scenario& scenario) {
                return figuresOf(scenario, "none", static_cast<std::uint64_t>(seed)).latency.mean();
            };
            Scenario scenario = queueOf(longQueue(servers, load, kExponential));
            const double took = meanOf(scenario);
            // Nobody waits for one of 10,000 servers: the same draws, and the work alone.
            scenario.services[0].servers = 10'000;
            waited += (took - meanOf(scenario)) / kExponential.mean / seeds;
        }
        const double expected = meanWait(servers, servers * load);
        QVERIFY2(isWithin(waited, expected, 0.02), told(waited, expected));
    }

    void constantServiceHalvesTheWaitOfOneServer() {  // Pollaczek and Khinchine
        for (const double load : {0.5, 0.8}) {
            const Figures f = figuresOf(queueOf(longQueue(1, load, kConstant)), "none");
            const double waited = f.latency.mean() / kConstant.mean - 1;
            const double expected = load / (2 * (1 - load));
            QVERIFY2(isWithin(waited, expected, 0.02), told(waited, expected));
        }
    }

    void aBoundedQueueRefusesAndWaitsAsComputed_data() {
        QTest::addColumn<int>("servers");
        QTest::addColumn<double>("load");
        QTest::addColumn<int>("limit");
        QTest::addColumn<int>("queue");
        QTest::newRow("all places at the service") << 4 << 1.2 << 10 << 0;
        QTest::newRow("all waiting at the gateway") << 4 << 1.2 << 4 << 6;
        QTest::newRow("some here, some there") << 4 << 1.2 << 7 << 3;
        QTest::newRow("one server, light") << 1 << 0.6 << 1 << 2;
        QTest::newRow("one server, heavy") << 1 << 3.0 << 1 << 1;
        QTest::newRow("twenty, heavy") << 20 << 2.0 << 24 << 2;
    }
    void aBoundedQueueRefusesAndWaitsAsComputed() {
        QFETCH(int, servers);
        QFETCH(double, load);
        QFETCH(int, limit);
        QFETCH(int, queue);
        const Figures f = figuresOf(limitedQueueOf(longQueue(servers, load, kExponential),
                                                   static_cast<std::uint32_t>(limit), queue),
                                    "fixed");
        const FiniteQueue expected = finiteQueue(servers, limit + queue, load * servers);
        const double goodput = *figure(f, "goodput");
        QVERIFY2(isWithin(goodput, expected.throughput, 0.01), told(goodput, expected.throughput));
        const double refused = *figure(f, "refusedShare");
        QVERIFY2(isWithin(refused, expected.refused, 0.02), told(refused, expected.refused));
        const double took = f.latency.mean() / kExponential.mean;
        QVERIFY2(isWithin(took, 1 + expected.meanWait, 0.01), told(took, 1 + expected.meanWait));
    }

    /// Erlang's loss formula knows the law by its mean only.
    void lossesFollowErlangBUnderAnyLaw() {
        const ServiceLaw lognormal{.kind = ServiceLaw::Kind::Lognormal, .mean = 0.01, .cv = 2};
        const ServiceLaw bimodal{
            .kind = ServiceLaw::Kind::Bimodal, .fast = 0.005, .slow = 0.055, .slowShare = 0.1};
        for (const ServiceLaw& law : {kExponential, kConstant, lognormal, bimodal}) {
            QueueSpec spec = longQueue(10, 0.9, kExponential);
            spec.law = law;
            const Figures f = figuresOf(limitedQueueOf(spec, 10, 0), "fixed");
            const double refused = *figure(f, "refusedShare");
            QVERIFY2(isWithin(refused, erlangB(10, 9), 0.02), told(refused, erlangB(10, 9)));
            QCOMPARE(f.backlogMost, 0.0);
        }
    }
};

LEVEE_TEST(QueueingTheoryTest)
#include "queueing_theory_test.moc"
