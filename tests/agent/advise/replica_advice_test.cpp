// SPDX-License-Identifier: Apache-2.0
#include "agent/advise/replica_advice.h"

#include <QTest>

#include "tests/support/test_registry.h"

using namespace levee;
using namespace std::chrono_literals;

namespace {

/// One instance: limit 4, 20 ms unloaded, so 200 requests/s.
ServiceLoad payment(double demand, double shed = 0, int instances = 1) {
    return {"payment", instances, demand, shed, 4.0 * instances, 0.020, 1};
}

}  // namespace

class ReplicaAdviceTest : public QObject {
    Q_OBJECT
    MonotonicTime now_{1h};
    ReplicaAdvisor advisor_;

    Advice after(Duration pause, const ServiceLoad& load) {
        now_ += pause;
        return advisor_.advise({load}, now_).at(0);
    }
private slots:
    void init() { advisor_ = ReplicaAdvisor(); }

    void shedRequestsAskForMoreAtOnce() {
        const Advice advice = after(1s, payment(1000, 800));
        QCOMPARE(advice.recommended, 7);  // 1000 / (0.8 * 200) = 6.25
        QCOMPARE(advice.capacity, 200.0);
        QCOMPARE(advice.confidence, Confidence::High);
        QVERIFY(advice.reason.find("1e+03") == std::string::npos);
        QVERIFY(advice.reason.find("7 instances") != std::string::npos);
    }
    void withoutPressureThePresentNumberStands() {
        const Advice advice = after(1s, payment(1000, 0, 3));
        QCOMPARE(advice.recommended, 3);
        QCOMPARE(advice.confidence, Confidence::Low);
    }
    void fewerOnlyFromTheTenMinutePeak() {
        (void)after(1s, payment(700, 10, 5));
        QCOMPARE(after(5min, payment(100, 1, 5)).recommended, 5);
        QCOMPARE(after(4min, payment(100, 1, 5)).recommended, 5);
        QCOMPARE(after(2min, payment(100, 1, 5)).recommended, 1);
    }
    void anExactFitIsNotRoundedUp() { QCOMPARE(after(1s, payment(320, 1)).recommended, 2); }
    void nothingLearnedKeepsTheNumberAndSaysSo() {
        ServiceLoad load = payment(500, 0, 2);
        load.limit = kUnknown;
        const Advice advice = after(1s, load);
        QCOMPARE(advice.recommended, 2);
        QVERIFY(advice.reason.find("not learned") != std::string::npos);
    }
    void noInstanceCountMeansOne() { QCOMPARE(after(1s, payment(10, 0, 0)).current, 1); }
};

LEVEE_TEST(ReplicaAdviceTest)
#include "replica_advice_test.moc"
