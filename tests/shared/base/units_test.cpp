// SPDX-License-Identifier: Apache-2.0
#include "shared/base/units.h"

#include <QTest>

#include "tests/support/test_registry.h"

using namespace levee;
using namespace std::chrono_literals;

class UnitsTest : public QObject {
    Q_OBJECT
private slots:
    void durationsReadAsPeopleWriteThem() {
        QCOMPARE(parseDuration("250ms").value(), Duration(250ms));
        QCOMPARE(parseDuration("1.5s").value(), Duration(1500ms));
        QCOMPARE(parseDuration("1h30m").value(), Duration(90min));
        QCOMPARE(parseDuration("7d").value(), Duration(168h));
        QCOMPARE(parseDuration("0").value(), Duration::zero());
    }
    void durationsWithoutAUnitAreRefused_data() {
        QTest::addColumn<QString>("text");
        for (const char* text : {"", "5", "ms", "5 ms", "-5ms", "5mss", "1e3s", "1..5s", "101000d"})
            QTest::newRow(*text == '\0' ? "empty" : text) << text;
    }
    void durationsWithoutAUnitAreRefused() {
        QFETCH(QString, text);
        const auto result = parseDuration(text.toStdString());
        QVERIFY(!result);
        QVERIFY(result.error().message.find("'" + text.toStdString() + "'") != std::string::npos);
    }
    void durationsComeBackFromTheirText() {
        for (const Duration d :
             {Duration(250ms), Duration(90min), Duration(1us), Duration(36h + 5ms)})
            QCOMPARE(parseDuration(formatDuration(d)).value(), d);
        QCOMPARE(formatDuration(90min), std::string("1h30m"));
    }
    void ratesHaveATimeUnit() {
        QCOMPARE(parseRate("200/s").value(), 200.0);
        QCOMPARE(parseRate("90/m").value(), 1.5);
        QVERIFY(!parseRate("200"));
        QVERIFY(!parseRate("200/x"));
        QVERIFY(!parseRate("-1/s"));
    }
    void sharesArePercentOrFraction() {
        QCOMPARE(parseShare("5%").value(), 0.05);
        QCOMPARE(parseShare("100%").value(), 1.0);
        QCOMPARE(parseShare("0.05").value(), 0.05);
        QVERIFY(!parseShare("101%"));
        QVERIFY(parseShare("50").error().message.find("50%") != std::string::npos);
    }
    void bytesKnowBothKindsOfPrefix() {
        QCOMPARE(parseBytes("16MiB").value(), std::uint64_t{16777216});
        QCOMPARE(parseBytes("10MB").value(), std::uint64_t{10000000});
        QCOMPARE(parseBytes("4096").value(), std::uint64_t{4096});
        QVERIFY(!parseBytes("16 MiB"));
        QVERIFY(!parseBytes("MiB"));
    }
};

LEVEE_TEST(UnitsTest)
#include "units_test.moc"
