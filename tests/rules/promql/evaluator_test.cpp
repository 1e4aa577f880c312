// SPDX-License-Identifier: Apache-2.0
#include "rules/promql/evaluator.h"

#include <QTest>
#include <cmath>

#include "rules/promql/number_text.h"
#include "rules/promql/parser.h"
#include "shared/stats/stale_marker.h"
#include "tests/rules/promql/oracle.h"
#include "tests/support/test_registry.h"

using namespace levee;
using namespace levee::promql;

namespace {

constexpr Millis kNow = test::kOracleStart;

Result<Value> valueOf(const std::string& text, const SeriesSource& source, Millis now = kNow,
                      const EvaluationLimits& limits = {}) {
    return evaluate(*parseExpression(text).expression, source, now, limits);
}

std::size_t sizeOf(const std::string& text, const SeriesSource& source, Millis now) {
    return valueOf(text, source, now)->vector.size();
}

Labels up(const std::string& job) {
    return {{"__name__", "up"}, {"job", job}};
}

}  // namespace

class EvaluatorTest : public QObject {
    Q_OBJECT
private slots:
    void anInstantSelectorLooksBackFiveMinutesAndNotAMillisecondMore() {
        test::MemorySource source;
        source.add(up("a"), {kNow, 1});
        QCOMPARE(sizeOf("up", source, kNow + kLookback), std::size_t{1});
        QCOMPARE(sizeOf("up", source, kNow + kLookback + 1), std::size_t{0});
        QCOMPARE(sizeOf("up", source, kNow - 1), std::size_t{0});
    }
    void aRangeIsClosedAtBothEnds() {
        test::MemorySource source;
        for (const Millis at : {-60'000, -30'000, 0})
            source.add(up("a"), {kNow + at, 1});
        QCOMPARE(valueOf("count_over_time(up[1m])", source)->vector[0].value, 3.0);
        QCOMPARE(valueOf("count_over_time(up[1m])", source, kNow + 1)->vector[0].value, 2.0);
        QCOMPARE(valueOf("count_over_time(up[1m])", source, kNow - 1)->vector[0].value, 2.0);
    }
    void aStaleSeriesHasNoValueAndAnOrdinaryNaNIsOne() {
        test::MemorySource source;
        source.add(up("stale"), {kNow - 1000, 1});
        source.add(up("stale"), {kNow, stats::staleMarker()});
        source.add(up("nan"), {kNow, std::nan("")});
        const auto value = valueOf("up", source);
        QCOMPARE(value->vector.size(), std::size_t{1});
        QVERIFY(std::isnan(value->vector[0].value));
        QCOMPARE(valueOf("count(count_over_time(up[1m]))", source)->vector[0].value, 2.0);
    }
    void asManySeriesAsTheLimitAreReadAndOneMoreIsAnError() {
        test::MemorySource source;
        for (const char* job : {"a", "b", "c"})
            source.add(up(job), {kNow, 1});
        QVERIFY(valueOf("up", source, kNow, {.series = 3}));
        const auto beyond = valueOf("1 +\n up", source, kNow, {.series = 2});
        QVERIFY(!beyond);
        QCOMPARE(beyond.error().kind, ErrorKind::Exhausted);
        QCOMPARE(beyond.error().message,
                 std::string("2:2: more than 2 series; ask for fewer with matchers"));
        // The selectors of an expression share the limit.
        QVERIFY(valueOf("up + up", source, kNow, {.series = 6}));
        QVERIFY(!valueOf("up + up", source, kNow, {.series = 5}));
    }
    void asManySamplesAsTheLimitAreReadAndOneMoreIsAnError() {
        test::MemorySource source;
        for (Millis i = 0; i < 10; ++i)
            source.add(up("a"), {kNow + i, 1});
        const Millis now = kNow + 9;
        QVERIFY(valueOf("sum_over_time(up[1m])", source, now, {.samples = 10}));
        QCOMPARE(valueOf("sum_over_time(up[1m])", source, now, {.samples = 9}).error().kind,
                 ErrorKind::Exhausted);
        // An instant selector reads one sample of a series.
        QVERIFY(valueOf("up", source, now, {.samples = 1}));
    }
    void anErrorSaysWhereAndWhatToDo() {
        test::MemorySource source;
        source.add(up("a"), {kNow, 1});
        source.add({{"__name__", "up"}, {"instance", "1"}, {"job", "a"}}, {kNow, 1});
        const auto value = valueOf("up / on(job) up", source);
        QCOMPARE(value.error().kind, ErrorKind::Invalid);
        QCOMPARE(
            value.error().message,
            std::string("1:4: several series of the match group {job=\"a\"} on the right side, "
                        "among them up{instance=\"1\", job=\"a\"} and up{job=\"a\"}; add labels "
                        "to on(), or aggregate that side first"));
    }
    void theResultDoesNotDependOnTheOrderOfTheSource() {
        class Backwards final : public SeriesSource {
        public:
            void select(std::span<const Matcher>, Millis, Millis, Depth,
                        const Take& take) const override {
                for (const char* job : {"c", "b", "a"}) {
                    const Sample sample{kNow, 1};
                    take(up(job), {&sample, 1});
                }
            }
        };
        const auto value = valueOf("topk(2, up)", Backwards());
        QCOMPARE(labelValue(value->vector[0].labels, "job"), std::string_view("a"));
        QCOMPARE(labelValue(value->vector[1].labels, "job"), std::string_view("b"));
    }
    /// Prometheus 2 answers with the last finite bound there; a share of unknown counts is unknown.
    void aHistogramWithUnknownCountsHasNoQuantile() {
        test::MemorySource source;
        for (const char* bound : {"1", "+Inf"})
            source.add({{"__name__", "b"}, {"le", bound}}, {kNow, std::nan("")});
        QVERIFY(std::isnan(valueOf("histogram_quantile(0.5, b)", source)->vector[0].value));
    }
    void numbersAreWrittenWithoutExponent() {
        QCOMPARE(formatNumber(0), std::string("0"));
        QCOMPARE(formatNumber(-0.0), std::string("-0"));
        QCOMPARE(formatNumber(1.5e-7), std::string("0.00000015"));
        QCOMPARE(formatNumber(1e23), std::string("100000000000000000000000"));
        QCOMPARE(formatNumber(123456.5), std::string("123456.5"));
        QCOMPARE(formatNumber(-INFINITY), std::string("-Inf"));
    }
};

LEVEE_TEST(EvaluatorTest)
#include "evaluator_test.moc"
