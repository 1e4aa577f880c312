// SPDX-License-Identifier: Apache-2.0
#include "shared/simulator/retry_budget.h"

#include <QTest>

#include "tests/support/test_registry.h"

using levee::simulator::RetryBudget;

class RetryBudgetTest : public QObject {
    Q_OBJECT
private slots:
    void tenCallsEarnOneRetryAtATenth() {
        RetryBudget budget(0.1);
        for (int k = 0; k < 9; ++k) {
            budget.onCall();
        }
        QVERIFY(!budget.take());
        budget.onCall();
        QVERIFY(budget.take());
        QVERIFY(!budget.take());
    }

    void quietTimesSaveUpTenRetriesAndNoMore() {
        RetryBudget budget(0.5);
        for (int k = 0; k < 1000; ++k) {
            budget.onCall();
        }
        for (int k = 0; k < 10; ++k) {
            QVERIFY(budget.take());
        }
        QVERIFY(!budget.take());
    }

    void zeroForbidsAndANegativeShareDoesNotBound() {
        RetryBudget none(0);
        RetryBudget all(-1);
        for (int k = 0; k < 100; ++k) {
            none.onCall();
            QVERIFY(!none.take());
            QVERIFY(all.take());
        }
    }
};

LEVEE_TEST(RetryBudgetTest)
#include "retry_budget_test.moc"
