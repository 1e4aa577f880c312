// SPDX-License-Identifier: Apache-2.0
#include "dashboard/model/topology_store.h"

#include <QSignalSpy>
#include <QTest>

#include "tests/support/demo_snapshot.h"
#include "tests/support/manual_time_source.h"
#include "tests/support/test_registry.h"

using namespace levee;
using namespace std::chrono_literals;

class TopologyStoreTest : public QObject {
    Q_OBJECT
private slots:
    void nodesEdgesAndGuardsAreFoundByName() {
        TopologyStore store(time_);
        store.setFleet(demo(700));
        QVERIFY(store.node("payment"));
        QVERIFY(!store.node("nobody"));
        QVERIFY(store.edge("checkout", "payment"));
        QVERIFY(!store.edge("payment", "checkout"));
        QCOMPARE(store.callersOf("payment").size(), std::size_t{1});
        QCOMPARE(store.dependenciesOf("checkout").size(), std::size_t{2});
        QCOMPARE(store.guardsOf("checkout->payment").size(), std::size_t{1});
        QVERIFY(store.adviceFor("payment"));
    }
    void theWorstServiceComesFirst() {
        TopologyStore store(time_);
        store.setFleet(demo(700));
        const std::vector<std::string> expected{"payment", "checkout", "web", "rabbitmq:orders"};
        QCOMPARE(store.unhealthy(), expected);
    }
    void pausingHoldsThePictureAndGoesOnRecording() {
        TopologyStore store(time_);
        store.setFleet(demo(10));
        store.setPaused(true);
        QSignalSpy changes(&store, &TopologyStore::changed);
        store.setFleet(demo(11));
        QCOMPARE(changes.size(), 0);
        QCOMPARE(store.fleet().millis, demo(10)->millis);
        QCOMPARE(store.series().samples("payment").size(), std::size_t{2});
        store.setPaused(false);
        QCOMPARE(changes.size(), 1);
        QCOMPARE(store.fleet().millis, demo(11)->millis);
    }
    void travellingShowsThePastAndGoesOnRecording() {
        TopologyStore store(time_);
        QVERIFY(!store.travelTo(1));
        store.setFleet(demo(10));
        time_.advance(30s);
        store.setFleet(demo(40));
        QSignalSpy travels(&store, &TopologyStore::travelChanged);
        QVERIFY(store.travelTo(demo(20)->millis));
        QVERIFY(store.isTravelling());
        QCOMPARE(store.fleet().millis, demo(10)->millis);
        QCOMPARE(store.travelMillis(), demo(20)->millis);
        // What was new then is not old now.
        QCOMPARE(store.ageOf(store.node("payment")->heardAt), DataAge::Live);
        QSignalSpy changes(&store, &TopologyStore::changed);
        store.setFleet(demo(42));
        QCOMPARE(changes.size(), 0);
        QCOMPARE(store.newest().millis, demo(42)->millis);
        store.returnToLive();
        QVERIFY(!store.isTravelling());
        QCOMPARE(store.fleet().millis, demo(42)->millis);
        QCOMPARE(travels.size(), 2);
        QVERIFY(store.travelTo(demo(10)->millis));
        QVERIFY(store.travelTo(demo(42)->millis));  // is now
        QVERIFY(!store.isTravelling());
    }
    void pausingWhileTravellingDoesNotLeadBack() {
        TopologyStore store(time_);
        store.setFleet(demo(10));
        store.setFleet(demo(40));
        QVERIFY(store.travelTo(demo(10)->millis));
        store.setPaused(true);
        store.setPaused(false);
        QCOMPARE(store.fleet().millis, demo(10)->millis);
    }
    void ageCountsFromWhenTheSourceWasHeard() {
        TopologyStore store(time_);
        store.setFleet(demo(10));
        const MonotonicTime heardAt = store.node("payment")->heardAt;
        time_.advance(2s);
        QCOMPARE(store.ageOf(heardAt), DataAge::Live);
        time_.advance(2s);
        QCOMPARE(store.ageOf(heardAt), DataAge::Late);
        QCOMPARE(store.ageSeconds(heardAt), 4.0);
    }
    void aPictureThatIsOnlyLaterIsToldApartAndFresh() {
        TopologyStore store(time_);
        FleetView first = *demo(10);
        first.news = 1;
        store.setFleet(std::make_shared<FleetView>(first));
        QVERIFY(!store.hasOnlyTimePassed());
        const MonotonicTime heardAt = store.node("payment")->heardAt;
        time_.advance(5s);
        QCOMPARE(store.ageOf(heardAt), DataAge::Late);
        FleetView later = first;
        later.millis += 5'000;
        later.freshAt = time_.monotonic();
        store.setFleet(std::make_shared<FleetView>(later));
        QVERIFY(store.hasOnlyTimePassed());
        QCOMPARE(store.ageOf(heardAt), DataAge::Live);
        QCOMPARE(store.series().samples("payment").size(), std::size_t{2});
        // What came while nobody was shown anything is news when it is shown.
        store.setPaused(true);
        store.setFleet(std::make_shared<FleetView>(later));
        store.setPaused(false);
        QVERIFY(!store.hasOnlyTimePassed());
        later.news = 2;
        store.setFleet(std::make_shared<FleetView>(later));
        QVERIFY(!store.hasOnlyTimePassed());
    }

private:
    std::shared_ptr<const FleetView> demo(int second) {
        const AgentSnapshot snapshot = test::demoSnapshot(second);
        FleetSource source;
        source.agent.hasSnapshot = true;
        source.agent.heardAt = time_.monotonic();
        source.snapshot = &snapshot;
        return std::make_shared<const FleetView>(mergeFleet({source}));
    }
    test::ManualTimeSource time_;
};

LEVEE_TEST(TopologyStoreTest)
#include "topology_store_test.moc"
