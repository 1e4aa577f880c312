// SPDX-License-Identifier: Apache-2.0
#include "dashboard/views/attention_list.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

#include "dashboard/widgets/theme.h"
#include "tests/support/test_registry.h"

using namespace levee;

class AttentionListTest : public QObject {
    Q_OBJECT
private slots:
    void theShownSubjectSurvivesANewOrder() {
        ThemeController themes(ThemeChoice::Dark);
        AttentionList list(themes);
        const QAbstractItemModelTester tester(list.model());
        QSignalSpy chosen(&list, &AttentionList::subjectChosen);
        list.setItems({item("a"), item("b")});
        list.showSubject("b");
        QCOMPARE(list.currentIndex().row(), 1);
        list.setItems({item("b"), item("c"), item("a")});
        QCOMPARE(list.currentIndex().row(), 0);
        list.setItems({item("c")});
        QVERIFY(!list.currentIndex().isValid());
        QCOMPARE(chosen.size(), 0);
    }
    void itTakesTheHeightOfItsItemsUpToEight() {
        ThemeController themes(ThemeChoice::Dark);
        AttentionList list(themes);
        list.setItems({item("a")});
        const int one = list.sizeHint().height();
        std::vector<AttentionItem> many;
        for (int i = 0; i < 20; ++i)
            many.push_back(item(QString::number(i)));
        list.setItems(many);
        QVERIFY(list.sizeHint().height() > 5 * one);
        QVERIFY(list.sizeHint().height() <= 8 * one);
    }

private:
    static AttentionItem item(const QString& name) {
        return {name, name, "note", VisualState::Degraded};
    }
};

LEVEE_TEST(AttentionListTest)
#include "attention_list_test.moc"
