// SPDX-License-Identifier: Apache-2.0
#include "shared/guard/aimd_limit.h"

#include <QTest>

#include "tests/shared/guard/window_feed.h"
#include "tests/support/test_registry.h"

using namespace levee;
using namespace levee::test;

namespace {

struct Scene {
    AimdLimit limit{LimiterSettings()};
    WindowFeed feed{limit};

    double after(const WindowSample& sample, int times = 1) {
        feed.give(sample, times);
        return limit.decision().limit;
    }
};

}  // namespace

class AimdLimitTest : public QObject {
    Q_OBJECT
private slots:
    void eachAnswerAddsOne() {
        Scene s;
        QCOMPARE(s.limit.decision().limit, 20.0);
        QCOMPARE(s.after(answers(15, 0.02, 20)), 35.0);
        QCOMPARE(s.limit.decision().reason, LimitReason::Growing);
    }
    void butOnlyWhileHalfOfItIsUsed() {
        Scene s;
        QCOMPARE(s.after(answers(100, 0.02, 20)), 41.0);  // 2 * 20 >= 40, not 41
        QCOMPARE(s.after(answers(100, 0.02, 20)), 41.0);
        QCOMPARE(s.limit.decision().reason, LimitReason::AppLimited);
        QCOMPARE(s.after(answers(100, 0.02, 9)), 41.0);
    }
    void atTwoHundredItIsOver() {
        Scene s;
        QCOMPARE(s.after(answers(179, 0.02, 150)), 199.0);
        QCOMPARE(s.after(answers(2, 0.02, 150)), 200.0);
    }
    void eachTimeoutTakesATenth() {
        Scene s;
        s.after(answers(180, 0.02, 150));
        QCOMPARE(s.after(timeouts(1, 150)), 180.0);
        QCOMPARE(s.after(timeouts(2, 150)), 145.0);  // 162, 145.8
        QCOMPARE(s.limit.decision().reason, LimitReason::Shrinking);
        QCOMPARE(s.after(timeouts(1'000, 150)), 20.0);
    }
    void moreThanFiveSecondsIsATimeout() {
        Scene s;
        s.after(answers(180, 0.02, 150));
        QCOMPARE(s.after(answers(1, 5, 150)), 200.0);
        QCOMPARE(s.after(answers(1, 5.2, 150)), 180.0);
    }
    void noLatencyBelowThatLowersIt() {  // the known failing
        Scene s;
        QCOMPARE(s.after(answers(200, 0.02, 200)), 200.0);
        QCOMPARE(s.after(answers(200, 4.5, 200), 600), 200.0);
    }
    void failuresAreLeftOut() {
        Scene s;
        WindowSample failing;
        failing.completed = failing.failed = 100;
        failing.inFlight = failing.maxInFlight = 20;
        QCOMPARE(s.after(failing, 10), 20.0);
    }
};

LEVEE_TEST(AimdLimitTest)
#include "aimd_limit_test.moc"
