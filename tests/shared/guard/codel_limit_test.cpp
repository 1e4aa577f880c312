// SPDX-License-Identifier: Apache-2.0
#include "shared/guard/codel_limit.h"

#include <QTest>

#include "tests/shared/guard/window_feed.h"
#include "tests/support/test_registry.h"

using namespace levee;
using namespace levee::test;
using namespace std::chrono_literals;

namespace {

LimiterSettings withLimit(std::uint32_t limit, std::int32_t queue = -1) {
    LimiterSettings settings;
    settings.kind = LimiterKind::Codel;
    settings.limit = limit;
    settings.queue = queue;
    return settings;
}

struct Scene {
    CodelLimit limit;
    WindowFeed feed{limit};

    explicit Scene(const LimiterSettings& settings) : limit(settings) {}

    std::uint32_t queueAfter(std::uint64_t count, double leastWait) {
        WindowSample s = answers(count, 0.02, 20);
        s.leastQueueWait = leastWait;
        feed.give(s);
        return limit.decision().queueLimit;
    }
};

}  // namespace

class CodelLimitTest : public QObject {
    Q_OBJECT
private slots:
    void theConcurrencyIsTheOneOfTheRule() {
        Scene s(withLimit(30));
        s.queueAfter(100, 0.05);
        QCOMPARE(s.limit.decision().limit, 30.0);
        s.limit.reconfigure(withLimit(0));
        QCOMPARE(s.limit.decision().limit, 10'000.0);
    }
    void aWaitOfTheTargetIsNoOverloadAndOneAboveIs() {
        Scene s(withLimit(30));
        QCOMPARE(s.queueAfter(100, 0.005), 30u);
        QCOMPARE(s.limit.decision().reason, LimitReason::Fixed);
        QCOMPARE(s.queueAfter(100, 0.0051), 10u);  // 1,000 a second drain 10 in 10 ms
        QCOMPARE(s.limit.decision().reason, LimitReason::Shrinking);
        QCOMPARE(s.queueAfter(100, 0.005), 30u);
    }
    void theQueueFollowsTheRate() {
        Scene s(withLimit(30));
        QCOMPARE(s.queueAfter(150, 0.02), 15u);
        QCOMPARE(s.queueAfter(25, 0.02), 2u);
        QCOMPARE(s.queueAfter(5, 0.02), 1u);  // 0.5, but one may wait
        QCOMPARE(s.queueAfter(1'000, 0.02), 30u);
    }
    void timeoutsHeldASlotToo() {
        Scene s(withLimit(30));
        WindowSample sample = timeouts(100, 30);
        sample.leastQueueWait = 0.02;
        s.feed.give(sample);
        QCOMPARE(s.limit.decision().queueLimit, 10u);
    }
    void theRulesQueueBoundsIt() {
        Scene s(withLimit(30, 4));
        QCOMPARE(s.queueAfter(100, 0.001), 4u);
        QCOMPARE(s.queueAfter(100, 0.02), 4u);
        QCOMPARE(s.queueAfter(20, 0.02), 2u);
        s.limit.reconfigure(withLimit(30, 0));
        QCOMPARE(s.limit.decision().queueLimit, 0u);
    }
    void aWindowInWhichNothingHappenedChangesNothing() {
        Scene s(withLimit(30));
        s.queueAfter(100, 0.02);
        QCOMPARE(s.queueAfter(0, 0), 10u);
        QCOMPARE(s.queueAfter(100, 0), 30u);
    }
    void theShortestWaitOfAnIntervalDecides() {
        Scene s(withLimit(30));
        WindowSample sample = answers(10, 0.02, 20);
        sample.length = 10ms;
        sample.leastQueueWait = 0.02;
        s.feed.give(sample, 9);
        QCOMPARE(s.limit.decision().queueLimit, 30u);
        s.feed.give(sample);
        QCOMPARE(s.limit.decision().queueLimit, 10u);
        s.feed.give(sample, 9);
        sample.leastQueueWait = 0.004;
        s.feed.give(sample);
        QCOMPARE(s.limit.decision().queueLimit, 30u);
    }
};

LEVEE_TEST(CodelLimitTest)
#include "codel_limit_test.moc"
