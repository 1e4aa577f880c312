// SPDX-License-Identifier: Apache-2.0
// The machine's own Prometheus is asked again, so that the stored answers cannot grow old unseen.
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

#include "tests/rules/promql/oracle.h"
#include "tests/support/test_registry.h"

using namespace levee;

class LivePrometheusTest : public QObject {
    Q_OBJECT
private slots:
    void prometheusAnswersTheSameNow() {
        for (const char* program : {"prometheus", "node"}) {
            if (QStandardPaths::findExecutable(program).isEmpty())
                QSKIP(qPrintable(QString("%1 is not installed").arg(program)));
        }
        const QString folder = LEVEE_TEST_DATA "/promql/oracle";
        QTemporaryDir scratch;
        const QString answers = scratch.filePath("answers.jsonl");
        QProcess script;
        script.setStandardOutputFile(answers);
        script.start("node", {LEVEE_SOURCE_DIR "/tests/rules/promql/ask_prometheus.mjs", folder});
        QVERIFY(script.waitForFinished(100'000));
        QVERIFY2(script.exitStatus() == QProcess::NormalExit && script.exitCode() == 0,
                 script.readAllStandardError().constData());
        const test::MemorySource source = test::readOracleSeries(folder + "/series.txt");
        const auto all = test::readOracleAnswers(answers);
        QCOMPARE(all.size(), test::readOracleAnswers(folder + "/answers.jsonl").size());
        for (const QJsonObject& answer : all) {
            const QString difference = test::differenceTo(answer, source);
            QVERIFY2(difference.isEmpty(), qPrintable(answer["expr"].toString() + difference));
        }
    }
};

LEVEE_TEST(LivePrometheusTest)
#include "live_prometheus_test.moc"
