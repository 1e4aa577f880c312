// SPDX-License-Identifier: Apache-2.0
#include "shared/stats/histogram.h"

#include <QTest>
#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <vector>

#include "shared/base/random.h"
#include "tests/support/test_registry.h"

using namespace levee;
using stats::Histogram;
using stats::HistogramParts;

namespace {

double normal(Random& random) {
    const double u = 1 - random.uniform();
    return std::sqrt(-2 * std::log(u)) * std::cos(2 * std::numbers::pi * random.uniform());
}

std::vector<double> lognormal(std::size_t n, double median, double sigma, std::uint64_t seed) {
    Random random(seed);
    std::vector<double> values(n);
    for (double& v : values) {
        v = median * std::exp(sigma * normal(random));
    }
    return values;
}

Histogram filled(const std::vector<double>& values) {
    Histogram h;
    for (const double v : values) {
        h.record(v);
    }
    return h;
}

Histogram merged(Histogram a, const Histogram& b) {
    a.merge(b);
    return a;
}

/// The same values recorded at a coarser scale.
Histogram atScale(const Histogram& h, int scale) {
    HistogramParts p = h.parts();
    if (scale < p.scale) {
        const int steps = p.scale - scale;
        HistogramParts joined = p;
        joined.scale = scale;
        joined.offset = p.offset >> steps;
        joined.counts.clear();
        for (std::size_t k = 0; k < p.counts.size(); ++k) {
            const auto index = (p.offset + static_cast<std::int32_t>(k)) >> steps;
            joined.counts.resize(static_cast<std::size_t>(index - joined.offset) + 1);
            joined.counts.back() += p.counts[k];
        }
        p = joined;
    }
    return Histogram::fromParts(p).value();
}

/// Of random quantiles against the sorted values, relative.
double worstError(const Histogram& h, const std::vector<double>& sorted, int quantiles) {
    Random random(9);
    double worst = 0;
    for (int i = 0; i < quantiles; ++i) {
        const double q = random.uniform();
        const double exact =
            sorted[static_cast<std::size_t>(q * static_cast<double>(sorted.size() - 1))];
        worst = std::max(worst, std::abs(h.quantile(q) / exact - 1));
    }
    return worst;
}

bool same(const Histogram& a, const Histogram& b) {
    const HistogramParts x = a.parts();
    const HistogramParts y = b.parts();
    return x.scale == y.scale && x.offset == y.offset && x.counts == y.counts &&
           x.zeroCount == y.zeroCount && x.min == y.min && x.max == y.max &&
           std::abs(x.sum - y.sum) <= 1e-9 * std::abs(x.sum);
}

}  // namespace

