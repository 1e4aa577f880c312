// SPDX-License-Identifier: Apache-2.0
#include "dashboard/model/selection_state.h"

#include <QSignalSpy>
#include <QTest>

#include "tests/support/test_registry.h"

using namespace levee;

class SelectionStateTest : public QObject {
    Q_OBJECT
private slots:
    void aSubjectNamesANodeOrAnEdge() {
        QCOMPARE(Selection::ofSubject("payment"), Selection::ofNode("payment"));
        QCOMPARE(Selection::ofSubject("checkout->payment"),
                 Selection::ofEdge("checkout", "payment"));
        QCOMPARE(Selection::ofSubject("").kind, Selection::Kind::None);
        QCOMPARE(Selection::ofEdge("a", "b").subject(), std::string("a->b"));
    }
    void selectingTheSameAgainTellsNobody() {
        SelectionState state;
        QSignalSpy changes(&state, &SelectionState::changed);
        state.select(Selection::ofNode("payment"));
        state.select(Selection::ofNode("payment"));
        QCOMPARE(changes.size(), 1);
    }
    void backGoesThroughWhatWasSelected() {
        SelectionState state;
        state.select(Selection::ofNode("a"));
        state.select(Selection::ofNode("b"));
        QVERIFY(state.back());
        QCOMPARE(state.current(), Selection::ofNode("a"));
        QVERIFY(state.back());
        QCOMPARE(state.current().kind, Selection::Kind::None);
        QVERIFY(!state.back());
    }
};

LEVEE_TEST(SelectionStateTest)
#include "selection_state_test.moc"
