// SPDX-License-Identifier: Apache-2.0
// Our evaluator against what Prometheus 2.42 answered to the same expressions over the same series.
#include <QJsonArray>
#include <QSet>
#include <QTest>

#include "tests/rules/promql/oracle.h"
#include "tests/support/source_paths.h"
#include "tests/support/test_registry.h"

using namespace levee;

class StoredAnswersTest : public QObject {
    Q_OBJECT
private slots:
    void everyAnswerIsPrometheuss() {
        const QString folder = LEVEE_TEST_DATA "/promql/oracle";
        const test::MemorySource source = test::readOracleSeries(folder + "/series.txt");
        QSet<QString> expressions;
        int wrong = 0;
        for (const QJsonObject& answer : test::readOracleAnswers(folder + "/answers.jsonl")) {
            expressions.insert(answer["expr"].toString());
            const QString difference = test::differenceTo(answer, source);
            wrong += difference.isEmpty() ? 0 : 1;
            if (!difference.isEmpty())
                qWarning().noquote()
                    << answer["expr"].toString() << "at" << answer["at"].toInt() << difference;
        }
        QCOMPARE(wrong, 0);
        QVERIFY2(expressions.size() >= 300, "the file of answers is cut short");
    }
    /// The comparison itself sees a wrong number, a wrong label and a missing element.
    void aDifferenceIsSeen() {
        test::MemorySource source;
        source.add({{"__name__", "up"}, {"job", "a"}}, {test::kOracleStart, 1 + 1e-8});
        const auto isSame = [&](const QString& job, const QString& value) {
            QJsonArray element{QJsonObject{{"__name__", "up"}, {"job", job}}, value};
            QJsonArray elements;
            elements.append(element);
            const QJsonObject answer{{"expr", "up"}, {"at", 0}, {"vector", elements}};
            return test::differenceTo(answer, source).isEmpty();
        };
        QVERIFY(isSame("a", "1.00000001"));
        QVERIFY(!isSame("a", "1"));
        QVERIFY(!isSame("b", "1.00000001"));
        const QJsonObject nothing{{"expr", "up"}, {"at", 0}, {"vector", QJsonArray()}};
        QVERIFY(!test::differenceTo(nothing, source).isEmpty());
        QVERIFY(!test::differenceTo({{"expr", "up"}, {"at", 0}, {"error", "x"}}, source).isEmpty());
    }
};

LEVEE_TEST(StoredAnswersTest)
#include "stored_answers_test.moc"
