// SPDX-License-Identifier: Apache-2.0
#include "agent/topology/graph.h"

#include <QTest>
#include <cmath>

#include "tests/support/test_registry.h"

using namespace levee;
using namespace levee::topology;
using namespace std::chrono_literals;

namespace {

/// A graph, its clock, and words for what sources report.
struct Fixture {
    explicit Fixture(GraphLimits limits = {}) : graph(limits) {}

    void edge(const std::string& client, const std::string& server, TrafficCounts counts = {10},
              std::uint32_t evidence = kFromTraces, double latency = 0.1,
              NodeKind serverKind = NodeKind::Service) {
        EdgeEvidence seen{.client = client,
                          .server = server,
                          .serverKind = serverKind,
                          .evidence = evidence,
                          .counts = counts};
        if (counts.requests > counts.sheds)
            seen.latency.record(latency, counts.requests - counts.sheds);
        graph.observe(seen, now, millis());
    }
    /// One reading of the sockets.
    void sockets(std::vector<ConnectionEvidence> reading) {
        graph.observeConnections(reading, now, millis());
    }
    std::string map() {
        std::string text;
        for (const Edge& edge : snapshot().edges)
            text += edge.id() + '*' + std::to_string(edge.sockets.connections) + ' ';
        return text;
    }
    std::string names() {
        std::string text;
        for (const Node& node : snapshot().nodes)
            text += node.name + ' ';
        return text;
    }
    std::int64_t millis() const { return now.time_since_epoch() / 1ms; }
    GraphSnapshot snapshot() { return graph.snapshot(now); }
    Edge only() {
        const GraphSnapshot all = snapshot();
        return all.edges.size() == 1 ? all.edges[0] : Edge{};
    }
    Node node(const std::string& name) {
        for (const Node& node : snapshot().nodes)
            if (node.name == name)
                return node;
        return {};
    }
    /// `seconds` reports, one a second, of the same counts.
    void run(int seconds, TrafficCounts counts, std::uint32_t evidence = kFromTraces) {
        for (int i = 0; i < seconds; ++i) {
            now += 1s;
            edge("a", "b", counts, evidence);
        }
    }

    MonotonicTime now{1h + 300ms};
    Graph graph;
};

ConnectionEvidence connection(const std::string& client, const std::string& server,
                              int connections = 1, NodeKind serverKind = NodeKind::Service) {
    ConnectionEvidence seen;
    seen.client = client;
    seen.server = server;
    seen.serverKind = serverKind;
    seen.figures.connections = connections;
    seen.figures.rtt = 0.002;
    seen.figures.minRtt = 0.001;
    return seen;
}

ConnectionEvidence guess(const std::string& client, const std::string& server) {
    ConnectionEvidence seen = connection(client, server);
    seen.isClientGuess = true;
    return seen;
}

}  // namespace

