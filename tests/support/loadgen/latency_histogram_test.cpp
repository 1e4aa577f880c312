// SPDX-License-Identifier: Apache-2.0
#include "tests/support/loadgen/latency_histogram.h"

#include <QTest>

#include "shared/base/random.h"
#include "tests/support/test_registry.h"

using namespace levee;
using namespace levee::loadgen;
using namespace std::chrono_literals;

class LatencyHistogramTest : public QObject {
    Q_OBJECT
private slots:
    void withoutAValueEverythingIsZero() {
        const LatencyHistogram histogram;
        QCOMPARE(histogram.count(), std::uint64_t{0});
        for (const Duration d :
             {histogram.min(), histogram.max(), histogram.mean(), histogram.quantile(0.5)})
            QCOMPARE(d, Duration::zero());
    }
    void aSingleValueIsEveryQuantile() {
        LatencyHistogram histogram;
        histogram.record(12'345us);
        for (const double q : {0.0, 0.5, 1.0})
            QCOMPARE(histogram.quantile(q), Duration(12'345us));
        QCOMPARE(histogram.mean(), Duration(12'345us));
    }
    void quantilesAreWithinAPercent() {
        LatencyHistogram histogram;
        for (int i = 1; i <= 100'000; ++i)
            histogram.record(std::chrono::microseconds(i * 10));
        for (const double q : {0.01, 0.5, 0.9, 0.99, 0.999}) {
            const double expected = q * 1.0;  // seconds
            QVERIFY(std::abs(toSeconds(histogram.quantile(q)) / expected - 1) < 0.01);
        }
    }
    void everyValueComesBackWithinAPercent() {
        Random random(5);
        for (int i = 0; i < 20'000; ++i) {
            const auto micros =
                static_cast<std::int64_t>(random.next() >> (33 + random.next() % 31));
            LatencyHistogram histogram;
            histogram.record(0us);
            histogram.record(std::chrono::microseconds(micros));
            histogram.record(std::chrono::hours(2));
            const auto back = histogram.quantile(0.5);
            const double error = std::abs(toSeconds(back) - static_cast<double>(micros) / 1e6);
            QVERIFY2(error <= static_cast<double>(micros) / 1e8,
                     qPrintable(QString("%1 us").arg(micros)));
        }
    }
    void valuesOutsideTheRangeAreCountedAtItsEnds() {
        LatencyHistogram histogram;
        histogram.record(-5ms);
        histogram.record(100h);
        QCOMPARE(histogram.count(), std::uint64_t{2});
        QCOMPARE(histogram.min(), Duration::zero());
        QCOMPARE(histogram.max(), Duration(100h));
    }
    void clearForgetsEverything() {
        LatencyHistogram histogram;
        histogram.record(5ms);
        histogram.clear();
        QCOMPARE(histogram.count(), std::uint64_t{0});
        QCOMPARE(histogram.max(), Duration::zero());
    }
};

LEVEE_TEST(LatencyHistogramTest)
#include "latency_histogram_test.moc"
