// SPDX-License-Identifier: Apache-2.0
#include "agent/host/socket_edges.h"

#include <QTest>

#include "tests/agent/host/host_fixture.h"
#include "tests/support/test_registry.h"

using namespace levee;
using namespace levee::host;
using namespace std::chrono_literals;
using levee::test::at;
using levee::test::connected;
using levee::test::listening;
using Role = SocketEnd::Role;

namespace {

constexpr const char* kGateway = R"(
gateway:
  listeners:
    - {service: payment, bind: "127.0.0.1:8103", targets: ["127.0.0.1:9103"]}
    - {client: checkout, service: payment, bind: "127.0.0.1:8203", targets: ["10.0.0.8:8103"]}
)";

/// A host: its sockets, who holds them, and what comes of it.
struct Host {
    explicit Host(const std::string& yaml = "", SocketEdgeLimits limits = {})
        : names(test::configOf(yaml)), edges(limits) {}

    /// A process of that name holds the socket of this inode.
    void hold(std::uint32_t inode, const std::string& name, Role role = Role::Service,
              bool isGuess = false) {
        SocketEnd end;
        end.role = role;
        end.service = {name, NodeKind::Service, isGuess};
        ends[inode] = end;
    }
    /// A connection inside the host: both its rows. The client's inode is `inode`.
    void connect(int port, std::uint32_t inode, std::uint32_t acceptedInode,
                 std::uint32_t rtt = 100) {
        const auto client = at("127.0.0.1", 30000 + static_cast<int>(inode));
        rows.push_back(connected(client, at("127.0.0.1", port), inode, rtt));
        rows.push_back(connected(at("127.0.0.1", port), client, acceptedInode, rtt));
    }
    std::vector<SocketEdge> update() {
        return edges.update(
            rows,
            [this](std::uint32_t inode) {
                const auto found = ends.find(inode);
                return found != ends.end() ? &found->second : nullptr;
            },
            names, now);
    }
    std::string map() {
        std::string text;
        for (const SocketEdge& edge : update())
            text += edge.client + "->" + edge.server + "*" + std::to_string(edge.connections) + ' ';
        return text;
    }

    std::vector<SocketRow> rows;
    std::map<std::uint32_t, SocketEnd> ends;
    ServiceNames names;
    SocketEdges edges;
    MonotonicTime now{1h};
};

}  // namespace

