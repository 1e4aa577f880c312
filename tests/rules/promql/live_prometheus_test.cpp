// SPDX-License-Identifier: Apache-2.0
// The machine's own Prometheus is asked again, so that the stored answers cannot grow old unseen.
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

#include "tests/rules/promql/oracle.h"
#include "tests/support/source_paths.h"
#include "tests/support/test_registry.h"

using namespace levee;

class LivePrometheusTest : public QObject {
    Q_OBJECT

    const QString oracle_ = LEVEE_TEST_DATA "/promql/oracle";
    QTemporaryDir scratch_;

    /// Runs a script of this folder; its output goes to a file of that name.
    QString run(const QStringList& script, const QString& output) {
        QProcess process;
        process.setStandardOutputFile(scratch_.filePath(output));
        process.start("node", QStringList(LEVEE_SOURCE_DIR "/tests/rules/promql/" + script[0]) +
                                  script.mid(1));
        if (!process.waitForFinished(100'000) || process.exitStatus() != QProcess::NormalExit ||
            process.exitCode() != 0)
            qFatal("%s", process.readAllStandardError().constData());
        return scratch_.filePath(output);
    }
    void compare(const QString& answers, std::size_t count) {
        const test::MemorySource source = test::readOracleSeries(oracle_ + "/series.txt");
        const auto all = test::readOracleAnswers(answers);
        QCOMPARE(all.size(), count);
        for (const QJsonObject& answer : all) {
            const QString difference = test::differenceTo(answer, source);
            QVERIFY2(difference.isEmpty(), qPrintable(answer["expr"].toString() + difference));
        }
    }

private slots:
    void initTestCase() {
        for (const char* program : {"prometheus", "node"}) {
            if (QStandardPaths::findExecutable(program).isEmpty())
                QSKIP(qPrintable(QString("%1 is not installed").arg(program)));
        }
    }
    void prometheusAnswersTheSameNow() {
        compare(run({"ask_prometheus.mjs", oracle_}, "answers.jsonl"),
                test::readOracleAnswers(oracle_ + "/answers.jsonl").size());
    }
    void randomExpressionsHaveTheSameValues() {
        constexpr std::size_t kCount = 1000;
        QVERIFY(QFile::copy(oracle_ + "/series.txt", scratch_.filePath("series.txt")));
        run({"random_expressions.mjs", "20261", QString::number(kCount)}, "expressions.txt");
        compare(run({"ask_prometheus.mjs", scratch_.path()}, "random.jsonl"), 3 * kCount);
    }
};

LEVEE_TEST(LivePrometheusTest)
#include "live_prometheus_test.moc"
