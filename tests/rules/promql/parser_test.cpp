// SPDX-License-Identifier: Apache-2.0
#include "rules/promql/parser.h"

#include <QFile>
#include <QTest>

#include "rules/promql/functions.h"
#include "rules/promql/needed_series.h"
#include "tests/support/source_paths.h"
#include "tests/support/test_registry.h"

using namespace levee;
using namespace levee::promql;

namespace {

std::string repeated(const std::string& text, int times) {
    std::string all;
    for (int i = 0; i < times; ++i)
        all += text;
    return all;
}

bool isRight(const std::string& text) {
    return parseExpression(text).expression != nullptr;
}

/// The only message, or all of them.
std::string messageOf(const std::string& text) {
    return format(parseExpression(text).diagnostics);
}

QString messages(const QString& expression) {
    QString text = expression;
    text.replace("\\n", "\n");
    const ParsedExpression parsed = parseExpression(text.toStdString());
    QString all;
    for (const QString& line :
         QString::fromStdString(format(parsed.diagnostics)).split('\n', Qt::SkipEmptyParts))
        all += '\t' + line + '\n';
    return parsed.expression == nullptr ? all : QStringLiteral("\taccepted\n");
}

}  // namespace

class ParserTest : public QObject {
    Q_OBJECT
private slots:
    void everyMistakeIsNamedWithItsPlace() {
        QFile file(LEVEE_TEST_DATA "/promql/refused.txt");
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QString before = QString::fromUtf8(file.readAll());
        file.close();
        QString after;
        for (const QString& line : before.chopped(1).split('\n')) {
            if (line.startsWith('\t'))
                continue;
            after += line + '\n';
            if (!line.startsWith('#'))
                after += messages(line);
        }
        if (qEnvironmentVariableIsSet("UPDATE_EXPECT") && file.open(QIODevice::WriteOnly))
            file.write(after.toUtf8());
        const QStringList expected = before.split('\n');
        const QStringList found = after.split('\n');
        for (qsizetype i = 0; i < std::min(expected.size(), found.size()); ++i)
            QCOMPARE(found[i], expected[i]);
        QCOMPARE(found.size(), expected.size());
        QVERIFY(!after.contains("\taccepted"));
    }
    void theLongestExpressionIsRightAndOneByteMoreIsNot() {
        const std::string longest = "1" + std::string(kMaxExpressionBytes - 1, ' ');
        QVERIFY(isRight(longest));
        QCOMPARE(messageOf(longest + ' '),
                 std::string("1:1: error: the expression has 8193 bytes; the most is 8192\n"));
    }
    void theDeepestTreeIsRightAndOneLevelMoreIsNot() {
        // A sum of n numbers is n levels deep; brackets and signs count as levels as well.
        QVERIFY(isRight("1" + repeated("+1", kMaxDepth - 1)));
        QVERIFY(!isRight("1" + repeated("+1", kMaxDepth)));
        QVERIFY(isRight(repeated("(", kMaxDepth - 1) + '1' + repeated(")", kMaxDepth - 1)));
        QVERIFY(!isRight(repeated("(", kMaxDepth) + '1' + repeated(")", kMaxDepth)));
        QVERIFY(isRight(repeated("-", kMaxDepth - 1) + "up"));
        const std::string message = messageOf(repeated("-", kMaxDepth) + "up");
        QVERIFY2(message.find("nested deeper than 100") != std::string::npos, message.c_str());
    }
    void theFarthestReachIsRightAndOneMillisecondMoreIsNot() {
        QVERIFY(isRight("rate(up[24h])"));
        QVERIFY(isRight("rate(up[12h] offset 12h)"));
        QVERIFY(!isRight("rate(up[24h1ms])"));
        QVERIFY(!isRight("rate(up[12h] offset 12h1ms)"));
        QVERIFY(!isRight("up offset 24h1ms"));
    }
    void theLongestRegexIsRightAndOneByteMoreIsNot() {
        const std::string longest(Matcher::kMaxRegexBytes, 'a');
        QVERIFY(isRight("up{job=~\"" + longest + "\"}"));
        QVERIFY(!isRight("up{job=~\"" + longest + "a\"}"));
        QVERIFY(isRight("up{job=\"" + longest + "a\"}"));
    }
    void placesCountFromWhereTheTextStandsInItsFile() {
        const auto parsed = parseExpression("sum(\n  rate(up))", {"rules.yaml", 7, 15});
        QCOMPARE(parsed.diagnostics.size(), std::size_t{1});
        const SourcePlace& place = parsed.diagnostics[0].place;
        QCOMPARE(place.file, std::string("rules.yaml"));
        QCOMPARE(place.line, 8);
        QCOMPARE(place.column, 8);
        QCOMPARE(place.length, 2);
        QCOMPARE(parseExpression("rate(up)", {"f", 7, 15}).diagnostics[0].place.column, 20);
    }
    void neededSeriesNamesEverySelectorAndItsReach() {
        const auto parsed =
            parseExpression("rate(a_total{job=~\"x|y\"}[10m] offset 1m) > 2 * b offset 30s");
        const auto needed = neededSeries(*parsed.expression);
        QCOMPARE(needed.size(), std::size_t{2});
        QCOMPARE(exactName(needed[0].matchers), std::string_view("a_total"));
        QCOMPARE(needed[0].matchers[1].text(), std::string("job=~\"x|y\""));
        QCOMPARE(needed[0].reach, Millis{660'000});
        QCOMPARE(needed[1].reach, kLookback + 30'000);
    }
    void everyFunctionIsEitherSupportedOrReplaced() {
        for (const Function& function : functions())
            QVERIFY(replacementOf(function.name).empty());
        QVERIFY(!replacementOf("holt_winters").empty());
        QVERIFY(findFunction("holt_winters") == nullptr);
    }
};

LEVEE_TEST(ParserTest)
#include "parser_test.moc"
