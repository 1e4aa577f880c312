// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/model/map_scope.h"

#include <QTest>
#include <algorithm>

#include "tests/support/test_registry.h"

using namespace levee;

namespace {

/// `count` services in ten namespaces on twenty hosts, each calling the one ten after it.
FleetView fleetOf(int count) {
    FleetView fleet;
    fleet.millis = 1'000'000;
    for (int i = 0; i < count; ++i) {
        FleetNode entry;
        entry.node.name = "team-" + std::to_string(i % 10) + "/" + std::to_string(10'000 + i);
        entry.node.health = Health::Ok;
        entry.node.traffic.requestRate = i;
        entry.node.hosts = {"host-" + std::to_string(i % 20)};
        fleet.nodes.push_back(entry);
    }
    for (int i = 0; i + 10 < count; ++i) {
        FleetEdge entry;
        entry.edge.client = fleet.nodes[std::size_t(i)].node.name;
        entry.edge.server = fleet.nodes[std::size_t(i) + 10].node.name;
        entry.edge.traffic.requestRate = 1;
        fleet.edges.push_back(entry);
    }
    std::ranges::sort(fleet.nodes.edit(), {}, [](const FleetNode& n) { return n.node.name; });
    std::ranges::sort(fleet.edges.edit(), {}, [](const FleetEdge& e) { return e.edge.id(); });
    return fleet;
}

Node& named(FleetView& fleet, const std::string& name) {
    return std::ranges::find(fleet.nodes.edit(), name,
                             [](const FleetNode& n) { return n.node.name; })
        ->node;
}

QStringList namesOf(const MapPicture& picture) {
    QStringList names;
    for (const FleetNode* entry : picture.services)
        names << QString::fromStdString(entry->node.name);
    return names;
}

}  // namespace

class MapScopeTest : public QObject {
    Q_OBJECT
private slots:
    void aSmallFleetIsShownWhole() {
        const FleetView fleet = fleetOf(150);
        const MapPicture picture = compose(fleet, {});
        QCOMPARE(picture.services.size(), std::size_t{150});
        QCOMPARE(picture.links.size(), std::size_t{140});
        QVERIFY(picture.groups.empty() && !picture.isScoped);
    }
    void aLargeOneShowsWhatIsUnwellAndItsNeighboursAndGathersTheRest() {
        FleetView fleet = fleetOf(151);
        named(fleet, "team-3/10053").health = Health::Failing;
        const MapPicture picture = compose(fleet, {});
        QCOMPARE(namesOf(picture), QStringList({"team-3/10043", "team-3/10053", "team-3/10063"}));
        QVERIFY(picture.isScoped);
        QCOMPARE(picture.grouping, MapGrouping::Namespace);
        QCOMPARE(picture.groups.size(), std::size_t{10});
        QCOMPARE(picture.grouped, std::size_t{148});
        QCOMPARE(picture.leftOut, std::size_t{0});
        // The neighbours' other edges lead into their group.
        QVERIFY(std::ranges::any_of(picture.links, [](const MapLink& link) {
            return link.from.isGroup && !link.to.isGroup;
        }));
    }
    void whatChangedLatelyStaysForAQuarterOfAnHour() {
        FleetView fleet = fleetOf(200);
        HealthChanges changes;
        changes.record(fleet);
        QVERIFY(compose(fleet, {}, changes).services.empty());
        named(fleet, "team-3/10053").health = Health::Failing;
        changes.record(fleet);
        named(fleet, "team-3/10053").health = Health::Ok;
        fleet.millis += 1'000;
        changes.record(fleet);
        QCOMPARE(namesOf(compose(fleet, {}, changes)), QStringList({"team-3/10053"}));
        fleet.millis += kLatelyMillis;
        QCOMPARE(compose(fleet, {}, changes).services.size(), std::size_t{1});
        fleet.millis += 1;
        QVERIFY(compose(fleet, {}, changes).services.empty());
    }
    void allMeansAtMostFiveHundredAndSaysSo() {
        MapWish wish;
        wish.showAll = true;
        const FleetView fleet = fleetOf(700);
        const MapPicture picture = compose(fleet, wish);
        QCOMPARE(picture.services.size(), kMostCards);
        QCOMPARE(picture.services.size() + picture.grouped + picture.leftOut, std::size_t{700});
        const FleetView exact = fleetOf(500);
        QVERIFY(compose(exact, wish).groups.empty());
    }
    void onlyErrors() {
        FleetView fleet = fleetOf(30);
        named(fleet, "team-3/10003").health = Health::Degraded;
        named(fleet, "team-4/10004").traffic.shedRate = 1;
        MapWish wish;
        wish.errorsOnly = true;
        const MapPicture picture = compose(fleet, wish);
        QCOMPARE(namesOf(picture), QStringList({"team-3/10003", "team-4/10004"}));
        QCOMPARE(picture.leftOut, std::size_t{28});
    }
    void focusCountsHopsBothWays() {
        const FleetView fleet = fleetOf(100);
        MapWish wish;
        wish.focus = "team-5/10055";
        QCOMPARE(compose(fleet, wish).services.size(), std::size_t{3});
        wish.hops = 2;
        QCOMPARE(compose(fleet, wish).services.size(), std::size_t{5});
        wish.hops = 99;
        QCOMPARE(compose(fleet, wish).services.size(), std::size_t{10});
        wish.focus = "nobody";
        QVERIFY(compose(fleet, wish).services.empty());
    }
    void whatIsHiddenIsGoneAndCounted() {
        const FleetView fleet = fleetOf(100);
        MapWish wish;
        wish.hide = MapQuery::parse("ns:team-1 or rps < 5").query;
        const MapPicture picture = compose(fleet, wish);
        QCOMPARE(picture.hidden, std::size_t{14});
        QCOMPARE(picture.services.size(), std::size_t{86});
        for (const MapLink& link : picture.links)
            for (const FleetEdge* edge : link.edges)
                QVERIFY(!edge->edge.client.starts_with("team-1/"));
    }
    void groupsOpenAndTheUnwellAreNeverInThem() {
        FleetView fleet = fleetOf(60);
        named(fleet, "team-3/10003").health = Health::Failing;
        MapWish wish;
        wish.grouping = MapGrouping::Host;
        MapPicture picture = compose(fleet, wish);
        QCOMPARE(picture.groups.size(), std::size_t{20});
        for (const MapGroup& group : picture.groups)
            for (const FleetNode* member : group.members)
                QVERIFY(member->node.health == Health::Ok);
        // Without a team nobody is in a group.
        wish.grouping = MapGrouping::Team;
        QVERIFY(compose(fleet, wish).groups.empty());
        for (FleetNode& entry : fleet.nodes.edit())
            entry.node.owner.team = entry.node.traffic.requestRate < 30 ? "few" : "many";
        QCOMPARE(compose(fleet, wish).groups.size(), std::size_t{2});
        wish.grouping = MapGrouping::Namespace;
        wish.open = {"team-7"};
        picture = compose(fleet, wish);
        QCOMPARE(picture.groups.size(), std::size_t{9});
        QVERIFY(namesOf(picture).contains("team-7/10017"));
    }
    void aCalmLargeFleetWithoutGroupsShowsTheBusiest() {
        FleetView fleet = fleetOf(300);
        for (FleetNode& entry : fleet.nodes.edit()) {
            entry.node.hosts.clear();
            std::ranges::replace(entry.node.name, '/', '-');
        }
        const MapPicture picture = compose(fleet, {});
        QVERIFY(picture.groups.empty());
        QCOMPARE(picture.services.size(), std::size_t{40});
        QVERIFY(namesOf(picture).contains("team-9-10299"));
    }
    void amongEqualsStaysWhatStoodThere() {
        FleetView fleet = fleetOf(700);
        MapWish wish;
        wish.showAll = true;
        const MapPicture first = compose(fleet, wish);
        std::set<std::string> before;
        for (const FleetNode* entry : first.services)
            before.insert(entry->node.name);
        for (FleetNode& entry : fleet.nodes.edit())
            entry.node.traffic.requestRate = 1'000 - entry.node.traffic.requestRate;
        QCOMPARE(namesOf(composeMap(fleet, wish, {}, before)), namesOf(first));
    }

private:
    static MapPicture compose(const FleetView& fleet, const MapWish& wish,
                              const HealthChanges& changes = {}) {
        return composeMap(fleet, wish, changes, {});
    }
};

LEVEE_TEST(MapScopeTest)
#include "map_scope_test.moc"
