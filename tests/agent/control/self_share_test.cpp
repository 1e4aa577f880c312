// SPDX-License-Identifier: Apache-2.0
#include "agent/control/self_share.h"

#include <QTest>
#include <cmath>

#include "tests/support/test_registry.h"

using namespace levee;
using namespace std::chrono_literals;

class SelfShareTest : public QObject {
    Q_OBJECT
private:
    static constexpr MonotonicTime kStart{1h};

    static void feed(SelfShare& shares, double work, double calls, MonotonicTime from,
                     int windows) {
        for (int i = 0; i < windows; ++i)
            shares.add("checkout", work, calls, from + i * 100ms);
    }

private slots:
    void withoutTracesNothingIsKnown() {
        SelfShare shares;
        feed(shares, 1, 0.5, kStart, 10);
        QVERIFY(std::isnan(shares.shareOf("checkout", kStart + 1s)));
        QVERIFY(std::isnan(shares.shareOf("web", kStart + 1s)));
    }
    void itIsTheTimeInRequestsLessTheTimeInCalls() {
        SelfShare shares;
        feed(shares, 1, 0.6, kStart, 10);
        shares.addTraced("checkout", 0.5, kStart + 1s);
        QVERIFY(std::abs(shares.shareOf("checkout", kStart + 1s) - 0.4) < 1e-9);
    }
    void aDependencyThatSlowsDownIsSeenWithinASecond() {
        SelfShare shares;
        feed(shares, 1, 0.5, kStart, 50);
        shares.addTraced("checkout", 0.5, kStart + 5s);
        feed(shares, 3, 2.5, kStart + 5s, 10);
        const double share = shares.shareOf("checkout", kStart + 6s);
        QVERIFY2(share > 0.15 && share < 0.26, qPrintable(QString::number(share)));
    }
    void callsThatNobodyAskedForDoNotMakeTheLimitBoundless() {
        SelfShare shares;
        feed(shares, 1, 7, kStart, 10);
        shares.addTraced("checkout", 0.8, kStart + 1s);
        QCOMPARE(shares.shareOf("checkout", kStart + 1s), 0.2);
    }
    void tracesAreRememberedForTenMinutes() {
        SelfShare shares;
        feed(shares, 1, 0.6, kStart, 10);
        shares.addTraced("checkout", 0.5, kStart);
        QVERIFY(!std::isnan(shares.shareOf("checkout", kStart + 10min)));
        QVERIFY(std::isnan(shares.shareOf("checkout", kStart + 10min + 1ns)));
    }
    void sharesThatMakeNoSenseAreIgnored() {
        SelfShare shares;
        feed(shares, 1, 0.6, kStart, 10);
        for (const double share : {0.0, -1.0, 1.1, std::nan("")})
            shares.addTraced("checkout", share, kStart);
        QVERIFY(std::isnan(shares.shareOf("checkout", kStart + 1s)));
    }
};

LEVEE_TEST(SelfShareTest)
#include "self_share_test.moc"
