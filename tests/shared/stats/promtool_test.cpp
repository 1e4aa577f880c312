// SPDX-License-Identifier: Apache-2.0
// Prometheus itself confirms the numbers that our PromQL functions are held against.
#include <QProcess>
#include <QStandardPaths>
#include <QTest>

#include "tests/support/source_paths.h"
#include "tests/support/test_registry.h"

class PromtoolTest : public QObject {
    Q_OBJECT
private slots:
    void prometheusAnswersAsTheFilesSay_data() {
        QTest::addColumn<QString>("file");
        QTest::newRow("rate") << QStringLiteral(LEVEE_TEST_DATA "/promql/rate.yaml");
        QTest::newRow("histogram_quantile")
            << QStringLiteral(LEVEE_TEST_DATA "/promql/histogram_quantile.yaml");
    }
    void prometheusAnswersAsTheFilesSay() {
        const QString promtool = QStandardPaths::findExecutable("promtool");
        if (promtool.isEmpty()) {
            QSKIP("promtool is not installed (Debian package prometheus)");
        }
        QFETCH(QString, file);
        QProcess process;
        process.setProcessChannelMode(QProcess::MergedChannels);
        process.start(promtool, {"test", "rules", file});
        QVERIFY(process.waitForFinished(30'000));
        const QByteArray words = process.readAll();
        QVERIFY2(process.exitStatus() == QProcess::NormalExit && process.exitCode() == 0,
                 words.constData());
    }
};

LEVEE_TEST(PromtoolTest)
#include "promtool_test.moc"
