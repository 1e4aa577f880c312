// SPDX-License-Identifier: Apache-2.0
#include "agent/collect/exposition_check.h"

#include <QDir>
#include <QFile>
#include <QTest>
#include <cstdio>

#include "tests/agent/collect/promtool.h"
#include "tests/support/source_paths.h"
#include "tests/support/test_registry.h"

using namespace levee;

namespace {

std::string check(std::string_view text) {
    return format(checkExposition(text, "m.txt"));
}

}  // namespace

class ExpositionCheckTest : public QObject {
    Q_OBJECT
private slots:
    void aSoundExpositionHasNoFindings() {
        QCOMPARE(check("# HELP a_total Things.\n# TYPE a_total counter\na_total 1\n"),
                 std::string());
    }
    void aBrokenLineIsTheOneError() {
        QCOMPARE(
            check("a 1\nb{x=1} 2\n"),
            std::string(
                "m.txt:2:5: error: expected '\"' at the start of the label value, found '1}'\n"));
    }
    void metadataMayNotRepeatOrComeLate() {
        QCOMPARE(check("# TYPE a gauge\n# TYPE a gauge\na 1\n"),
                 std::string("m.txt:2:1: error: a second TYPE line for 'a'\n"));
        QCOMPARE(check("a 1\n# TYPE a gauge\n"),
                 std::string("m.txt:2:1: error: the TYPE of 'a' must stand before its samples\n"));
        QCOMPARE(check("# HELP a x\n# HELP a y\na 1\n"),
                 std::string("m.txt:2:1: error: a second HELP line for 'a'\n"));
    }
    void warningsNameTheFamilyAndItsPlace() {
        QCOMPARE(
            check("# HELP x_total t\n# TYPE x_total counter\nx_total 1\n# TYPE a counter\na 1\n"),
            std::string("m.txt:4:1: warning: a: no help text\n"
                        "m.txt:4:1: warning: a: counter metrics should have \"_total\" suffix\n"));
    }

    void weAgreeWithPromtool_data() {
        QTest::addColumn<QByteArray>("text");
        static const char* const kTexts[] = {
            "",
            "\n",
            "a 1\n",
            "a 1",
            "a{} 1\n",
            "a{b=\"c\"} 1\n",
            "a{b=\"c\",} 1\n",
            "a{,} 1\n",
            "a { b = \"c\" } 1\n",
            "a\t1\n",
            " a 1\n",
            "a 1 \n",
            "a 1 5\n",
            "a 1 5 \n",
            "a 1 -5\n",
            "a 1 +5\n",
            "a 1 +-5\n",
            "a 1 5.0\n",
            "a 1 5 6\n",
            "a{b=\"c\"}1\n",
            "a+1\n",
            "a1\n",
            "1a 1\n",
            "a NaN\n",
            "a +NaN\n",
            "a inf\n",
            "a -Infinity\n",
            "a 0x1p3\n",
            "a 0x1\n",
            "a 1_0\n",
            "a 1e3\n",
            "a 1e999\n",
            "a 1e-999\n",
            "a .\n",
            "a 1.\n",
            "a .5\n",
            "a ,5\n",
            "a 1\r\n",
            "a\n",
            "a{\n",
            "a{b=\"x\\n\\\\\\\"\"} 1\n",
            "a{b=\"\\a\"} 1\n",
            "a{b=\"x} 1\n",
            "a{b=\"x\ny\"} 1\n",
            "a{b=\"c\" d=\"e\"} 1\n",
            "a{b=\"1\",b=\"2\"} 1\n",
            "a{__name__=\"b\"} 1\n",
            "a{b:c=\"1\"} 1\n",
            "a:b 1\n",
            "a{b=\"\xff\"} 1\n",
            "a{b=\"\xc3\xa9\"} 1\n",
            "#\n",
            "# \n",
            "#a\n",
            "# HELP\n",
            "# HELP \n",
            "# HELP a\n",
            "# HELP a \n",
            "# HELP a b\na 1\n",
            "# HELP 1 b\n",
            "# HELP a-b c\n",
            "# HELP a b\n# HELP a b\n",
            "# HELP a \\a\na 1\n",
            "# HELP a \\n \\\\\na 1\n",
            "# TYPE\n",
            "# TYPE a\n",
            "# TYPE a gauge\na 1\n",
            "# TYPE a GAUGE\na 1\n",
            "# TYPE a gauge \na 1\n",
            "# TYPE a foo\n",
            "# TYPE a info\n",
            "# TYPE a gauge\n# TYPE a gauge\n",
            "a 1\n# TYPE a gauge\n",
            "#TYPE a foo\n",
            "# TYPE a_count gauge\na_count 1\n",
            "# TYPE a histogram\na_bucket{le=\"x\"} 1\n",
            "# TYPE a histogram\na_bucket{le=\"+Inf\"} 1\na_sum 1\na_count 1\n",
            "# TYPE a histogram\na_sum 1\n# TYPE a_sum gauge\n",
            "# TYPE a summary\na{quantile=\"0.5\"} 1\na_sum 1\na_count 1\n",
            "# TYPE a summary\na{quantile=\"x\"} 1\n",
            "# TYPE a summary\na_bucket 1\n",
            "# TYPE a gauge\na{quantile=\"x\",le=\"1\"} 1\n",
            "a{le=\"1\"} 1\n",
            "# HELP a_milliseconds x\n# TYPE a_milliseconds gauge\na_milliseconds 1\n",
            "# TYPE a_bits gauge\na_bits 1\n",
            "# TYPE a_kelvins_total counter\na_kelvins_total 1\n",
            "# TYPE a_total gauge\na_total 1\n",
            "# TYPE a counter\na 1\n",
            "aB{cD=\"1\"} 1\n",
            "# TYPE a_ms gauge\na_ms 1\n",
            "a_gauge_x 1\n",
            "# TYPE a_histogram histogram\na_histogram_sum 1\n",
            "a_counter 1\na_counter 2\n",
            "# TYPE thermometers gauge\nthermometers 1\n",
            "a_bucket 1\n",
            "# TYPE a_bucket gauge\na_bucket 1\n",
            "# EOF\n",
            "a 1 # {x=\"y\"} 2\n",
            "{a=\"b\"} 1\n",
            "a 1\n\n\nb 2\n",
            "a 1\n# no line end",
            "a_untyped 1\n",
            "x_ounces 1\n",
            "x_s_y 1\n"};
        for (const char* text : kTexts)
            QTest::newRow(qPrintable(QString::fromLatin1(text).replace('\n', "<LF>")))
                << QByteArray(text);
        QDir captures(QStringLiteral(LEVEE_TEST_DATA) + "/exposition");
        for (const QString& name : captures.entryList({"*.txt"}, QDir::Files)) {
            QFile file(captures.filePath(name));
            if (file.open(QIODevice::ReadOnly))
                QTest::newRow(qPrintable(name)) << file.readAll();
        }
    }
    void weAgreeWithPromtool() {
        if (!test::hasPromtool()) {
            std::puts("SKIP: promtool is not installed");
            QSKIP("promtool is not installed");
        }
        QFETCH(QByteArray, text);
        const test::CheckAnswer theirs = test::askPromtool(text);
        const test::CheckAnswer ours = test::askOurs(text);
        QVERIFY2(ours.parses == theirs.parses, check(text.toStdString()).c_str());
        QCOMPARE(ours.findings, theirs.findings);
    }
};

LEVEE_TEST(ExpositionCheckTest)
#include "exposition_check_test.moc"
