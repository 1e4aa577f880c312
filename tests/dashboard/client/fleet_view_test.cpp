// SPDX-License-Identifier: Apache-2.0
#include "dashboard/client/fleet_view.h"

#include <QTest>
#include <cmath>

#include "tests/support/model_builders.h"
#include "tests/support/test_registry.h"

using namespace levee;
using namespace std::chrono_literals;

class FleetViewTest : public QObject {
    Q_OBJECT
private slots:
    void oneAgentIsShownAsItIs() {
        const AgentSnapshot snapshot = test::makeSnapshot();
        const FleetView view = mergeFleet({source(snapshot, 5s)});
        QCOMPARE(view.nodes.size(), snapshot.nodes.size());
        QCOMPARE(view.edges.size(), snapshot.edges.size());
        QVERIFY(isSame(view.nodes[1].node, snapshot.nodes[1]));
        QVERIFY(isSame(view.edges[0].edge, snapshot.edges[0]));
        QCOMPARE(view.guards[0].host, std::string("host-1"));
        QCOMPARE(view.nodes[0].heardAt, MonotonicTime(5s));
        QCOMPARE(view.millis, snapshot.millis);
    }
    void ratesAddUpAndHealthIsTheWorst() {
        AgentSnapshot a = test::makeSnapshot();
        AgentSnapshot b = test::makeSnapshot();
        b.agent.host = "host-2";
        b.nodes[1].health = Health::Failing;
        b.nodes[1].traffic = {300, 15, 8, kUnknown, 0.2, 0.01};
        b.nodes[1].hosts = {"b", "c"};
        const FleetView view = mergeFleet({source(a, 5s), source(b, 9s)});
        QCOMPARE(view.nodes.size(), std::size_t{2});
        const FleetNode& payment = view.nodes[1];
        QCOMPARE(payment.node.traffic.requestRate, 400.0);
        QCOMPARE(payment.node.traffic.errorRate, 20.0);
        QCOMPARE(payment.node.traffic.shedRate, 10.0);
        QCOMPARE(payment.node.traffic.p50, 0.010);
        QCOMPARE(payment.node.traffic.p95, 0.2);
        QCOMPARE(payment.node.traffic.p99, 0.050);
        QCOMPARE(payment.node.health, Health::Failing);
        QCOMPARE(payment.node.inFlight, 6.0);
        QCOMPARE(payment.node.hosts, (std::vector<std::string>{"a", "b", "c"}));
        QCOMPARE(payment.heardAt, MonotonicTime(9s));
    }
    void anUnknownNumberStaysUnknown() {
        AgentSnapshot a = test::makeSnapshot();
        AgentSnapshot b = test::makeSnapshot();
        a.nodes[0].inFlight = b.nodes[0].inFlight = kUnknown;
        a.nodes[0].traffic.p99 = b.nodes[0].traffic.p99 = kUnknown;
        const FleetView view = mergeFleet({source(a, 1s), source(b, 1s)});
        QVERIFY(std::isnan(view.nodes[0].node.inFlight));
        QVERIFY(std::isnan(view.nodes[0].node.traffic.p99));
    }
    void guardsKeepTheirHost() {
        AgentSnapshot a = test::makeSnapshot();
        AgentSnapshot b = test::makeSnapshot();
        b.agent.host = "host-0";
        const FleetView view = mergeFleet({source(a, 1s), source(b, 1s)});
        QCOMPARE(view.guards.size(), std::size_t{4});
        QCOMPARE(view.guards[0].host, std::string("host-0"));
        QCOMPARE(view.guards[1].host, std::string("host-1"));
        QCOMPARE(view.guards[0].guard.subject, view.guards[1].guard.subject);
    }
    void adviceAddsUpWithTheReasonOfTheLargest() {
        AgentSnapshot a = test::makeSnapshot();
        AgentSnapshot b = test::makeSnapshot();
        AgentSnapshot c = test::makeSnapshot();
        const int each = a.advice[0].recommended;
        a.agent.host = "a";
        b.agent.host = "b";
        b.advice[0].recommended = each + 1;
        // Less than the first two together, yet the largest.
        c.agent.host = "c";
        c.advice[0].recommended = each + 2;
        c.advice[0].reason = "the hot host";
        const FleetView view = mergeFleet({source(a, 1s), source(b, 1s), source(c, 1s)});
        QCOMPARE(view.advice.size(), std::size_t{1});
        QCOMPARE(view.advice[0].recommended, 3 * each + 3);
        QCOMPARE(view.advice[0].reason, std::string("c: the hot host"));
        QCOMPARE(mergeFleet({source(c, 1s)}).advice[0].reason, std::string("the hot host"));
    }
    void anAgentWithoutASnapshotIsListedAllTheSame() {
        FleetSource silent;
        silent.agent.address = "10.0.0.1:7400";
        const FleetView view = mergeFleet({silent});
        QCOMPARE(view.agents.size(), std::size_t{1});
        QVERIFY(view.nodes.empty());
    }

private:
    static FleetSource source(const AgentSnapshot& snapshot, Duration heardAt) {
        FleetSource source;
        source.agent.heardAt = MonotonicTime(heardAt);
        source.agent.hasSnapshot = true;
        source.agent.info = snapshot.agent;
        source.snapshot = &snapshot;
        return source;
    }
};

LEVEE_TEST(FleetViewTest)
#include "fleet_view_test.moc"
