// SPDX-License-Identifier: Apache-2.0
#include "dashboard/client/backoff.h"

#include <QTest>

#include "tests/support/test_registry.h"

using namespace levee;
using namespace std::chrono_literals;

class BackoffTest : public QObject {
    Q_OBJECT
private slots:
    void everyDelayLiesBetweenTheLeastAndTheDoubledCap() {
        Backoff backoff(100ms, 10s, 7);
        Duration cap = 100ms;
        for (int i = 0; i < 50; ++i) {
            cap = std::min<Duration>(10s, cap * 2);
            const Duration delay = backoff.next();
            QVERIFY(delay >= 100ms);
            QVERIFY(delay <= cap);
        }
    }
    void aSuccessStartsFromTheLeastAgain() {
        Backoff backoff(100ms, 10s, 7);
        for (int i = 0; i < 20; ++i)
            backoff.next();
        backoff.reset();
        QVERIFY(backoff.next() <= 200ms);
    }
    void twoDashboardsDoNotKnockTogether() {
        Backoff a(100ms, 10s, 1);
        Backoff b(100ms, 10s, 2);
        int together = 0;
        for (int i = 0; i < 20; ++i)
            together += a.next() == b.next();
        QCOMPARE(together, 0);
    }
};

LEVEE_TEST(BackoffTest)
#include "backoff_test.moc"
