// SPDX-License-Identifier: Apache-2.0
#include "shared/simulator/runner.h"

#include <QTest>
#include <cmath>
#include <limits>

#include "shared/simulator/figure_unit.h"
#include "shared/simulator/scenario_file.h"
#include "tests/support/test_registry.h"

using namespace levee::simulator;

namespace {

constexpr double kNothing = std::numeric_limits<double>::quiet_NaN();

/// Four servers at half their load for a while; `expect` is the lines below spec.expect.
Scenario quiet(const std::string& expect, const std::string& arrivals = "poisson") {
    const std::string text =
        "apiVersion: levee/v1\nkind: Scenario\nmetadata: {name: quiet}\nspec:\n"
        "  duration: 20s\n  algorithms: [levee, none]\n"
        "  services: [{name: payment, work: constant 20ms}]\n"
        "  clients: [{name: users, to: payment, rate: 0.5x, arrivals: " +
        arrivals + "}]\n  expect:\n" + expect;
    ScenarioFile file = parseScenarios(text, "quiet.yaml");
    if (!file.diagnostics.empty())
        qFatal("%s", levee::format(file.diagnostics).c_str());
    return file.scenarios.at(0);
}

/// Runs that found these values of one expectation, seed after seed, for Levee's own and for none.
std::vector<std::vector<Run>> runsThatFound(const std::vector<double>& values) {
    std::vector<std::vector<Run>> seeds;
    for (std::size_t i = 0; i < values.size(); ++i) {
        Run run;
        run.seed = i + 1;
        run.found = {values[i]};
        seeds.push_back({run, run});
    }
    return seeds;
}

Verdict verdictOn(const std::string& expectation, const std::vector<double>& values,
                  std::size_t algorithm = 0) {
    const Scenario scenario = quiet("    - {of: payment, " + expectation + "}\n");
    return judge(scenario, algorithmsOf(scenario), runsThatFound(values))[algorithm].verdicts[0];
}

std::vector<std::vector<Run>> runAll(const Scenario& scenario, std::uint64_t seeds) {
    std::vector<std::vector<Run>> runs;
    for (std::uint64_t seed = 1; seed <= seeds; ++seed)
        runs.push_back(runSeed(scenario, algorithmsOf(scenario), seed));
    return runs;
}

}  // namespace

