// SPDX-License-Identifier: Apache-2.0
#include "shared/stats/atomic_histogram.h"

#include <QTest>
#include <cmath>
#include <limits>
#include <thread>
#include <vector>

#include "shared/base/random.h"
#include "tests/support/test_registry.h"

using namespace levee;
using stats::AtomicHistogram;
using stats::Histogram;

class AtomicHistogramTest : public QObject {
    Q_OBJECT
private slots:
    void theBucketsAreThoseOfHistogram() {
        Random random(4);
        AtomicHistogram shared;
        Histogram plain;
        for (int i = 0; i < 50'000; ++i) {
            const double value = std::exp2(random.uniform() * 9.9 - 10);
            shared.record(value);
            plain.record(value);
        }
        QCOMPARE(shared.count(), 50'000u);
        const Histogram taken = shared.drain();
        QCOMPARE(taken.scale(), 5);
        QCOMPARE(taken.parts().offset, plain.parts().offset);
        QVERIFY(taken.parts().counts == plain.parts().counts);
        QVERIFY(std::abs(taken.mean() / plain.mean() - 1) < 1e-3);
        QVERIFY(std::abs(taken.min() / plain.min() - 1) <= taken.relativeError());
        QVERIFY(std::abs(taken.max() / plain.max() - 1) <= taken.relativeError());
    }
    void drainingLeavesNothing() {
        AtomicHistogram shared;
        shared.record(0.1);
        QCOMPARE(shared.drain().count(), 1u);
        QCOMPARE(shared.count(), 0u);
        QVERIFY(shared.drain().isEmpty());
    }
    void everyBucketKeepsItsPlace() {
        for (std::int32_t index = -20 * 32; index < 12 * 32; ++index) {
            AtomicHistogram shared;
            shared.record(std::nextafter(Histogram::lowerBound(index + 1, 5), 0.0));
            QCOMPARE(shared.drain().parts().offset, index);
        }
    }
    void whatLiesOutsideCountsAtTheEdge() {
        const auto bucketOf = [](double value) {
            AtomicHistogram shared;
            shared.record(value);
            return shared.drain().parts().offset;
        };
        const std::int32_t first = -20 * 32;
        const std::int32_t last = 12 * 32 - 1;
        QCOMPARE(bucketOf(AtomicHistogram::kLowest), first);
        QCOMPARE(bucketOf(0), first);
        QCOMPARE(bucketOf(-1), first);
        QCOMPARE(bucketOf(AtomicHistogram::kLowest * 1.03), first + 1);
        QCOMPARE(bucketOf(AtomicHistogram::kHighest), last);
        QCOMPARE(bucketOf(AtomicHistogram::kHighest * 1.001), last);
        QCOMPARE(bucketOf(std::numeric_limits<double>::max()), last);
    }
    void whatIsNotANumberIsIgnored() {
        AtomicHistogram shared;
        shared.record(std::numeric_limits<double>::quiet_NaN());
        shared.record(std::numeric_limits<double>::infinity());
        QCOMPARE(shared.count(), 0u);
    }
    void nothingIsLostOrCountedTwiceBetweenThreads() {
        constexpr int kThreads = 4;
        constexpr std::uint64_t kEach = 50'000;
        AtomicHistogram shared;
        std::vector<std::thread> threads;
        for (std::uint64_t t = 0; t < kThreads; ++t) {
            threads.emplace_back([&shared, t] {
                Random random(t);
                for (std::uint64_t i = 0; i < kEach; ++i) {
                    shared.record(random.uniform());
                }
            });
        }
        Histogram all;
        while (all.count() < kThreads * kEach / 2) {
            all.merge(shared.drain());
        }
        for (std::thread& thread : threads) {
            thread.join();
        }
        all.merge(shared.drain());
        QCOMPARE(all.count(), kThreads * kEach);
    }
};

LEVEE_TEST(AtomicHistogramTest)
#include "atomic_histogram_test.moc"
