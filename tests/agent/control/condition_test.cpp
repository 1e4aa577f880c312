// SPDX-License-Identifier: Apache-2.0
#include "agent/control/condition.h"

#include <QTest>
#include <map>

#include "rules/promql/parser.h"
#include "rules/promql/presence.h"
#include "shared/stats/stale_marker.h"
#include "tests/support/test_registry.h"

using namespace levee;

namespace {

constexpr promql::Millis kNow = 1'000'000;

class Source final : public promql::SeriesSource {
public:
    void add(promql::Labels labels, double value, promql::Millis at = kNow - 1000) {
        std::sort(labels.begin(), labels.end());
        series_[labels].push_back({at, value});
    }
    void select(std::span<const promql::Matcher> matchers, promql::Millis from, promql::Millis to,
                Depth depth, const Take& take) const override {
        for (const auto& [labels, all] : series_) {
            std::vector<promql::Sample> samples;
            for (const promql::Sample& sample : all)
                if (sample.at >= from && sample.at <= to)
                    samples.push_back(sample);
            if (samples.empty() || !promql::matchAll(matchers, labels))
                continue;
            const std::span<const promql::Sample> span(samples);
            if (!take(promql::Labels(labels), depth == Depth::Newest ? span.last(1) : span))
                return;
        }
    }

private:
    std::map<promql::Labels, std::vector<promql::Sample>> series_;
};

}  // namespace

class ConditionTest : public QObject {
    Q_OBJECT
    Source source_;

    ConditionReading read(const std::string& text) const {
        const auto parsed = promql::parseExpression(text);
        if (parsed.expression == nullptr)
            qFatal("%s", format(parsed.diagnostics).c_str());
        return readCondition(*parsed.expression, source_, kNow);
    }
private slots:
    void init() {
        source_ = {};
        source_.add({{"__name__", "used"}, {"instance", "a"}}, 97);
        source_.add({{"__name__", "used"}, {"instance", "b"}}, 99);
        source_.add({{"__name__", "used"}, {"instance", "c"}}, 10);
        for (const char* instance : {"a", "b", "c"})
            source_.add({{"__name__", "most"}, {"instance", instance}}, 100);
    }
    void itHoldsWithTheWorstValue() {
        const ConditionReading above = read("used / most > 0.95");
        QCOMPARE(above.state, ConditionState::True);
        QCOMPARE(describe(above), std::string("0.99 {instance=\"b\"}, and 1 more"));
        QCOMPARE(describe(read("used < 98")), std::string("10 {instance=\"c\"}, and 1 more"));
        QCOMPARE(describe(read("used > 96 and used < 98")), std::string("97 {instance=\"a\"}"));
        QCOMPARE(describe(read("absent(gone)")), std::string("it holds"));
    }
    void itDoesNotHoldAndSaysHowFarItIs() {
        const ConditionReading below = read("used / most > 1");
        QCOMPARE(below.state, ConditionState::False);
        QCOMPARE(below.value, 0.99);
        QCOMPARE(read("used < 5").value, 10.0);
        QCOMPARE(read("absent(used)").state, ConditionState::False);
        QVERIFY(std::isnan(read("absent(used)").value));
    }
    void whatIsMissingIsToldFromWhatIsNotSo() {
        QCOMPARE(read("used / gone{job=~\"a|b\"} > 0.95").state, ConditionState::Absent);
        QCOMPARE(read("used / gone{job=~\"a|b\"} > 0.95").detail,
                 std::string("no data of gone{job=~\"a|b\"}"));
        QCOMPARE(read("rate(gone[1m]) / rate(lost[1m]) > 1").detail,
                 std::string("no data of gone, lost"));
        // One side of `or` is enough, and what is left out needs no data.
        QCOMPARE(read("gone > 1 or used > 100").state, ConditionState::False);
        QCOMPARE(read("gone > 1 or lost > 100").state, ConditionState::Absent);
        QCOMPARE(read("used > 100 unless gone").state, ConditionState::False);
        QCOMPARE(read("used > 100 and gone").state, ConditionState::Absent);
        QCOMPARE(read("used{instance=\"a\"} / most{instance=\"b\"} > 1").detail,
                 std::string("its series have no labels in common"));
    }
    void aSeriesThatEndedIsMissing() {
        for (const char* instance : {"a", "b", "c"})
            source_.add({{"__name__", "used"}, {"instance", instance}}, stats::staleMarker(), kNow);
        QCOMPARE(read("used > 100").state, ConditionState::Absent);
        QCOMPARE(read("absent(used)").state, ConditionState::True);
    }
    void aSeriesThatIsTooOldIsMissing() {
        source_.add({{"__name__", "old"}}, 5, kNow - promql::kLookback);
        QCOMPARE(read("old > 9").state, ConditionState::False);
        source_.add({{"__name__", "older"}}, 5, kNow - promql::kLookback - 1);
        QCOMPARE(read("older > 9").state, ConditionState::Absent);
        source_.add({{"__name__", "before"}}, 5, kNow - 60'000);
        QCOMPARE(read("before offset 2m > 9").state, ConditionState::Absent);
        QCOMPARE(read("before offset 1m > 9").state, ConditionState::False);
    }
    void whatCannotBeEvaluatedFails() {
        const ConditionReading failed = read("used / on() most > 1");
        QCOMPARE(failed.state, ConditionState::Failed);
        QVERIFY(!failed.detail.empty());
    }
    void notANumberIsNoWorst() {
        source_.add({{"__name__", "used"}, {"instance", "d"}}, std::nan(""));
        QCOMPARE(read("used > 98").value, 99.0);
        QCOMPARE(read("used > 100").value, 99.0);
        QCOMPARE(read("used < 5").value, 10.0);
    }
    void theThresholdIsTheNumberOnTheRight_data() {
        QTest::addColumn<QString>("expression");
        QTest::addColumn<QString>("threshold");
        QTest::newRow("above") << "used > 0.95"
                               << "> 0.95";
        QTest::newRow("negative") << "used <= -5"
                                  << "<= -5";
        QTest::newRow("and") << "used != 3 and most > 1"
                             << "!= 3";
        QTest::newRow("a series") << "used > most"
                                  << "";
        QTest::newRow("none") << "absent(used)"
                              << "";
    }
    void theThresholdIsTheNumberOnTheRight() {
        QFETCH(QString, expression);
        QFETCH(QString, threshold);
        const auto parsed = promql::parseExpression(expression.toStdString());
        QCOMPARE(QString::fromStdString(thresholdOf(*parsed.expression)), threshold);
    }
};

LEVEE_TEST(ConditionTest)
#include "condition_test.moc"
