// SPDX-License-Identifier: Apache-2.0
// Rates, classes, weights, retries and the loss of the agent, at the listeners of a real HAProxy.
#include <QTest>
#include <map>

#include "tests/agent/enforce/gateway_fixture.h"
#include "tests/support/test_registry.h"

using namespace levee;
using namespace levee::test;
using namespace std::chrono_literals;

namespace {

/// A desired state of one listener.
DesiredState one(const std::string& subject,
                 const std::function<void(DesiredState::Listener&)>& set) {
    DesiredState::Listener listener;
    listener.subject = subject;
    listener.rule = "test-rule";
    set(listener);
    return {{listener}};
}

DesiredState rate(std::uint32_t requests, bool isShadow = false) {
    return one("payment", [&](DesiredState::Listener& listener) {
        listener.rate = requests;
        listener.isShadow = isShadow;
    });
}

/// Statuses of `count` requests on one connection.
std::map<int, int> statuses(int port, int count, const std::string& headers = {},
                            const std::string& path = "/") {
    HttpClient client(port);
    std::map<int, int> seen;
    for (int i = 0; i < count; ++i)
        ++seen[client.get(path, headers).status];
    return seen;
}

/// Longer than any test takes, so that counts do not run out by themselves.
RateSettings byKey(const std::string& key, std::uint32_t keys = 100) {
    return {1, key, 10min, keys};
}

}  // namespace