class RunnerTest : public QObject {
    Q_OBJECT
private slots:
    void aBoundIsMetUpToItself_data() {
        QTest::addColumn<QString>("expectation");
        QTest::addColumn<double>("value");
        QTest::addColumn<bool>("isMet");
        QTest::newRow("at least, at it") << "goodput: \">= 95%\"" << 0.95 << true;
        QTest::newRow("at least, below") << "goodput: \">= 95%\"" << 0.9499 << false;
        QTest::newRow("at least, above") << "goodput: \">= 95%\"" << 9.0 << true;
        QTest::newRow("at most, at it") << "p99: \"<= 250ms\"" << 0.25 << true;
        QTest::newRow("at most, above") << "p99: \"<= 250ms\"" << 0.2501 << false;
        QTest::newRow("between, low end") << "limit: 4..6" << 4.0 << true;
        QTest::newRow("between, high end") << "limit: 4..6" << 6.0 << true;
        QTest::newRow("between, below") << "limit: 4..6" << 3.99 << false;
        QTest::newRow("between, above") << "limit: 4..6" << 6.01 << false;
        QTest::newRow("no value") << "median: \"<= 1s\"" << kNothing << false;
    }
    void aBoundIsMetUpToItself() {
        QFETCH(QString, expectation);
        QFETCH(double, value);
        QTEST(verdictOn(expectation.toStdString(), {value}).isMet, "isMet");
    }
    void theWorstSeedIsTheFarthestFromTheBound() {
        const Verdict high = verdictOn("p99: \"<= 250ms\"", {0.2, 0.4, 0.3});
        QCOMPARE(high.worst, 0.4);
        QCOMPARE(high.worstSeed, std::uint64_t{2});
        QCOMPARE(high.seedsMet, std::size_t{1});
        const Verdict between = verdictOn("limit: 4..6", {5, 4.5, 5.2});
        QVERIFY(between.isMet);
        QCOMPARE(between.worstSeed, std::uint64_t{2});
        const Verdict missing = verdictOn("limit: 4..6", {1, kNothing, 2});
        QVERIFY(std::isnan(missing.worst));
        QCOMPARE(missing.worstSeed, std::uint64_t{2});
    }
    void allSeedsHaveToMeetItUnlessAShareIsGiven() {
        const std::vector<double> oneOfFour{0.9, 0.96, 0.97, 0.98};
        QVERIFY(!verdictOn("goodput: \">= 95%\"", oneOfFour).isMet);
        QVERIFY(verdictOn("goodput: \">= 95%\", seeds: 75%", oneOfFour).isMet);
        QVERIFY(!verdictOn("goodput: \">= 95%\", seeds: 76%", oneOfFour).isMet);
    }
    void aShareOfSeedsIsNotLostToRounding() {
        std::vector<double> values(20, 1.0);
        values[7] = 0;
        QVERIFY(verdictOn("goodput: \">= 95%\", seeds: 95%", values).isMet);
    }
    void anExpectationBindsLeveesOwnUnlessItNamesOthers() {
        QVERIFY(verdictOn("goodput: \">= 95%\"", {0.5}, 0).isBinding);
        QVERIFY(!verdictOn("goodput: \">= 95%\"", {0.5}, 1).isBinding);
        QVERIFY(verdictOn("goodput: \">= 95%\"", {0.5}, 1).isLevees);
        QVERIFY(!verdictOn("goodput: \">= 95%\", algorithms: [none]", {0.5}, 0).isBinding);
        QVERIFY(!verdictOn("goodput: \">= 95%\", algorithms: [none]", {0.5}, 1).isLevees);
        QVERIFY(verdictOn("goodput: \">= 95%\", algorithms: [none]", {0.5}, 1).isBinding);
        const Scenario scenario = quiet("    - {of: payment, goodput: \">= 95%\"}\n");
        const auto results = judge(scenario, algorithmsOf(scenario), runsThatFound({0.5}));
        QVERIFY(results[0].hasMissed());
        QVERIFY(!results[1].hasMissed());
        QCOMPARE(results[1].asked(), std::size_t{1});
        QCOMPARE(results[1].met(), std::size_t{0});
    }
    void algorithmsAreThoseOfTheScenarioOrLeveesOwn() {
        Scenario scenario = quiet("    []\n");
        QCOMPARE(algorithmsOf(scenario).size(), std::size_t{2});
        QVERIFY(!algorithmsOf(scenario)[1].isGuarded);
        scenario.algorithms.clear();
        QCOMPARE(algorithmsOf(scenario).at(0).name, std::string("levee"));
    }
    void theShownPartIsTheFirstExpectationOnAService() {
        const Scenario scenario = quiet(
            "    - {of: users, successShare: \">= 95%\"}\n"
            "    - {of: payment, from: 5s, to: 15s, goodput: \">= 1%\"}\n");
        QCOMPARE(shownPart(scenario).subject, std::string("payment"));
        QVERIFY((shownPart(scenario).interval == Interval{5, 15}));
        QVERIFY((shownPart(quiet("    []\n")).interval == Interval{0, 20}));
    }
    void whatIsFoundIsTheFiguresOfTheRun() {
        const Scenario scenario = quiet(
            "    - {of: payment, from: 5s, to: 15s, goodput: 40%..60%, median: 19ms..22ms}\n"
            "    - {of: payment, from: 5s, to: 15s, goodRate: 0.7..1.3, relativeTo: {from: 15s, "
            "to: 20s}}\n"
            "    - {of: users, successShare: \">= 99%\"}\n");
        const std::vector<Run> runs = runSeed(scenario, algorithmsOf(scenario), 3);
        Simulation simulation(scenario, algorithmsOf(scenario)[1], 3, {{5, 15}, {15, 20}, {0, 20}});
        simulation.run();
        const Figures early = simulation.figures("payment", {5, 15});
        const Figures late = simulation.figures("payment", {15, 20});
        const std::vector<double>& found = runs[1].found;
        QCOMPARE(found[0], *figure(early, "goodput"));
        QCOMPARE(found[1], *figure(early, "median"));
        QCOMPARE(found[2], *figure(early, "goodRate") / *figure(late, "goodRate"));
        QCOMPARE(runs[1].shown.good, early.good);
        QCOMPARE(runs[1].events, simulation.events());
        QVERIFY(!judge(scenario, algorithmsOf(scenario), {runs})[0].hasMissed());
    }
    void settlingAndTheFrontierAreFigures() {
        const Scenario scenario = quiet(
            "    - {of: payment, from: 5s, to: 15s, settle: \"<= 10s\", frontierGap: \"<= 5%\"}\n",
            "even");
        const std::vector<double> found =
            runSeed(scenario, {*algorithmNamed("levee")}, 1).at(0).found;
        QVERIFY(found[0] >= 0 && found[0] <= 10);
        QVERIFY(std::abs(found[1]) < 0.05);  // at half load any limit serves everything
    }
    void theSameSeedGivesTheSameResultsAndAnotherOneOthers() {
        const Scenario scenario = quiet("    - {of: payment, median: \"<= 1s\"}\n");
        const auto first = runSeed(scenario, algorithmsOf(scenario), 5);
        const auto again = runSeed(scenario, algorithmsOf(scenario), 5);
        const auto other = runSeed(scenario, algorithmsOf(scenario), 6);
        for (std::size_t a = 0; a < first.size(); ++a) {
            QCOMPARE(first[a].events, again[a].events);
            QCOMPARE(first[a].shown.good, again[a].shown.good);
            QVERIFY(first[a].found == again[a].found);
            QVERIFY(first[a].events != other[a].events);
        }
    }
    void figuresOfSeedsAreMerged() {
        const Scenario scenario = quiet("    - {of: payment, goodput: \">= 1%\"}\n");
        const auto runs = runAll(scenario, 3);
        const AlgorithmResult result = judge(scenario, algorithmsOf(scenario), runs).at(0);
        std::uint64_t good = 0;
        double most = 0;
        double sum = 0;
        for (const auto& run : runs) {
            good += run[0].shown.good;
            most = std::max(most, run[0].shown.limitMost);
            sum += run[0].shown.limitMean;
        }
        QCOMPARE(result.shown.good, good);
        QCOMPARE(result.shown.latency.count(), good);
        QCOMPARE(result.shown.seconds, 60.0);
        QCOMPARE(result.shown.limitMost, most);
        QVERIFY(std::abs(result.shown.limitMean - sum / 3) < 1e-9);
    }
    void withoutSeedsThereIsNothingToJudge() {
        const Scenario scenario = quiet("    []\n");
        QVERIFY(judge(scenario, algorithmsOf(scenario), {}).empty());
    }
    void figuresReadAsTheyAreWritten_data() {
        QTest::addColumn<QString>("shown");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char* name, const std::string& shown, const char* expected) {
            QTest::newRow(name) << QString::fromStdString(shown) << expected;
        };
        using Unit = FigureUnit;
        row("share", formatFigure(Unit::Share, 0.95234), "95.2%");
        row("large share", formatFigure(Unit::Share, 12.3456), "1235%");
        row("number", formatFigure(Unit::Number, 1.2345), "1.23");
        row("large number", formatFigure(Unit::Number, 12345.6), "12346");
        row("milliseconds", formatFigure(Unit::Seconds, 0.0123), "12.3ms");
        row("seconds", formatFigure(Unit::Seconds, 12.34), "12.3s");
        row("rate", formatFigure(Unit::Rate, 398.76), "399/s");
        row("nothing", formatFigure(Unit::Rate, kNothing), "nothing");
        row("at least", formatBounds(Unit::Share, 0.95, 1e300), ">= 95%");
        row("at most", formatBounds(Unit::Number, -1e300, 1.3), "<= 1.3");
        row("between", formatBounds(Unit::Seconds, 0.01, 0.0205), "10ms..20.5ms");
    }
    void figuresReadAsTheyAreWritten() {
        QFETCH(QString, shown);
        QFETCH(QString, expected);
        QCOMPARE(shown, expected);
    }
};

LEVEE_TEST(RunnerTest)
#include "runner_test.moc"
