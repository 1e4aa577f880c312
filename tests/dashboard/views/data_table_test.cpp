// SPDX-License-Identifier: Apache-2.0
#include "dashboard/views/data_table.h"

#include <QSignalSpy>
#include <QStandardItemModel>
#include <QTest>

#include "dashboard/model/roles.h"
#include "dashboard/widgets/theme.h"
#include "tests/support/test_registry.h"

using namespace levee;

class DataTableTest : public QObject {
    Q_OBJECT
private slots:
    void onlyThePersonChooses() {
        QStandardItemModel model(3, 1);
        for (int row = 0; row < 3; ++row)
            model.setData(model.index(row, 0), QString("s%1").arg(row), SubjectRole);
        ThemeController themes(ThemeChoice::Dark);
        DataTable table(themes, model, {{0, -1}});
        table.show();
        QSignalSpy chosen(&table, &DataTable::subjectChosen);
        table.setFocus();
        table.showSubject("s2");
        QCOMPARE(chosen.size(), 0);
        QCOMPARE(table.currentIndex().row(), 2);
        QTest::keyClick(&table, Qt::Key_Up);
        QCOMPARE(chosen.size(), 1);
        QCOMPARE(chosen[0][0].toString(), QString("s1"));
        table.showSubject("gone");
        QVERIFY(!table.currentIndex().isValid());
        QCOMPARE(chosen.size(), 1);
    }
};

LEVEE_TEST(DataTableTest)
#include "data_table_test.moc"
