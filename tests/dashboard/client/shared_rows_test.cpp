// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/client/shared_rows.h"

#include <QTest>

#include "tests/support/test_registry.h"

using namespace levee;

class SharedRowsTest : public QObject {
    Q_OBJECT
private slots:
    void anEmptyOneHasNoRows() {
        const SharedRows<int> none;
        QVERIFY(none.empty());
        QCOMPARE(none.begin(), none.end());
    }
    void aCopySharesUntilItIsEdited() {
        SharedRows<int> rows(std::vector<int>{1, 2, 3});
        SharedRows<int> copy = rows;
        QCOMPARE(&copy[0], &rows[0]);
        copy.push_back(4);
        QCOMPARE(rows.size(), std::size_t{3});
        QCOMPARE(copy.size(), std::size_t{4});
        QVERIFY(&copy[0] != &rows[0]);
        rows.edit()[0] = 7;
        QCOMPARE(copy.front(), 1);
        QCOMPARE(rows.front(), 7);
    }
};

LEVEE_TEST(SharedRowsTest)
#include "shared_rows_test.moc"
