// SPDX-License-Identifier: Apache-2.0
#include "dashboard/views/scene_builder.h"

#include <QTest>
#include <algorithm>

#include "dashboard/views/map_scene.h"
#include "tests/support/demo_snapshot.h"
#include "tests/support/manual_time_source.h"
#include "tests/support/test_registry.h"

using namespace levee;
using namespace std::chrono_literals;

class SceneBuilderTest : public QObject {
    Q_OBJECT
private slots:
    void everyNodeAndEdgeIsInTheScene() {
        TopologyStore store(time_);
        show(store, test::demoSnapshot(700));
        const GraphScene scene = buildScene(store);
        QCOMPARE(scene.cards.size(), std::size_t{8});
        QCOMPARE(scene.edges.size(), std::size_t{7});
        const CardData& payment = card(scene, "payment");
        QCOMPARE(payment.health, Health::Failing);
        QVERIFY(payment.rate.endsWith("/s"));
        QVERIFY(payment.errorShare > 0.2 && payment.okShare < 0.3);
    }
    void anOpenBreakerStandsOnItsEdge() {
        TopologyStore store(time_);
        show(store, test::demoSnapshot(700));
        const GraphScene scene = buildScene(store);
        const auto edge = std::ranges::find_if(
            scene.edges, [](const EdgeData& e) { return e.to == QString("payment"); });
        QCOMPARE(edge->badges.size(), std::size_t{1});
        QCOMPARE(edge->badges[0].kind, BadgeKind::BreakerOpen);
        QCOMPARE(card(scene, "payment").badges[0].kind, BadgeKind::Limit);
    }
    void whoIsCalledByNobodyShowsWhatItSends() {
        TopologyStore store(time_);
        show(store, test::demoSnapshot(10));
        const GraphScene scene = buildScene(store);
        QCOMPARE(card(scene, "user").rate, card(scene, "web").rate);
    }
    void oldNumbersAreMarkedWithTheirAge() {
        TopologyStore store(time_);
        show(store, test::demoSnapshot(10));
        QVERIFY(!card(buildScene(store), "payment").stale);
        time_.advance(12s);
        const CardData& payment = card(buildScene(store), "payment");
        QVERIFY(payment.stale);
        QCOMPARE(payment.ageText, QString("12 s"));
        QVERIFY(describeHealth(store).contains("8 "));
    }
    void unknownNumbersStayUnknown() {
        TopologyStore store(time_);
        AgentSnapshot snapshot;
        snapshot.millis = 1'000;
        snapshot.nodes.push_back({});
        snapshot.nodes[0].name = "new";
        show(store, snapshot);
        const CardData& fresh = card(buildScene(store), "new");
        QCOMPARE(fresh.p99, QString("-"));
        QCOMPARE(fresh.errors, QString("-"));
        QVERIFY(std::isnan(fresh.okShare));
    }
    void triageSaysWhyWorstFirst() {
        TopologyStore store(time_);
        show(store, test::demoSnapshot(700));
        const auto items = buildTriage(store);
        QCOMPARE(items.size(), std::size_t{4});
        QCOMPARE(items[0].title, QString("payment"));
        QVERIFY(items[0].note.contains("shed"));
        QVERIFY(items[1].note.contains("errors"));
        const auto guards = buildGuardsAtWork(store);
        QCOMPARE(guards.size(), std::size_t{2});
        QCOMPARE(guards[0].subject, QString("checkout->payment"));
    }
    void inPeaceNobodyIsInTriage() {
        TopologyStore store(time_);
        show(store, test::demoSnapshot(10));
        QVERIFY(buildTriage(store).empty());
        QVERIFY(buildGuardsAtWork(store).empty());
    }
    void aHostileNameIsMadePlain() {
        TopologyStore store(time_);
        AgentSnapshot snapshot;
        snapshot.millis = 1'000;
        snapshot.nodes.push_back({});
        snapshot.nodes[0].name = "a\nb\u202e" + std::string(10'000, 'x');
        show(store, snapshot);
        const QString title = buildScene(store).cards[0].title;
        QVERIFY(!title.contains('\n') && !title.contains(QChar(0x202E)));
        QVERIFY(title.size() <= 257);
    }
    void namesThatLookAlikeStayTwo() {
        TopologyStore store(time_);
        AgentSnapshot snapshot;
        snapshot.millis = 1'000;
        for (const char* end : {"a", "b"}) {
            snapshot.nodes.push_back({});
            snapshot.nodes.back().name = std::string(10'000, 'x') + end;
        }
        show(store, snapshot);
        const GraphScene scene = buildScene(store);
        QCOMPARE(scene.cards.size(), std::size_t{2});
        QVERIFY(scene.cards[0].id != scene.cards[1].id);
        QCOMPARE(scene.cards[0].title, scene.cards[1].title);
    }

private:
    void show(TopologyStore& store, const AgentSnapshot& snapshot) const {
        FleetSource source;
        source.agent.hasSnapshot = true;
        source.agent.heardAt = time_.monotonic();
        source.snapshot = &snapshot;
        store.setFleet(std::make_shared<const FleetView>(mergeFleet({source})));
    }
    static CardData card(const GraphScene& scene, const char* id) {
        const auto found = std::ranges::find(scene.cards, QString(id), &CardData::id);
        return found == scene.cards.end() ? CardData{} : *found;
    }
    test::ManualTimeSource time_;
};

LEVEE_TEST(SceneBuilderTest)
#include "scene_builder_test.moc"
