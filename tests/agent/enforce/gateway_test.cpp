// SPDX-License-Identifier: Apache-2.0
// What requests meet at the listeners of a real HAProxy, and what the log says about it.
#include "agent/enforce/gateway.h"

#include <QTest>
#include <atomic>

#include "tests/agent/enforce/gateway_fixture.h"
#include "tests/support/test_registry.h"

using namespace levee;
using namespace levee::test;

namespace {

/// `count` requests at once, each on its own connection.
class Callers {
public:
    Callers(int port, const std::string& path, std::size_t count) : answers_(count) {
        for (HttpAnswer& answer : answers_)
            threads_.emplace_back([&answer, port, path] { answer = HttpClient(port).get(path); });
    }
    ~Callers() { (void)answers(); }
    Callers(const Callers&) = delete;
    Callers& operator=(const Callers&) = delete;

    /// Waits for all of them.
    const std::vector<HttpAnswer>& answers() {
        for (std::thread& thread : threads_)
            thread.join();
        threads_.clear();
        return answers_;
    }

private:
    std::vector<HttpAnswer> answers_;
    std::vector<std::thread> threads_;
};

std::vector<HttpAnswer> together(int port, const std::string& path, std::size_t count) {
    return Callers(port, path, count).answers();
}

/// As W3C wants it: version, 16 and 8 bytes in lower case, flags, neither of them all zero.
bool isTrace(const std::string& text) {
    const auto isHex = [](std::string_view part) {
        return part.find_first_not_of("0123456789abcdef") == std::string_view::npos &&
               part.find_first_not_of('0') != std::string_view::npos;
    };
    const std::string_view all = text;
    return all.size() == 55 && all.starts_with("00-") && isHex(all.substr(3, 32)) &&
           all[35] == '-' && isHex(all.substr(36, 16)) && all.ends_with("-01");
}

std::size_t withStatus(const std::vector<HttpAnswer>& answers, int status) {
    return static_cast<std::size_t>(
        std::count_if(answers.begin(), answers.end(),
                      [status](const HttpAnswer& answer) { return answer.status == status; }));
}

}  // namespace

