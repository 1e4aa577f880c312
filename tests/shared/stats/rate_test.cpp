// SPDX-License-Identifier: Apache-2.0
#include "shared/stats/rate.h"

#include <QTest>
#include <cmath>
#include <limits>

#include "shared/stats/decaying_average.h"
#include "shared/stats/wilson.h"
#include "tests/support/test_registry.h"

using namespace levee;
using namespace std::chrono_literals;

namespace {
const MonotonicTime kStart{1h};
}

class RateTest : public QObject {
    Q_OBJECT
private slots:
    void theRateIsDeltaOverElapsed() {
        stats::CounterRate rate;
        QVERIFY(!rate.observe(100, kStart));
        const auto step = rate.observe(130, kStart + 1500ms);
        QVERIFY(step.has_value());
        QCOMPARE(step->delta, 30.0);
        QCOMPARE(step->perSecond, 20.0);
        QVERIFY(!step->wasReset);
    }
    void aResetCountsFromZeroAndIsMarked() {
        stats::CounterRate rate;
        rate.observe(1'000, kStart);
        const auto step = rate.observe(40, kStart + 2s);
        QCOMPARE(step->delta, 40.0);
        QCOMPARE(step->perSecond, 20.0);
        QVERIFY(step->wasReset);
        QVERIFY(!rate.observe(50, kStart + 3s)->wasReset);
    }
    void impossibleReadingsAreIgnored() {
        stats::CounterRate rate;
        rate.observe(10, kStart);
        QVERIFY(!rate.observe(std::numeric_limits<double>::quiet_NaN(), kStart + 1s));
        QVERIFY(!rate.observe(-1, kStart + 1s));
        QVERIFY(!rate.observe(20, kStart));
        QCOMPARE(rate.observe(20, kStart + 1s)->delta, 10.0);
    }
    void aClearedRateStartsAnew() {
        stats::CounterRate rate;
        rate.observe(10, kStart);
        rate.clear();
        QVERIFY(!rate.observe(20, kStart + 1s));
    }
    void theFirstSampleIsTheAverage() {
        stats::DecayingAverage average(10s);
        QVERIFY(std::isnan(average.value()));
        average.add(5, kStart);
        QCOMPARE(average.value(), 5.0);
    }
    void aStepIsFollowedInTheMemory() {
        stats::DecayingAverage average(10s);
        for (int i = 0; i < 1'000; ++i) {
            average.add(0, kStart + i * 100ms);
        }
        for (int i = 0; i < 100; ++i) {
            average.add(1, kStart + 100s + i * 100ms);
        }
        QVERIFY(std::abs(average.value() - (1 - std::exp(-1.0))) < 0.01);
    }
    void theAverageIgnoresWhatIsNoNumber() {
        stats::DecayingAverage average(10s);
        average.add(2, kStart);
        average.add(std::numeric_limits<double>::infinity(), kStart + 1s);
        average.add(4, kStart - 5s);
        QCOMPARE(average.value(), 3.0);
    }
    void wilsonBoundsAreThePublishedOnes() {
        const stats::ShareBounds half = stats::wilsonBounds(5, 10);
        QVERIFY(std::abs(half.low - 0.2366) < 1e-4 && std::abs(half.high - 0.7634) < 1e-4);
        const stats::ShareBounds none = stats::wilsonBounds(0, 10);
        QCOMPARE(none.low, 0.0);
        QVERIFY(std::abs(none.high - 0.2775) < 1e-4);
        QCOMPARE(stats::wilsonBounds(0, 0).high, 1.0);
    }
};

LEVEE_TEST(RateTest)
#include "rate_test.moc"
