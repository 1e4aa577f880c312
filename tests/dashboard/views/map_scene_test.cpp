// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/views/map_scene.h"

#include <QTest>
#include <algorithm>

#include "dashboard/views/edge_facts.h"
#include "tests/support/demo_snapshot.h"
#include "tests/support/manual_time_source.h"
#include "tests/support/test_registry.h"

using namespace levee;

class MapSceneTest : public QObject {
    Q_OBJECT
private slots:
    void init() { store_ = std::make_unique<TopologyStore>(time_); }

    void aGroupSaysHowManyAndHowTheyFare() {
        AgentSnapshot snapshot = test::demoSnapshot(10);
        for (Node& node : snapshot.nodes)
            if (node.name != "payment")
                node.name = "shop/" + node.name;
        snapshot.edges.clear();
        std::ranges::sort(snapshot.nodes, {}, &Node::name);
        show(snapshot);
        MapWish wish;
        wish.grouping = MapGrouping::Namespace;
        const MapPicture picture = composeMap(store_->fleet(), wish, store_->changes(), {});
        const GraphScene scene = buildScene(*store_, picture);
        QCOMPARE(scene.cards.size(), std::size_t{2});
        const CardData& group = scene.cards[1];
        QCOMPARE(group.id, groupId("shop"));
        QCOMPARE(group.members, 7);
        QVERIFY(group.note.contains("6 ok"));
        QCOMPARE(groupOfId(group.id).value_or(""), std::string("shop"));
        QVERIFY(!groupOfId("payment"));
        QVERIFY(describeScope(picture, wish).contains("7 in"));
    }
    void edgesBetweenTheSameTwoThingsAreOne() {
        AgentSnapshot snapshot = test::demoSnapshot(10);
        for (Node& node : snapshot.nodes)
            if (node.name == "ledger" || node.name == "redis:6379")
                node.hosts = {"store-1"};
        show(snapshot);
        MapWish wish;
        wish.grouping = MapGrouping::Host;
        const MapPicture picture = composeMap(store_->fleet(), wish, store_->changes(), {});
        QCOMPARE(picture.groups.size(), std::size_t{2});
        const GraphScene scene = buildScene(*store_, picture);
        QCOMPARE(scene.edges.size(), std::size_t{1});
        QCOMPARE(scene.edges[0].from, groupId("shop-1"));
        QCOMPARE(scene.edges[0].to, groupId("store-1"));
    }
    void aLimitOnAnEdgeSaysHowFullItIsAndWhatItSheds() {
        AgentSnapshot snapshot = test::demoSnapshot(700);
        for (GuardState& guard : snapshot.guards)
            if (guard.subject == "checkout->payment") {
                guard.hasBreaker = false;
                guard.hasLimit = true;
                guard.limit = 24;
                guard.inFlight = 9;
            }
        show(snapshot);
        const GraphScene scene = buildScene(*store_);
        const auto edge = std::ranges::find(scene.edges, QString("payment"), &EdgeData::to);
        QCOMPARE(edge->badges.size(), std::size_t{1});
        QCOMPARE(edge->badges[0].kind, BadgeKind::Limit);
        QVERIFY2(edge->badges[0].text.startsWith("9 of 24, sheds"),
                 qPrintable(edge->badges[0].text));
    }
    void factsOfAnEdgeHoldItsGuardsAndWhereTheTimeGoes() {
        AgentSnapshot snapshot = test::demoSnapshot(700);
        for (Edge& edge : snapshot.edges)
            if (edge.server == "payment")
                edge.split = {0.001, 0.004, 0.02, 0.06};
        show(snapshot);
        const EdgeFacts facts = edgeFacts(*store_, "checkout", "payment");
        QVERIFY(facts.title.contains("payment"));
        const auto row = [&](const QString& name) {
            const auto found =
                std::ranges::find(facts.rows, name, &std::pair<QString, QString>::first);
            return found == facts.rows.end() ? QString() : found->second;
        };
        QVERIFY(row("Breaker").contains("OPEN"));
        QVERIFY(row("Breaker").contains("left"));
        QVERIFY(row("Rule").contains("payment-breaker"));
        QCOMPARE(facts.split.size(), std::size_t{4});
        QVERIFY(facts.splitTitle.contains("85"));
        QVERIFY(edgeFacts(*store_, "user", "web").split.empty());
        QVERIFY(edgeFacts(*store_, "nobody", "web").rows.empty());
    }

private:
    void show(const AgentSnapshot& snapshot) {
        FleetSource source;
        source.agent.hasSnapshot = true;
        source.agent.heardAt = time_.monotonic();
        source.snapshot = &snapshot;
        store_->setFleet(std::make_shared<const FleetView>(mergeFleet({source})));
    }

    test::ManualTimeSource time_;
    std::unique_ptr<TopologyStore> store_;
};

LEVEE_TEST(MapSceneTest)
#include "map_scene_test.moc"
