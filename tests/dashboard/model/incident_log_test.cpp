// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/model/incident_log.h"

#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include "tests/support/test_registry.h"

using namespace levee;

class IncidentLogTest : public QObject {
    Q_OBJECT
private slots:
    void oneIsOpenAtATimeAndSurvivesARestart() {
        const QString path = dir_.filePath("x/incidents.json");
        IncidentLog log(path);
        const QSignalSpy changed(&log, &IncidentLog::changed);
        QVERIFY(!log.current());
        QVERIFY(log.open({"payment fails", "payment", "ana", 1'000, 7}).isOk());
        QVERIFY(log.open({"another", "", "ben", 2'000, 0}).isOk());
        QCOMPARE(log.all().size(), std::size_t{1});
        QVERIFY(log.rename("ledger is slow").isOk());
        const IncidentLog again(path);
        QVERIFY(again.current());
        QCOMPARE(*again.current(), (Incident{"ledger is slow", "payment", "ana", 1'000, 0}));
        QVERIFY(log.close(500).isOk());  // a clock that ran backwards
        QVERIFY(!log.current());
        QCOMPARE(log.all()[0].endMillis, std::int64_t{1'000});
        QCOMPARE(changed.count(), 3);
    }
    void theOldestGoesWhenThereAreTooMany() {
        IncidentLog log;
        for (std::size_t i = 0; i <= IncidentLog::kMost; ++i) {
            QVERIFY(log.open({"x", "", "", static_cast<std::int64_t>(i + 1), 0}).isOk());
            QVERIFY(log.close(static_cast<std::int64_t>(i + 1)).isOk());
        }
        QCOMPARE(log.all().size(), IncidentLog::kMost);
        QCOMPARE(log.all().front().startMillis, std::int64_t{2});
    }
    void aBrokenFileIsNoFile() {
        const QString path = dir_.filePath("broken.json");
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("[{\"title\": 7}, 3, {\"start\": -1}, ");
        file.close();
        QVERIFY(IncidentLog(path).all().empty());
    }
    void itsMarkdownTellsFromTenMinutesBeforeToTheEnd() {
        const std::int64_t start = 1'760'000'000'000;
        std::vector<TimelineEntry> entries;
        for (const std::int64_t offset : {-601'000, -600'000, 5'000, 60'000, 60'001}) {
            TimelineEntry entry;
            entry.millis = start + offset;
            entry.text = "at" + std::to_string(offset);
            entries.push_back(entry);
        }
        const QString text =
            incidentMarkdown({"pay*ment", "payment", "ana", start, start + 60'000}, entries);
        QVERIFY(text.startsWith("# pay\\*ment\n"));
        QVERIFY(text.contains("2025-10-09 08:53:20 UTC"));
        QVERIFY(!text.contains("at-601000") && text.contains("at-600000"));
        QVERIFY(text.contains("at60000 ") && !text.contains("at60001"));
    }

private:
    QTemporaryDir dir_;
};

LEVEE_TEST(IncidentLogTest)
#include "incident_log_test.moc"
