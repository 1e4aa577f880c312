// SPDX-License-Identifier: Apache-2.0
#include "agent/trial/automation_trial.h"

#include <QTest>
#include <cmath>

#include "agent/trial/guard_test_file.h"
#include "agent/trial/trial_report.h"
#include "shared/stats/stale_marker.h"
#include "tests/rules/lang/corpus.h"
#include "tests/support/test_registry.h"

using namespace levee;
using namespace std::chrono_literals;

namespace {

std::vector<trial::TrialResult> run(const std::string& text) {
    const auto file = trial::parseGuardTests(text, "t.yaml");
    if (hasErrors(file.diagnostics))
        qFatal("%s", format(file.diagnostics).c_str());
    std::vector<trial::TrialResult> results;
    for (const trial::AutomationTest& test : file.automationTests)
        results.push_back(trial::runTrial(test, file.rules));
    return results;
}

/// "0 10 _ stale", by the places of the samples.
QString values(const std::string& text) {
    const auto samples = trial::parseSeriesValues(text, 1000);
    if (!samples)
        return QString::fromStdString(samples.error().message);
    QStringList words;
    for (const promql::Sample& sample : *samples) {
        while (words.size() < sample.at / 1000)
            words << "_";
        words << (stats::isStaleMarker(sample.value) ? QString("stale")
                                                     : QString::number(sample.value));
    }
    return words.join(' ');
}

}  // namespace

class AutomationTrialTest : public QObject {
    Q_OBJECT
private slots:
    void whatIsExpectedIsMet() {
        const auto results = run(test::readData("trial/redis.good.yaml"));
        QCOMPARE(results.size(), std::size_t{3});
        for (const trial::TrialResult& result : results)
            QVERIFY2(result.isMet(), trial::trialTable({result}).c_str());
        QCOMPARE(results[0].verdicts.size(), std::size_t{7});
        QCOMPARE(results[0].events.size(), std::size_t{2});
        QCOMPARE(results[0].events[0].millis, std::int64_t{105'000});
    }
    void whatIsNotIsShownWithWhatWasSeen() {
        std::string text = test::readData("trial/redis.good.yaml");
        const auto replace = [&text](const std::string& what, const std::string& by) {
            const std::size_t at = text.find(what);
            QVERIFY(at != std::string::npos);
            text.replace(at, what.size(), by);
        };
        replace("{at: 1m44s, firing: []}", "{at: 1m44s, firing: [redis-memory-ful]}");
        const auto results = run(text);
        QVERIFY(!results[0].isMet());
        const std::string table = trial::trialTable(results);
        QVERIFY2(table.find("expected firing [redis-memory-ful] at 1m44s: firing []; "
                            "redis-memory-full was pending, 0.96 {instance=\"a\"}; redis-gone was "
                            "idle, it does not hold") != std::string::npos,
                 table.c_str());
        QVERIFY(table.find("at 105.0 s redis-memory-full fired: 0.96") != std::string::npos);
        QVERIFY(table.find("FAILED  redis fills up and is emptied  (all automations)\n") !=
                std::string::npos);
        QVERIFY(trial::trialJunit(results).find("failures=\"1\"") != std::string::npos);
    }
    void anUnknownAutomationIsNamed() {
        std::string text = test::readData("trial/redis.good.yaml");
        const std::string asked = "automation: redis-memory-full";
        text.replace(text.find(asked), asked.size(), "automation: redis-memory-fill");
        const std::string seen = run(text)[1].verdicts[1].seen;
        QVERIFY2(seen.find("no automation redis-memory-fill in these files, is redis-memory-full "
                           "meant?") != std::string::npos,
                 seen.c_str());
    }
    void seriesAreWrittenAsForPromtool_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("expected");
        QTest::newRow("numbers") << "5 1e3 -2 0x10"
                                 << "5 1000 -2 0 0 0 0 0 0 0 0 0 0 0";
        QTest::newRow("rising") << "-2+4x3"
                                << "-2 2 6 10";
        QTest::newRow("falling") << "1-2x4"
                                 << "1 -1 -3 -5 -7";
        QTest::newRow("constant") << "1x4"
                                  << "1 1 1 1 1";
        QTest::newRow("missing") << "1 _x3 stale"
                                 << "1 _ _ _ stale";
        QTest::newRow("one missing") << "_ 3"
                                     << "_ 3";
        QTest::newRow("mixed") << " 0+10x2\n 100 "
                               << "0 10 20 100";
        QTest::newRow("exponent") << "1e+1x1"
                                  << "10 10";
        QTest::newRow("none") << ""
                              << "";
        QTest::newRow("word") << "1 two"
                              << "'two' is none of the forms 5, 0+10x5, 3x20, _, _x4 and stale";
        QTest::newRow("times") << "1x-4"
                               << "'1x-4' is none of the forms 5, 0+10x5, 3x20, _, _x4 and stale";
        QTest::newRow("too many times") << "1x100000"
                                        << "'1x100000' is none of the forms 5, 0+10x5, 3x20, _, "
                                           "_x4 and stale";
        QTest::newRow("too many") << "1x99998 1 1"
                                  << "more than 100000 values";
    }
    void seriesAreWrittenAsForPromtool() {
        QFETCH(QString, text);
        QFETCH(QString, expected);
        QCOMPARE(values(text.toStdString()), expected);
    }
    void asManyValuesAsMayBe() {
        QCOMPARE(trial::parseSeriesValues("1x99998 1", 1)->size(), std::size_t{100'000});
    }
    void offIsOffAndShadowDecides() {
        const auto rule = [](const std::string& mode) {
            return "apiVersion: levee/v1\nkind: Automation\nmetadata: {name: a}\nspec: {mode: \"" +
                   mode +
                   "\", when: up == 0, for: 0s, do: [{limit: {service: s, fixed: 1}}]}\n---\n"
                   "apiVersion: levee/v1\nkind: AutomationTest\nmetadata: {name: t}\nspec: "
                   "{series: "
                   "[{series: up, values: 0x9}], expect: [{at: 1s, inForce: [limit s]}]}\n";
        };
        QVERIFY(run(rule("shadow"))[0].isMet());
        QVERIFY(run(rule("enforce"))[0].isMet());
        QVERIFY(!run(rule("off"))[0].isMet());
    }
    void theSameTestGivesTheSame() {
        const std::string text = test::readData("trial/redis.good.yaml");
        QCOMPARE(trial::trialJson(run(text)), trial::trialJson(run(text)));
    }
};

LEVEE_TEST(AutomationTrialTest)
#include "automation_trial_test.moc"
