// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/views/latency_words.h"

#include <QTest>

#include "tests/support/test_registry.h"

using namespace levee;

class LatencyWordsTest : public QObject {
    Q_OBJECT
    const LatencyBox box_{1'700'000'000'000, 1'700'000'010'000, 20, 24};

    static LatencyComparison comparison(std::uint64_t selected, std::uint64_t rest) {
        LatencyComparison result;
        result.selected = selected;
        result.rest = rest;
        result.differences.push_back({LatencyDimension::Instance, "10.0.0.7:80\n<b>", 0, selected,
                                      selected, rest / 4, rest, true});
        result.differences.push_back(
            {LatencyDimension::Caller, "checkout->payment", 0, 9, 10, 5, 40, true});
        result.differences.push_back(
            {LatencyDimension::Dependency, "payment->bank", 0, 30, 60, 100, 900, false});
        result.same = {LatencyDimension::Queued, LatencyDimension::Class};
        return result;
    }
private slots:
    void initTestCase() { QLocale::setDefault(QLocale::c()); }

    void aShareStandsWithItsCountAndFewAreCounted() {
        QCOMPARE(shareOfCount(0, 0), QString("-"));
        QCOMPARE(shareOfCount(3, 19), QString("3 of 19"));
        QCOMPARE(shareOfCount(5, 20), QString("25 % of 20"));
        QCOMPARE(shareOfCount(0, 2'000), QString("0 % of 2000"));
    }
    void eachLineSaysWhatHowOftenAndWhetherThatIsSure() {
        const auto rows = differenceRows(comparison(40, 400), box_);
        QCOMPARE(rows.size(), std::size_t{3});
        QCOMPARE(rows[0].what, QString("instance"));
        QVERIFY(rows[0].value.startsWith("10.0.0.7:80") && !rows[0].value.contains('\n'));
        QCOMPARE(rows[0].selected, QString("100 % of 40"));
        QCOMPARE(rows[0].rest, QString("25 % of 400"));
        QCOMPARE(rows[0].verdict, QString("clear"));
        QCOMPARE(rows[1].value, QString("checkout"));
        QCOMPARE(rows[1].subject, QString("checkout->payment"));
        QCOMPARE(rows[1].verdict, QString("too few to tell"));
        QCOMPARE(rows[2].value, QString("bank, its calls over 62.5 ms"));
        QCOMPARE(rows[2].verdict, QString("may be chance"));
    }
    void tooFewOnOneSideTellNothing() {
        for (const auto& [selected, rest] :
             {std::pair<std::uint64_t, std::uint64_t>{kFewRequests - 1, 400},
              {400, kFewRequests - 1}}) {
            QVERIFY(differenceRows(comparison(selected, rest), box_).empty());
            QVERIFY(comparisonSummary(comparison(selected, rest), box_).contains("n=19"));
            QCOMPARE(sameText(comparison(selected, rest)), QString());
        }
        QVERIFY(!differenceRows(comparison(kFewRequests, kFewRequests), box_).empty());
        QVERIFY(!comparisonSummary(comparison(kFewRequests, kFewRequests), box_).contains("n="));
    }
    void whatDoesNotDifferIsNamed() {
        QCOMPARE(sameText(comparison(40, 400)),
                 QString("No difference: waited at the gateway, class."));
    }
    void theSummaryNamesTheBox() {
        const QString text = comparisonSummary(comparison(40, 1'400), box_);
        QVERIFY2(text.startsWith("40 requests in the box") && text.contains("62.5 ms to 354 ms") &&
                     text.contains("1400 else"),
                 qPrintable(text));
        LatencyComparison some = comparison(40, 400);
        some.unknown = 10;
        QVERIFY(comparisonSummary(some, box_).contains("25 % of 40"));
    }
};

LEVEE_TEST(LatencyWordsTest)
#include "latency_words_test.moc"
