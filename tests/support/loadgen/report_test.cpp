// SPDX-License-Identifier: Apache-2.0
#include "tests/support/loadgen/report.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include "tests/support/test_registry.h"

using namespace levee;
using namespace levee::loadgen;
using namespace std::chrono_literals;

namespace {

QJsonObject read(Report& report, Duration end) {
    return QJsonDocument::fromJson(QByteArray::fromStdString(report.json(end))).object();
}

Options withWarmup(Duration warmup) {
    Options options;
    options.urlText = "http://a/\"quoted\"\n";
    options.warmup = warmup;
    return options;
}

}  // namespace

class ReportTest : public QObject {
    Q_OBJECT
private slots:
    void anEmptyRunIsValidJson() {
        const Options options = withWarmup(0s);
        Report report(options);
        const QJsonObject json = read(report, 0s);
        QCOMPARE(json["url"].toString(), QString("http://a/\"quoted\"\n"));
        QCOMPARE(json["offered"].toInt(), 0);
        QVERIFY(json["latency_ms"].toObject()["ok"].toObject()["p99"].isNull());
        QVERIFY(json["timeline"].toArray().isEmpty());
    }
    void outcomesAreToldApart() {
        const Options options = withWarmup(0s);
        Report report(options);
        for (int i = 0; i < 7; ++i)
            report.onOffered(10ms);
        report.onSent(10ms, 11ms);
        report.onAnswer(10ms, 20ms, 200);
        report.onAnswer(10ms, 1011ms, 204);  // a millisecond too late to be good
        report.onAnswer(10ms, 12ms, 429);
        report.onAnswer(10ms, 12ms, 503);
        report.onAnswer(10ms, 12ms, 500);
        report.onTimeout(10ms, 5s);
        report.onFailure(10ms, 12ms, Failure::Reset);
        const QJsonObject json = read(report, 10s);
        QCOMPARE(json["offered"].toInt(), 7);
        QCOMPARE(json["ok"].toInt(), 2);
        QCOMPARE(json["goodput"].toInt(), 1);
        QCOMPARE(json["refused"].toInt(), 2);
        QCOMPARE(json["failed"].toInt(), 1);
        QCOMPARE(json["timeouts"].toInt(), 1);
        QCOMPARE(json["errors"].toObject()["reset"].toInt(), 1);
        QCOMPARE(json["completed"].toObject()["503"].toInt(), 1);
        QCOMPARE(json["goodput_rate"].toDouble(), 0.1);
        const QJsonObject latency = json["latency_ms"].toObject();
        QCOMPARE(latency["ok"].toObject()["count"].toInt(), 2);
        QCOMPARE(latency["refused"].toObject()["max"].toDouble(), 2.0);
    }
    void goodIncludesTheBound() {
        const Options options = withWarmup(0s);
        Report report(options);
        report.onAnswer(0s, 1s, 200);
        QCOMPARE(read(report, 2s)["goodput"].toInt(), 1);
    }
    void whatWasDueInTheWarmUpIsOnlyInTheTimeline() {
        const Options options = withWarmup(1s);
        Report report(options);
        report.onOffered(999ms);
        report.onAnswer(999ms, 1500ms, 200);
        report.onOffered(1s);
        report.onAnswer(1s, 1500ms, 200);
        const QJsonObject json = read(report, 3s);
        QCOMPARE(json["offered"].toInt(), 1);
        QCOMPARE(json["ok"].toInt(), 1);
        QCOMPARE(json["measured_seconds"].toDouble(), 2.0);
        const QJsonArray timeline = json["timeline"].toArray();
        QCOMPARE(timeline[0].toObject()["offered"].toInt(), 1);
        QCOMPARE(timeline[1].toObject()["ok"].toInt(), 2);
    }
    void everySecondHasItsRowAndQuantiles() {
        const Options options = withWarmup(0s);
        Report report(options);
        report.onAnswer(0s, 100ms, 200);
        report.onAnswer(3s, 3200ms, 200);
        QVERIFY(report.onTick(3900ms).empty());
        QVERIFY(report.onTick(4s).find("ok     1") != std::string::npos);
        const QJsonArray timeline = read(report, 4s)["timeline"].toArray();
        QCOMPARE(timeline.size(), 4);
        QCOMPARE(timeline[0].toObject()["p50_ms"].toDouble(), 100.0);
        QVERIFY(timeline[1].toObject()["p50_ms"].isNull());
        QCOMPARE(timeline[3].toObject()["t"].toInt(), 3);
        QCOMPARE(timeline[3].toObject()["p99_ms"].toDouble(), 200.0);
    }
    void theTimelineKeepsTheLastDay() {
        const Options options = withWarmup(0s);
        Report report(options);
        const auto day = std::chrono::seconds(Report::kMaxRows);
        report.onOffered(day - 1s);
        QCOMPARE(read(report, day)["timeline"].toArray()[0].toObject()["t"].toInt(), 0);
        report.onOffered(day);
        const QJsonArray timeline = read(report, day + 1s)["timeline"].toArray();
        QCOMPARE(timeline.size(), static_cast<int>(Report::kMaxRows));
        QCOMPARE(timeline[0].toObject()["t"].toInt(), 1);
    }
};

LEVEE_TEST(ReportTest)
#include "report_test.moc"