class HistogramTest : public QObject {
    Q_OBJECT
private slots:
    void aBucketHoldsItsUpperBound() {
        QCOMPARE(Histogram::indexOf(1.0, 5), -1);
        QCOMPARE(Histogram::indexOf(std::nextafter(1.0, 2.0), 5), 0);
        QCOMPARE(Histogram::indexOf(2.0, 5), 31);
        QCOMPARE(Histogram::indexOf(2.0, 0), 0);
        QCOMPARE(Histogram::indexOf(4.0, 0), 1);
        QCOMPARE(Histogram::indexOf(4.1, 0), 2);
        QCOMPARE(Histogram::indexOf(0.5, 0), -2);
        QCOMPARE(Histogram::indexOf(16.0, -2), 0);
        QCOMPARE(Histogram::indexOf(16.1, -2), 1);
    }
    void theIndexAgreesWithTheLogarithm() {
        Random random(1);
        for (int i = 0; i < 200'000; ++i) {
            const double v = std::exp2(random.uniform() * 60 - 30);
            const int scale = static_cast<int>(random.next() % 9) - 3;
            const double exact = std::log2(v) * std::ldexp(1.0, scale);
            if (std::abs(exact - std::round(exact)) < 1e-9) {
                continue;  // too near a bound for the logarithm to tell
            }
            QCOMPARE(Histogram::indexOf(v, scale), static_cast<int>(std::ceil(exact)) - 1);
        }
    }
    void everyFiniteDoubleHasABucket() {
        Histogram h;
        h.record(std::numeric_limits<double>::denorm_min());
        h.record(std::numeric_limits<double>::min());
        h.record(1);
        h.record(std::numeric_limits<double>::max());
        QCOMPARE(h.count(), 4u);
        QVERIFY(h.scale() >= Histogram::kMinScale);
        QCOMPARE(h.quantile(0), std::numeric_limits<double>::denorm_min());
        QCOMPARE(h.quantile(1), std::numeric_limits<double>::max());
        QCOMPARE(Histogram::indexOf(std::numeric_limits<double>::denorm_min(), 0), -1075);
    }
    void zeroAndNegativeValuesHaveTheirOwnBucket() {
        Histogram h;
        h.record(0);
        h.record(-1);
        h.record(0.5);
        QCOMPARE(h.zeroCount(), 2u);
        QCOMPARE(h.min(), -1.0);
        QVERIFY(h.quantile(0.99) <= 0.5);
    }
    void whatIsNotANumberIsOnlyCounted() {
        Histogram h;
        h.record(std::numeric_limits<double>::quiet_NaN());
        h.record(std::numeric_limits<double>::infinity(), 2);
        QCOMPARE(h.rejected(), 3u);
        QVERIFY(h.isEmpty());
        QVERIFY(std::isnan(h.quantile(0.5)));
        QVERIFY(std::isnan(h.mean()));
    }
    void theStatedErrorsAreThoseOfTheSpecification() {
        const double expected[] = {0.01083, 0.02166, 0.04329, 0.08643};
        for (int i = 0; i < 4; ++i) {
            HistogramParts p;
            p.scale = 5 - i;
            p.counts = {1};
            p.min = p.max = p.sum = 1.0001;
            QVERIFY(std::abs(Histogram::fromParts(p).value().relativeError() - expected[i]) < 1e-5);
        }
    }
    void quantilesKeepTheBoundAtEveryScale() {
        std::vector<double> values = lognormal(200'000, 0.02, 0.6, 7);
        Histogram all = filled(values);
        QCOMPARE(all.scale(), 5);
        std::sort(values.begin(), values.end());
        for (int scale = 5; scale >= Histogram::kMinScale; --scale) {
            const Histogram h = atScale(all, scale);
            QCOMPARE(h.scale(), scale);
            QCOMPARE(h.count(), all.count());
            const double worst = worstError(h, values, scale == 5 ? 1'000'000 : 20'000);
            QVERIFY2(worst <= h.relativeError() * (1 + 1e-9), qPrintable(QString::number(worst)));
            QVERIFY(scale < 2 || worst > 0.5 * h.relativeError());
        }
    }
    void averagedQuantilesAreWrongWhereMergedOnesAreNot() {
        // One shard of ten is slow, as when one host has a bad disk.
        std::vector<double> values;
        Histogram merged;
        double averaged = 0;
        for (std::uint64_t shard = 0; shard < 10; ++shard) {
            const auto own = lognormal(20'000, shard == 0 ? 0.2 : 0.02, 0.4, shard + 20);
            values.insert(values.end(), own.begin(), own.end());
            const Histogram h = filled(own);
            averaged += h.quantile(0.99) / 10;
            merged.merge(h);
        }
        std::sort(values.begin(), values.end());
        const double exact = values[static_cast<std::size_t>(0.99 * 199'999)];
        QVERIFY(std::abs(merged.quantile(0.99) / exact - 1) <= merged.relativeError());
        QVERIFY2(averaged < 0.5 * exact, qPrintable(QString::number(averaged / exact)));
    }
    void aWideRangeMakesItCoarserAndSaysSo() {
        std::vector<double> values = lognormal(50'000, 0.02, 2.5, 3);
        const Histogram h = filled(values);
        QVERIFY(h.scale() < 5);
        std::sort(values.begin(), values.end());
        for (double q = 0.001; q < 1; q += 0.001) {
            const double exact =
                values[static_cast<std::size_t>(q * static_cast<double>(values.size() - 1))];
            QVERIFY(std::abs(h.quantile(q) / exact - 1) <= h.relativeError() * (1 + 1e-9));
        }
    }
    void mergingIsExactCommutativeAndAssociative() {
        const Histogram a = filled(lognormal(5'000, 0.001, 0.5, 1));
        const Histogram b = filled(lognormal(5'000, 0.5, 0.5, 2));
        const Histogram c = filled(lognormal(5'000, 40, 1.5, 3));
        Histogram ab = a;
        ab.merge(b);
        Histogram ba = b;
        ba.merge(a);
        QVERIFY(same(ab, ba));
        Histogram left = ab;
        left.merge(c);
        Histogram right = b;
        right.merge(c);
        Histogram all = a;
        all.merge(right);
        QVERIFY(same(left, all));
        QCOMPARE(left.count(), 15'000u);

        std::vector<double> together = lognormal(5'000, 0.001, 0.5, 1);
        for (const double v : lognormal(5'000, 0.5, 0.5, 2)) {
            together.push_back(v);
        }
        QVERIFY(same(ab, filled(together)));
    }
    void anyHistogramsMergeInAnyOrder() {
        Random random(13);
        const auto any = [&] {
            const auto n = static_cast<std::size_t>(random.uniform() * 400);
            Histogram h = filled(lognormal(n, std::exp(20 * random.uniform() - 10),
                                           4 * random.uniform(), random.next()));
            h.record(0, random.next() % 3);
            return h;
        };
        for (int round = 0; round < 300; ++round) {
            const Histogram a = any();
            const Histogram b = any();
            const Histogram c = any();
            const Histogram left = merged(merged(a, b), c);
            QVERIFY(same(left, merged(a, merged(b, c))));
            QVERIFY(same(left, merged(merged(c, b), a)));
            QCOMPARE(left.count(), a.count() + b.count() + c.count());
            std::uint64_t inBuckets = left.zeroCount();
            left.forEachBucket([&](double, double, std::uint64_t n) { inBuckets += n; });
            QCOMPARE(inBuckets, left.count());
        }
    }
    void mergingWithItselfDoubles() {
        Histogram h = filled(lognormal(1'000, 0.02, 0.3, 4));
        h.merge(h);
        QCOMPARE(h.count(), 2'000u);
    }
    void coarserBucketsEqualRecordingAtTheCoarserScale() {
        const std::vector<double> values = lognormal(200'000, 0.02, 0.4, 11);
        const Histogram fine = filled(values);
        HistogramParts start;  // an empty bucket row at scale 3, to merge into
        start.scale = 3;
        start.counts = {1};
        start.offset = Histogram::indexOf(values[0], 3);
        start.min = start.max = start.sum = values[0];
        Histogram merged = Histogram::fromParts(start).value();
        Histogram direct = merged;
        merged.merge(fine);
        for (const double v : values) {
            direct.record(v);
        }
        QCOMPARE(merged.scale(), 3);
        QVERIFY(same(merged, direct));
    }
    void partsRestoreTheSameHistogram() {
        Histogram h = filled(lognormal(10'000, 0.02, 0.8, 5));
        h.record(0, 3);
        QVERIFY(same(Histogram::fromParts(h.parts()).value(), h));
        QVERIFY(Histogram::fromParts(Histogram().parts()).value().isEmpty());
    }
    void aFinerHistogramFromElsewhereIsReadAtScaleFive() {
        HistogramParts p;
        p.scale = 20;
        p.offset = 1 << 20;  // (2, 2 * 2^(1/2^20)]
        p.counts = {4, 0, 6};
        p.sum = 20.001;
        p.min = 2.0000001;
        p.max = 2.00001;
        const Histogram h = Histogram::fromParts(p).value();
        QCOMPARE(h.scale(), 5);
        QCOMPARE(h.count(), 10u);
        QCOMPARE(h.parts().counts, std::vector<std::uint64_t>{10});
        QCOMPARE(h.parts().offset, 32);
    }
    void damagedPartsAreRefused() {
        HistogramParts good;
        good.counts = {1};
        good.sum = good.min = good.max = 1.01;
        QVERIFY(Histogram::fromParts(good).isOk());
        auto refused = [&](auto damage) {
            HistogramParts p = good;
            damage(p);
            return !Histogram::fromParts(p).isOk();
        };
        QVERIFY(refused([](auto& p) { p.scale = 21; }));
        QVERIFY(refused([](auto& p) { p.scale = -11; }));
        QVERIFY(refused([](auto& p) { p.offset = 32 * 1024 + 1; }));
        QVERIFY(refused([](auto& p) { p.offset = std::numeric_limits<std::int32_t>::min(); }));
        QVERIFY(!refused([](auto& p) { p.scale = 20, p.counts.assign(65'536, 1); }));
        QVERIFY(refused([](auto& p) { p.scale = 20, p.counts.assign(65'537, 1); }));
        QVERIFY(!refused([](auto& p) { p.counts.assign(20'000, 1), p.offset = -10'000; }));
        QVERIFY(refused([](auto& p) { p.counts = {~std::uint64_t{0}, 2}; }));
        QVERIFY(refused([](auto& p) { p.max = 0.5; }));
        QVERIFY(refused([](auto& p) { p.sum = std::numeric_limits<double>::infinity(); }));
    }
    void theVarianceIsThatOfTheValues() {
        const Histogram h = filled(lognormal(100'000, 1, 0.3, 8));
        const double expected = std::exp(0.09) * (std::exp(0.09) - 1);
        QVERIFY(std::abs(h.variance() / expected - 1) < 0.03);
    }
    void theShareAboveABoundIsExact() {
        Histogram h;
        h.record(0.5, 3);
        h.record(1.0, 4);
        h.record(1.5, 3);
        QCOMPARE(h.shareAbove(1.0), 0.3);
        QCOMPARE(h.shareAbove(0.1), 1.0);
        QCOMPARE(h.shareAbove(2.0), 0.0);
    }
};

LEVEE_TEST(HistogramTest)
#include "histogram_test.moc"
