// SPDX-License-Identifier: Apache-2.0
#include "shared/guard/gradient2_limit.h"

#include <QTest>
#include <cmath>

#include "tests/shared/guard/window_feed.h"
#include "tests/support/test_registry.h"

using namespace levee;
using namespace levee::test;
using namespace std::chrono_literals;

namespace {

struct Scene {
    Gradient2Limit limit{LimiterSettings()};
    WindowFeed feed{limit};

    /// A second of answers of one latency is one sample.
    double second(double latency, std::uint32_t inFlight = 1'000) {
        feed.give(answers(10, latency, inFlight), 10);
        return limit.decision().limit;
    }
    double longTermMillis() const { return limit.decision().baseline * 1e3; }
};

bool isNear(double value, double expected) {
    return std::abs(value - expected) < 1e-6;
}

}  // namespace

class Gradient2LimitTest : public QObject {
    Q_OBJECT
private slots:
    void withoutAQueueItGrowsByAFifthOfFour() {
        Scene s;
        QVERIFY(isNear(s.second(0.02), 20.8));  // 0.8 * 20 + 0.2 * (20 + 4)
        QVERIFY(isNear(s.second(0.02), 21.6));
        QCOMPARE(s.limit.decision().reason, LimitReason::Growing);
    }
    void aSlowerAnswerLowersTheGradient() {
        Scene s;
        s.second(0.02);
        // The average of two is 60 ms: gradient 1.5 * 60 / 100 = 0.9, 16.64 + 0.2 * (18.72 + 4).
        QVERIFY(isNear(s.second(0.1), 21.184));
        QVERIFY(isNear(s.longTermMillis(), 60));
    }
    void theLongTermAverageIsPlainForTenSamplesAndSlowAfterwards() {
        Scene s;
        for (int i = 0; i < 9; ++i) {
            s.second(0.02);
        }
        s.second(0.04);
        QVERIFY(isNear(s.longTermMillis(), 22));
        // From 27.2, with 1.5 * 22 / 40 = 0.825: 21.76 + 0.2 * (22.44 + 4).
        QVERIFY(isNear(s.limit.decision().limit, 27.048));
        s.second(0.0821);
        QVERIFY(isNear(s.longTermMillis(), 22 + 2 * 60.1 / 601));
        // 1.5 * 22.2 / 82.1 = 0.41, so a half: 21.6384 + 0.2 * (13.524 + 4).
        QVERIFY(isNear(s.limit.decision().limit, 25.1432));
    }
    void anAverageMoreThanTwiceTooHighFallsFaster() {
        Scene s;
        for (int i = 0; i < 10; ++i) {
            s.second(0.06);
        }
        s.second(0.03);  // (60 - 30 * 2/601) / 30 is below two
        const double before = 60 - 60.0 / 601;
        QVERIFY(isNear(s.longTermMillis(), before));
        s.second(0.029);  // and with 29 it is above
        QVERIFY(isNear(s.longTermMillis(), (before + (29 - before) * 2 / 601) * 0.95));
    }
    void lessThanHalfUsedHoldsItButTheAverageLearns() {
        Scene s;
        QCOMPARE(s.second(0.02, 9), 20.0);
        QCOMPARE(s.limit.decision().reason, LimitReason::AppLimited);
        QVERIFY(isNear(s.longTermMillis(), 20));
        QVERIFY(isNear(s.second(0.02, 10), 20.8));
    }
    void aSecondWithFewerThanTenAnswersTeachesNothing() {
        Scene s;
        s.feed.give(answers(1, 0.02, 50), 9);
        s.feed.give(answers(0, 0, 50));
        QCOMPARE(s.limit.decision().limit, 20.0);
        s.feed.give(answers(1, 0.02, 50), 10);
        QVERIFY(isNear(s.limit.decision().limit, 20.8));
    }
    void itsOwnBoundsAreTwentyAndTwoHundred() {
        Scene s;
        for (int i = 0; i < 400; ++i) {
            s.second(0.02);
        }
        QCOMPARE(s.limit.decision().limit, 200.0);
        for (int i = 0; i < 60; ++i) {
            s.second(0.2);
        }
        QCOMPARE(s.limit.decision().limit, 20.0);
    }
    void timeoutsDoNotCountAsSuch() {  // upstream issue 176
        Scene s;
        WindowSample sample = answers(10, 0.02, 50);
        sample.timedOut = 10;
        sample.timeout = Duration::zero();
        s.feed.give(sample, 10);
        QVERIFY(isNear(s.limit.decision().limit, 20.8));
    }
    void aServiceThatOnlyTimesOutIsGivenEverMore() {  // upstream issue 137
        Scene s;
        for (int i = 0; i < 60; ++i) {
            s.second(0.02);
        }
        s.feed.give(timeouts(10, 300), 10 * 60);
        QCOMPARE(s.limit.decision().limit, 20.0);
        s.feed.give(timeouts(10, 300), 10 * 1'200);
        QCOMPARE(s.limit.decision().limit, 200.0);
    }
};

LEVEE_TEST(Gradient2LimitTest)
#include "gradient2_limit_test.moc"
