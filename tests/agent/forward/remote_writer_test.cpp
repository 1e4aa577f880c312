// SPDX-License-Identifier: Apache-2.0
#include "agent/forward/remote_writer.h"

#include <QTest>
#include <atomic>
#include <thread>

#include "agent/forward/forwarder.h"
#include "tests/agent/forward/receiver.h"
#include "tests/support/test_registry.h"

using namespace levee;
using namespace levee::forward;
using namespace std::chrono_literals;
using test::Receiver;

namespace {

constexpr int kDeadlineMs = 20'000;

RemoteWriteConfig config(const Receiver& receiver) {
    RemoteWriteConfig made;
    made.name = "test";
    made.url = receiver.url();
    made.deadline = 20ms;
    made.minBackoff = 1ms;
    made.maxBackoff = 5ms;
    return made;
}

/// Samples with the values `from` to `to`, in this order.
std::vector<TimedSample> samples(int from, int to) {
    static const auto series = Series::make("a", {});
    std::vector<TimedSample> all;
    for (int i = from; i <= to; ++i)
        all.push_back({series, static_cast<double>(i), i});
    return all;
}

/// The values that all requests brought.
std::vector<int> values(const Receiver& receiver) {
    std::vector<int> all;
    for (const Receiver::Request& request : receiver.requests()) {
        for (const std::string& text : test::decoded(request.body))
            all.push_back(std::stoi(text.substr(4)));
    }
    return all;
}

std::vector<int> range(int from, int to) {
    std::vector<int> all;
    for (int i = from; i <= to; ++i)
        all.push_back(i);
    return all;
}

std::string ok(const Receiver::Request&, int) {
    return Receiver::answer("204 No Content");
}

}  // namespace