class SocketEdgesTest : public QObject {
    Q_OBJECT
private slots:
    void aConnectionInsideCountsOnceAtTheClients() {
        Host host;
        host.rows.push_back(listening("0.0.0.0", 6379, 1));
        host.hold(1, "redis");
        host.hold(2, "redis");
        host.hold(10, "ledger");
        host.connect(6379, 10, 2, 80);
        host.connect(6379, 11, 2, 90);
        host.hold(11, "ledger");
        host.connect(6379, 12, 2, 400);
        host.hold(12, "ledger");
        const auto edges = host.update();
        QCOMPARE(edges.size(), std::size_t{1});
        QCOMPARE(edges[0].client + "->" + edges[0].server, std::string("ledger->redis"));
        QCOMPARE(edges[0].connections, 3);
        QCOMPARE(edges[0].rtt, 90e-6);     // the median
        QCOMPARE(edges[0].minRtt, 40e-6);  // the smallest minimum
        QVERIFY(edges[0].isClientHere && edges[0].isServerHere);
    }
    void anAddressElsewhereIsOneNodeWhateverThePort() {
        Host host;
        host.hold(10, "ledger");
        host.rows.push_back(connected(at("10.0.0.1", 40000), at("10.0.0.9", 5432), 10));
        host.rows.push_back(connected(at("10.0.0.1", 40001), at("10.0.0.9", 6432), 10));
        const auto edges = host.update();
        QCOMPARE(edges.size(), std::size_t{1});
        QCOMPARE(edges[0].server, std::string("10.0.0.9"));
        QVERIFY(edges[0].serverKind == NodeKind::External && !edges[0].isServerHere);
    }
    void aConfiguredNameWinsForAnAddressElsewhere() {
        Host host("services: [{name: orders, kind: database, addresses: [\"10.0.0.9:5432\"]}]");
        host.hold(10, "ledger");
        host.rows.push_back(connected(at("10.0.0.1", 40000), at("10.0.0.9", 5432), 10));
        QCOMPARE(host.map(), std::string("ledger->orders*1 "));
    }
    void aCallerFromElsewhereIsItsAddress() {
        Host host;
        host.rows.push_back(listening("::", 80, 1));
        host.hold(1, "web");
        SocketRow row = connected(at("10.0.0.1", 80), at("10.0.0.5", 5000), 2, 300);
        host.rows.push_back(row);
        host.update();
        host.rows.back().sentBytes = 900;  // the answers
        host.rows.back().receivedBytes = 50;
        const auto edges = host.update();
        QCOMPARE(edges.at(0).client + "->" + edges[0].server, std::string("10.0.0.5->web"));
        QVERIFY(edges[0].isClientGuess && !edges[0].isClientHere);
        QCOMPARE(edges[0].sentBytes, std::uint64_t{50});
        QCOMPARE(edges[0].receivedBytes, std::uint64_t{900});
    }
    void aHopThroughTheGatewayIsTheListenersEdge() {
        Host host(kGateway);
        host.rows.push_back(listening("127.0.0.1", 8203, 1));
        host.rows.push_back(listening("127.0.0.1", 8103, 1));
        host.rows.push_back(listening("127.0.0.1", 9103, 5));
        host.hold(1, "haproxy", Role::Gateway);
        host.hold(5, "payment");
        host.hold(10, "checkout");
        host.connect(8203, 10, 1, 100);
        // What the gateway opens: to the other host, and to the service behind the inbound one.
        host.rows.push_back(connected(at("10.0.0.1", 40000), at("10.0.0.8", 8103), 1, 5000));
        host.connect(9103, 1, 5);
        const auto edges = host.update();
        QCOMPARE(edges.size(), std::size_t{1});
        QCOMPARE(edges[0].client + "->" + edges[0].server, std::string("checkout->payment"));
        QCOMPARE(edges[0].connections, 1);
        QCOMPARE(edges[0].rtt, 5100e-6);
        QCOMPARE(edges[0].minRtt, 2550e-6);
    }
    void aCallerThatNobodyKnowsIsTheListenersClient() {
        Host host(kGateway);
        host.rows.push_back(listening("127.0.0.1", 8203, 1));
        host.hold(1, "haproxy", Role::Gateway);
        host.connect(8203, 10, 1);  // held by a process that may not be looked at
        host.connect(8203, 11, 1);
        host.hold(11, "script", Role::Service, true);
        QCOMPARE(host.map(), std::string("checkout->payment*2 "));
        host.hold(11, "refunds");
        QCOMPARE(host.map(), std::string("checkout->payment*1 refunds->payment*1 "));
    }
    void theGatewaysStatisticsAreNoService() {
        Host host(kGateway);
        host.rows.push_back(listening("127.0.0.1", 8404, 1));
        host.hold(1, "haproxy", Role::Gateway);
        host.hold(10, "prometheus");
        host.connect(8404, 10, 1);
        QCOMPARE(host.map(), std::string());
    }
    void theAgentsOwnAndIgnoredProgramsAreLeftOut() {
        Host host;
        host.rows.push_back(listening("127.0.0.1", 4317, 1));
        host.hold(1, "levee-agent", Role::Agent);
        host.rows.push_back(listening("127.0.0.1", 9103, 5));
        host.hold(5, "payment");
        host.rows.push_back(listening("127.0.0.1", 22, 7));
        host.hold(7, "sshd", Role::Ignored);
        host.hold(10, "payment");
        host.connect(4317, 10, 1);  // spans
        host.connect(9103, 1, 5);   // a scrape
        host.connect(22, 10, 7);
        QCOMPARE(host.map(), std::string());
    }
    void whoCannotBeKnownIsCounted() {
        Host host;
        host.rows.push_back(listening("127.0.0.1", 6379, 1));
        host.hold(1, "redis");
        host.connect(6379, 10, 1);
        host.hold(11, "ledger");
        host.connect(7777, 11, 9);  // nobody listens there any more
        QCOMPARE(host.map(), std::string());
        QCOMPARE(host.edges.counters().unattributed, std::uint64_t{3});
        host.hold(10, "ledger");
        QCOMPARE(host.map(), std::string("ledger->redis*1 "));
        QCOMPARE(host.edges.counters().unattributed, std::uint64_t{2});
    }
    void aServicesConnectionsToItselfAreNoEdge() {
        Host host;
        host.rows.push_back(listening("127.0.0.1", 6379, 1));
        host.hold(1, "redis");
        host.hold(10, "redis");  // its exporter, scraped under its name
        host.connect(6379, 10, 1);
        QCOMPARE(host.map(), std::string());
    }
    void countersAreThoseSinceTheReadingBefore() {
        Host host;
        host.hold(10, "ledger");
        host.rows.push_back(connected(at("10.0.0.1", 40000), at("10.0.0.9", 5432), 10));
        host.rows[0].retransmissions = 50;
        host.rows[0].sentBytes = 1000;
        // What is there at the start has its past elsewhere.
        QCOMPARE(host.update().at(0).retransmissions, std::uint64_t{0});
        host.rows[0].retransmissions = 53;
        host.rows[0].sentBytes = 1500;
        auto edges = host.update();
        QCOMPARE(edges.at(0).retransmissions, std::uint64_t{3});
        QCOMPARE(edges[0].sentBytes, std::uint64_t{500});
        // A connection that is new since then brings all it has.
        host.rows.push_back(connected(at("10.0.0.1", 40001), at("10.0.0.9", 5432), 11));
        host.hold(11, "ledger");
        host.rows[1].retransmissions = 2;
        QCOMPARE(host.update().at(0).retransmissions, std::uint64_t{2});
    }
    void peersBeyondTheLimitAreOne() {
        Host host("", {.peers = 3});
        host.hold(10, "ledger");
        const auto call = [&](int i) {
            const std::string ip = "10.0.1." + std::to_string(i);
            host.rows.push_back(connected(at("10.0.0.1", 40000 + i), at(ip, 443), 10));
        };
        for (int i = 0; i < 3; ++i)
            call(i);
        QCOMPARE(host.map(),
                 std::string("ledger->10.0.1.0*1 ledger->10.0.1.1*1 ledger->10.0.1.2*1 "));
        QCOMPARE(host.edges.counters().peersOverflowed, std::uint64_t{0});
        call(3);
        call(4);
        QVERIFY(host.map().starts_with("ledger->(other)*2 ledger->10.0.1.0*1 "));
        QCOMPARE(host.edges.counters().peersOverflowed, std::uint64_t{2});
        // Those that are gone make room.
        host.rows.erase(host.rows.begin(), host.rows.begin() + 3);
        host.now += 5min;
        host.update();
        QCOMPARE(host.map(), std::string("ledger->10.0.1.3*1 ledger->10.0.1.4*1 "));
    }
    void edgesBeyondTheLimitAreOne() {
        Host host("", {.edges = 2});
        for (std::uint32_t i = 0; i < 2; ++i) {
            host.hold(10 + i, "s" + std::to_string(i));
            host.rows.push_back(
                connected(at("10.0.0.1", 40000 + static_cast<int>(i)), at("10.0.0.9", 1), 10 + i));
        }
        QCOMPARE(host.map(), std::string("s0->10.0.0.9*1 s1->10.0.0.9*1 "));
        QCOMPARE(host.edges.counters().edgesOverflowed, std::uint64_t{0});
        host.hold(12, "s2");
        host.rows.push_back(connected(at("10.0.0.1", 50000), at("10.0.0.9", 1), 12));
        QCOMPARE(host.map(), std::string("(other)->(other)*1 s0->10.0.0.9*1 s1->10.0.0.9*1 "));
        QCOMPARE(host.edges.counters().edgesOverflowed, std::uint64_t{1});
    }
};

LEVEE_TEST(SocketEdgesTest)
#include "socket_edges_test.moc"
