// SPDX-License-Identifier: Apache-2.0
#include "agent/enforce/log_line.h"

#include <QTest>
#include <string>

#include "shared/model/names.h"
#include "tests/support/test_registry.h"

using namespace levee;

namespace {

const std::string kGood =
    "L2 0a1b2c3d 2 1795245544681711 1795245544683169 1795245544683200 1 0 200 ---- 4 1 2 +1 - 3 1 "
    "1 - 8";

}  // namespace

class LogLineTest : public QObject {
    Q_OBJECT
private slots:
    void everyFieldArrives() {
        const auto line = parseLogLine(kGood);
        QVERIFY(line.has_value());
        QCOMPARE(line->config, 0x0a1b2c3dU);
        const RequestRecord& record = line->record;
        QCOMPARE(record.listener, 2U);
        QCOMPARE(record.arrivalMicros, std::int64_t{1795245544681711});
        QCOMPARE(record.durationMicros, std::int64_t{1458});
        QCOMPARE(record.queueMicros, std::int64_t{1000});
        QCOMPARE(int(record.status), 200);
        QCOMPARE(int(record.serverConnections), 5);
        QCOMPARE(int(record.queueLength), 3);
        QCOMPARE(int(record.retries), 1);
        QCOMPARE(int(record.target), 3);
        QCOMPARE(int(record.priority), 1);
        QVERIFY(record.isRetryBarred);
        QCOMPARE(record.outcome, Outcome::Success);
        QCOMPARE(record.weight, 8U);
        QCOMPARE(record.goodWeight, 8U);
    }
    void theEndingIsDerived_data() {
        QTest::addColumn<QString>("rest");
        QTest::addColumn<QString>("outcome");
        const auto row = [](const char* name, const char* rest, Outcome outcome) {
            QTest::newRow(name) << rest
                                << QString::fromStdString(std::string(levee::name(outcome)));
        };
        row("answered", "0 0 200 ---- 0 0 0 0 - - - - - -", Outcome::Success);
        row("not found is an answer", "0 0 404 ---- 0 0 0 0 - - - - - -", Outcome::Success);
        row("server error", "0 0 500 ---- 0 0 0 0 - - - - - -", Outcome::Failure);
        row("connection refused", "0 -1 503 SC-- 0 0 0 0 - - - - - -", Outcome::Failure);
        row("connect timeout", "0 -1 503 sC-- 0 0 0 0 - - - - - -", Outcome::Failure);
        row("broken before the answer", "0 0 502 SH-- 0 0 0 0 - - - - - -", Outcome::Failure);
        row("broken inside the answer", "0 0 200 SD-- 0 0 0 0 - - - - - -", Outcome::Failure);
        row("bad answer", "0 0 502 PH-- 0 0 0 0 - - - - - -", Outcome::Failure);
        row("out of resources", "-1 -1 500 RC-- 0 0 0 0 - - - - - -", Outcome::Failure);
        row("server timeout", "0 0 504 sH-- 0 0 0 0 - - - - - -", Outcome::Timeout);
        row("timeout inside the answer", "0 0 200 sD-- 0 0 0 0 - - - - - -", Outcome::Timeout);
        row("shed", "-1 -1 503 LR-- 0 0 0 0 s - - - - -", Outcome::ShedLimit);
        row("waited too long", "300 -1 503 sQ-- 0 0 1 0 - - - - - -", Outcome::ShedLimit);
        row("breaker", "-1 -1 200 LR-- 0 0 0 0 b - - - - -", Outcome::ShedBreaker);
        row("shed further down", "0 0 503 ---- 0 0 0 0 r - - - - -", Outcome::ShedRemote);
        row("above the rate", "-1 -1 429 LR-- 0 0 0 0 q - - - - -", Outcome::ShedRate);
        row("above the rate, in shadow", "0 0 200 ---- 0 0 0 0 Q 1 - - - -", Outcome::Success);
        row("too late", "-1 -1 504 LR-- 0 0 0 0 d - - - - -", Outcome::ShedDeadline);
        row("its class", "-1 -1 503 LR-- 0 0 0 0 p - 2 - - -", Outcome::ShedPriority);
        row("gRPC's own failure", "0 0 200 ---- 0 0 0 0 - 1 - - 14 -", Outcome::Failure);
        row("gRPC's not found", "0 0 200 ---- 0 0 0 0 - 1 - - 5 -", Outcome::Success);
        row("caller left the queue", "9 -1 -1 CQ-- 0 0 1 0 - - - - - -", Outcome::ClientGone);
        row("caller left", "0 0 -1 CH-- 0 0 0 0 - - - - - -", Outcome::ClientGone);
        row("caller slow", "0 0 200 cD-- 0 0 0 0 - - - - - -", Outcome::ClientGone);
        row("request unreadable", "-1 -1 400 PR-- 0 0 0 0 - - - - - -", Outcome::ClientGone);
        row("no status", "0 0 -1 ---- 0 0 0 0 - - - - - -", Outcome::Failure);
    }
    void theEndingIsDerived() {
        QFETCH(QString, rest);
        QFETCH(QString, outcome);
        const auto line = parseLogLine("L2 1 0 1000 2000 3000 " + rest.toStdString());
        QVERIFY(line.has_value());
        QCOMPARE(QString::fromStdString(std::string(name(line->record.outcome))), outcome);
    }
    void anAnswerThatNeverCameEndsWithTheLine() {
        const auto line = parseLogLine("L2 1 0 1000 - 3500 0 0 -1 CH-- 0 0 0 0 - - - - - -");
        QCOMPARE(line->record.durationMicros, std::int64_t{2500});
        QCOMPARE(int(line->record.status), 0);
    }
    void aRequestThatWasNeverReadArrivesWithTheLine() {
        const auto line = parseLogLine("L2 1 0 - - 3500 -1 -1 400 PR-- 0 0 0 0 - - - - - -");
        QCOMPARE(line->record.arrivalMicros, std::int64_t{3500});
        QCOMPARE(line->record.durationMicros, std::int64_t{0});
    }
    void aClockThatJumpedBackMakesNoNegativeDuration() {
        const auto line = parseLogLine("L2 1 0 5000 4000 3500 7 0 200 ---- 0 0 0 0 - - - - - -");
        QCOMPARE(line->record.durationMicros, std::int64_t{0});
        QCOMPARE(line->record.queueMicros, std::int64_t{0});
    }
    void countsBeyondTheirFieldStayAtItsEnd() {
        const auto line =
            parseLogLine("L2 1 0 1 2 3 0 0 200 ---- 999999 999999 999999 999 - - - - - -");
        QCOMPARE(int(line->record.serverConnections), 65535);
        QCOMPARE(int(line->record.queueLength), 65535);
        QCOMPARE(int(line->record.retries), 255);
    }
    void onlyWhatTheGatewayThrewItsDiceForStandsForOthers_data() {
        QTest::addColumn<QString>("rest");
        QTest::addColumn<int>("weight");
        const auto row = [](const char* name, const char* rest, int weight) {
            QTest::newRow(name) << rest << weight;
        };
        row("answered", "0 0 200 ---- 0 0 0 0 - 1 - - - 20", 20);
        row("upgraded", "0 0 101 ---- 0 0 0 0 - 1 - - - 20", 20);
        row("not found is an answer", "0 0 404 ---- 0 0 0 0 - 1 - - - 20", 20);
        row("the last before the failures", "0 0 499 ---- 0 0 0 0 - 1 - - - 20", 20);
        row("broken inside a good answer", "0 0 200 SD-- 0 0 0 0 - 1 - - - 20", 20);
        row("caller left inside a good answer", "0 0 200 CD-- 0 0 0 0 - 1 - - - 20", 20);
        row("the first of the failures", "0 0 500 ---- 0 0 0 0 - 1 - - - 20", 1);
        row("may be a refusal", "0 0 429 ---- 0 0 0 0 - 1 - - - 20", 1);
        row("shed further down", "0 0 200 ---- 0 0 0 0 r 1 - - - 20", 1);
        row("above the rate, in shadow", "0 0 200 ---- 0 0 0 0 Q 1 - - - 20", 1);
        row("gRPC's status in the head", "0 0 200 ---- 0 0 0 0 - 1 - - 5 20", 1);
        row("no answer", "0 0 504 sH-- 0 0 0 0 - 1 - - - 20", 1);
        row("caller left before it", "0 0 400 CH-- 0 0 0 0 - 1 - - - 20", 1);
        row("the most", "0 0 200 ---- 0 0 0 0 - 1 - - - 1000", 1000);
    }
    void onlyWhatTheGatewayThrewItsDiceForStandsForOthers() {
        QFETCH(QString, rest);
        QFETCH(int, weight);
        const auto line = parseLogLine("L2 1 0 1000 2000 3000 " + rest.toStdString());
        QVERIFY(line.has_value());
        QCOMPARE(int(line->record.weight), weight);
        QVERIFY(line->record.goodWeight >= 20);
    }
    void everyOneIsLoggedWhereNothingSaysOtherwise() {
        for (const char* every : {"-", "0", "1"}) {
            const auto line =
                parseLogLine("L2 1 0 1 2 3 0 0 200 ---- 0 0 0 0 - - - - - " + std::string(every));
            QVERIFY(line.has_value());
            QCOMPARE(line->record.weight, 1U);
            QCOMPARE(line->record.goodWeight, 1U);
        }
    }
    void anythingElseIsNotALine() {
        QVERIFY(!parseLogLine(""));
        QVERIFY(!parseLogLine("L1" + kGood.substr(2)));
        QVERIFY(!parseLogLine("L2 zzzzzzzz" + kGood.substr(11)));
        QVERIFY(!parseLogLine("L2 1 0 1 2 3 0 0 200 --- 0 0 0 0 - - - - - -"));
        QVERIFY(!parseLogLine("L2 1 0 1 2 3 0 0 200 ---- 0 0 0 0 ss - - - - -"));
        QVERIFY(!parseLogLine("L2 1 0 1 2 3 0 0 2x0 ---- 0 0 0 0 - - - - - -"));
        QVERIFY(!parseLogLine("L2 1 0 1 2 99999999999999999999 0 0 200 ---- 0 0 0 0 - - - - - -"));
        QVERIFY(!parseLogLine("L2 1 -1 1 2 3 0 0 200 ---- 0 0 0 0 - - - - - -"));
        QVERIFY(!parseLogLine("L2 1 0 1 2 3 0 0 200 ---- 0 0 0 0 - - - - - 1001"));
        QVERIFY(!parseLogLine("L2 1 0 1 2 3 0 0 200 ---- 0 0 0 0 - - - - - - -"));
        QVERIFY(!parseLogLine(
            "L2 1 0 1 2 3 0 0 200 ---- 0 0 0 0 - - - - - 4bf92f3577b34da6a3ce929d0e0e4736"));
    }
    void noPartOfALineIsALine() {
        for (std::size_t length = 0; length < kGood.size(); ++length)
            QVERIFY2(!parseLogLine(kGood.substr(0, length)), kGood.substr(0, length).c_str());
    }
    void aLineOfAnyLengthIsReadInBoundedTime() {
        QVERIFY(!parseLogLine(kGood + std::string(kMaxLogLine, ' ')));
        QVERIFY(!parseLogLine(std::string(kMaxLogLine + 1, '1')));
    }
};

LEVEE_TEST(LogLineTest)
#include "log_line_test.moc"
