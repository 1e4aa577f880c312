// SPDX-License-Identifier: Apache-2.0
#include "shared/guard/epoch.h"

#include <QTest>
#include <cmath>

#include "tests/support/test_registry.h"

using namespace levee;
using namespace std::chrono_literals;

namespace {

WindowSample window(int answers, double seconds) {
    WindowSample s;
    s.completed = static_cast<std::uint64_t>(answers);
    s.latency.record(seconds, s.completed);
    return s;
}

}  // namespace

class EpochTest : public QObject {
    Q_OBJECT
private slots:
    void aStallSpoilsOneWindowNotTheEpoch() {
        Epoch epoch;
        epoch.add(window(20, 0.020), 4, 4);
        epoch.add(window(11, 0.070), 4, 4);
        epoch.add(window(20, 0.020), 4, 4);
        const Measurement m = epoch.measure();
        QCOMPARE(m.throughput, 200.0);
        QCOMPARE(m.latency, 0.020);
        QCOMPARE(m.inFlight, 4.0);
    }
    void ratesCountRequestsAndErrorsCountThoseThatWereSeen() {
        const auto measured = [](double weight) {
            Epoch epoch;
            for (int i = 0; i < 3; ++i) {
                WindowSample s = window(100, 0.020);
                s.latency.record(0.040, 100);
                s.completed = 200;
                s.timedOut = 4;
                s.timeout = 100ms;
                s.weight = weight;
                epoch.add(s, 4, 4);
            }
            return epoch.measure();
        };
        const Measurement all = measured(1);
        const Measurement some = measured(10);
        QCOMPARE(some.throughput, all.throughput);
        QCOMPARE(some.latency, all.latency);
        QCOMPARE(some.inFlight, all.inFlight);
        QCOMPARE(all.samples, 612.0);
        QCOMPARE(some.samples, 72.0);  // every timeout is seen
        QVERIFY(std::abs(some.error / all.error - std::sqrt(611.0 / 71)) < 1e-9);
        QVERIFY(some.medianError >= all.medianError);
    }
    void smallWindowsArePooled() {
        Epoch epoch;
        epoch.add(window(1, 0.1), 4, 4);
        epoch.add(window(1, 0.1), 4, 4);
        epoch.add(window(4, 0.4), 4, 4);
        QVERIFY(std::abs(epoch.measure().throughput - 20) < 1e-9);
        QVERIFY(std::abs(epoch.measure().latency - 0.3) < 1e-9);
    }
    void aTimeoutCountsAsItsTime() {
        Epoch epoch;
        WindowSample s = window(1, 0.02);
        s.timedOut = 3;
        s.timeout = 5s;
        epoch.add(s, 4, 4);
        QVERIFY(std::abs(epoch.measure().latency - 15.02 / 4) < 1e-9);
        QVERIFY(epoch.measure().timedOut);
    }
    void anUnknownTimeoutCountsAsTheSlowestAnswerAtLeast() {
        Epoch epoch;
        WindowSample s = window(2, 0.5);
        s.timedOut = 2;
        epoch.add(s, 4, 4);
        QCOMPARE(epoch.measure().latency, 0.5);
    }
    void fastFailuresDoNotMakeTheLatencyLookGood() {
        Epoch epoch;
        WindowSample s = window(10, 0.02);
        s.completed = 21;
        s.failed = 11;
        epoch.add(s, 4, 4);
        QCOMPARE(epoch.measure().latency, 0.02);
        QVERIFY(epoch.measure().failing);
    }
    void pressedMeansMostWindowsMetTheLimit() {
        Epoch epoch;
        WindowSample s = window(10, 0.02);
        s.maxInFlight = 4;
        epoch.add(s, 4, 4);
        QVERIFY(epoch.measure().pressed);
        s.maxInFlight = 3;
        epoch.add(s, 4, 4);
        QVERIFY(!epoch.measure().pressed);
        s.queued = 1;
        epoch.add(s, 4, 4);
        QVERIFY(epoch.measure().pressed);
    }
    void theOwnShareScalesLatencyAndConcurrency() {
        Epoch epoch;
        WindowSample s = window(10, 0.1);
        s.selfShare = 0.25;
        epoch.add(s, 10, 10);
        QVERIFY(std::abs(epoch.measure().latency - 0.025) < 1e-9);
        QVERIFY(std::abs(epoch.measure().wholeLatency - 0.1) < 1e-9);
        QVERIFY(std::abs(epoch.measure().inFlight - 2.5) < 1e-9);
    }
    void anEmptyEpochSaysNothing() {
        Epoch epoch;
        QCOMPARE(epoch.measure().samples, 0.0);
        epoch.add(WindowSample(), 4, 4);
        QCOMPARE(epoch.measure().latency, 0.0);
    }
    void itsMemoryIsBounded() {
        Epoch epoch;
        for (int i = 0; i < 1'000; ++i) {
            epoch.add(window(1, 0.1), 4, 4);
        }
        QCOMPARE(epoch.windows(), Epoch::kMaxWindows);
    }
};

LEVEE_TEST(EpochTest)
#include "epoch_test.moc"
