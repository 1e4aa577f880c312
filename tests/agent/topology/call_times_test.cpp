// SPDX-License-Identifier: Apache-2.0
#include "agent/topology/call_times.h"

#include <QTest>
#include <cmath>

#include "tests/support/test_registry.h"

using namespace levee;
using namespace levee::topology;
using namespace std::chrono_literals;

namespace {

const MonotonicTime kStart{1h};

/// `calls` calls of 100 ms, of which the server took 60 and worked 25.
CallEvidence calls(std::uint64_t n, double leastTransit) {
    const auto count = static_cast<double>(n);
    return {.requests = n,
            .seen = n,
            .matched = count,
            .splitCalls = n,
            .clientSeconds = 0.100 * count,
            .serverSeconds = 0.060 * count,
            .selfSeconds = 0.025 * count,
            .leastTransit = leastTransit};
}

bool isNear(double a, double b) {
    return std::abs(a - b) < 1e-9;
}

}  // namespace

class CallTimesTest : public QObject {
    Q_OBJECT
private slots:
    void nothingIsKnownBeforeAnything() {
        const CallTimes times;
        QVERIFY(std::isnan(times.split(kStart).network));
        QVERIFY(std::isnan(times.quality(kStart).confidence));
        QVERIFY(std::isnan(times.quality(kStart).sampled));
    }
    void theFourPartsAddUpToTheClientsLatency() {
        CallTimes times;
        times.add(calls(10, 0.008), kStart);
        times.add(calls(30, 0.002), kStart + 1s);
        times.add({.requests = 1, .seen = 1}, kStart + 2s);  // nothing to split
        const LatencySplit split = times.split(kStart + 2s);
        QVERIFY(isNear(split.network, 0.002));
        QVERIFY(isNear(split.queue, 0.038));
        QVERIFY(isNear(split.processing, 0.025));
        QVERIFY(isNear(split.waiting, 0.035));
    }
    void theLeastTransitIsNeverMoreThanTheMean() {
        CallTimes times;
        CallEvidence odd = calls(1, 0.5);
        times.add(odd, kStart);
        QVERIFY(isNear(times.split(kStart).network, 0.040));
        QVERIFY(isNear(times.split(kStart).queue, 0));
    }
    void whatIsOldIsForgotten() {
        CallTimes times;
        times.add(calls(1, 0.001), kStart);
        times.add(calls(1, 0.010), kStart + 5s);
        QVERIFY(isNear(times.split(kStart + 9s).network, 0.001));
        QVERIFY(isNear(times.split(kStart + 10s).network, 0.010));
        QVERIFY(!std::isnan(times.split(kStart + 14s).network));
        QVERIFY(std::isnan(times.split(kStart + 15s).network));
        times.add(calls(1, 0.020), kStart + 30s);
        QVERIFY(isNear(times.split(kStart + 30s).network, 0.020));
    }
    void confidenceIsTheShareThatFoundItsPartner() {
        CallTimes times;
        times.add({.requests = 30, .seen = 30, .matched = 30, .unmatched = 10}, kStart);
        QVERIFY(isNear(times.quality(kStart).confidence, 0.75));
        QVERIFY(isNear(times.quality(kStart).sampled, 1));
        times.add({.requests = 90, .seen = 9}, kStart);
        QVERIFY(isNear(times.quality(kStart).sampled, 39.0 / 120));
    }
};

LEVEE_TEST(CallTimesTest)
#include "call_times_test.moc"