class GatewayGuardsTest : public QObject {
    Q_OBJECT
private slots:
    void aRateAdmitsItsNumberAndNoMore() {
        LEVEE_NEED_HAPROXY();
        GatewayFixture f;
        f.rules["payment"].rate = byKey("all");
        const Status started = f.gateway->start(f.config, f.rules);
        QVERIFY2(started, started ? "" : started.error().message.c_str());
        const GatewayStatus status = f.prove(rate(30));
        QVERIFY(status.up);
        QVERIFY(status.proofs[0].detail.find("rate 30 in a window") != std::string::npos);
        QCOMPARE(statuses(f.inPort, 100), (std::map<int, int>{{200, 30}, {429, 70}}));
        const HttpAnswer refused = HttpClient(f.inPort).get("/");
        QCOMPARE(refused.header("levee-outcome"), std::string("rate"));
        QCOMPARE(refused.header("retry-after"), std::string("600"));
        QCOMPARE(refused.header("x-levee-reason"),
                 std::string("rate; guard=payment; rule=test-rule; key=all"));
        QTRY_COMPARE(f.count(Outcome::ShedRate, 0), std::size_t{71});
    }
    void aChangedNumberNeedsNoReload() {
        LEVEE_NEED_HAPROXY();
        GatewayFixture f;
        f.rules["payment"].rate = byKey("all");
        QVERIFY(f.gateway->start(f.config, f.rules));
        const int pid = f.prove(rate(10)).pid;
        QCOMPARE(statuses(f.inPort, 20)[200], 10);
        QCOMPARE(f.prove(rate(25)).pid, pid);
        QCOMPARE(statuses(f.inPort, 20)[200], 15);
        QVERIFY(f.prove(rate(0)).up);
        QCOMPARE(statuses(f.inPort, 50)[200], 50);
    }
    void whatIsRefusedElsewhereDoesNotCount() {
        LEVEE_NEED_HAPROXY();
        GatewayFixture f;
        f.rules["checkout->payment"].rate = byKey("all");
        QVERIFY(f.gateway->start(f.config, f.rules));
        const auto open = [](double share) {
            return one("checkout->payment", [share](DesiredState::Listener& listener) {
                listener.rate = 10;
                listener.admitShare = share;
            });
        };
        QVERIFY(f.prove(open(0)).up);
        QCOMPARE(statuses(f.outPort, 50)[503], 50);
        QVERIFY(f.prove(open(1)).up);
        QCOMPARE(statuses(f.outPort, 50), (std::map<int, int>{{200, 10}, {429, 40}}));
    }
    void keysAreCountedApart() {
        LEVEE_NEED_HAPROXY();
        GatewayFixture f;
        f.rules["payment"].rate = byKey("header:x-tenant");
        QVERIFY(f.gateway->start(f.config, f.rules));
        QVERIFY(f.prove(rate(5)).up);
        for (const char* tenant : {"a", "b"})
            QCOMPARE(statuses(f.inPort, 12, std::string("x-tenant: ") + tenant + "\r\n")[200], 5);
        // Without the header all share one count: leaving it out is no way round the limit.
        QCOMPARE(statuses(f.inPort, 6)[200], 5);
        QCOMPARE(statuses(f.inPort, 6)[429], 6);
        // One that is empty is a key like any other.
        QCOMPARE(statuses(f.inPort, 6, "x-tenant: \r\n")[200], 5);
    }
    void pathsAndSourcesAreKeys() {
        LEVEE_NEED_HAPROXY();
        for (const std::string key : {"path", "source"}) {
            GatewayFixture f;
            f.rules["payment"].rate = byKey(key);
            QVERIFY(f.gateway->start(f.config, f.rules));
            QVERIFY(f.prove(rate(5)).up);
            QCOMPARE(statuses(f.inPort, 8, {}, "/one?a")[200], 5);
            QCOMPARE(statuses(f.inPort, 8, {}, "/one?b")[200], 0);
            QCOMPARE(statuses(f.inPort, 8, {}, "/two")[200], key == "path" ? 5 : 0);
        }
    }
    void moreKeysThanAreRememberedAreCountedAsFull() {
        LEVEE_NEED_HAPROXY();
        GatewayFixture f;
        f.rules["payment"].rate = byKey("header:x-tenant", 4);
        QVERIFY(f.gateway->start(f.config, f.rules));
        QVERIFY(f.prove(rate(5)).up);
        for (int i = 0; i < 3; ++i)
            QCOMPARE(
                HttpClient(f.inPort).get("/", "x-tenant: " + std::to_string(i) + "\r\n").status,
                200);
        QTRY_COMPARE(f.status().rateTables.at(0).keys, std::uint64_t{3});
        QCOMPARE(f.status().rateTables[0].timesFull, std::uint64_t{0});
        for (int i = 3; i < 20; ++i)
            QCOMPARE(
                HttpClient(f.inPort).get("/", "x-tenant: " + std::to_string(i) + "\r\n").status,
                200);
        QTRY_VERIFY(f.status().rateTables[0].timesFull > 0);
        QCOMPARE(f.status().rateTables[0].mostKeys, std::uint64_t{4});
    }
    void aRateInShadowMarksAndLetsPass() {
        LEVEE_NEED_HAPROXY();
        GatewayFixture f;
        f.rules["payment"].rate = byKey("all");
        QVERIFY(f.gateway->start(f.config, f.rules));
        QVERIFY(f.prove(rate(10, true)).up);
        QCOMPARE(statuses(f.inPort, 30)[200], 30);
        QTRY_COMPARE(f.records().size(), std::size_t{30});
        const auto records = f.records();
        QCOMPARE(std::count_if(records.begin(), records.end(),
                               [](const RequestRecord& record) { return record.isOverRate; }),
                 std::ptrdiff_t{20});
        // The same count, and now it bites.
        QVERIFY(f.prove(rate(10)).up);
        QCOMPARE(statuses(f.inPort, 5)[429], 5);
    }
    void aReloadKeepsTheCounts() {
        LEVEE_NEED_HAPROXY();
        GatewayFixture f;
        f.rules["payment"].rate = byKey("all");
        QVERIFY(f.gateway->start(f.config, f.rules));
        QVERIFY(f.prove(rate(10)).up);
        QCOMPARE(statuses(f.inPort, 10)[200], 10);
        const int pid = f.status().pid;
        f.rules["checkout->payment"].fallback.body = "other\n";
        QVERIFY(f.gateway->reconfigure(f.config, f.rules));
        QVERIFY(f.status().pid != pid);
        // The old process hands over while the new one already serves.
        QTRY_COMPARE(HttpClient(f.inPort).get("/").status, 429);
    }
    void aFarLimitsRefusalIsNoFailure() {
        LEVEE_NEED_HAPROXY();
        GatewayFixture f;
        f.rules["payment"].rate = byKey("all");
        QVERIFY(f.gateway->start(f.config, f.rules));
        QVERIFY(f.prove(rate(1)).up);
        QCOMPARE(statuses(f.outPort, 3), (std::map<int, int>{{200, 1}, {429, 2}}));
        QTRY_COMPARE(f.count(Outcome::ShedRemote, 1), std::size_t{2});
        QCOMPARE(f.count(Outcome::ShedRate, 0), std::size_t{2});
    }
    void everyRefusalSaysWhoRefused() {
        LEVEE_NEED_HAPROXY();
        GatewayFixture f;
        f.waitLong();
        QVERIFY(f.gateway->start(f.config, f.rules));
        QVERIFY(
            f.prove(one("checkout->payment", [](auto& listener) { listener.admitShare = 0; })).up);
        QCOMPARE(HttpClient(f.outPort).get("/").header("x-levee-reason"),
                 std::string("breaker; guard=checkout->payment; rule=test-rule"));
        QVERIFY(f.prove(one("payment", [](auto& listener) {
                     listener.maxInFlight = 1;
                     listener.queueLimit = 0;
                 })).up);
        std::thread held([&] { HttpClient(f.inPort).get("/hold"); });
        QTRY_COMPARE(f.backend.inFlight(), 1);
        QCOMPARE(HttpClient(f.inPort).get("/").header("x-levee-reason"),
                 std::string("limit; guard=payment; rule=test-rule"));
        f.backend.release();
        held.join();
    }
    void classesAreLetThroughByTheirShareAndServedInOrder() {
        LEVEE_NEED_HAPROXY();
        GatewayFixture f;
        f.waitLong();
        f.rules["payment"].priority = {"x-priority", "gold, silver, bulk"};
        const Status started = f.gateway->start(f.config, f.rules);
        QVERIFY2(started, started ? "" : started.error().message.c_str());
        const auto state = [](std::uint32_t limit) {
            return one("payment", [limit](DesiredState::Listener& listener) {
                listener.maxInFlight = limit;
                listener.classes = {{1, 10}, {1, 10}, {0, 0}};
            });
        };
        QVERIFY(f.prove(state(0)).up);
        QCOMPARE(statuses(f.inPort, 5, "x-priority: gold\r\n")[200], 5);
        QCOMPARE(statuses(f.inPort, 5, "x-priority: SILVER\r\n")[200], 5);
        QCOMPARE(statuses(f.inPort, 5, "x-priority: bulk\r\n")[503], 5);
        // An invented class is the last one.
        const HttpAnswer refused = HttpClient(f.inPort).get("/", "x-priority: vip\r\n");
        QCOMPARE(refused.status, 503);
        QCOMPARE(refused.header("levee-outcome"), std::string("shed"));
        QCOMPARE(refused.header("x-levee-reason"),
                 std::string("priority; guard=payment; rule=test-rule; class=2"));
        QTRY_COMPARE(f.count(Outcome::ShedPriority, 0), std::size_t{6});
        // Lines of two of HAProxy's threads come in any order.
        for (const RequestRecord& record : f.records())
            QVERIFY(record.outcome != Outcome::ShedPriority || record.priority == 2);

        // One slot: silver waits first, gold comes later and goes first.
        QVERIFY(f.prove(state(1)).up);
        std::thread held([&] { HttpClient(f.inPort).get("/hold", "x-priority: gold\r\n"); });
        QTRY_COMPARE(f.backend.inFlight(), 1);
        const std::size_t before = f.records().size();
        std::vector<std::thread> waiting;
        for (const char* word : {"silver", "gold"}) {
            waiting.emplace_back([&f, word] {
                HttpClient(f.inPort).get("/", std::string("x-priority: ") + word + "\r\n");
            });
            QTRY_COMPARE(f.queued(), static_cast<std::uint32_t>(waiting.size()));
        }
        f.backend.release();
        held.join();
        for (std::thread& thread : waiting)
            thread.join();
        QTRY_COMPARE(f.records().size(), before + 3);
        QCOMPARE(int(f.records()[before + 1].priority), 0);
        QCOMPARE(int(f.records()[before + 2].priority), 1);
    }
    void anAnswerMayTakeAsLongAsTheRuleSays() {
        LEVEE_NEED_HAPROXY();
        GatewayFixture f;
        f.waitLong();
        f.rules["payment"].deadline.answer = 1s;
        const Status started = f.gateway->start(f.config, f.rules);
        QVERIFY2(started, started ? "" : started.error().message.c_str());
        const auto within = [](std::uint32_t millis) {
            return one("payment", [millis](DesiredState::Listener& listener) {
                listener.answerMillis = millis;
            });
        };
        const GatewayStatus status = f.prove(within(50));
        QVERIFY(status.up);
        QVERIFY2(status.proofs[0].detail.find("answers within 50 ms") != std::string::npos,
                 status.proofs[0].detail.c_str());
        QCOMPARE(HttpClient(f.inPort).get("/sleep/2000").status, 504);
        QTRY_COMPARE(f.count(Outcome::Timeout, 0), std::size_t{1});
        // Another number needs no reload, none at all is the listener's own time.
        QCOMPARE(f.prove(within(10'000)).pid, status.pid);
        QCOMPARE(HttpClient(f.inPort).get("/sleep/200").status, 200);
        QVERIFY(f.prove(within(0)).up);
        QCOMPARE(HttpClient(f.inPort).get("/sleep/200").status, 200);
    }
    void whoWillNotWaitForAnAnswerGetsNone() {
        LEVEE_NEED_HAPROXY();
        GatewayFixture f;
        f.waitLong();
        f.rules["payment"].deadline.header = "x-request-timeout-ms";
        const Status started = f.gateway->start(f.config, f.rules);
        QVERIFY2(started, started ? "" : started.error().message.c_str());
        const auto state = [](std::uint32_t limit) {
            return one("payment", [limit](DesiredState::Listener& listener) {
                listener.maxInFlight = limit;
                listener.queueLimit = 10;
                listener.leastMicros = 20'000;
                listener.turnMicros = 1'000'000;
            });
        };
        const auto ask = [&f](const std::string& wait, const std::string& path = "/") {
            return HttpClient(f.inPort).get(path, "x-request-timeout-ms: " + wait + "\r\n");
        };
        QVERIFY(f.prove(state(0)).up);
        const HttpAnswer refused = ask("20");
        QCOMPARE(refused.status, 504);
        QCOMPARE(refused.header("levee-outcome"), std::string("shed"));
        QCOMPARE(refused.header("retry-after"), std::string());
        QCOMPARE(refused.header("x-levee-reason"),
                 std::string("deadline; guard=payment; rule=test-rule; "
                             "header=x-request-timeout-ms"));
        QCOMPARE(ask("0").status, 504);
        QCOMPARE(f.backend.requests(), 0);
        // One more millisecond may be enough; the service is told, and given up after it.
        QCOMPARE(ask("5000").status, 200);
        QCOMPARE(ask("900", "/echo/x-request-timeout-ms").body, std::string("900\n"));
        QCOMPARE(ask("60", "/sleep/2000").status, 504);
        // What is no number of milliseconds is no deadline.
        for (const char* word : {"", "soon", "-5", "1.5", "1234567890"})
            QCOMPARE(ask(word).status, 200);
        QCOMPARE(statuses(f.inPort, 3)[200], 3);
        QTRY_COMPARE(f.count(Outcome::ShedDeadline, 0), std::size_t{2});
        QTRY_COMPARE(f.count(Outcome::Timeout, 0), std::size_t{1});

        // One waits in front: that is a second more.
        QTRY_COMPARE(f.backend.inFlight(), 0);  // the one that was given up still ran there
        QVERIFY(f.prove(state(1)).up);
        std::thread held([&f] { HttpClient(f.inPort).get("/hold"); });
        QTRY_COMPARE(f.backend.inFlight(), 1);
        std::thread waiting([&f] { HttpClient(f.inPort).get("/"); });
        QTRY_COMPARE(f.queued(), 1U);
        QCOMPARE(ask("1000").status, 504);
        f.backend.release();
        held.join();
        waiting.join();
        QCOMPARE(ask("1000").status, 200);
    }
    void aDeadlineInShadowMarksAndChangesNothing() {
        LEVEE_NEED_HAPROXY();
        GatewayFixture f;
        f.waitLong();
        f.rules["payment"].deadline = {1s, "x-request-timeout-ms"};
        const Status started = f.gateway->start(f.config, f.rules);
        QVERIFY2(started, started ? "" : started.error().message.c_str());
        const auto state = [](bool isShadow) {
            return one("payment", [isShadow](DesiredState::Listener& listener) {
                listener.leastMicros = 20'000;
                listener.isShadow = isShadow;
            });
        };
        const auto ask = [&f](const std::string& wait, const std::string& path = "/") {
            return HttpClient(f.inPort).get(path, "x-request-timeout-ms: " + wait + "\r\n");
        };
        const GatewayStatus status = f.prove(state(true));
        QVERIFY(status.up);
        QVERIFY2(status.proofs[0].detail.find("deadlines in shadow") != std::string::npos,
                 status.proofs[0].detail.c_str());
        QCOMPARE(ask("20").status, 200);
        QCOMPARE(ask("0").status, 200);
        QCOMPARE(ask("21").status, 200);
        QCOMPARE(ask("100", "/sleep/200").status, 200);
        QCOMPARE(ask("900", "/echo/x-request-timeout-ms").body, std::string("900\n"));
        QCOMPARE(HttpClient(f.inPort).get("/echo/x-request-timeout-ms").body,
                 std::string("none\n"));
        QTRY_COMPARE(f.records().size(), std::size_t{6});
        const auto records = f.records();
        QCOMPARE(std::count_if(records.begin(), records.end(),
                               [](const RequestRecord& record) { return record.isTooLate; }),
                 std::ptrdiff_t{2});
        QCOMPARE(f.count(Outcome::Success, 0), std::size_t{6});
        // The same number without its sign acts, without a reload.
        QCOMPARE(f.prove(state(false)).pid, status.pid);
        QCOMPARE(ask("20").status, 504);
        QCOMPARE(ask("21").status, 200);
    }
    void aDeadlineMayComeInTheWordsOfGrpc() {
        LEVEE_NEED_HAPROXY();
        GatewayFixture f;
        f.waitLong();
        f.rules["checkout->payment"].deadline = {3s, "grpc-timeout"};
        const Status started = f.gateway->start(f.config, f.rules);
        QVERIFY2(started, started ? "" : started.error().message.c_str());
        QVERIFY(f.prove(one("checkout->payment", [](DesiredState::Listener& listener) {
                     listener.answerMillis = 3000;
                     listener.leastMicros = 20'000;
                 })).up);
        const auto ask = [&f](const std::string& wait, const std::string& path = "/") {
            return HttpClient(f.outPort).get(path, "grpc-timeout: " + wait + "\r\n");
        };
        for (const char* early : {"20m", "20000u", "20000000n", "0S", "0H"})
            QCOMPARE(ask(early).status, 504);
        for (const char* enough : {"1H", "1M", "1S", "900m", "90000u", "90000000n"})
            QCOMPARE(ask(enough).status, 200);
        // The service is told the shorter one of the caller's time and the rule's.
        const std::string echo = "/echo/grpc-timeout";
        QCOMPARE(ask("1500m", echo).body, std::string("1500m\n"));
        QCOMPARE(ask("1H", echo).body, std::string("3000m\n"));
        QCOMPARE(HttpClient(f.outPort).get(echo).body, std::string("3000m\n"));
        for (const char* none : {"5", "m", "123456789m", "5x"})
            QCOMPARE(ask(none, echo).body, std::string("3000m\n"));
    }
    void anEjectedTargetGetsNothingAndTheLastOneStays() {
        LEVEE_NEED_HAPROXY();
        GatewayFixture f;
        BackendServer second;
        f.config.listeners[1].targets = {f.backend.address(), second.address()};
        QVERIFY(f.gateway->start(f.config, f.rules));
        const auto shares = [&](double first, double other) {
            return one("checkout->payment", [&](DesiredState::Listener& listener) {
                listener.targets = {{f.backend.address(), first}, {second.address(), other}};
            });
        };
        const GatewayStatus status = f.prove(shares(0, 1));
        QVERIFY(status.up);
        QVERIFY(status.proofs[1].detail.find(f.backend.address() + " weighs 0 of 100") !=
                std::string::npos);
        QCOMPARE(statuses(f.outPort, 40)[200], 40);
        QCOMPARE(f.backend.requests(), 0);
        QTRY_COMPARE(f.records().size(), std::size_t{40});
        for (const RequestRecord& record : f.records())
            QCOMPARE(int(record.target), 2);
        // On its way back it gets little, surely less than the other.
        QVERIFY(f.prove(shares(0.1, 1)).up);
        QCOMPARE(statuses(f.outPort, 300)[200], 300);
        QVERIFY(f.backend.requests() > 0);
        QVERIFY(f.backend.requests() < 150);
        // Nobody may take out all of them.
        QVERIFY(f.prove(shares(0, 0)).up);
        QCOMPARE(statuses(f.outPort, 10)[200], 10);
    }
    void weightsOfTheConfigurationAreKept() {
        LEVEE_NEED_HAPROXY();
        GatewayFixture f;
        BackendServer second;
        ListenerConfig& out = f.config.listeners[1];
        out.targets = {f.backend.address(), second.address()};
        out.weights = {3, 1};
        out.balance = Balance::RoundRobin;
        QVERIFY(f.gateway->start(f.config, f.rules));
        QVERIFY(f.prove({}).up);
        QCOMPARE(statuses(f.outPort, 80)[200], 80);
        // Round robin by weight, from wherever it began.
        QVERIFY(f.backend.requests() >= 56 && f.backend.requests() <= 64);
    }
    void oneKeyGoesToOneTarget() {
        LEVEE_NEED_HAPROXY();
        GatewayFixture f;
        BackendServer second;
        ListenerConfig& out = f.config.listeners[1];
        out.targets = {f.backend.address(), second.address()};
        out.balance = Balance::Header;
        out.balanceHeader = "x-tenant";
        QVERIFY(f.gateway->start(f.config, f.rules));
        for (int tenant = 0; tenant < 8; ++tenant) {
            const int before = f.backend.requests();
            QCOMPARE(statuses(f.outPort, 6, "x-tenant: t" + std::to_string(tenant) + "\r\n")[200],
                     6);
            const int here = f.backend.requests() - before;
            QVERIFY(here == 0 || here == 6);
        }
    }
    void aTargetThatIsNotWellGetsNothing() {
        LEVEE_NEED_HAPROXY();
        GatewayFixture f;
        BackendServer second;
        ListenerConfig& out = f.config.listeners[1];
        out.targets = {f.backend.address(), second.address()};
        out.check = {true, "/status/500", 100ms, 1, 1};
        QVERIFY(f.gateway->start(f.config, f.rules));
        // Both fail the check: nobody is left, which is HAProxy's own answer and a failure.
        QTRY_COMPARE(HttpClient(f.outPort).get("/").status, 503);
        out.check.path = "/well";
        QVERIFY(f.gateway->reconfigure(f.config, f.rules));
        QTRY_COMPARE(HttpClient(f.outPort).get("/").status, 200);
        out.check.path.clear();
        QVERIFY(f.gateway->reconfigure(f.config, f.rules));
        QTRY_COMPARE(HttpClient(f.outPort).get("/").status, 200);
    }
    void failedCallsAreTriedAgainWithinTheBudget() {
        LEVEE_NEED_HAPROXY();
        GatewayFixture f;
        f.config.listeners[1].targets = {f.backend.address()};
        f.rules["checkout->payment"].retries.on = RetryOn::Failure;
        f.rules["checkout->payment"].retries.most = 2;
        QVERIFY(f.gateway->start(f.config, f.rules));
        const auto share = [](double value) {
            return one("checkout->payment",
                       [value](DesiredState::Listener& listener) { listener.retryShare = value; });
        };
        QVERIFY(f.prove(share(1)).up);
        QCOMPARE(HttpClient(f.outPort).get("/status/500").status, 500);
        QCOMPARE(f.backend.requests(), 3);
        QTRY_COMPARE(f.records().size(), std::size_t{1});
        QCOMPARE(int(f.records()[0].retries), 2);
        QVERIFY(!f.records()[0].isRetryBarred);
        // A refusal further down is not asked again.
        QCOMPARE(HttpClient(f.outPort).get("/status/503").status, 503);
        QCOMPARE(f.backend.requests(), 4);
        // The budget is used up.
        QVERIFY(f.prove(share(0)).up);
        QCOMPARE(HttpClient(f.outPort).get("/status/500").status, 500);
        QCOMPARE(f.backend.requests(), 5);
        QTRY_COMPARE(f.records().size(), std::size_t{3});
        QVERIFY(f.records()[2].isRetryBarred);
    }
    void withoutTheAgentRulesDoWhatTheySay() {
        LEVEE_NEED_HAPROXY();
        GatewayFixture f;
        f.waitLong();
        f.rules["payment"].agentLoss = {AgentLoss::Ceiling, 5s, 2};
        f.rules["checkout->payment"].agentLoss = {AgentLoss::Open, 5s, 0};
        const Status started = f.gateway->start(f.config, f.rules);
        QVERIFY2(started, started ? "" : started.error().message.c_str());
        DesiredState desired =
            one("checkout->payment", [](auto& listener) { listener.admitShare = 0; });
        desired.listeners.push_back(one("payment", [](auto& listener) {
                                        listener.maxInFlight = 1;
                                        listener.queueLimit = 0;
                                    }).listeners[0]);
        QVERIFY(f.prove(desired).up);
        QCOMPARE(HttpClient(f.outPort).get("/").status, 503);
        f.gateway.reset();  // as its death
        // The breaker that was open lets everything pass after five seconds.
        QTRY_COMPARE_WITH_TIMEOUT(HttpClient(f.outPort).get("/").status, 200, 15'000);
        // The limit of 1 has become the ceiling of 2.
        std::vector<std::thread> held;
        for (int i = 0; i < 2; ++i)
            held.emplace_back([&f] { HttpClient(f.inPort).get("/hold"); });
        QTRY_COMPARE(f.backend.inFlight(), 2);
        held.emplace_back([&f] { HttpClient(f.inPort).get("/hold"); });
        QTRY_COMPARE(f.queued(), 1U);
        QCOMPARE(HttpClient(f.inPort).get("/").status, 503);
        QCOMPARE(f.backend.inFlight(), 2);
        f.backend.release();
        QTRY_COMPARE(f.queued(), 0U);
        QTRY_COMPARE(f.backend.inFlight(), 1);
        f.backend.release();
        for (std::thread& thread : held)
            thread.join();
        // The agent is back: what it wants is in force again.
        f.renew();
        QVERIFY(f.gateway->start(f.config, f.rules));
        QVERIFY(f.prove(desired).up);
        QTRY_COMPARE(HttpClient(f.outPort).get("/").status, 503);
    }
    void whileTheBreakerIsOpenTheLastGoodAnswerIsServed() {
        LEVEE_NEED_HAPROXY();
        GatewayFixture f;
        FallbackSettings& fallback = f.rules["checkout->payment"].fallback;
        fallback = {207, "instead\n", "text/plain", 7s, 10min};
        const Status started = f.gateway->start(f.config, f.rules);
        QVERIFY2(started, started ? "" : started.error().message.c_str());
        const auto admit = [](double share) {
            return one("checkout->payment",
                       [share](DesiredState::Listener& listener) { listener.admitShare = share; });
        };
        QVERIFY(f.prove(admit(1)).up);
        HttpClient client(f.outPort);
        // Each answer is the service's own: nothing comes from the cache while the breaker is
        // closed.
        for (int i = 1; i <= 3; ++i) {
            QCOMPARE(client.get("/count").body, std::to_string(i) + "\n");
            QCOMPARE(client.get("/status/500").status, 500);
        }
        QVERIFY(f.prove(admit(0)).up);
        const int before = f.backend.requests();
        const HttpAnswer stale = HttpClient(f.outPort).get("/count");
        QCOMPARE(stale.status, 200);
        QCOMPARE(stale.body, std::string("3\n"));
        QCOMPARE(stale.header("levee-outcome"), std::string("breaker"));
        QCOMPARE(stale.header("warning"), std::string("110 levee \"Response is Stale\""));
        QCOMPARE(stale.header("cache-control"), std::string("no-store"));
        QVERIFY(!stale.header("age").empty());
        for (const char* path : {"/never-asked", "/status/500"}) {
            const HttpAnswer instead = HttpClient(f.outPort).get(path);
            QCOMPARE(instead.status, 207);
            QCOMPARE(instead.body, std::string("instead\n"));
            QCOMPARE(instead.header("retry-after"), std::string("7"));
            QCOMPARE(instead.header("x-levee-reason"),
                     std::string("breaker; guard=checkout->payment; rule=test-rule"));
        }
        QCOMPARE(f.backend.requests(), before);
        QTRY_COMPARE(f.count(Outcome::ShedBreaker, 1), std::size_t{3});
    }
    void withoutTheAgentKeepKeeps() {
        LEVEE_NEED_HAPROXY();
        GatewayFixture f;
        f.rules["checkout->payment"].agentLoss = {AgentLoss::Keep, 5s, 0};
        QVERIFY(f.gateway->start(f.config, f.rules));
        QVERIFY(
            f.prove(one("checkout->payment", [](auto& listener) { listener.admitShare = 0; })).up);
        f.gateway.reset();
        QVERIFY(
            f.socket().ask("set map " + GatewayPaths(f.config.directory).agentMap() + " agent 1"));
        QCOMPARE(HttpClient(f.outPort).get("/").status, 503);
    }
};

LEVEE_TEST(GatewayGuardsTest)
#include "gateway_guards_test.moc"
