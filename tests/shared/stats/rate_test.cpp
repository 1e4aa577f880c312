// SPDX-License-Identifier: Apache-2.0
#include "shared/stats/rate.h"

#include <QTest>
#include <limits>

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
};

LEVEE_TEST(RateTest)
#include "rate_test.moc"
