// SPDX-License-Identifier: Apache-2.0
// The files of tests/scenario: all can be read, and the short ones come out as they say. ctest runs
// the others through the command line (tests/scenario/CMakeLists.txt).
#include <QDir>
#include <QFile>
#include <QTest>

#include "shared/simulator/runner.h"
#include "shared/simulator/scenario_file.h"
#include "tests/support/source_paths.h"
#include "tests/support/test_registry.h"

using namespace levee::simulator;

namespace {

const QString kFolder = QStringLiteral(LEVEE_SOURCE_DIR "/tests/scenario/");

ScenarioFile readFile(const QString& name) {
    QFile file(kFolder + name);
    const bool isOpen = file.open(QIODevice::ReadOnly);
    return parseScenarios(isOpen ? file.readAll().toStdString() : std::string(),
                          name.toStdString());
}

/// One line for each binding expectation that was missed.
std::string missed(const Scenario& scenario, std::uint64_t seed) {
    const std::vector<Algorithm> algorithms = algorithmsOf(scenario);
    std::string lines;
    for (const AlgorithmResult& result :
         judge(scenario, algorithms, {runSeed(scenario, algorithms, seed)})) {
        for (std::size_t i = 0; i < result.verdicts.size(); ++i) {
            const Verdict& verdict = result.verdicts[i];
            if (verdict.isBinding && !verdict.isMet)
                lines += scenario.name + ", line " + std::to_string(scenario.expectations[i].line) +
                         ": " + result.algorithm + ": " + scenario.expectations[i].figure + " is " +
                         std::to_string(verdict.worst) + '\n';
        }
    }
    return lines;
}

}  // namespace

class ScenarioTest : public QObject {
    Q_OBJECT
private slots:
    void everyFileCanBeRead_data() {
        QTest::addColumn<QString>("name");
        const QStringList names = QDir(kFolder).entryList({"*.yaml"}, QDir::Files);
        QVERIFY(!names.isEmpty());
        for (const QString& name : names)
            QTest::newRow(qPrintable(name)) << name;
    }
    void everyFileCanBeRead() {
        QFETCH(QString, name);
        const ScenarioFile file = readFile(name);
        QCOMPARE(QString::fromStdString(levee::format(file.diagnostics)), QString());
        QVERIFY(!file.scenarios.empty());
        for (const Scenario& scenario : file.scenarios)
            QVERIFY2(!scenario.expectations.empty(), scenario.name.c_str());
    }
    void shortScenariosComeOutAsTheySay_data() {
        QTest::addColumn<QString>("name");
        for (const char* name : {"crash.yaml", "few_requests.yaml", "lost_windows.yaml",
                                 "retry_storm.yaml", "stalls.yaml"})
            QTest::newRow(name) << name;
    }
    void shortScenariosComeOutAsTheySay() {
        QFETCH(QString, name);
        std::string lines;
        for (const Scenario& scenario : readFile(name).scenarios)
            lines += missed(scenario, 1);
        QCOMPARE(QString::fromStdString(lines), QString());
    }
};

LEVEE_TEST(ScenarioTest)
#include "scenario_test.moc"
