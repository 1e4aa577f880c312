// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/widgets/format.h"

#include <QTest>
#include <cmath>
#include <limits>

#include "tests/support/test_registry.h"

using namespace levee;

class FormatTest : public QObject {
    Q_OBJECT
private slots:
    void whatIsNotKnownIsADash() {
        constexpr double kInfinite = std::numeric_limits<double>::infinity();
        for (const double value : {double(NAN), kInfinite, -kInfinite}) {
            for (const Unit unit :
                 {Unit::Rate, Unit::Seconds, Unit::Share, Unit::Count, Unit::Bytes})
                QCOMPARE(formatValue(value, unit), QString("-"));
        }
        QCOMPARE(formatClock(0), QString("-"));
    }
    void aMeasuredZeroKeepsItsUnit() {
        QCOMPARE(formatRate(0), QString("0/s"));
        QCOMPARE(formatLatency(0), QString("0 ms"));
        QCOMPARE(formatShare(0), QString("0 %"));
        QCOMPARE(formatCount(0), QString("0"));
        QCOMPARE(formatBytes(0), QString("0 B"));
    }
    void ratesHaveThreeDigitsAndAPrefix() {
        QCOMPARE(formatRate(0.001), QString("<0.01/s"));
        QCOMPARE(formatRate(0.25), QString("0.25/s"));
        QCOMPARE(formatRate(12.54), QString("12.5/s"));
        QCOMPARE(formatRate(388), QString("388/s"));
        QCOMPARE(formatRate(999.7), QString("1.00k/s"));
        QCOMPARE(formatRate(2104), QString("2.10k/s"));
        QCOMPARE(formatRate(1.2e6), QString("1.20M/s"));
    }
    void latenciesChooseTheirUnit() {
        QCOMPARE(formatLatency(0.00085), QString("850 µs"));
        QCOMPARE(formatLatency(0.0042), QString("4.20 ms"));
        QCOMPARE(formatLatency(0.084), QString("84 ms"));
        QCOMPARE(formatLatency(0.9999), QString("1.00 s"));
        QCOMPARE(formatLatency(2.4), QString("2.40 s"));
        QCOMPARE(formatLatency(144), QString("2.40 min"));
    }
    void sharesAreNeverRoundedToNothing() {
        QCOMPARE(formatShare(0.00001), QString("<0.01 %"));
        QCOMPARE(formatShare(0.004), QString("0.40 %"));
        QCOMPARE(formatShare(0.221), QString("22.1 %"));
        QCOMPARE(formatShare(1), QString("100 %"));
    }
    void agesAndBytes() {
        QCOMPARE(formatAge(0.84), QString("0.8 s"));
        QCOMPARE(formatAge(12.3), QString("12 s"));
        QCOMPARE(formatAge(240), QString("4 min"));
        QCOMPARE(formatBytes(41.0 * 1024 * 1024), QString("41.0 MiB"));
    }
    void foreignTextBecomesOnePlainLine() {
        QCOMPARE(plainLine("a\nb\tc"), QString("a\uFFFDb\uFFFDc"));
        QCOMPARE(plainLine(QString("pay") + QChar(0x202E) + "live"), QString("pay\uFFFDlive"));
        QCOMPARE(plainLine(QString(10'000, 'x'), 8), QString("xxxxxxxx\u2026"));
        QCOMPARE(plainLine("<b>x</b>"), QString("<b>x</b>"));
    }
    void anEmojiIsNotCutInHalf() {
        const QString text = QString::fromUtf8("ab😀cd");
        QCOMPARE(plainLine(text, 3), QString("ab\u2026"));
    }
};

LEVEE_TEST(FormatTest)
#include "format_test.moc"
