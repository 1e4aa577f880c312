// SPDX-License-Identifier: Apache-2.0
#include "agent/trial/trial.h"

#include <QTest>

#include "agent/trial/guard_test_file.h"
#include "agent/trial/trial_report.h"
#include "tests/rules/lang/corpus.h"
#include "tests/support/test_registry.h"

using namespace levee;

namespace {

std::vector<trial::TrialResult> run(const std::string& text) {
    const auto file = trial::parseGuardTests(text, "t.yaml");
    std::vector<trial::TrialResult> results;
    for (const trial::GuardTest& test : file.tests)
        results.push_back(trial::runTrial(test, file.rules));
    return results;
}

const std::string kWrong = R"(apiVersion: levee/v1
kind: GuardTest
metadata: {name: a <wrong> test}
spec:
  guard: {client: checkout, service: payment}
  traffic: [{for: 5s, rate: 100/s}, {for: 5s, failures: 100%}]
  expect: [{breaker: closed}, {shed: 0%..1%, to: 5s}]
)";

}  // namespace

class TrialTest : public QObject {
    Q_OBJECT
private slots:
    void whatIsExpectedIsMet() {
        for (const trial::TrialResult& result : run(test::readData("trial/payment.good.yaml")))
            QVERIFY2(result.isMet(), trial::trialTable({result}).c_str());
    }
    void whatIsNotIsShownWithWhatWasSeen() {
        const auto results = run(kWrong);
        QVERIFY(!results[0].isMet());
        QVERIFY(!results[0].verdicts[0].isMet && results[0].verdicts[1].isMet);
        const std::string table = trial::trialTable(results);
        QVERIFY2(table.starts_with("FAILED  a <wrong> test  (checkout->payment, rule default, 1000 "
                                   "requests, "),
                 table.c_str());
        QVERIFY2(table.find("t.yaml:7:12: expected breaker closed: at 5.") != std::string::npos ||
                     table.find("t.yaml:7:12: expected breaker closed: at 5s") != std::string::npos,
                 table.c_str());
        QVERIFY(table.find(" s opened: ") != std::string::npos);
        QVERIFY(table.ends_with("1 tests, 1 failed\n"));
        const std::string junit = trial::trialJunit(results);
        QVERIFY(junit.find("tests=\"1\" failures=\"1\"") != std::string::npos);
        QVERIFY(junit.find("name=\"a &lt;wrong&gt; test\"") != std::string::npos);
        QVERIFY(trial::trialJson(results).find("\"met\": false") != std::string::npos);
    }
    void theSameTestGivesTheSame() {
        const std::string text = test::readData("trial/payment.good.yaml");
        QCOMPARE(trial::trialJson(run(text)), trial::trialJson(run(text)));
    }
    void inShadowNothingIsRefused() {
        const auto results =
            run("apiVersion: levee/v1\nkind: Guard\nmetadata: {name: s}\nspec: "
                "{match: {client: checkout, service: payment}, mode: shadow}\n---\n" +
                kWrong);
        QCOMPARE(results[0].rule, std::string("s"));
        QCOMPARE(results[0].refused, std::uint64_t{0});
        QVERIFY(!results[0].verdicts[0].isMet);
    }
};

LEVEE_TEST(TrialTest)
#include "trial_test.moc"
