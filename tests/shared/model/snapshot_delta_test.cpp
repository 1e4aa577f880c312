// SPDX-License-Identifier: Apache-2.0
#include "shared/model/snapshot_delta.h"

#include <QTest>

#include "shared/base/random.h"
#include "tests/support/model_builders.h"
#include "tests/support/test_registry.h"

using namespace levee;

namespace {

/// A snapshot with a random selection of nodes and edges, some of them changed.
AgentSnapshot randomSnapshot(Random& random) {
    AgentSnapshot snapshot = test::makeSnapshot();
    snapshot.sequence = static_cast<std::int64_t>(random.next() % 1000);
    snapshot.nodes.clear();
    snapshot.edges.clear();
    for (const char* name : {"a", "b", "c", "d", "e"}) {
        if (random.uniform() < 0.6) {
            snapshot.nodes.push_back(test::makeNode(name));
            snapshot.nodes.back().inFlight = random.uniform() < 0.5 ? 1 : kUnknown;
        }
        if (random.uniform() < 0.6) {
            snapshot.edges.push_back(test::makeEdge(name, "z"));
            snapshot.edges.back().traffic.p50 = random.uniform() < 0.5 ? 1 : kUnknown;
        }
    }
    return snapshot;
}

}  // namespace

class SnapshotDeltaTest : public QObject {
    Q_OBJECT
private slots:
    void nothingChangedIsAnEmptyDelta() {
        const AgentSnapshot snapshot = test::makeSnapshot();
        const SnapshotDelta delta = difference(snapshot, snapshot);
        QVERIFY(delta.nodes.empty() && delta.edges.empty() && delta.guards.empty());
        QVERIFY(delta.targets.empty() && delta.removedEdges.empty());
    }
    void applyingTheDifferenceGivesTheLaterSnapshot() {
        Random random(7);
        for (int round = 0; round < 500; ++round) {
            AgentSnapshot before = randomSnapshot(random);
            const AgentSnapshot after = randomSnapshot(random);
            apply(difference(before, after), before);
            QCOMPARE(before.sequence, after.sequence);
            QCOMPARE(before.nodes.size(), after.nodes.size());
            for (std::size_t i = 0; i < after.nodes.size(); ++i)
                QVERIFY(isSame(before.nodes[i], after.nodes[i]));
            QCOMPARE(before.edges.size(), after.edges.size());
            for (std::size_t i = 0; i < after.edges.size(); ++i)
                QVERIFY(isSame(before.edges[i], after.edges[i]));
        }
    }
    void aGuardWithAnyOtherNumberIsAnother() {
        using Change = void (*)(GuardState&);
        const Change changes[] = {
            [](GuardState& g) { g.rate.limit = 5; },
            [](GuardState& g) { g.rate.key = "source"; },
            [](GuardState& g) { g.rate.refusedRate = 1; },
            [](GuardState& g) { g.rate.refused = 1; },
            [](GuardState& g) { g.rate.keys = 1; },
            [](GuardState& g) { g.rate.timesFull = 1; },
            [](GuardState& g) {
                g.classes = {{"gold", 1, 2}};
            },
            [](GuardState& g) { g.deadline.answer = 1; },
            [](GuardState& g) { g.deadline.header = "x"; },
            [](GuardState& g) { g.deadline.least = 1; },
            [](GuardState& g) { g.deadline.refusedRate = 1; },
            [](GuardState& g) { g.deadline.refused = 1; },
            [](GuardState& g) { g.retryShare = 0.1; },
            [](GuardState& g) { g.retriesAllowed = 0.75; },
            [](GuardState& g) { g.limit = 99; },
            [](GuardState& g) { g.trips = 99; },
            [](GuardState& g) { g.instances = {{}}; },
        };
        AgentSnapshot before = test::makeSnapshot();
        before.guards.resize(1);
        for (const Change& change : changes) {
            AgentSnapshot after = before;
            change(after.guards[0]);
            QVERIFY2(difference(before, after).guards.size() == 1,
                     std::to_string(&change - changes).c_str());
        }
        AgentSnapshot classes = before;
        classes.guards[0].classes = {{"gold", 1, 2}};
        AgentSnapshot less = classes;
        less.guards[0].classes[0].share = 0.5;
        QCOMPARE(difference(classes, less).guards.size(), std::size_t{1});
    }
    void aChangedGuardIsSentWhole() {
        const AgentSnapshot before = test::makeSnapshot();
        AgentSnapshot after = before;
        after.guards[1].limit = 99;
        const SnapshotDelta delta = difference(before, after);
        QCOMPARE(delta.guards.size(), std::size_t{1});
        QCOMPARE(delta.guards[0].subject, std::string("payment"));
    }
};

LEVEE_TEST(SnapshotDeltaTest)
#include "snapshot_delta_test.moc"