class GatewayTest : public QObject {
    Q_OBJECT
private slots:
    void withoutALimitEverythingPassesAndIsRecorded() {
        LEVEE_NEED_HAPROXY();
        GatewayFixture f;
        const Status started = f.gateway->start(f.config, f.rules);
        QVERIFY2(started, started ? "" : started.error().message.c_str());
        const HttpAnswer answer = HttpClient(f.outPort).get("/sleep/20");
        QCOMPARE(answer.status, 200);
        QCOMPARE(answer.body, std::string("ok\n"));
        QVERIFY(answer.head.find("levee") == std::string::npos);
        QTRY_COMPARE(f.records().size(), std::size_t{2});
        QCOMPARE(f.count(Outcome::Success, 0), std::size_t{1});
        QCOMPARE(f.count(Outcome::Success, 1), std::size_t{1});
        for (const RequestRecord& record : f.records()) {
            QCOMPARE(int(record.status), 200);
            QVERIFY(record.durationMicros >= 20'000);
            QVERIFY(record.arrivalMicros > 1'500'000'000'000'000);
            QCOMPARE(int(record.serverConnections), 1);
        }
    }
    void aTraceOfTheCallerIsPassedOnAndAMissingOneIsMade() {
        LEVEE_NEED_HAPROXY();
        GatewayFixture f;
        QVERIFY(f.gateway->start(f.config, f.rules));
        HttpClient client(f.outPort);
        const std::string given = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00";
        QCOMPARE(client.get("/trace", "traceparent: " + given + "\r\n").body, given);
        const std::string made = client.get("/trace").body;
        QCOMPARE(made.size(), given.size());
        QVERIFY2(isTrace(made), made.c_str());
        QVERIFY(made != client.get("/trace").body);
    }
    void ofGoodAnswersOneInTenIsLoggedAndOfTheOthersEachOne() {
        LEVEE_NEED_HAPROXY();
        GatewayFixture f;
        f.waitLong();
        QVERIFY(f.gateway->start(f.config, f.rules));
        const int pid = f.prove({}).pid;
        DesiredState desired;
        for (const ListenerConfig& listener : f.config.listeners) {
            desired.listeners.emplace_back().subject = listener.subject();
            desired.listeners.back().logEvery = 10;
        }
        const GatewayStatus status = f.prove(desired);
        QCOMPARE(status.pid, pid);
        for (const Proof& proof : status.proofs)
            QVERIFY2(proof.detail.find("logs 1 of 10 good answers") != std::string::npos,
                     proof.detail.c_str());
        HttpClient client(f.outPort);
        for (int i = 0; i < 500; ++i)
            QCOMPARE(client.get(i % 2 == 0 ? "/" : "/status/404").status, i % 2 == 0 ? 200 : 404);
        for (int i = 0; i < 20; ++i)
            QCOMPARE(client.get(i % 2 == 0 ? "/status/500" : "/status/503").status,
                     i % 2 == 0 ? 500 : 503);
        for (const std::uint32_t listener : {0U, 1U}) {
            QTRY_COMPARE(f.count(Outcome::Failure, listener), std::size_t{20});
            std::uint32_t requests = 0;
            for (const RequestRecord& record : f.records()) {
                if (record.listener != listener)
                    continue;
                QCOMPARE(record.goodWeight, 10U);
                QCOMPARE(record.weight, record.outcome == Outcome::Success ? 10U : 1U);
                requests += record.weight;
            }
            // 50 lines of the good ones, by chance; seven standard deviations are 47.
            QVERIFY2(requests >= 20 + 30 && requests <= 20 + 970, std::to_string(requests).c_str());
        }
        QCOMPARE(f.gateway->takeStatus().log.malformed, std::uint64_t{0});
        QVERIFY(f.prove({}).up);
        const std::size_t before = f.count(Outcome::Success, 1);
        for (int i = 0; i < 20; ++i)
            QCOMPARE(client.get("/").status, 200);
        QTRY_COMPARE(f.count(Outcome::Success, 1), before + 20);
        QCOMPARE(f.records().back().weight, 1U);
    }
    void aLimitHoldsAndARefusalSaysSo() {
        LEVEE_NEED_HAPROXY();
        GatewayFixture f;
        f.waitLong();
        QVERIFY(f.gateway->start(f.config, f.rules));
        QVERIFY(f.prove({{{"payment", 2, 1, 1}}}).up);
        Callers held(f.inPort, "/hold", 2);
        QTRY_COMPARE(f.backend.inFlight(), 2);
        Callers queued(f.inPort, "/", 1);
        QTRY_COMPARE(f.queued(), 1U);
        for (int i = 0; i < 5; ++i) {
            const HttpAnswer answer = HttpClient(f.inPort).get("/");
            QCOMPARE(answer.status, 503);
            QCOMPARE(answer.header("levee-outcome"), std::string("shed"));
            QCOMPARE(answer.header("retry-after"), std::string("1"));
            QCOMPARE(answer.body, std::string("overloaded\n"));
        }
        f.backend.release();
        QCOMPARE(withStatus(held.answers(), 200), std::size_t{2});
        QCOMPARE(withStatus(queued.answers(), 200), std::size_t{1});
        QCOMPARE(f.backend.mostInFlight(), 2);
        QTRY_COMPARE(f.count(Outcome::ShedLimit, 0), std::size_t{5});
        QTRY_COMPARE(f.count(Outcome::Success, 0), std::size_t{3});
    }
    void aQueueOfNoneStillGivesAwayTheFreeSlots() {
        LEVEE_NEED_HAPROXY();
        GatewayFixture f;
        f.waitLong();
        QVERIFY(f.gateway->start(f.config, f.rules));
        QVERIFY(f.prove({{{"payment", 3, 0, 1}}}).up);
        HttpClient client(f.inPort);
        for (int i = 0; i < 20; ++i)
            QCOMPARE(client.get("/").status, 200);
        Callers held(f.inPort, "/hold", 3);
        QTRY_COMPARE(f.backend.inFlight(), 3);
        for (int i = 0; i < 5; ++i)
            QCOMPARE(client.get("/").status, 503);
        f.backend.release();
        QCOMPARE(withStatus(held.answers(), 200), std::size_t{3});
        QTRY_COMPARE(client.get("/").status, 200);
    }
    void aLimitThatShrinksBelowWhatIsInFlightAdmitsNobody() {
        LEVEE_NEED_HAPROXY();
        GatewayFixture f;
        f.waitLong();
        QVERIFY(f.gateway->start(f.config, f.rules));
        QVERIFY(f.prove({{{"payment", 6, 0, 1}}}).up);
        Callers held(f.inPort, "/hold", 5);
        QTRY_COMPARE(f.backend.inFlight(), 5);
        QVERIFY(f.prove({{{"payment", 2, 0, 1}}}).up);
        QCOMPARE(HttpClient(f.inPort).get("/").status, 503);
        f.backend.release();
        QCOMPARE(withStatus(held.answers(), 200), std::size_t{5});
    }
    void aLimitTakenBackLetsAllIn() {
        LEVEE_NEED_HAPROXY();
        GatewayFixture f;
        QVERIFY(f.gateway->start(f.config, f.rules));
        QVERIFY(f.prove({{{"payment", 1, 0, 1}}}).up);
        QVERIFY(f.prove({}).up);
        QCOMPARE(withStatus(together(f.inPort, "/sleep/100", 10), 200), std::size_t{10});
        QVERIFY(f.backend.mostInFlight() > 1);
    }
    void aWaitInTheQueueThatIsTooLongIsARefusal() {
        LEVEE_NEED_HAPROXY();
        GatewayFixture f;
        f.waitLong();
        f.config.listeners[0].queueTimeout = std::chrono::milliseconds(50);
        QVERIFY(f.gateway->start(f.config, f.rules));
        QVERIFY(f.prove({{{"payment", 1, 100, 1}}}).up);
        Callers held(f.inPort, "/hold", 1);
        QTRY_COMPARE(f.backend.inFlight(), 1);
        for (const HttpAnswer& answer : together(f.outPort, "/", 3)) {
            QCOMPARE(answer.status, 503);
            QCOMPARE(answer.header("levee-outcome"), std::string("shed"));
            QCOMPARE(answer.header("retry-after"), std::string("1"));
        }
        f.backend.release();
        QTRY_COMPARE(f.count(Outcome::ShedLimit, 0), std::size_t{3});
        QTRY_COMPARE(f.count(Outcome::ShedRemote, 1), std::size_t{3});
        for (const RequestRecord& record : f.records())
            if (record.outcome == Outcome::ShedLimit)
                QVERIFY(record.queueMicros >= 40'000);
    }
    void aRefusalFurtherDownIsSeenByTheCallersGateway() {
        LEVEE_NEED_HAPROXY();
        GatewayFixture f;
        f.waitLong();
        QVERIFY(f.gateway->start(f.config, f.rules));
        QVERIFY(f.prove({{{"payment", 1, 0, 1}}}).up);
        Callers held(f.inPort, "/hold", 1);
        QTRY_COMPARE(f.backend.inFlight(), 1);
        const HttpAnswer answer = HttpClient(f.outPort).get("/");
        f.backend.release();
        QCOMPARE(answer.status, 503);
        QTRY_COMPARE(f.count(Outcome::ShedRemote, 1), std::size_t{1});
        QCOMPARE(f.count(Outcome::ShedLimit, 0), std::size_t{1});
    }
    void anOpenBreakerAnswersWithTheFallback() {
        LEVEE_NEED_HAPROXY();
        GatewayFixture f;
        FallbackSettings fallback;
        fallback.status = 200;
        fallback.body = "{\"it's\": \"%[src] \\\"quoted\\\"\",\n \"line\": 2}\n";
        fallback.contentType = "application/vnd.o'hara+json; q=\"1\"";
        fallback.retryAfter = std::chrono::milliseconds(1500);
        f.rules["checkout->payment"].fallback = fallback;
        const Status started = f.gateway->start(f.config, f.rules);
        QVERIFY2(started, started ? "" : started.error().message.c_str());
        QVERIFY(f.prove({{{"checkout->payment", 0, 0, 0}}}).up);
        const HttpAnswer answer = HttpClient(f.outPort).get("/");
        QCOMPARE(answer.status, 200);
        QCOMPARE(answer.body, fallback.body);
        QCOMPARE(answer.header("content-type"), fallback.contentType);
        QCOMPARE(answer.header("retry-after"), std::string("2"));
        QCOMPARE(answer.header("levee-outcome"), std::string("breaker"));
        QCOMPARE(f.backend.requests(), 0);
        QTRY_COMPARE(f.count(Outcome::ShedBreaker, 1), std::size_t{1});
        QVERIFY(f.prove({{{"checkout->payment", 0, 0, 1}}}).up);
        QCOMPARE(HttpClient(f.outPort).get("/").body, std::string("ok\n"));
    }
    void aFallbackWithoutABodyIsOne() {
        LEVEE_NEED_HAPROXY();
        for (const int status : {204, 503}) {
            GatewayFixture f;
            FallbackSettings fallback;
            fallback.status = static_cast<std::uint16_t>(status);
            fallback.body = status == 204 ? "never sent" : "";
            fallback.retryAfter = Duration::zero();
            f.rules["checkout->payment"].fallback = fallback;
            QVERIFY(f.gateway->start(f.config, f.rules));
            QVERIFY(f.prove({{{"checkout->payment", 0, 0, 0}}}).up);
            const HttpAnswer answer = HttpClient(f.outPort).get("/");
            QCOMPARE(answer.status, status);
            QCOMPARE(answer.body, std::string());
            QCOMPARE(answer.header("retry-after"), std::string());
        }
    }
    void aHalfOpenBreakerAdmitsItsShare() {
        LEVEE_NEED_HAPROXY();
        GatewayFixture f;
        QVERIFY(f.gateway->start(f.config, f.rules));
        QVERIFY(f.prove({{{"checkout->payment", 0, 0, 0.5}}}).up);
        HttpClient client(f.outPort);
        int admitted = 0;
        for (int i = 0; i < 1000; ++i)
            admitted += client.get("/").status == 200 ? 1 : 0;
        // Six standard deviations to each side.
        QVERIFY2(admitted > 405 && admitted < 595, std::to_string(admitted).c_str());
        QTRY_COMPARE(f.count(Outcome::ShedBreaker, 1), std::size_t(1000 - admitted));
    }
    void failuresTimeoutsAndGoneCallersAreToldApart() {
        LEVEE_NEED_HAPROXY();
        GatewayFixture f;
        QVERIFY(f.gateway->start(f.config, f.rules));
        HttpClient client(f.inPort);
        QCOMPARE(client.get("/status/500").status, 500);
        QCOMPARE(client.get("/status/404").status, 404);
        QCOMPARE(HttpClient(f.inPort).get("/drop").status, 502);
        QCOMPARE(client.get("/sleep/700").status, 504);
        QTRY_COMPARE(f.records().size(), std::size_t{4});
        QCOMPARE(f.count(Outcome::Failure, 0), std::size_t{2});
        QCOMPARE(f.count(Outcome::Success, 0), std::size_t{1});
        QCOMPARE(f.count(Outcome::Timeout, 0), std::size_t{1});
        HttpClient(f.inPort).abandon("/sleep/300");
        QTRY_COMPARE(f.count(Outcome::ClientGone, 0) + f.count(Outcome::Success, 0),
                     std::size_t{2});
    }
    void aRefusedConnectionIsAFailureAndNotARefusal() {
        LEVEE_NEED_HAPROXY();
        GatewayFixture f;
        f.config.listeners[0].targets = {loopback(freePort())};
        QVERIFY(f.gateway->start(f.config, f.rules));
        const HttpAnswer answer = HttpClient(f.inPort).get("/");
        QCOMPARE(answer.status, 503);
        QCOMPARE(answer.header("levee-outcome"), std::string());
        QTRY_COMPARE(f.count(Outcome::Failure, 0), std::size_t{1});
    }
    void aDeadTargetIsSteppedOver() {
        LEVEE_NEED_HAPROXY();
        GatewayFixture f;
        f.config.listeners[1].targets.push_back(loopback(freePort()));
        QVERIFY(f.gateway->start(f.config, f.rules));
        HttpClient client(f.outPort);
        for (int i = 0; i < 50; ++i)
            QCOMPARE(client.get("/").status, 200);
        QTRY_COMPARE(f.count(Outcome::Success, 1), std::size_t{50});
    }
    void theLimitIsSharedAmongSeveralTargets() {
        LEVEE_NEED_HAPROXY();
        GatewayFixture f;
        BackendServer second;
        f.waitLong();
        f.config.listeners[0].targets.push_back(second.address());
        QVERIFY(f.gateway->start(f.config, f.rules));
        QVERIFY(f.prove({{{"payment", 4, 100, 1}}}).up);
        QCOMPARE(withStatus(together(f.inPort, "/sleep/30", 16), 200), std::size_t{16});
        QVERIFY(f.backend.mostInFlight() <= 2);
        QVERIFY(second.mostInFlight() <= 2);
    }
    void metricsAndTheStatisticsPageAreServed() {
        LEVEE_NEED_HAPROXY();
        GatewayFixture f;
        const int port = freePort();
        f.config.statsListen = loopback(port);
        QVERIFY(f.gateway->start(f.config, f.rules));
        HttpClient client(port);
        QCOMPARE(client.get("/").status, 200);
        // Chunked: the client reads the head only.
        QCOMPARE(HttpClient(port).get("/metrics").status, 200);
    }
    void provingAChangeIsQuick() {
        LEVEE_NEED_HAPROXY();
        GatewayFixture f;
        QVERIFY(f.gateway->start(f.config, f.rules));
        std::vector<Duration> times;
        for (std::uint32_t i = 1; i <= 200; ++i) {
            const auto status = f.prove({{{"payment", i, i, 1}, {"checkout->payment", 0, 0, 0.5}}});
            QVERIFY(status.up);
            times.push_back(status.applyTime);
        }
        std::sort(times.begin(), times.end());
        qInfo("from setDesired to proof: median %lld us, p99 %lld us",
              static_cast<long long>(times[100] / std::chrono::microseconds(1)),
              static_cast<long long>(times[198] / std::chrono::microseconds(1)));
    }
};

LEVEE_TEST(GatewayTest)
#include "gateway_test.moc"