class RemoteWriterTest : public QObject {
    Q_OBJECT
private slots:
    void theRequestIsRemoteWriteOne() {
        Receiver receiver(ok);
        RealTimeSource time;
        RemoteWriteConfig with = config(receiver);
        with.headers = {{"X-Scope-OrgID", "shop"}};
        with.client.basicAuth = BasicAuth{"u", Secret("p"), ""};
        RemoteWriter writer(time, with, {{"region", "eu"}});
        writer.add(samples(1, 3));
        QTRY_COMPARE_WITH_TIMEOUT(writer.stats().sent.load(), std::uint64_t{3}, kDeadlineMs);
        const Receiver::Request request = receiver.requests().at(0);
        QVERIFY(request.head.starts_with("POST /write HTTP/1.1\r\n"));
        for (const char* line :
             {"Content-Encoding: snappy", "Content-Type: application/x-protobuf",
              "X-Prometheus-Remote-Write-Version: 0.1.0", "User-Agent: levee-agent",
              "X-Scope-OrgID: shop", "Authorization: Basic dTpw"})
            QVERIFY2(request.head.find(std::string("\r\n") + line + "\r\n") != std::string::npos,
                     request.head.c_str());
        QCOMPARE(test::decoded(request.body).at(0), std::string("a{region=\"eu\"} 1 @1"));
    }
    void batchesHaveAtMostTheirSizeAndKeepTheOrder() {
        Receiver receiver(ok);
        RealTimeSource time;
        RemoteWriteConfig small = config(receiver);
        small.samplesPerSend = 10;
        RemoteWriter writer(time, small, {});
        writer.add(samples(1, 25));
        writer.add(samples(26, 35));
        QTRY_COMPARE_WITH_TIMEOUT(writer.stats().sent.load(), std::uint64_t{35}, kDeadlineMs);
        QCOMPARE(values(receiver), range(1, 35));
        for (const Receiver::Request& request : receiver.requests())
            QVERIFY(test::decoded(request.body).size() <= 10);
        QCOMPARE(writer.pending(), std::size_t{0});
    }
    void whatFailsForTheMomentIsSentAgain() {
        Receiver receiver([](const Receiver::Request&, int number) {
            if (number == 1)
                return Receiver::answer("500 Oops");
            if (number == 2)
                return Receiver::answer("429 Slow down", "Retry-After: 0\r\n");
            if (number == 3)
                return std::string();  // the connection ends
            return Receiver::answer("200 OK");
        });
        RealTimeSource time;
        RemoteWriter writer(time, config(receiver), {});
        writer.add(samples(1, 2));
        QTRY_COMPARE_WITH_TIMEOUT(writer.stats().sent.load(), std::uint64_t{2}, kDeadlineMs);
        QCOMPARE(receiver.requests().size(), std::size_t{4});
        // libcurl itself sends again what a kept connection broke off on.
        QVERIFY(writer.stats().retries >= 2);
        QCOMPARE(writer.stats().rejected.load(), std::uint64_t{0});
    }
    void whatIsRefusedForGoodIsNotSentAgain() {
        Receiver receiver([](const Receiver::Request&, int number) {
            return number == 1 ? Receiver::answer("400 No", "", "out of order sample\n")
                               : Receiver::answer("200 OK");
        });
        RealTimeSource time;
        RemoteWriter writer(time, config(receiver), {});
        writer.add(samples(1, 2));
        QTRY_COMPARE_WITH_TIMEOUT(writer.stats().rejected.load(), std::uint64_t{2}, kDeadlineMs);
        writer.add(samples(3, 3));
        QTRY_COMPARE_WITH_TIMEOUT(writer.stats().sent.load(), std::uint64_t{1}, kDeadlineMs);
        QCOMPARE(receiver.requests().size(), std::size_t{2});
    }
    void retryAfterIsUnderstoodAndBounded() {
        const WallTime now = fromUnixMillis(784'111'777'000);  // 06 Nov 1994 08:49:37 GMT
        QCOMPARE(retryAfter("7", now), Duration(7s));
        QCOMPARE(retryAfter("Sun, 06 Nov 1994 08:49:40 GMT", now), Duration(3s));
        QCOMPARE(retryAfter("Sun, 06 Nov 1994 08:49:30 GMT", now), Duration(0s));
        QCOMPARE(retryAfter("300", now), Duration(300s));
        QCOMPARE(retryAfter("301", now), Duration(300s));
        for (const char* text : {"", "soon", "-5", "99999999999999999999"})
            QCOMPARE(retryAfter(text, now), Duration(0s));
    }
    void retryAfterHoldsTheNextRequestBack() {
        Receiver receiver([](const Receiver::Request&, int number) {
            return number == 1 ? Receiver::answer("503 Busy", "Retry-After: 1\r\n")
                               : Receiver::answer("200 OK");
        });
        RealTimeSource time;
        RemoteWriter writer(time, config(receiver), {});
        const MonotonicTime began = time.monotonic();
        writer.add(samples(1, 1));
        QTRY_COMPARE_WITH_TIMEOUT(writer.stats().sent.load(), std::uint64_t{1}, kDeadlineMs);
        QVERIFY(time.monotonic() - began >= 1s);
    }
    void aFullQueueDropsTheOldestAndCountsThem() {
        std::atomic<bool> isOpen{false};
        Receiver receiver([&](const Receiver::Request&, int) {
            return Receiver::answer(isOpen ? "200 OK" : "503 Busy");
        });
        RealTimeSource time;
        RemoteWriteConfig small = config(receiver);
        small.capacity = 100;
        small.samplesPerSend = 10;
        RemoteWriter writer(time, small, {});
        writer.add(samples(1, 10));
        QTRY_VERIFY_WITH_TIMEOUT(receiver.requests().size() >= 2, kDeadlineMs);
        writer.add(samples(11, 110));  // as many as there is room for
        QCOMPARE(writer.stats().dropped.load(), std::uint64_t{0});
        QCOMPARE(writer.pending(), std::size_t{100});
        writer.add(samples(111, 115));
        QCOMPARE(writer.stats().dropped.load(), std::uint64_t{5});
        isOpen = true;
        QTRY_COMPARE_WITH_TIMEOUT(writer.stats().sent.load(), std::uint64_t{110}, kDeadlineMs);
        const std::vector<int> seen = values(receiver);
        QCOMPARE(std::vector<int>(seen.end() - 100, seen.end()), range(16, 115));
    }
    void whatWaitsIsSentAtTheEnd() {
        Receiver receiver(ok);
        RealTimeSource time;
        RemoteWriteConfig slow = config(receiver);
        slow.deadline = 1h;
        {
            RemoteWriter writer(time, slow, {});
            writer.add(samples(1, 5));
        }
        QCOMPARE(values(receiver), range(1, 5));
    }
    void aReceiverThatHangsHoldsTheEndUpForTwoSecondsAtMost() {
        Receiver receiver([](const Receiver::Request&, int) { return std::string(); });
        RealTimeSource time;
        const MonotonicTime began = time.monotonic();
        {
            RemoteWriteConfig away = config(receiver);
            away.url = "http://127.0.0.1:1/";
            away.minBackoff = away.maxBackoff = 1h;
            RemoteWriter writer(time, away, {});
            writer.add(samples(1, 5));
            QTRY_VERIFY_WITH_TIMEOUT(writer.stats().requests >= 1, kDeadlineMs);
        }
        QVERIFY(time.monotonic() - began < 1h);
    }
    void theForwarderFeedsEveryReceiver() {
        Receiver one(ok);
        Receiver two(ok);
        RealTimeSource time;
        Forwarder forwarder(time);
        RemoteWriteConfig first = config(one);
        RemoteWriteConfig second = config(two);
        second.name = "other";
        QVERIFY(!forwarder.isActive());
        forwarder.configure({first, second}, {{"region", "eu"}});
        ScrapeResult result;
        result.state.key = "t";
        result.state.scrapedAt = fromUnixMillis(5);
        result.kept = {{Series::make("a", {}), 1, std::nullopt}};
        forwarder.add(result);
        QTRY_VERIFY_WITH_TIMEOUT(one.requests().size() == 1 && two.requests().size() == 1,
                                 kDeadlineMs);
        QCOMPARE(test::decoded(two.requests()[0].body),
                 (std::vector<std::string>{"a{region=\"eu\"} 1 @5"}));
        QTRY_COMPARE_WITH_TIMEOUT(forwarder.counters().at(1).sent, std::uint64_t{1}, kDeadlineMs);
        // One goes, the other goes on with its counts.
        forwarder.configure({second}, {{"region", "eu"}});
        QCOMPARE(forwarder.counters().size(), std::size_t{1});
        QCOMPARE(forwarder.counters().at(0).sent, std::uint64_t{1});
    }
};

LEVEE_TEST(RemoteWriterTest)
#include "remote_writer_test.moc"
