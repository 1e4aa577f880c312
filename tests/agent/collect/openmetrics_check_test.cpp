// SPDX-License-Identifier: Apache-2.0
#include <QFile>
#include <QTest>

#include "agent/collect/exposition_check.h"
#include "agent/collect/prom_text_parser.h"
#include "tests/agent/collect/openmetrics_rows.h"
#include "tests/support/source_paths.h"
#include "tests/support/test_registry.h"

using namespace levee;

namespace {

/// "ok", or "LINE:COLUMN code" of every error.
std::string verdict(std::string_view text) {
    std::string out;
    for (const Diagnostic& found : checkExposition(text, "m", ExpositionFormat::OpenMetrics))
        out += (out.empty() ? "" : ", ") + std::to_string(found.place.line) + ':' +
               std::to_string(found.place.column) + ' ' + found.code;
    return out.empty() ? "ok" : out;
}

std::string repeated(std::string_view text, int times) {
    std::string out;
    while (times-- > 0)
        out += text;
    return out;
}

}  // namespace

class OpenMetricsCheckTest : public QObject {
    Q_OBJECT
private slots:
    void theSpecificationIsFollowed_data() {
        QTest::addColumn<int>("row");
        for (std::size_t i = 0; i < test::openMetricsRows().size(); ++i)
            QTest::newRow(test::openMetricsRows()[i].sentence) << static_cast<int>(i);
    }
    void theSpecificationIsFollowed() {
        QFETCH(int, row);
        const test::OpenMetricsRow& expected =
            test::openMetricsRows()[static_cast<std::size_t>(row)];
        QCOMPARE(QString::fromStdString(verdict(expected.text)), QString(expected.verdict));
    }
    void aPageOfPromClientIsSound() {
        QFile file(QStringLiteral(LEVEE_TEST_DATA) + "/exposition/prom_client.openmetrics");
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(verdict(file.readAll().toStdString()), std::string("ok"));
    }
    /// A scraper must not be stricter than the check.
    void whatIsSoundCanBeScraped() {
        for (const test::OpenMetricsRow& row : test::openMetricsRows()) {
            if (row.verdict != std::string_view("ok"))
                continue;
            PromTextParser parser(row.text, ExpositionFormat::OpenMetrics);
            Entry entry = Entry::Comment;
            while (entry != Entry::End && entry != Entry::Error)
                entry = parser.next();
            QVERIFY2(entry == Entry::End, row.sentence);
        }
    }
    void aHundredErrorsAreTold() {
        QCOMPARE(
            checkExposition(repeated("a x\n", 99) + "# EOF\n", "m", ExpositionFormat::OpenMetrics)
                .size(),
            std::size_t{99});
        for (const int lines : {100, 101})
            QCOMPARE(checkExposition(repeated("a x\n", lines) + "# EOF\n", "m",
                                     ExpositionFormat::OpenMetrics)
                         .size(),
                     kMaxExpositionErrors);
    }
    void aMessageNamesTheMistakeAndTheFix() {
        const auto messages = [](std::string_view text) {
            return format(checkExposition(text, "m", ExpositionFormat::OpenMetrics));
        };
        QCOMPARE(
            messages("# TYPE a counter\na 1\n# EOF\n"),
            std::string("m:2:1: error: samples of the counter 'a' are named a_total, a_created, "
                        "found 'a'\n"));
        QCOMPARE(
            messages("# TYPE a info\n# TYPE a_info gauge\n# EOF\n"),
            std::string("m:2:1: error: 'a_info' could be a sample of the family 'a' too: rename "
                        "one of them\n"));
        QCOMPARE(
            messages("a 1\n"),
            std::string("m:2:1: error: expected '# EOF' as the last line, found the end of the "
                        "text\n"));
    }
};

LEVEE_TEST(OpenMetricsCheckTest)
#include "openmetrics_check_test.moc"
