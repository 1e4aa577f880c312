// SPDX-License-Identifier: Apache-2.0
#include "dashboard/model/decision_model.h"

#include <QAbstractItemModelTester>
#include <QTest>

#include "dashboard/model/roles.h"
#include "tests/support/test_registry.h"

using namespace levee;

class DecisionModelTest : public QObject {
    Q_OBJECT
private slots:
    void theNewestEventStandsFirst() {
        DecisionModel model;
        const QAbstractItemModelTester tester(&model);
        model.add("host", {event(1), event(2)});
        model.add("host", {event(3)});
        QCOMPARE(model.rowCount(), 3);
        QCOMPARE(model.row(0).event.id, std::int64_t{3});
        QCOMPARE(model.row(2).event.id, std::int64_t{1});
    }
    void anEventThatIsReplayedIsShownOnce() {
        DecisionModel model;
        const QAbstractItemModelTester tester(&model);
        model.add("host", {event(1), event(2)});
        model.add("host", {event(2), event(3)});
        QCOMPARE(model.rowCount(), 3);
    }
    void theSameNumberOfAnotherHostIsAnotherEvent() {
        DecisionModel model;
        model.add("a", {event(1)});
        model.add("b", {event(1)});
        QCOMPARE(model.rowCount(), 2);
    }
    void itKeepsTheNewestUpToTheCapacity() {
        DecisionModel model;
        const QAbstractItemModelTester tester(&model);
        std::vector<Event> many;
        for (std::size_t i = 1; i <= DecisionModel::kCapacity; ++i)
            many.push_back(event(static_cast<std::int64_t>(i)));
        model.add("host", many);
        QCOMPARE(model.rowCount(), static_cast<int>(DecisionModel::kCapacity));
        model.add("host", {event(DecisionModel::kCapacity + 1)});
        QCOMPARE(model.rowCount(), static_cast<int>(DecisionModel::kCapacity));
        QCOMPARE(model.row(0).event.id, std::int64_t{DecisionModel::kCapacity + 1});
        QCOMPARE(model.row(model.rowCount() - 1).event.id, std::int64_t{2});
    }
    void aBatchLargerThanTheCapacityKeepsItsNewest() {
        DecisionModel model;
        const QAbstractItemModelTester tester(&model);
        std::vector<Event> many;
        for (std::size_t i = 1; i <= DecisionModel::kCapacity + 5; ++i)
            many.push_back(event(static_cast<std::int64_t>(i)));
        model.add("host", many);
        QCOMPARE(model.rowCount(), static_cast<int>(DecisionModel::kCapacity));
        QCOMPARE(model.row(model.rowCount() - 1).event.id, std::int64_t{6});
    }
    void aServiceIsToldOfTheEdgesThatLeadToIt() {
        DecisionModel model;
        Event onEdge = event(1);
        onEdge.subject = "checkout->payment";
        Event other = event(2);
        other.subject = "checkout";
        model.add("host", {onEdge, other});
        QCOMPARE(model.about("payment", 0).size(), std::size_t{1});
        QCOMPARE(model.about("payment", onEdge.millis + 1).size(), std::size_t{0});
    }
    void markupInATextStaysText() {
        DecisionModel model;
        Event hostile = event(1);
        hostile.text = "<b>bold</b>";
        model.add("host", {hostile});
        QCOMPARE(model.index(0, DecisionModel::Text).data().toString(), QString("<b>bold</b>"));
        QCOMPARE(model.index(0, DecisionModel::Text).data(SeverityRole).toInt(),
                 static_cast<int>(EventSeverity::Warning));
    }

private:
    static Event event(std::int64_t id) {
        Event event;
        event.id = id;
        event.millis = 1'000 * id;
        event.severity = EventSeverity::Warning;
        return event;
    }
};

LEVEE_TEST(DecisionModelTest)
#include "decision_model_test.moc"
