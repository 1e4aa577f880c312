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

/// Long enough for about two million requests.
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
        for (const int servers : {1, 4, 20}) {
            for (const double load : {0.5, 0.7, 0.85}) {
                QTest::addRow("%d servers at %.2f", servers, load) << servers << load;
            }
        }
    }
    void waitsFollowErlangC() {
        QFETCH(int, servers);
        QFETCH(double, load);
        const Figures f = figuresOf(queueOf(longQueue(servers, load, kExponential)), "none");
        // In units of the mean service time, the service included: long waits are rare at low load.
        const double took = f.latency.mean() / kExponential.mean;
        const double expected = 1 + meanWait(servers, servers * load);
        QVERIFY2(isWithin(took, expected, 0.02), told(took, expected));
        if (load >= 0.7 && servers < 20) {
            QVERIFY2(isWithin(took - 1, expected - 1, 0.04), told(took - 1, expected - 1));
        }
    }
};

LEVEE_TEST(QueueingTheoryTest)
#include "queueing_theory_test.moc"
