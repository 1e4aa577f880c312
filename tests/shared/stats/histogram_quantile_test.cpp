// SPDX-License-Identifier: Apache-2.0
#include "shared/stats/histogram_quantile.h"

#include <QTest>
#include <algorithm>
#include <cmath>
#include <limits>
#include <regex>

#include "shared/base/random.h"
#include "tests/shared/stats/promtool_file.h"
#include "tests/support/source_paths.h"
#include "tests/support/test_registry.h"

using namespace levee;
using stats::ClassicBucket;
using stats::QuantileEstimate;

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

std::vector<ClassicBucket> bucketsOf(const test::PromtoolFile& file, const std::string& metric) {
    std::vector<ClassicBucket> buckets;
    for (const test::PromtoolSeries& series : file.series) {
        if (series.metric == metric) {
            buckets.push_back({std::stod(series.bound), series.values.at(0).value()});
        }
    }
    return buckets;
}

const std::vector<ClassicBucket> kUsual{{0.1, 10}, {0.5, 60}, {1, 90}, {kInfinity, 100}};

bool isNan(const QuantileEstimate& e) {
    return std::isnan(e.value) && std::isnan(e.low) && std::isnan(e.high) && !e.isSaturated;
}

}  // namespace

class HistogramQuantileTest : public QObject {
    Q_OBJECT
private slots:
    void theQuantileIsPrometheuss() {
        const auto file = test::readPromtoolFile(LEVEE_TEST_DATA "/promql/histogram_quantile.yaml");
        static const std::regex kForm(R"(histogram_quantile\(([^,]+), (\w+)\)( != bool .*)?)");
        QVERIFY(file.expectations.size() >= 24);
        for (const test::PromtoolExpectation& expected : file.expectations) {
            const char* text = expected.expression.c_str();
            std::smatch parts;
            QVERIFY2(std::regex_match(expected.expression, parts, kForm), text);
            const auto buckets = bucketsOf(file, parts[2]);
            QVERIFY2(!buckets.empty(), text);
            const double value = stats::histogramQuantile(std::stod(parts[1]), buckets).value;
            if (parts[3].matched) {
                QVERIFY2(std::isnan(value), text);
            } else if (std::isinf(*expected.value)) {
                QVERIFY2(value == *expected.value, text);
            } else {
                QVERIFY2(std::abs(value - *expected.value) <= 1e-15 + 1e-14 * std::abs(value),
                         text);
            }
        }
    }
    void theIntervalIsTheBucket() {
        const QuantileEstimate middle = stats::histogramQuantile(0.5, kUsual);
        QCOMPARE(middle.low, 0.1);
        QCOMPARE(middle.high, 0.5);
        QVERIFY(!middle.isSaturated && !middle.wasRaised);
        const QuantileEstimate first = stats::histogramQuantile(0.1, kUsual);
        QCOMPARE(first.low, 0.0);
        QCOMPARE(first.high, 0.1);
        const QuantileEstimate negative = stats::histogramQuantile(0.5, {{-1, 3}, {kInfinity, 4}});
        QCOMPARE(negative.low, -kInfinity);
        QCOMPARE(negative.high, -1.0);
    }
    void aboveTheLastBoundItOnlySaysAtLeast() {
        QVERIFY(!stats::histogramQuantile(0.9, kUsual).isSaturated);
        const QuantileEstimate past = stats::histogramQuantile(0.9001, kUsual);
        QVERIFY(past.isSaturated);
        QCOMPARE(past.value, 1.0);
        QCOMPARE(past.low, 1.0);
        QCOMPARE(past.high, kInfinity);
    }
    void theIntervalHoldsTheTrueQuantile() {
        Random random(3);
        for (int round = 0; round < 200; ++round) {
            std::vector<double> values;
            std::vector<ClassicBucket> buckets{{0.1, 0}, {0.3, 0}, {1, 0}, {3, 0}, {kInfinity, 0}};
            for (int i = 0; i < 500; ++i) {
                const double value = -std::log(1 - random.uniform());
                values.push_back(value);
                for (ClassicBucket& b : buckets) {
                    b.count += value <= b.upperBound ? 1 : 0;
                }
            }
            std::sort(values.begin(), values.end());
            const double q = random.uniform();
            // The smallest value with at least q * n values up to it.
            const auto rank = static_cast<std::size_t>(std::max(1.0, std::ceil(q * 500)));
            const QuantileEstimate e = stats::histogramQuantile(q, buckets);
            QVERIFY(e.low < values[rank - 1] && values[rank - 1] <= e.high);
            QVERIFY(e.low <= e.value && e.value <= e.high);
        }
    }
    void countsThatFallAreRaisedAndMarked() {
        const QuantileEstimate e =
            stats::histogramQuantile(0.9, {{1, 10}, {2, 8}, {3, 14}, {kInfinity, 13}});
        QVERIFY(e.wasRaised);
        QCOMPARE(e.value, 2.65);
    }
    void roundingIsRepairedInSilence() {
        const double a = 1e6;
        const auto with = [&](double second) {
            return stats::histogramQuantile(0.5, {{1, a}, {2, second}, {kInfinity, 2 * a}});
        };
        QVERIFY(!with(a * (1 - 0.9e-12)).wasRaised);
        QVERIFY(with(a * (1 - 1.1e-12)).wasRaised);
        QVERIFY(!with(a * (1 + 0.9e-12)).wasRaised);
        // A rise by rounding is none either: so what lies just above the first bucket's count lies
        // above the second's.
        QVERIFY(stats::histogramQuantile(0.5 + 4e-14,
                                         {{1, a}, {2, a * (1 + 9e-13)}, {kInfinity, 2 * a}})
                    .isSaturated);
    }
    void whatCannotBeReadIsNotANumber() {
        QVERIFY(isNan(stats::histogramQuantile(kNan, kUsual)));
        QVERIFY(isNan(stats::histogramQuantile(0.5, {})));
        QVERIFY(isNan(stats::histogramQuantile(0.5, {{kInfinity, 3}})));
        QVERIFY(isNan(stats::histogramQuantile(0.5, {{kInfinity, 3}, {kInfinity, 4}})));
        QVERIFY(isNan(stats::histogramQuantile(0.5, {{1, 3}, {2, 4}})));
        QVERIFY(isNan(stats::histogramQuantile(0.5, {{1, 0}, {kInfinity, 0}})));
        QVERIFY(isNan(stats::histogramQuantile(0.5, {{1, kNan}, {kInfinity, 4}})));
        QVERIFY(isNan(stats::histogramQuantile(0.5, {{kNan, 1}, {kInfinity, 4}})));
    }
    void theOrderOfTheBucketsDoesNotMatter() {
        std::vector<ClassicBucket> turned(kUsual.rbegin(), kUsual.rend());
        QCOMPARE(stats::histogramQuantile(0.42, turned).value,
                 stats::histogramQuantile(0.42, kUsual).value);
    }
    void theLimitsOfQAreInside() {
        QCOMPARE(stats::histogramQuantile(0, kUsual).value, 0.0);
        QCOMPARE(stats::histogramQuantile(1, kUsual).value, 1.0);
        QCOMPARE(stats::histogramQuantile(-1e-9, kUsual).value, -kInfinity);
        QCOMPARE(stats::histogramQuantile(1 + 1e-9, kUsual).value, kInfinity);
    }
};

LEVEE_TEST(HistogramQuantileTest)
#include "histogram_quantile_test.moc"
