// SPDX-License-Identifier: Apache-2.0
#include "agent/forward/webhook_sender.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include "tests/agent/forward/receiver.h"
#include "tests/support/http_fixture.h"
#include "tests/support/test_registry.h"

using namespace levee;
using namespace levee::forward;
using namespace std::chrono_literals;

namespace {

WebhookLimits quick() {
    WebhookLimits limits;
    limits.firstPause = 1ms;
    return limits;
}

AutomationNotice notice(const std::string& webhook) {
    AutomationNotice made;
    made.webhook = webhook;
    made.name = "redis-full";
    made.value = 0.97;
    made.labels["instance"] = "a\"b\xff";
    made.reason = "used > 0.95: 0.97";
    made.millis = 1'764'385'920'007;
    return made;
}

}  // namespace

class WebhookSenderTest : public QObject {
    Q_OBJECT
private slots:
    void aNoticeIsASmallJson() {
        AutomationNotice made = notice("http://h");
        const QJsonObject body =
            QJsonDocument::fromJson(QByteArray::fromStdString(webhookBody(made, "web1"))).object();
        QCOMPARE(body["name"].toString(), QString("redis-full"));
        QCOMPARE(body["state"].toString(), QString("firing"));
        QCOMPARE(body["value"].toDouble(), 0.97);
        QVERIFY(body["labels"]["instance"].toString().startsWith("a\"b"));
        QCOMPARE(body["host"].toString(), QString("web1"));
        QCOMPARE(body["reason"].toString(), QString("used > 0.95: 0.97"));
        QCOMPARE(body["at"].toString(), QString("2025-11-29T03:12:00.007Z"));
        made.isFiring = false;
        made.value = kUnknown;
        const std::string ended = webhookBody(made, "web1");
        QVERIFY(ended.find("\"state\":\"ended\",\"value\":null") != std::string::npos);
    }
    void itIsSentByPost() {
        test::Receiver receiver(
            [](const auto&, int) { return test::Receiver::answer("204 No Content"); });
        WebhookSender sender("web1", quick());
        sender.add(notice(receiver.url()));
        QTRY_COMPARE(sender.counters().sent, std::uint64_t{1});
        const auto requests = receiver.requests();
        QCOMPARE(requests.size(), std::size_t{1});
        QVERIFY(requests[0].head.starts_with("POST /write HTTP/1.1"));
        QVERIFY(requests[0].head.find("Content-Type: application/json") != std::string::npos);
        QCOMPARE(requests[0].body, webhookBody(notice(receiver.url()), "web1"));
    }
    void whatFailsForTheMomentIsTriedThreeTimes() {
        test::Receiver receiver([](const auto&, int number) {
            return test::Receiver::answer(number < 3 ? "503 Busy" : "200 OK");
        });
        WebhookSender sender("web1", quick());
        sender.add(notice(receiver.url()));
        QTRY_COMPARE(sender.counters().sent, std::uint64_t{1});
        QCOMPARE(receiver.requests().size(), std::size_t{3});
        QCOMPARE(sender.counters().retries, std::uint64_t{2});
        QCOMPARE(sender.counters().failed, std::uint64_t{0});
    }
    void afterThreeTriesItHasFailed() {
        test::Receiver receiver(
            [](const auto&, int) { return test::Receiver::answer("500 Broken"); });
        WebhookSender sender("web1", quick());
        sender.add(notice(receiver.url()));
        QTRY_COMPARE(sender.counters().failed, std::uint64_t{1});
        QCOMPARE(receiver.requests().size(), std::size_t{3});
        sender.add(notice("http://" + test::HttpFixture::refusedAddress()));
        QTRY_COMPARE(sender.counters().failed, std::uint64_t{2});
        QCOMPARE(sender.counters().retries, std::uint64_t{4});
    }
    void whatIsRefusedForGoodIsNotTriedAgain() {
        test::Receiver receiver(
            [](const auto&, int) { return test::Receiver::answer("404 Not Found"); });
        WebhookSender sender("web1", quick());
        sender.add(notice(receiver.url()));
        QTRY_COMPARE(sender.counters().failed, std::uint64_t{1});
        QCOMPARE(receiver.requests().size(), std::size_t{1});
    }
    void aReceiverThatHangsCostsItsTimeOnly() {
        test::HttpFixture hanging([](auto& exchange) { exchange.waitForEnd(60s); });
        WebhookLimits limits = quick();
        limits.timeout = 50ms;
        WebhookSender sender("web1", limits);
        sender.add(notice("http://" + hanging.address() + "/hook"));
        QTRY_COMPARE(sender.counters().failed, std::uint64_t{1});
        QCOMPARE(hanging.requests(), 3);
    }
    void whatHasNoRoomIsDroppedAndCounted() {
        test::HttpFixture hanging([](auto& exchange) { exchange.waitForEnd(60s); });
        WebhookLimits limits = quick();
        limits.waiting = 3;
        {
            WebhookSender sender("web1", limits);
            sender.add(notice("http://" + hanging.address()));
            QTRY_COMPARE(hanging.requests(), 1);  // it is on its way, and waits no more
            for (int i = 0; i < 3; ++i)
                sender.add(notice("http://" + hanging.address()));
            QCOMPARE(sender.counters().dropped, std::uint64_t{0});
            QCOMPARE(sender.counters().waiting, std::size_t{3});
            sender.add(notice("http://" + hanging.address()));
            QCOMPARE(sender.counters().dropped, std::uint64_t{1});
        }
        // The end of the agent did not wait for the receiver.
        QCOMPARE(hanging.requests(), 1);
    }
};

LEVEE_TEST(WebhookSenderTest)
#include "webhook_sender_test.moc"
