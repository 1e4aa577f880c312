// SPDX-License-Identifier: Apache-2.0
#include "shared/guard/envoy_gradient_limit.h"

#include <QTest>
#include <cmath>

#include "tests/shared/guard/window_feed.h"
#include "tests/support/test_registry.h"

using namespace levee;
using namespace levee::test;
using namespace std::chrono_literals;

namespace {

struct Scene {
    EnvoyGradientLimit limit;
    WindowFeed feed{limit};

    /// Decisions are in force at once, so each window is an update.
    explicit Scene(LimitLoop loop = {.actuation = Duration::zero()})
        : limit(LimiterSettings(), loop) {}

    double after(const WindowSample& sample, int times = 1) {
        feed.give(sample, times);
        return limit.decision().limit;
    }
    bool isMeasuring() const { return limit.decision().reason == LimitReason::Probing; }
    void measureBaseline(double latency) { feed.give(answers(50, latency, 3)); }
};

}  // namespace

class EnvoyGradientLimitTest : public QObject {
    Q_OBJECT
private slots:
    void itStartsByMeasuringFiftyRequestsAtThreeInFlight() {
        Scene s;
        QVERIFY(s.isMeasuring());
        QCOMPARE(s.after(answers(49, 0.02, 3)), 3.0);
        QVERIFY(s.isMeasuring());
        s.after(answers(1, 0.02, 3));
        QVERIFY(!s.isMeasuring());
        QCOMPARE(s.limit.decision().baseline, 0.02);
    }
    void theLimitFollowsTheGradientAndItsSquareRoot() {
        Scene s;
        s.measureBaseline(0.02);
        QCOMPARE(s.after(answers(15, 0.02, 3)), 5.0);    // 3.75 + 1.94
        QCOMPARE(s.after(answers(25, 0.02, 5)), 8.0);    // 6.25 + 2.5
        QCOMPARE(s.after(answers(40, 0.02, 8)), 13.0);   // 10 + 3.16
        QCOMPARE(s.after(answers(40, 0.05, 13)), 9.0);   // 25/50: 6.5 + 2.55
        QCOMPARE(s.after(answers(40, 0.5, 9)), 6.0);     // a half at least: 4.5 + 2.12
        QCOMPARE(s.after(answers(40, 0.001, 6)), 15.0);  // two at most: 12 + 3.46
    }
    void aWindowWithoutAnAnswerChangesNothing() {
        Scene s;
        s.measureBaseline(0.02);
        QCOMPARE(s.after(answers(15, 0.02, 3)), 5.0);
        QCOMPARE(s.after(WindowSample(), 100), 5.0);
    }
    void aTimeoutCountsAsTheTimeout() {
        Scene s;
        s.measureBaseline(0.02);
        QCOMPARE(s.after(answers(15, 0.02, 3)), 5.0);
        QCOMPARE(s.after(timeouts(3, 5)), 4.0);  // 2.5 + 1.58
    }
    void shortWindowsAreJoinedToATenthOfASecond() {
        Scene s;
        s.measureBaseline(0.02);
        WindowSample tenMillis = answers(2, 0.02, 3);
        tenMillis.length = 10ms;
        QCOMPARE(s.after(tenMillis, 9), 3.0);
        QCOMPARE(s.after(tenMillis), 5.0);
    }
    void whereADecisionTakesATenthOfASecondEverySecondWindowCounts() {
        Scene s(LimitLoop{});
        s.measureBaseline(0.02);
        QCOMPARE(s.after(answers(15, 0.02, 3)), 3.0);
        QCOMPARE(s.after(answers(15, 0.02, 3)), 5.0);
        QCOMPARE(s.after(answers(15, 0.02, 3)), 5.0);
        QCOMPARE(s.after(answers(15, 0.02, 3)), 8.0);
    }
    void itsOwnBoundsAreThreeAndAThousand() {
        Scene s;
        s.measureBaseline(0.02);
        QCOMPARE(s.after(answers(1'000, 0.01, 900), 20), 1'000.0);
        QCOMPARE(s.after(answers(10, 0.2, 900), 10), 5.0);
        QCOMPARE(s.after(answers(10, 0.2, 900)), 4.0);  // 2.5 + 1.58
        QCOMPARE(s.after(answers(10, 0.2, 900)), 3.0);  // 2 + 1.41
        QCOMPARE(s.after(answers(10, 0.2, 900)), 3.0);  // 1.5 + 1.22
    }
    void itMeasuresAgainAfterAMinuteAndAtMostFifteenPercentMore() {
        Scene s;
        s.measureBaseline(0.02);
        double shortest = 1e9;
        double longest = 0;
        for (int round = 0; round < 50; ++round) {
            const MonotonicTime begin = s.feed.now();
            double before = 0;
            while (!s.isMeasuring()) {
                before = s.limit.decision().limit;
                s.feed.give(answers(100, 0.03, 20));
            }
            const double waited = toSeconds(s.feed.now() - begin);
            shortest = std::min(shortest, waited);
            longest = std::max(longest, waited);
            QCOMPARE(s.limit.decision().limit, 3.0);  // nearly all of the traffic is refused
            QCOMPARE(s.limit.save().limit, before);
            s.measureBaseline(0.02);
            QCOMPARE(s.limit.decision().limit, before);
        }
        QVERIFY2(shortest >= 60 && shortest < 62, qPrintable(QString::number(shortest)));
        QVERIFY2(longest > 67 && longest <= 69.1, qPrintable(QString::number(longest)));
    }
    void andAfterFiveUpdatesAtTheMinimum() {
        Scene s;
        s.measureBaseline(0.02);
        s.after(answers(10, 0.2, 3), 4);
        QVERIFY(!s.isMeasuring());
        s.after(answers(10, 0.02, 3));
        QCOMPARE(s.after(answers(10, 0.2, 3)), 4.0);  // 5 * 0.5 + 1.58
        QCOMPARE(s.after(answers(10, 0.2, 3)), 3.0);  // 2 + 1.41: here it arrives
        s.after(answers(10, 0.2, 3), 4);
        QVERIFY(!s.isMeasuring());
        s.after(answers(10, 0.2, 3));
        QVERIFY(s.isMeasuring());
    }
    void whatIsSlowMeanwhileBecomesTheBaseline() {  // upstream issue 38338
        Scene s;
        s.measureBaseline(0.02);
        while (!s.isMeasuring()) {
            s.feed.give(answers(100, 0.03, 20));
        }
        s.measureBaseline(0.2);
        QCOMPARE(s.limit.decision().baseline, 0.2);
    }
    void requestsFromBeforeAreWaitedFor() {
        Scene s;
        s.after(answers(50, 0.5, 40), 3);
        QVERIFY(s.isMeasuring());
        s.measureBaseline(0.02);
        QCOMPARE(s.limit.decision().baseline, 0.02);
    }
    void butNotForEverWhereNobodyEnforcesTheLimit() {
        Scene s;
        s.after(answers(50, 0.5, 40), 100);
        QVERIFY(s.isMeasuring());
        s.after(answers(50, 0.5, 40));
        QVERIFY(!s.isMeasuring());
    }
    void aMemoryIsTakenUpAfterTheMeasurement() {
        Scene s;
        s.limit.restore({.limit = 70});
        QCOMPARE(s.limit.decision().limit, 3.0);
        s.measureBaseline(0.02);
        QCOMPARE(s.limit.decision().limit, 70.0);
    }
};

LEVEE_TEST(EnvoyGradientLimitTest)
#include "envoy_gradient_limit_test.moc"
