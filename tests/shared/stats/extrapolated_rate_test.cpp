// SPDX-License-Identifier: Apache-2.0
#include "shared/stats/extrapolated_rate.h"

#include <QTest>
#include <cmath>
#include <regex>

#include "shared/stats/rate.h"
#include "tests/shared/stats/promtool_file.h"
#include "tests/support/source_paths.h"
#include "tests/support/test_registry.h"

using namespace levee;
using namespace std::chrono_literals;
using stats::CounterReading;

namespace {

const MonotonicTime kStart{1h};

/// The samples of a series in [end - range, end].
std::vector<CounterReading> window(const test::PromtoolFile& file, const std::string& metric,
                                   Duration end, Duration range) {
    std::vector<CounterReading> readings;
    for (const test::PromtoolSeries& series : file.series) {
        for (std::size_t i = 0; i < series.values.size() && series.metric == metric; ++i) {
            const Duration at = file.interval * static_cast<std::int64_t>(i);
            if (series.values[i] && at >= end - range && at <= end) {
                readings.push_back({kStart + at, *series.values[i]});
            }
        }
    }
    return readings;
}

std::vector<CounterReading> every10s(std::initializer_list<double> values, Duration from) {
    std::vector<CounterReading> readings;
    for (const double value : values) {
        readings.push_back({kStart + from, value});
        from += 10s;
    }
    return readings;
}

}  // namespace

class ExtrapolatedRateTest : public QObject {
    Q_OBJECT
private slots:
    void theRateIsPrometheuss() {
        const auto file = test::readPromtoolFile(LEVEE_TEST_DATA "/promql/rate.yaml");
        static const std::regex kForm(R"(rate\((\w+)\[(\w+)\]\))");
        QVERIFY(file.expectations.size() >= 18);
        for (const test::PromtoolExpectation& expected : file.expectations) {
            std::smatch parts;
            QVERIFY2(std::regex_match(expected.expression, parts, kForm),
                     expected.expression.c_str());
            const Duration range = test::promtoolDuration(parts[2]);
            const auto rate = stats::extrapolatedRate(window(file, parts[1], expected.at, range),
                                                      kStart + expected.at, range);
            QVERIFY2(rate.has_value() == expected.value.has_value(), expected.expression.c_str());
            QVERIFY2(!rate || std::abs(*rate - *expected.value) <= 1e-15 + 1e-14 * *expected.value,
                     expected.expression.c_str());
        }
    }
    /// The series begins 30 s into the window and was zero 8 s before that: half an interval, 5 s,
    /// is nearer. Prometheus 2.42 goes the 8 s and answers 0.56.
    void theEdgeIsJudgedBeforeTheZeroAsSincePrometheus3() {
        const auto readings = every10s({8, 18, 28}, 30s);
        QCOMPARE(*stats::extrapolatedRate(readings, kStart + 50s, 50s), 0.5);
        QCOMPARE(*stats::extrapolatedRate(readings, kStart + 50s, 50s,
                                          stats::Extrapolation::CounterPrometheus2),
                 0.56);
    }
    /// From 30 to 10 in 20 s, and half an interval on the left more.
    void aGaugeFallsAndHasNoZero() {
        const auto readings = every10s({30, 15, 10}, 30s);
        QCOMPARE(
            *stats::extrapolatedDelta(readings, kStart + 50s, 50s, stats::Extrapolation::Gauge),
            -25.0);
        QCOMPARE(*stats::extrapolatedDelta(readings, kStart + 50s, 50s), 25 * 1.25);
    }
    void theExactRateGuessesNothingAtTheEdges() {
        const auto readings = every10s({1000, 1010, 1020}, 30s);
        QCOMPARE(*stats::extrapolatedRate(readings, kStart + 50s, 50s), 0.5);
        stats::CounterRate exact;
        exact.observe(readings.front().value, readings.front().at);
        QCOMPARE(exact.observe(readings.back().value, readings.back().at)->perSecond, 1.0);
    }
    void oneReadingOrNoneHasNoRate() {
        QVERIFY(!stats::extrapolatedRate({}, kStart, 60s));
        QVERIFY(!stats::extrapolatedRate(every10s({7}, 30s), kStart + 50s, 60s));
        QVERIFY(stats::extrapolatedRate(every10s({7, 8}, 30s), kStart + 50s, 60s));
    }
};

LEVEE_TEST(ExtrapolatedRateTest)
#include "extrapolated_rate_test.moc"
