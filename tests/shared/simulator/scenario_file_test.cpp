// SPDX-License-Identifier: Apache-2.0
#include "shared/simulator/scenario_file.h"

#include <QTest>

#include "shared/simulator/matrix.h"
#include "tests/rules/lang/corpus.h"
#include "tests/support/test_registry.h"

using namespace levee;
using namespace levee::simulator;
using namespace std::chrono_literals;

namespace {

std::string findingsOf(const std::string& text, const std::string& name) {
    std::string lines;
    for (Diagnostic diagnostic : parseScenarios(text, name).diagnostics) {
        diagnostic.place.file.clear();
        lines += format(diagnostic) + '\n';
    }
    return lines;
}

ScenarioFile parseGood(const std::string& name) {
    return parseScenarios(test::readData("scenario/" + name), name);
}

}  // namespace

class ScenarioFileTest : public QObject {
    Q_OBJECT
private slots:
    void everyDefectGivesExactlyItsMessages_data() {
        QTest::addColumn<QString>("actual");
        QTest::addColumn<QString>("expected");
        const auto actual = test::answers("scenario", "*.bad.yaml", findingsOf);
        const auto expected = test::readTable("scenario/expected.txt");
        QVERIFY(!actual.empty());
        QCOMPARE(actual.size(), expected.size());
        for (const auto& [name, lines] : actual) {
            const auto it = expected.find(name);
            QTest::newRow(name.c_str())
                << QString::fromStdString(lines)
                << (it == expected.end() ? QString() : QString::fromStdString(it->second));
        }
    }
    void everyDefectGivesExactlyItsMessages() {
        QFETCH(QString, actual);
        QFETCH(QString, expected);
        QVERIFY(!actual.isEmpty());
        QCOMPARE(actual, expected);
    }
    void goodFilesHaveNoFindings_data() {
        QTest::addColumn<QString>("name");
        for (const QString& name : test::filesIn("scenario", "*.good.yaml"))
            QTest::newRow(qPrintable(name)) << name;
    }
    void goodFilesHaveNoFindings() {
        QFETCH(QString, name);
        const ScenarioFile file = parseGood(name.toStdString());
        QCOMPARE(QString::fromStdString(format(file.diagnostics)), QString());
        QVERIFY(!file.scenarios.empty());
    }
    void whatIsNotWrittenHasItsDefault() {
        const Scenario scenario = parseGood("minimal.good.yaml").scenarios.at(0);
        QCOMPARE(scenario.name, std::string("a"));
        QCOMPARE(scenario.seeds, Scenario().seeds);
        QVERIFY(scenario.algorithms.empty());
        const ServiceSpec& service = scenario.services.at(0);
        QCOMPARE(service.servers, 4);
        QVERIFY(service.limiter.place == LimiterSpec::Place::Gateway);
        QVERIFY(service.law.kind == ServiceLaw::Kind::Exponential);
        QCOMPARE(service.law.mean, 0.02);
        QCOMPARE(scenario.clients.at(0).arrivals.rates.at(0).rate, 400.0);  // 2 * 4 / 20 ms
        QCOMPARE(scenario.clients.at(0).timeout, 1.0);
    }
    void everyFieldOfAServiceIsRead() {
        const Scenario scenario = parseGood("full.good.yaml").scenarios.at(0);
        const ServiceSpec& service = scenario.services.at(0);
        QCOMPARE(service.instances, 3);
        QCOMPARE(service.backlog, 100U);
        QVERIFY(!service.holdsServer);
        const LimiterSpec& limiter = service.limiter;
        QVERIFY(limiter.place == LimiterSpec::Place::InProcess);
        QCOMPARE(limiter.settings.limit, 20U);
        QCOMPARE(limiter.settings.minLimit, 2U);
        QCOMPARE(limiter.settings.maxLimit, 500U);
        QCOMPARE(limiter.settings.queue, 9);
        QVERIFY(limiter.knowsSelfTime && limiter.usesPriorities);
        QCOMPARE(limiter.deadline, 0.5);
        QCOMPARE(scenario.services.at(1).limiter.gateways, 4);
        QCOMPARE(scenario.services.at(1).limiter.queueTimeout, 1.0);
        QCOMPARE(scenario.services.at(1).limiter.serviceTimeout, 2.0);
        QVERIFY(scenario.services.at(2).limiter.place == LimiterSpec::Place::None);
        const CallSpec& call = service.calls.at(0);
        QCOMPARE(call.to, std::string("payment"));
        QCOMPARE(call.share, 0.3);
        QVERIFY(call.parallel && !call.required && call.hasBreaker);
        QCOMPARE(call.timeout, 0.2);
        QCOMPARE(call.attempts, 3);
        QCOMPARE(call.retryBudget, 0.2);
        QCOMPARE(call.breaker.consecutiveFailures, 7U);
        QVERIFY(call.breaker.openFor == Duration(3s));
        QVERIFY(!service.calls.at(1).hasBreaker);
    }
    void everyLawIsRead() {
        const ScenarioFile file = parseGood("full.good.yaml");
        const ServiceLaw& bimodal = file.scenarios.at(1).services.at(0).law;
        QVERIFY(bimodal.kind == ServiceLaw::Kind::Bimodal);
        QCOMPARE(bimodal.fast, 0.001);
        QCOMPARE(bimodal.slow, 0.2);
        QCOMPARE(bimodal.slowShare, 0.05);
        const ServiceLaw& lognormal = file.scenarios.at(0).services.at(1).law;
        QVERIFY(lognormal.kind == ServiceLaw::Kind::Lognormal);
        QCOMPARE(lognormal.cv, 0.3);
        const ServiceLaw& pareto = file.scenarios.at(0).services.at(2).law;
        QVERIFY(pareto.kind == ServiceLaw::Kind::Pareto);
        QCOMPARE(pareto.shape, 2.5);
    }
    void everyFieldOfAClientIsRead() {
        const Scenario scenario = parseGood("full.good.yaml").scenarios.at(0);
        const ClientSpec& users = scenario.clients.at(0);
        QVERIFY(users.arrivals.law == ArrivalSpec::Law::Bursts);
        QCOMPARE(users.arrivals.burstSize, 5);
        QCOMPARE(users.arrivals.rates.size(), std::size_t{3});
        QCOMPARE(users.arrivals.rates[0].rate, 300.0);  // half of 3 * 4 / 20 ms
        QCOMPARE(users.arrivals.rates[1].at, 10.0);
        QVERIFY(!users.arrivals.rates[1].ramp && users.arrivals.rates[2].ramp);
        QCOMPARE(users.arrivals.rates[2].rate, 100.0);
        QCOMPARE(users.timeout, 2.0);
        QCOMPARE(users.attempts, 4);
        QCOMPARE(users.backoff, 0.01);
        QCOMPARE(users.retryBudget, 0.1);
        QVERIFY(!users.retriesRefused);
        QCOMPARE(users.priorities.size(), std::size_t{3});
        QCOMPARE(users.priorities[2].level, 2);
        QCOMPARE(users.priorities[2].share, 0.6);
        const ArrivalSpec& night = scenario.clients.at(1).arrivals;
        QVERIFY(night.law == ArrivalSpec::Law::Diurnal);
        QCOMPARE(night.period, 3600.0);
        QVERIFY(night.high > night.low);
        const ArrivalSpec& replay = scenario.clients.at(2).arrivals;
        QVERIFY(replay.law == ArrivalSpec::Law::Recorded);
        QVERIFY((replay.recorded == std::vector<std::uint32_t>{10, 20, 0}));
        QVERIFY(scenario.clients.at(3).arrivals.law == ArrivalSpec::Law::Even);
    }
    void everyFaultIsRead() {
        const Scenario scenario = parseGood("full.good.yaml").scenarios.at(0);
        using Kind = FaultSpec::Kind;
        QCOMPARE(scenario.faults.size(), std::size_t{7});
        const std::vector<Kind> kinds{Kind::Servers, Kind::Slow,      Kind::Errors,     Kind::Crash,
                                      Kind::Stall,   Kind::ClockJump, Kind::LoseWindows};
        for (std::size_t i = 0; i < kinds.size(); ++i)
            QVERIFY(scenario.faults[i].kind == kinds[i]);
        QCOMPARE(scenario.faults[0].instance, 2);
        QCOMPARE(scenario.faults[0].value, 0.5);
        QCOMPARE(scenario.faults[1].instance, -1);
        QCOMPARE(scenario.faults[1].every, 20.0);
        QCOMPARE(scenario.faults[2].value, 0.5);
        QCOMPARE(scenario.faults[4].seconds, 0.05);
        QCOMPARE(scenario.faults[5].value, 3600.0);
    }
    void everyFigureOfAnExpectationIsABoundOfItsOwn() {
        const Scenario scenario = parseGood("full.good.yaml").scenarios.at(0);
        const std::vector<Expectation>& all = scenario.expectations;
        QCOMPARE(all.size(), std::size_t{8});
        QCOMPARE(all[0].figure, std::string("goodput"));
        QCOMPARE(all[0].least, 0.95);
        QVERIFY(all[0].most > 1e299);
        QVERIFY((all[0].interval == Interval{11, 40}));
        QVERIFY(all[0].algorithms.empty());
        QCOMPARE(all[0].seedShare, 1.0);
        QCOMPARE(all[0].line, 67);
        QCOMPARE(all[1].figure, std::string("medianInflation"));
        QCOMPARE(all[1].most, 1.3);
        QVERIFY((all[2].interval == Interval{50, 60}));
        QVERIFY((all[2].relativeTo == Interval{0, 10}));
        QCOMPARE(all[2].least, 0.9);
        QCOMPARE(all[2].most, 1.1);
        QCOMPARE(all[3].level, 0);
        QCOMPARE(all[3].least, 0.995);
        QCOMPARE(all[3].seedShare, 0.95);
        QCOMPARE(all[4].figure, std::string("goodRate"));
        QCOMPARE(all[4].most, 100.0);
        QCOMPARE(all[5].most, 2.0);
        QVERIFY((all[5].algorithms == std::vector<std::string>{"none", "fixed"}));
        QCOMPARE(all[6].figure, std::string("settle"));
        QCOMPARE(all[7].figure, std::string("frontierGap"));
    }
    void aMatrixMakesAScenarioOfEachCombination() {
        const ScenarioFile file = parseGood("full.good.yaml");
        QCOMPARE(file.scenarios.size(), std::size_t{4});
        QCOMPARE(file.scenarios[0].name, std::string("full[servers=4,law=exponential 20ms]"));
        QCOMPARE(file.scenarios[3].name,
                 std::string("full[servers=16,law=bimodal 1ms 200ms at 5%]"));
        QCOMPARE(file.scenarios[0].services[0].servers, 4);
        QCOMPARE(file.scenarios[3].services[0].servers, 16);
        // The load follows the capacity of the combination: 3 * servers / mean.
        QCOMPARE(file.scenarios[2].clients[0].arrivals.rates[0].rate, 0.5 * 3 * 16 / 0.02);
        QVERIFY(std::abs(file.scenarios[3].clients[0].arrivals.rates[0].rate -
                         0.5 * 3 * 16 / (0.95 * 0.001 + 0.05 * 0.2)) < 1e-6);
    }
    void valuesAtTheirLimitsAreTaken() {
        const std::vector<Scenario> scenarios = parseGood("every_limit.good.yaml").scenarios;
        QCOMPARE(scenarios.size(), std::size_t{2});
        QCOMPARE(scenarios[0].services[0].law.mean, 1e-6);
        QCOMPARE(scenarios[0].faults[0].value, 0.0);
        QCOMPARE(scenarios[1].duration, 30.0 * 86400);
        QCOMPARE(scenarios[1].services[0].instances, 64);
        QCOMPARE(scenarios[1].clients[0].arrivals.rates[1].rate, 1e7);
    }
    void scenariosBesideABrokenOneAreKept() {
        const std::string good = test::readData("scenario/minimal.good.yaml");
        std::string other = good;
        other.replace(other.find("{name: a}"), 9, "{name: b}");
        const ScenarioFile file = parseScenarios(good + "---\nkind: Nothing\n---\n" + other, "f");
        QVERIFY(hasErrors(file.diagnostics));
        QCOMPARE(file.scenarios.size(), std::size_t{2});
        QCOMPARE(file.scenarios[1].name, std::string("b"));
    }
    void listsAreTakenUpToTheirLimit_data() {
        QTest::addColumn<QString>("before");
        QTest::addColumn<QString>("item");
        QTest::addColumn<QString>("after");
        QTest::addColumn<int>("limit");
        const auto row = [](const char* name, const QString& before, const char* item,
                            const char* after, std::size_t limit) {
            QTest::newRow(name) << before << item << after << static_cast<int>(limit);
        };
        const QString service = "  services: [{name: s, work: constant 1ms}]\n";
        const QString both = service + "  clients: [{name: u, to: s, rate: 1x}]\n";
        row("services", "  clients: [{name: u, to: s1, rate: 1x}]\n  services: [",
            "{name: s%1, work: constant 1ms}", "]\n", kMostServices);
        row("clients", service + "  clients: [", "{name: u%1, to: s, rate: 1x}", "]\n",
            kMostServices);
        row("calls",
            "  clients: [{name: u, to: s, rate: 1x}]\n  services:\n"
            "    - {name: t, work: constant 1ms}\n    - {name: s, work: constant 1ms, calls: [",
            "{to: t}", "]}\n", kMostCalls);
        row("faults", both + "  faults: [", "{kind: stall, service: s, at: 1s, for: 1s}", "]\n",
            kMostFaults);
        row("expectations", both + "  expect: [", "{of: s, goodput: 0..1}", "]\n",
            kMostExpectations);
        row("bounds", both + "  expect: [", "{of: s, goodput: 0..1, p99: 0..1s}", "]\n",
            kMostExpectations / 2);
        row("rates", service + "  clients: [{name: u, to: s, rate: [1x", ", 1x from %1ms", "]}]\n",
            kMostRatePoints - 1);
        row("recorded", service + "  clients: [{name: u, to: s, recorded: [", "1", "]}]\n",
            kMostRecorded);
    }
    void listsAreTakenUpToTheirLimit() {
        QFETCH(QString, before);
        QFETCH(QString, item);
        QFETCH(QString, after);
        QFETCH(int, limit);
        const auto findings = [&](int count) {
            QString text =
                "apiVersion: levee/v1\nkind: Scenario\nmetadata: {name: a}\nspec:\n"
                "  duration: 1m\n" +
                before;
            for (int i = 1; i <= count; ++i) {
                const bool hasComma = i == 1 || item.startsWith(',');
                text += (hasComma ? "" : ", ") + QString(item).replace("%1", QString::number(i));
            }
            return QString::fromStdString(
                format(parseScenarios((text + after).toStdString(), "f").diagnostics));
        };
        QCOMPARE(findings(limit), QString());
        QVERIFY(findings(limit + 1).contains("error: "));
    }
    void aMatrixIsTakenUpToItsLimits() {
        const auto scenarios = [](std::size_t axes, int values, int others) {
            QString matrix;
            QString use;
            for (std::size_t a = 1; a <= axes; ++a) {
                matrix += QString("    a%1: [").arg(a);
                for (int v = 1; v <= (a == 1 ? values : a == 2 ? others : 1); ++v)
                    matrix += QString("%1, ").arg(v);
                matrix += "]\n";
                use += QString("${a%1}").arg(a);
            }
            const ScenarioFile file = parseScenarios(
                ("apiVersion: levee/v1\nkind: Scenario\nmetadata: {name: a, description: \"" + use +
                 "\"}\nspec:\n  duration: 1s\n  matrix:\n" + matrix +
                 "  services: [{name: s, work: constant 1ms}]\n"
                 "  clients: [{name: u, to: s, rate: 1x}]\n")
                    .toStdString(),
                "f");
            return hasErrors(file.diagnostics) ? 0 : file.scenarios.size();
        };
        QCOMPARE(scenarios(kMostAxes, 2, 2), std::size_t{4});
        QCOMPARE(scenarios(kMostAxes + 1, 2, 2), std::size_t{0});
        QCOMPARE(scenarios(1, static_cast<int>(kMostAxisValues), 0), kMostAxisValues);
        QCOMPARE(scenarios(1, static_cast<int>(kMostAxisValues) + 1, 0), std::size_t{0});
        QCOMPARE(scenarios(2, 50, 40), kMostMatrixPoints);
        QCOMPARE(scenarios(2, 50, 41), std::size_t{0});
    }
    void aRunOfTooManyRequestsIsRefused() {
        const auto file = [](const char* rate) {
            return parseScenarios(
                std::string("apiVersion: levee/v1\nkind: Scenario\nmetadata: {name: a}\nspec:\n"
                            "  duration: 100s\n  services: [{name: s, work: constant 1ms}]\n"
                            "  clients: [{name: u, to: s, rate: ") +
                    rate + "}]\n",
                "f");
        };
        QVERIFY(file("5000000/s").diagnostics.empty());
        QVERIFY(hasErrors(file("5000001/s").diagnostics));
        // A ramp counts by its area.
        QVERIFY(file("[0/s, 10000000/s by 100s]").diagnostics.empty());
        QVERIFY(hasErrors(file("[1/s, 10000000/s by 100s]").diagnostics));
    }
    void noInputMakesItFail() {
        const std::string text = test::readData("scenario/full.good.yaml");
        for (std::size_t cut = 0; cut < text.size(); cut += 7)
            parseScenarios(text.substr(0, cut), "f");
        for (std::size_t i = 0; i < text.size(); i += 11) {
            std::string changed = text;
            changed[i] = "[]{}:,x-\n"[i % 9];
            parseScenarios(changed, "f");
        }
    }
};

LEVEE_TEST(ScenarioFileTest)
#include "scenario_file_test.moc"
