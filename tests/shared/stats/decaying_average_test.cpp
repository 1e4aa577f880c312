// SPDX-License-Identifier: Apache-2.0
#include "shared/stats/decaying_average.h"

#include <QTest>
#include <cmath>
#include <limits>

#include "tests/support/test_registry.h"

using namespace levee;
using namespace std::chrono_literals;
using stats::DecayingAverage;

namespace {

const MonotonicTime kStart{1h};

bool isNear(double a, double b) {
    return std::abs(a - b) <= 1e-12 * std::abs(b);
}

}  // namespace

class DecayingAverageTest : public QObject {
    Q_OBJECT
private slots:
    void theFirstSampleIsTheAverage() {
        DecayingAverage average(10s);
        QVERIFY(average.isEmpty());
        QVERIFY(std::isnan(average.value()));
        average.add(5, kStart);
        QVERIFY(!average.isEmpty());
        QCOMPARE(average.value(), 5.0);
    }
    void aWeightFallsToOneOverEAfterTheMemory() {
        DecayingAverage average(10s);
        average.add(0, kStart);
        average.add(1, kStart + 10s);
        QVERIFY(isNear(average.value(), 1 / (1 + std::exp(-1.0))));
    }
    void samplesOfOneInstantShareItEqually() {
        DecayingAverage average(10s);
        average.add(1, kStart);
        average.add(2, kStart);
        average.add(6, kStart);
        QCOMPARE(average.value(), 3.0);
    }
    void aStepIsFollowedInTheMemory() {
        DecayingAverage average(10s);
        for (int i = 0; i < 1'000; ++i) {
            average.add(0, kStart + i * 100ms);
        }
        for (int i = 0; i < 100; ++i) {
            average.add(1, kStart + 100s + i * 100ms);
        }
        QVERIFY(std::abs(average.value() - (1 - std::exp(-1.0))) < 0.01);
    }
    void theStepTakesTheSameTimeAtAnyRate() {
        DecayingAverage often(10s);
        DecayingAverage seldom(10s);
        for (int i = 0; i < 20'000; ++i) {
            often.add(i < 10'000 ? 0 : 1, kStart + i * 10ms);
        }
        for (int i = 0; i < 200; ++i) {
            seldom.add(i < 100 ? 0 : 1, kStart + i * 1s);
        }
        QVERIFY(std::abs(often.value() - seldom.value()) < 0.001);
    }
    void theSumOfRecentSamplesIsItsDefinition() {
        DecayingAverage average(3s);
        double sum = 0;
        double weight = 0;
        for (int i = 0; i < 50; ++i) {
            const double w = 1 + i % 4;
            average.add(i * i % 17, kStart + i * 700ms, w);
            const double keep = std::exp(-(49 - i) * 0.7 / 3);
            sum += (i * i % 17) * w * keep;
            weight += w * keep;
        }
        QVERIFY(isNear(average.value(), sum / weight));
    }
    void aTimeBeforeTheLastCountsAsTheLast() {
        DecayingAverage average(10s);
        average.add(2, kStart);
        average.add(4, kStart - 5s);
        QCOMPARE(average.value(), 3.0);
        average.add(0, kStart + 10s);  // 10 s after the first, not after the second
        QVERIFY(isNear(average.value(), 6 * std::exp(-1.0) / (1 + 2 * std::exp(-1.0))));
    }
    void whatIsNoNumberOrHasNoWeightIsIgnored() {
        DecayingAverage average(10s);
        average.add(2, kStart);
        average.add(std::numeric_limits<double>::infinity(), kStart + 1s);
        average.add(std::numeric_limits<double>::quiet_NaN(), kStart + 1s);
        average.add(9, kStart + 1s, 0);
        average.add(9, kStart + 1s, -1);
        average.add(9, kStart + 1s, std::numeric_limits<double>::quiet_NaN());
        QCOMPARE(average.value(), 2.0);
    }
    void aLongSilenceLeavesTheNewestSample() {
        DecayingAverage average(1s);
        average.add(7, kStart);
        average.add(3, kStart + 24h);
        QCOMPARE(average.value(), 3.0);
    }
    void clearedItStartsAnew() {
        DecayingAverage average(10s);
        average.add(7, kStart);
        average.clear();
        QVERIFY(average.isEmpty());
        average.add(3, kStart - 1h);
        QCOMPARE(average.value(), 3.0);
    }
};

LEVEE_TEST(DecayingAverageTest)
#include "decaying_average_test.moc"