class GraphTest : public QObject {
    Q_OBJECT
private slots:
    void anEdgeBringsItsNodesAndNumbers() {
        Fixture f;
        f.run(10, {.requests = 20});
        const Edge edge = f.only();
        QCOMPARE(edge.id(), std::string("a->b"));
        QCOMPARE(edge.evidence, std::uint32_t(kFromTraces));
        QVERIFY(edge.health == Health::Ok);
        QVERIFY(std::abs(edge.traffic.requestRate - 20) < 0.01);
        QVERIFY(std::abs(edge.traffic.p99 - 0.1) < 0.002);
        QCOMPARE(edge.seenMillis, f.millis());
        QCOMPARE(f.snapshot().nodes.size(), std::size_t{2});
    }
    void aSteadyRateReadsSteadyWheneverItIsRead() {
        for (const Duration every : {Duration(1s), Duration(100ms), Duration(730ms)}) {
            Fixture f;
            MonotonicTime next = f.now;
            double least = 1e9;
            double most = 0;
            for (int tick = 0; tick < 400; ++tick) {
                f.now += 50ms;
                if (f.now >= next + every) {
                    // Counts as whole numbers: 1,000 requests a second.
                    f.edge("a", "b", {.requests = std::uint64_t(every / 1ms), .span = every});
                    next = f.now;
                }
                if (tick < 200)
                    continue;
                const double rate = f.only().traffic.requestRate;
                least = std::min(least, rate);
                most = std::max(most, rate);
            }
            QVERIFY2(least > 900 && most < 1100, qPrintable(QString("%1 %2").arg(least).arg(most)));
        }
    }
    void healthFollowsTheShareOfFailures_data() {
        QTest::addColumn<int>("requests");
        QTest::addColumn<int>("failures");
        QTest::addColumn<int>("health");
        const auto row = [](const char* name, int requests, int failures, Health health) {
            QTest::newRow(name) << requests << failures << static_cast<int>(health);
        };
        row("no failures", 1000, 0, Health::Ok);
        row("just under one percent", 1000, 9, Health::Ok);
        row("one percent", 1000, 10, Health::Degraded);
        row("just under five percent", 1000, 49, Health::Degraded);
        row("five percent", 1000, 50, Health::Failing);
        row("all of too few", 19, 19, Health::Ok);
        row("all of just enough", 20, 20, Health::Failing);
    }
    void healthFollowsTheShareOfFailures() {
        QFETCH(int, requests);
        QFETCH(int, failures);
        QFETCH(int, health);
        Fixture f;
        f.edge("a", "b",
               {.requests = std::uint64_t(requests), .failures = std::uint64_t(failures)});
        QCOMPARE(static_cast<int>(f.only().health), health);
        QCOMPARE(static_cast<int>(f.node("b").health), health);
    }
    void anEdgeRecoversWhenItsFailuresAreTenSecondsOld() {
        Fixture f;
        f.run(3, {.requests = 100, .failures = 50});
        QVERIFY(f.only().health == Health::Failing);
        f.run(11, {.requests = 100});
        QVERIFY(f.only().health == Health::Ok);
    }
    void refusingRequestsIsDegradedNotFailing() {
        Fixture f;
        f.run(10, {.requests = 100, .sheds = 100}, kFromGateway);
        QVERIFY(f.only().health == Health::Degraded);
        QVERIFY(std::abs(f.only().traffic.shedShare() - 1) < 1e-6);
        QVERIFY(std::isnan(f.only().traffic.p50));
    }
    void theGatewaysNumbersWinOverTheTraces() {
        Fixture f;
        for (int i = 0; i < 10; ++i) {
            f.now += 1s;
            f.edge("a", "b", {.requests = 10}, kFromTraces, 0.5);
            f.edge("a", "b", {.requests = 100, .sheds = 20}, kFromGateway, 0.1);
        }
        Edge edge = f.only();
        QCOMPARE(edge.evidence, std::uint32_t(kFromTraces | kFromGateway));
        QVERIFY(std::abs(edge.traffic.requestRate - 100) < 0.01);
        QVERIFY(std::abs(edge.traffic.shedRate - 20) < 0.01);
        QVERIFY(std::abs(edge.traffic.p50 - 0.1) < 0.002);
        f.run(16, {.requests = 10});  // the gateway is gone: the traces speak again
        QVERIFY(std::abs(f.only().traffic.requestRate - 10) < 0.01);
    }
    void anEdgeIsIdleAfterFifteenSecondsAndGoneAfterFiveMinutes() {
        Fixture f;
        f.edge("a", "b");
        f.now += 14s;
        QVERIFY(f.only().health == Health::Ok);
        f.now += 1s;
        QVERIFY(f.only().health == Health::Idle);
        QCOMPARE(f.only().traffic.requestRate, 0.0);
        f.now += 4min + 45s;
        QCOMPARE(f.snapshot().edges.size(), std::size_t{1});
        f.now += 1ms;
        QVERIFY(f.snapshot().edges.empty());
        QVERIFY(f.snapshot().nodes.empty());
        QCOMPARE(f.graph.counters().edgesRemoved, 1U);
        QCOMPARE(f.graph.counters().nodesRemoved, 2U);
    }
    void aListenerWithoutTrafficStaysOnTheMapAsIdle() {
        Fixture f;
        f.run(600, {.requests = 0}, kFromGateway);
        QVERIFY(f.only().health == Health::Idle);
        QCOMPARE(f.only().evidence, std::uint32_t(kFromGateway));
    }
    void evidenceThatStoppedComingIsNoLongerShown() {
        Fixture f;
        f.edge("a", "b", {.requests = 1}, kFromTraces);
        f.now += 3min;
        f.edge("a", "b", {.requests = 1}, kFromGateway);
        f.now += 2min + 1ms;
        QCOMPARE(f.only().evidence, std::uint32_t(kFromGateway));
    }
    void socketsAloneProveAnEdgeButNotItsHealth() {
        Fixture f;
        f.edge("a", "b", {.requests = 0}, kFromSockets);
        QVERIFY(f.only().health == Health::Unknown);
    }
    void anEdgeOfSocketsOnlyHasItsFiguresAndNoHealth() {
        Fixture f;
        ConnectionEvidence seen = connection("ledger", "redis", 3, NodeKind::Cache);
        seen.clientHost = "host-1";
        f.sockets({seen});
        const Edge edge = f.only();
        QCOMPARE(edge.id(), std::string("ledger->redis"));
        QCOMPARE(edge.evidence, std::uint32_t(kFromSockets));
        QCOMPARE(edge.sockets.connections, 3);
        QCOMPARE(edge.sockets.rtt, 0.002);
        QCOMPARE(edge.sockets.minRtt, 0.001);
        QVERIFY(edge.health == Health::Unknown && edge.serverKind == NodeKind::Cache);
        QCOMPARE(f.node("ledger").hosts, std::vector<std::string>{"host-1"});
        QVERIFY(f.node("redis").hosts.empty());
    }
    void tracesAndSocketsOfOneEdgeAreOneEdge() {
        Fixture f;
        f.sockets({connection("a", "b", 2)});
        f.edge("a", "b");
        f.sockets({connection("a", "b", 2)});
        const Edge edge = f.only();
        QCOMPARE(edge.evidence, std::uint32_t(kFromTraces | kFromSockets));
        QCOMPARE(edge.sockets.connections, 2);
        QVERIFY(edge.traffic.requestRate > 0);
    }
    void aReadingIsWhole() {
        Fixture f;
        f.sockets({connection("a", "b"), connection("a", "c")});
        f.now += 1s;
        f.sockets({connection("a", "c")});
        QCOMPARE(f.map(), std::string("a->b*0 a->c*1 "));
        // When nobody reads them any more they are not shown as if they stood.
        f.now += 15s;
        QCOMPARE(f.map(), std::string("a->b*0 a->c*0 "));
        f.now += 5min;
        QCOMPARE(f.map(), std::string());
    }
    void ratesOfSocketsAreSmoothed() {
        Fixture f;
        ConnectionEvidence seen = connection("a", "b");
        for (int i = 0; i < 60; ++i) {
            f.now += 1s;
            seen.figures.retransmissionRate = i % 2 == 0 ? 20 : 0;
            f.sockets({seen});
        }
        QVERIFY(std::abs(f.only().sockets.retransmissionRate - 10) < 1.5);
    }
    void aConnectionToABrokerIsThatOfTheClientsQueues() {
        Fixture f;
        // Before the first traces it is an edge of its own.
        f.sockets({connection("checkout", "rabbitmq", 1, NodeKind::Queue),
                   connection("fulfilment", "rabbitmq", 2, NodeKind::Queue)});
        QCOMPARE(f.map(), std::string("checkout->rabbitmq*1 fulfilment->rabbitmq*2 "));
        f.edge("checkout", "rabbitmq:orders", {10}, kFromTraces, 0.1, NodeKind::Queue);
        f.edge("rabbitmq:orders", "fulfilment");
        f.now += 1s;
        f.sockets({connection("checkout", "rabbitmq", 1, NodeKind::Queue),
                   connection("fulfilment", "rabbitmq", 2, NodeKind::Queue)});
        QCOMPARE(f.map(),
                 std::string("checkout->rabbitmq:orders*1 rabbitmq:orders->fulfilment*2 "));
        QCOMPARE(f.names(), std::string("checkout fulfilment rabbitmq:orders "));
    }
    void aBrokerThatAnotherUsesStays() {
        Fixture f;
        f.edge("checkout", "rabbitmq:orders", {10}, kFromTraces, 0.1, NodeKind::Queue);
        f.sockets({connection("checkout", "rabbitmq", 1, NodeKind::Queue),
                   connection("batch", "rabbitmq", 1, NodeKind::Queue)});
        QCOMPARE(f.map(), std::string("batch->rabbitmq*1 checkout->rabbitmq:orders*1 "));
    }
    void whoNobodyKnowsIsNotDrawnAtAnAddress() {
        Fixture f;
        ConnectionEvidence browser = guess("browser", "93.184.216.34");
        browser.serverKind = NodeKind::External;
        f.sockets({browser, connection("ledger", "10.0.0.9", 1, NodeKind::External)});
        QCOMPARE(f.map(), std::string("ledger->10.0.0.9*1 "));
    }
    void aWorkerThatNobodyKnowsIsDrawnAtADatabase() {
        Fixture f;
        f.edge("ledger", "redis", {10}, kFromTraces, 0.1, NodeKind::Cache);
        f.sockets({guess("worker", "redis")});
        QCOMPARE(f.map(), std::string("ledger->redis*0 worker->redis*1 "));
    }
    void anAddressIsTheDatabaseThatTracesNameByIt() {
        Fixture f;
        f.edge("ledger", "postgresql:10.0.0.9", {10}, kFromTraces, 0.1, NodeKind::Database);
        f.sockets({connection("ledger", "10.0.0.9", 4, NodeKind::External)});
        QCOMPARE(f.map(), std::string("ledger->postgresql:10.0.0.9*4 "));
        QCOMPARE(f.names(), std::string("ledger postgresql:10.0.0.9 "));
    }
    void whoNobodyKnowsIsTheUserWhereRequestsComeFromOutside() {
        Fixture f;
        f.sockets({guess("curl", "web"), guess("10.0.0.5", "web"), guess("curl", "admin")});
        QCOMPARE(f.map(), std::string("10.0.0.5->web*1 curl->admin*1 curl->web*1 "));
        f.edge("user", "web");
        f.now += 1s;
        f.sockets({guess("curl", "web"), guess("10.0.0.5", "web"), guess("curl", "admin")});
        QCOMPARE(f.map(), std::string("curl->admin*1 user->web*2 "));
        QCOMPARE(f.names(), std::string("admin curl user web "));
        // At another service whose requests are seen it is nobody's business.
        f.edge("web", "checkout");
        f.now += 1s;
        f.sockets({guess("curl", "checkout")});
        QCOMPARE(f.map(), std::string("curl->admin*0 user->web*0 web->checkout*0 "));
        // A service that somebody knows is itself.
        f.now += 1s;
        f.sockets({connection("mirror", "web")});
        QCOMPARE(f.map(), std::string("curl->admin*0 mirror->web*1 user->web*0 web->checkout*0 "));
    }
    void aConnectionNeverChangesWhatANodeIs() {
        Fixture f;
        f.sockets({connection("a", "redis")});
        QVERIFY(f.node("redis").kind == NodeKind::Service);
        f.edge("a", "redis", {}, kFromTraces, 0.1, NodeKind::Cache);
        QVERIFY(f.node("redis").kind == NodeKind::Cache);
        f.sockets({connection("a", "redis")});
        QVERIFY(f.node("redis").kind == NodeKind::Cache);
    }
    void anEdgeThatOnlySocketsStillSeeKeepsItsNodes() {
        Fixture f;
        f.edge("user", "web");
        for (int i = 0; i < 40; ++i) {
            f.now += 10s;
            f.sockets({guess("curl", "web")});
            f.snapshot();
        }
        QCOMPARE(f.map(), std::string("user->web*1 "));
        QVERIFY(f.only().health == Health::Idle);
    }
    void connectionsRespectTheLimits() {
        for (const int extra : {0, 1}) {
            GraphLimits limits;
            limits.edges = 3;
            Fixture f(limits);
            std::vector<ConnectionEvidence> reading;
            for (int i = 0; i < 3 + extra; ++i)
                reading.push_back(connection("a", "s" + std::to_string(i)));
            f.sockets(reading);
            QCOMPARE(f.graph.counters().edgesOverflowed, std::uint64_t(extra));
            QCOMPARE(f.snapshot().edges.size(), std::size_t(3 + extra));
            QCOMPARE(f.map().find("(other)->(other)*1") != std::string::npos, extra == 1);
        }
    }
    void aServiceStaysOneWhateverElseIsClaimed() {
        Fixture f;
        f.edge("a", "b", {}, kFromTraces, 0.1, NodeKind::External);
        QVERIFY(f.only().serverKind == NodeKind::External);
        f.edge("a", "b");
        f.edge("a", "b", {}, kFromTraces, 0.1, NodeKind::External);
        QVERIFY(f.only().serverKind == NodeKind::Service);
        f.edge("a", "redis", {}, kFromTraces, 0.1, NodeKind::Cache);
        QVERIFY(f.node("redis").kind == NodeKind::Cache);
    }
    void aNodesTrafficIsWhatItSaysElseTheSumOfItsEdges() {
        Fixture f;
        for (int i = 0; i < 10; ++i) {
            f.now += 1s;
            f.edge("a", "redis", {.requests = 10}, kFromTraces, 0.1, NodeKind::Cache);
            f.edge("b", "redis", {.requests = 30}, kFromTraces, 0.2, NodeKind::Cache);
            f.edge("a", "b", {.requests = 10});
            NodeEvidence own{.name = "b",
                             .evidence = kFromTraces,
                             .hasTraffic = true,
                             .counts = {.requests = 50},
                             .inFlight = 3,
                             .instances = {"b-1", "b-2"},
                             .hosts = {"h1"}};
            own.latency.record(0.3, 50);
            own.selfTime.record(0.05, 50);
            f.graph.observeNode(own, f.now, f.millis());
        }
        QVERIFY(std::abs(f.node("redis").traffic.requestRate - 40) < 0.01);
        QVERIFY(f.node("redis").traffic.p99 > 0.19);
        const Node b = f.node("b");
        QVERIFY(std::abs(b.traffic.requestRate - 50) < 0.01);
        QVERIFY(std::abs(b.selfTime - 0.05) < 0.001);
        QCOMPARE(b.inFlight, 3.0);
        QCOMPARE(b.instances, 2);
        QCOMPARE(b.hosts, std::vector<std::string>{"h1"});
        f.now += 61s;
        QCOMPARE(f.node("b").instances, 0);
        QVERIFY(std::isnan(f.node("b").inFlight));
        QVERIFY(std::isnan(f.node("b").selfTime));
    }
    void toWhomAServiceBelongsIsWhatWasSaidLast() {
        Fixture f;
        const auto say = [&](const Owner& owner) {
            f.graph.observeNode({.name = "b", .evidence = kFromTraces, .owner = owner}, f.now,
                                f.millis());
        };
        say({});
        QCOMPARE(f.node("b").owner, Owner{});
        say({"shop", ""});
        say({"", "payments"});
        say({});
        QCOMPARE(f.node("b").owner, (Owner{"shop", "payments"}));
        say({"", "ledger"});
        QCOMPARE(f.node("b").owner, (Owner{"shop", "ledger"}));
    }
    void theUserIsOkWhileSeen() {
        Fixture f;
        EdgeEvidence seen{.client = "user",
                          .server = "a",
                          .clientKind = NodeKind::User,
                          .evidence = kFromTraces,
                          .counts = {.requests = 1}};
        f.graph.observe(seen, f.now, f.millis());
        QVERIFY(f.node("user").kind == NodeKind::User);
        QVERIFY(f.node("user").health == Health::Ok);
        f.now += 20s;
        QVERIFY(f.node("user").health == Health::Idle);
    }
    void nodesBeyondTheBoundShareOne() {
        Fixture f({.nodes = 3});
        f.edge("a", "b");
        f.edge("a", "c");
        QCOMPARE(f.graph.counters().nodesOverflowed, 0U);
        f.edge("a", "d");
        f.edge("e", "b");
        QCOMPARE(f.graph.counters().nodesOverflowed, 2U);
        QCOMPARE(f.snapshot().nodes.size(), std::size_t{4});
        QCOMPARE(f.snapshot().edges.size(), std::size_t{4});
        QCOMPARE(f.snapshot().edges[0].client, std::string("(other)"));
    }
    void edgesBeyondTheBoundShareOne() {
        Fixture f({.edges = 2});
        f.edge("a", "b");
        f.edge("b", "a");  // a cycle
        QCOMPARE(f.graph.counters().edgesOverflowed, 0U);
        f.edge("a", "a");
        f.edge("b", "b");
        QCOMPARE(f.graph.counters().edgesOverflowed, 2U);
        const GraphSnapshot all = f.snapshot();
        QCOMPARE(all.edges.size(), std::size_t{3});
        QCOMPARE(all.edges[0].id(), std::string("(other)->(other)"));
    }
    void aSnapshotIsSorted() {
        Fixture f;
        f.edge("z", "a");
        f.edge("a", "z");
        f.edge("a", "b");
        const GraphSnapshot all = f.snapshot();
        QVERIFY(std::ranges::is_sorted(all.nodes, {}, &Node::name));
        QVERIFY(std::ranges::is_sorted(all.edges, {}, &Edge::id));
    }
    void manyEdgesOfOneSecondCostLittle() {
        // Not a measurement, a guard against quadratic work: 10,000 edges in one snapshot.
        Fixture f;
        for (int i = 0; i < 10'000; ++i)
            f.edge("s" + std::to_string(i % 100), "t" + std::to_string(i / 100));
        QCOMPARE(f.snapshot().edges.size(), std::size_t{10'000});
    }
};

LEVEE_TEST(GraphTest)
#include "graph_test.moc"
