// SPDX-License-Identifier: Apache-2.0
// The tables over the topology store: rows come and go without a reset, so selections survive.
#include <QAbstractItemModelTester>
#include <QPersistentModelIndex>
#include <QSignalSpy>
#include <QTest>

#include "dashboard/model/advice_model.h"
#include "dashboard/model/edge_model.h"
#include "dashboard/model/guard_model.h"
#include "dashboard/model/revision_model.h"
#include "dashboard/model/roles.h"
#include "dashboard/model/service_model.h"
#include "shared/base/random.h"
#include "tests/support/demo_snapshot.h"
#include "tests/support/manual_time_source.h"
#include "tests/support/test_registry.h"

using namespace levee;

class TableModelsTest : public QObject {
    Q_OBJECT
private slots:
    void servicesShowTheirNumbers() {
        TopologyStore store(time_);
        ServiceModel model(store);
        const QAbstractItemModelTester tester(&model);
        show(store, test::demoSnapshot(700));
        QCOMPARE(model.rowCount(), 8);
        const int row = rowOf(model, "payment");
        QVERIFY(model.index(row, ServiceModel::P99).data().toDouble() > 0.2);
        QCOMPARE(model.index(row, ServiceModel::State).data(HealthRole).toInt(),
                 static_cast<int>(Health::Failing));
        QCOMPARE(model.index(row, ServiceModel::P99).data(ValueKindRole).toInt(),
                 static_cast<int>(ValueKind::Seconds));
    }
    void anUnknownNumberSortsBelowAllKnownOnes() {
        TopologyStore store(time_);
        ServiceModel model(store);
        show(store, test::demoSnapshot(10));
        const auto value =
            model.index(rowOf(model, "user"), ServiceModel::InFlight).data(SortRole).toDouble();
        QVERIFY(value < 0);
    }
    void aNewSecondChangesCellsAndNotRows() {
        TopologyStore store(time_);
        ServiceModel model(store);
        const QAbstractItemModelTester tester(&model);
        show(store, test::demoSnapshot(10));
        QSignalSpy resets(&model, &QAbstractItemModel::modelReset);
        QSignalSpy inserts(&model, &QAbstractItemModel::rowsInserted);
        QSignalSpy changes(&model, &QAbstractItemModel::dataChanged);
        show(store, test::demoSnapshot(11));
        QCOMPARE(resets.size(), 0);
        QCOMPARE(inserts.size(), 0);
        QVERIFY(changes.size() > 0);
    }
    void aSelectedRowSurvivesNeighboursThatComeAndGo() {
        TopologyStore store(time_);
        ServiceModel model(store);
        const QAbstractItemModelTester tester(&model);
        show(store, test::demoSnapshot(10));
        const QPersistentModelIndex selected = model.index(rowOf(model, "payment"), 0);
        AgentSnapshot next = test::demoSnapshot(11);
        next.nodes.erase(next.nodes.begin());
        Node added;
        added.name = "aaa";
        next.nodes.insert(next.nodes.begin(), added);
        added.name = "zzz";
        next.nodes.push_back(added);
        show(store, next);
        QVERIFY(selected.isValid());
        QCOMPARE(selected.data(SubjectRole).toString(), QString("payment"));
    }
    void randomFleetsKeepTheModelConsistent() {
        TopologyStore store(time_);
        ServiceModel model(store);
        const QAbstractItemModelTester tester(
            &model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        Random random(42);
        for (int round = 0; round < 300; ++round) {
            AgentSnapshot snapshot;
            snapshot.millis = 1'000 * (round + 1);
            for (int i = 0; i < 30; ++i) {
                if (random.uniform() < 0.5)
                    continue;
                Node node;
                node.name = "n" + std::to_string(100 + i);
                node.traffic.requestRate = random.uniform() < 0.5 ? 1 : 2;
                snapshot.nodes.push_back(node);
            }
            show(store, snapshot);
            QCOMPARE(model.rowCount(), static_cast<int>(snapshot.nodes.size()));
            for (int row = 0; row < model.rowCount(); ++row)
                QCOMPARE(model.row(row).node.name,
                         snapshot.nodes[static_cast<std::size_t>(row)].name);
        }
    }
    void callersAndDependenciesAreThoseOfTheNode() {
        TopologyStore store(time_);
        EdgeModel callers(store, EdgeModel::Scope::Callers);
        EdgeModel dependencies(store, EdgeModel::Scope::Dependencies);
        const QAbstractItemModelTester callerTester(&callers);
        const QAbstractItemModelTester dependencyTester(&dependencies);
        show(store, test::demoSnapshot(10));
        callers.setNode("checkout");
        dependencies.setNode("checkout");
        QCOMPARE(callers.rowCount(), 1);
        QCOMPARE(dependencies.rowCount(), 2);
        callers.setNode("nobody");
        QCOMPARE(callers.rowCount(), 0);
    }
    void guardsOfTwoHostsAreTwoRows() {
        TopologyStore store(time_);
        GuardModel model(store);
        const QAbstractItemModelTester tester(&model);
        AgentSnapshot a = test::demoSnapshot(10);
        AgentSnapshot b = a;
        b.agent.host = "shop-2";
        auto fleet = std::make_shared<const FleetView>(mergeFleet({source(a), source(b)}));
        store.setFleet(fleet);
        QCOMPARE(model.rowCount(), 8);
    }
    void adviceTellsItsReason() {
        TopologyStore store(time_);
        AdviceModel model(store);
        const QAbstractItemModelTester tester(&model);
        show(store, test::demoSnapshot(10));
        QCOMPARE(model.rowCount(), 3);
        QVERIFY(model.index(1, AdviceModel::Reason).data().toString().contains("172/s"));
        QCOMPARE(model.index(1, AdviceModel::Recommended).data().toInt(), 5);
        QCOMPARE(model.index(1, AdviceModel::Missing).data().toInt(), 3);
        QVERIFY(model.index(1, AdviceModel::Load).data().toDouble() > 2);
    }
    void revisionsStandNewestFirst() {
        RevisionModel model;
        const QAbstractItemModelTester tester(&model);
        model.setRevisions(
            {{1, 1'000, "ana", "first", "", false}, {2, 2'000, "bo", "b", "", true}});
        model.setRevisions({{1, 1'000, "ana", "first", "", false},
                            {2, 2'000, "bo", "b", "", false},
                            {3, 3'000, "ana", "c", "", true}});
        QCOMPARE(model.rowCount(), 3);
        QCOMPARE(model.row(0).revision, std::int64_t{3});
    }

private:
    FleetSource source(const AgentSnapshot& snapshot) const {
        FleetSource source;
        source.agent.heardAt = time_.monotonic();
        source.agent.hasSnapshot = true;
        source.snapshot = &snapshot;
        return source;
    }
    void show(TopologyStore& store, const AgentSnapshot& snapshot) const {
        store.setFleet(std::make_shared<const FleetView>(mergeFleet({source(snapshot)})));
    }
    static int rowOf(const ServiceModel& model, const std::string& name) {
        for (int row = 0; row < model.rowCount(); ++row)
            if (model.row(row).node.name == name)
                return row;
        return -1;
    }
    test::ManualTimeSource time_;
};

LEVEE_TEST(TableModelsTest)
#include "table_models_test.moc"
