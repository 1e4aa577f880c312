// SPDX-License-Identifier: Apache-2.0
#include "shared/guard/vegas_limit.h"

#include <QTest>
#include <cmath>

#include "tests/shared/guard/window_feed.h"
#include "tests/support/test_registry.h"

using namespace levee;
using namespace levee::test;

namespace {

struct Scene {
    VegasLimit limit{LimiterSettings()};
    WindowFeed feed{limit};

    /// A second of answers of one latency is one sample.
    double second(double latency, std::uint32_t inFlight = 1'000) {
        feed.give(answers(10, latency, inFlight), 10);
        return limit.decision().limit;
    }
    double baseline() const { return limit.decision().baseline; }
};

}  // namespace

class VegasLimitTest : public QObject {
    Q_OBJECT
private slots:
    void theFirstSampleIsTheBaselineAndALowerOneReplacesIt() {
        Scene s;
        QCOMPARE(s.second(0.02), 20.0);
        QVERIFY(std::abs(s.baseline() - 0.02) < 1e-12);
        QCOMPARE(s.second(0.01), 20.0);
        QVERIFY(std::abs(s.baseline() - 0.01) < 1e-12);
        s.second(0.02);
        QVERIFY(std::abs(s.baseline() - 0.01) < 1e-12);
    }
    void theStepsFollowTheQueue() {
        Scene s;
        s.second(0.02);
        QCOMPARE(s.second(0.02), 26.0);   // queue 0: 6 * step
        QCOMPARE(s.second(0.021), 27.0);  // ceil(26 * 1/21) = 2, below 3
        QCOMPARE(s.second(0.022), 27.0);  // ceil(27 * 2/22) = 3: in between
        QCOMPARE(s.limit.decision().reason, LimitReason::Balanced);
        QCOMPARE(s.second(0.0255), 27.0);  // ceil(27 * 5.5/25.5) = 6
        QCOMPARE(s.second(0.028), 26.0);   // ceil(27 * 8/28) = 8, above 6
    }
    void atAHundredTheStepIsTwo() {
        Scene s;
        s.limit.restore({.limit = 99});
        s.second(0.02);
        QCOMPARE(s.second(0.02), 105.0);
        QCOMPARE(s.second(0.02), 117.0);
        QCOMPARE(s.second(0.04), 115.0);
    }
    void aTimeoutLowersItByAStep() {
        Scene s;
        s.second(0.02);
        WindowSample one = answers(10, 0.02, 20);
        one.timedOut = 1;
        s.feed.give(one, 10);
        QCOMPARE(s.limit.decision().limit, 19.0);
    }
    void lessThanHalfUsedHoldsIt() {
        Scene s;
        s.second(0.02);
        QCOMPARE(s.second(0.02, 9), 20.0);
        QCOMPARE(s.limit.decision().reason, LimitReason::AppLimited);
        QCOMPARE(s.second(0.02, 10), 26.0);
    }
    void aSecondWithFewerThanTenAnswersTeachesNothing() {
        Scene s;
        s.feed.give(answers(1, 0.02, 5), 9);
        s.feed.give(answers(0, 0, 5));
        QVERIFY(std::isnan(s.baseline()));
        s.feed.give(answers(1, 0.02, 5), 10);
        QVERIFY(!std::isnan(s.baseline()));
    }
    void answersOfLessThanAHundredMicrosecondsAreLeftOut() {
        Scene s;
        s.second(0.00009);
        QVERIFY(std::isnan(s.baseline()));
        s.second(0.00011);
        QVERIFY(std::abs(s.baseline() - 0.00011) < 1e-12);
    }
    void itsOwnBoundsAreOneAndAThousand() {
        Scene s;
        s.limit.restore({.limit = 995});
        s.second(0.02);
        QCOMPARE(s.second(0.02), 1'000.0);
        s.limit.restore({.limit = 2});
        for (int i = 0; i < 5; ++i) {
            s.feed.give(timeouts(10, 20), 10);
        }
        QCOMPARE(s.limit.decision().limit, 1.0);
    }
    /// After 15 to 30 times the limit samples; the second time after another count.
    void theProbeTakesTheLatencyOfTheMomentForUnloaded() {
        Scene s;
        s.second(0.02, 1);
        int first = 1;
        for (; s.baseline() < 0.05; ++first) {
            s.second(0.1, 1);
        }
        QVERIFY2(first >= 300 && first <= 600, qPrintable(QString::number(first)));
        QVERIFY(std::abs(s.baseline() - 0.1) < 1e-12);
        int second = 0;
        for (; s.baseline() < 0.2; ++second) {
            s.second(0.3, 1);
        }
        QVERIFY2(second >= 300 && second <= 600, qPrintable(QString::number(second)));
        QVERIFY(first != second);
    }
};

LEVEE_TEST(VegasLimitTest)
#include "vegas_limit_test.moc"
