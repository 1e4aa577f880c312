// SPDX-License-Identifier: Apache-2.0
// The limiter's rules one by one, on hand-made windows. How they work together is shown by
// limiter_scenario_test.cpp.
#include "shared/guard/adaptive_limit.h"

#include <QTest>
#include <cmath>
#include <limits>

#include "tests/support/test_registry.h"

using namespace levee;
using namespace std::chrono_literals;

namespace {

/// A service with `workers` and a constant service time, reckoned by formula.
struct Scene {
    AdaptiveLimit limit{LimiterSettings()};
    MonotonicTime now{1h};
    double workers = 4;
    double service = 0.02;
    double others = 0;    ///< seconds that a request waits for dependencies, holding no worker
    double demand = 1e9;  ///< requests in flight that the callers want

    void window(Duration length = 100ms) {
        const double allowed = limit.decision().maxInFlight();
        const double inFlight = std::min(allowed, demand);
        WindowSample s;
        s.length = length;
        s.timeout = 5s;
        s.inFlight = inFlight;
        s.maxInFlight = static_cast<std::uint32_t>(std::ceil(inFlight));
        const double own = std::max(service, inFlight / workers * service - others);
        const double latency = own + others;
        s.selfShare = own / latency;
        s.completed = static_cast<std::uint64_t>(inFlight / latency * toSeconds(length) + 0.5);
        s.latency.record(latency, s.completed);
        s.shed = demand > allowed ? s.completed * 3 : 0;
        limit.onWindow(s, now += length);
    }
    void windows(int n) {
        for (int i = 0; i < n; ++i) {
            window();
        }
    }
    /// Where the limit rests: a rise shows for a moment only.
    double restingLimit() {
        double least = 1e9;
        for (int i = 0; i < 40; ++i) {
            window();
            least = std::min(least, limit.decision().limit);
        }
        return least;
    }
    double restingOwnLimit() {
        double least = 1e9;
        for (int i = 0; i < 40; ++i) {
            window();
            least = std::min(least, limit.decision().ownLimit);
        }
        return least;
    }
    double baselineMillis() const { return limit.decision().baseline * 1e3; }
};

}  // namespace

class AdaptiveLimitTest : public QObject {
    Q_OBJECT
private slots:
    void itLearnsTheBaselineFromQuietWindows() {
        Scene s;
        s.demand = 1;
        s.windows(20);
        QVERIFY(std::abs(s.baselineMillis() - 20) < 0.1);
        QCOMPARE(s.limit.decision().reason, LimitReason::AppLimited);
        QCOMPARE(s.limit.decision().limit, 16.0);
    }
    void underOverloadItSettlesOneAboveFourWorkers() {
        Scene s;
        s.demand = 1;
        s.windows(20);
        s.demand = 1e9;
        s.windows(10);
        s.windows(60);
        QCOMPARE(std::lround(s.restingLimit()), 5L);
        QVERIFY(s.limit.decision().queueLimit == 1);
        QVERIFY(std::abs(s.baselineMillis() - 20) < 0.3);
    }
    void aColdStartUnderLoadFindsTheKneeFromEitherSide() {
        for (const double workers : {1.0, 2.0, 4.0, 16.0, 50.0, 400.0}) {
            Scene s;
            s.workers = workers;
            s.windows(150);
            const double least = workers;
            const double most = std::max(workers + 1.5, workers * 1.25);
            const double limit = s.restingLimit();
            QVERIFY2(limit >= least - 0.2 && limit <= most,
                     qPrintable(QString("%1 workers: %2").arg(workers).arg(limit)));
        }
    }
    void nobodyPressingMeansNoGrowth() {
        Scene s;
        s.workers = 1'000;
        s.demand = 10;
        s.windows(600);
        QCOMPARE(s.limit.decision().limit, 16.0);
    }
    void pressedWithoutAQueueItGrowsByFactors() {
        Scene s;
        s.workers = 1e9;
        s.demand = 5'000;
        s.windows(60);
        QVERIFY(s.limit.decision().limit >= 5'000);
        s.windows(600);
        QVERIFY(s.limit.decision().limit <= 12'000);
    }
    void aSlowerServiceRaisesTheBaselineOnceCuttingDidNotHelp() {
        Scene s;
        s.demand = 1;
        s.windows(20);
        s.demand = 1e9;
        s.windows(60);
        s.service = 0.06;
        s.windows(100);
        QVERIFY2(std::abs(s.baselineMillis() - 60) < 6,
                 qPrintable(QString::number(s.baselineMillis())));
        const double limit = s.limit.decision().limit;
        QVERIFY2(limit >= 4 && limit <= 6, qPrintable(QString::number(limit)));
    }
    void aFasterServiceLowersIt() {
        Scene s;
        s.windows(100);
        s.service = 0.01;
        s.windows(100);
        QVERIFY2(std::abs(s.baselineMillis() - 10) < 1,
                 qPrintable(QString::number(s.baselineMillis())));
        QCOMPARE(s.limit.decision().maxInFlight(), 5u);
    }
    void aSlowDependencyDoesNotShrinkTheServicesOwnLimit() {
        Scene s;
        s.workers = 20;
        s.others = 0.02;
        s.windows(60);
        const double own = s.restingOwnLimit();
        QVERIFY2(std::abs(own - 21.7) <= 1, qPrintable(QString::number(own)));
        s.others = 0.1;
        s.windows(60);
        const double still = s.restingOwnLimit();
        QVERIFY2(std::abs(still / own - 1) <= 0.1, qPrintable(QString::number(still)));
        const LimitDecision d = s.limit.decision();
        // Five of six requests under way wait for others: they are let in besides.
        const double ratio = d.limit / d.ownLimit;  // own queueing takes some of it
        QVERIFY2(ratio > 4.5 && ratio <= 6, qPrintable(QString::number(ratio)));
        s.others = 0.02;
        s.windows(60);
        QVERIFY(std::abs(s.restingOwnLimit() / own - 1) <= 0.1);
    }
    void aWholeThatHardlyWorksItselfIsBoundedNevertheless() {
        Scene s;
        s.others = 100;
        s.windows(300);
        QVERIFY(s.limit.decision().limit <= s.limit.decision().ownLimit * 50.001);
    }
    void capacityThatIsCutAndReturnsIsFollowedBothWays() {
        Scene s;
        s.workers = 40;
        s.windows(100);
        s.workers = 20;
        s.windows(20);
        QVERIFY(std::abs(s.restingLimit() - 21.7) <= 1);
        s.workers = 40;
        s.windows(20);
        QVERIFY(std::abs(s.restingLimit() - 43) <= 2);
    }
    void aLimitFarTooLowIsFoundOutByLettingMoreIn() {
        // Learned while a dependency was skipped: 15 ms; now each request takes 40 ms and nothing
        // queues.
        Scene s;
        s.workers = 1e9;
        s.service = 0.04;
        s.demand = 6;
        s.limit.restore({1, 0.015, 30});
        s.windows(100);
        QVERIFY2(s.restingLimit() >= 6, qPrintable(QString::number(s.limit.decision().limit)));
    }
    void aPoisonedMemoryIsFoundOut() {
        Scene s;
        s.limit.restore({400, 2.0, 200});
        s.windows(200);
        QVERIFY2(std::abs(s.baselineMillis() - 20) < 3,
                 qPrintable(QString::number(s.baselineMillis())));
        QVERIFY(s.restingLimit() < 6);
    }
    void aMemoryOfNonsenseIsIgnored() {
        Scene s;
        const double nan = std::numeric_limits<double>::quiet_NaN();
        s.limit.restore({nan, -1, std::numeric_limits<double>::infinity()});
        QCOMPARE(s.limit.decision().limit, 16.0);
        QVERIFY(std::isnan(s.limit.decision().baseline));
        s.limit.restore({1e12, 0, 0});
        QCOMPARE(s.limit.decision().limit, 10'000.0);
    }
    void idleWindowsTeachNothing() {
        Scene s;
        s.windows(100);
        const LimitMemory before = s.limit.save();
        for (int i = 0; i < 1'000; ++i) {
            s.limit.onWindow(WindowSample(), s.now += 100ms);
        }
        QCOMPARE(s.limit.save(), before);
    }
    void aWindowFromThePastOrWithoutLengthIsIgnored() {
        Scene s;
        s.windows(100);
        const LimitMemory before = s.limit.save();
        WindowSample bad;
        bad.completed = 1'000;
        bad.latency.record(100, 1'000);
        bad.shed = 10;
        for (int i = 0; i < 100; ++i) {
            s.limit.onWindow(bad, s.now - 1s);
        }
        bad.length = Duration::zero();
        for (int i = 0; i < 100; ++i) {
            s.limit.onWindow(bad, s.now += 100ms);
        }
        QCOMPARE(s.limit.save(), before);
    }
    void afterAGapItJudgesOnFreshWindowsOnly() {
        Scene s;
        s.windows(100);
        const double before = s.limit.decision().limit;
        s.now += 10s;
        s.windows(50);
        QVERIFY(std::abs(s.limit.decision().limit - before) <= 1);
    }
    void oneLongWindowIsAsGoodAsManyShort() {
        Scene s;
        s.demand = 1;
        s.windows(20);
        s.demand = 1e9;
        for (int i = 0; i < 20; ++i) {
            s.window(500ms);
        }
        QCOMPARE(s.limit.decision().maxInFlight(), 5u);
    }
    void failuresHoldTheLimit() {
        Scene s;
        s.windows(100);
        const double before = s.limit.decision().limit;
        for (int i = 0; i < 50; ++i) {
            WindowSample w;
            w.completed = 500;
            w.failed = 495;
            w.latency.record(0.001, 5);
            w.shed = 100;
            w.maxInFlight = 5;
            s.limit.onWindow(w, s.now += 100ms);
        }
        QCOMPARE(s.limit.decision().limit, before);
        QCOMPARE(s.limit.decision().reason, LimitReason::Failing);
    }
    void timeoutsShrinkIt() {
        Scene s;
        s.workers = 50;
        s.windows(100);
        const double before = s.limit.decision().limit;
        for (int i = 0; i < 30; ++i) {
            WindowSample w;
            w.timedOut = 6;
            w.timeout = 1s;
            w.shed = 100;
            w.maxInFlight = s.limit.decision().maxInFlight();
            s.limit.onWindow(w, s.now += 100ms);
        }
        QVERIFY(s.limit.decision().limit < before / 2);
        QVERIFY(s.limit.decision().limit >= 1);
    }
    void inShadowAProbeTeachesNothing() {
        AdaptiveLimit limit{
            LimiterSettings()};  // nobody enforces it: 40 in flight, whatever it says
        MonotonicTime now{1h};
        for (int i = 0; i < 300; ++i) {
            WindowSample w;
            w.completed = i < 20 ? 5 : 20;
            w.latency.record(i < 20 ? 0.02 : 0.2, w.completed);
            w.maxInFlight = i < 20 ? 1 : 40;
            w.inFlight = w.maxInFlight;
            limit.onWindow(w, now += 100ms);
        }
        QVERIFY(std::abs(limit.decision().baseline - 0.02) < 0.002);
        QCOMPARE(limit.decision().maxInFlight(), 5u);
    }
    void aStepOfGrowthIsTheSlackAndJudgedWhileItIsInForce() {
        Scene s;
        s.workers = 64;
        s.demand = 10;
        s.windows(20);
        s.demand = 1e9;
        s.windows(60);
        const double rest = s.restingLimit();
        while (s.limit.decision().limit > rest * 1.01) {  // a rise
            s.window();
        }
        s.workers = 1e9;
        const auto windowsUntilItGrows = [&] {
            const double before = s.limit.decision().limit;
            int windows = 0;
            for (; windows < 50 && s.limit.decision().limit <= before; ++windows) {
                s.window();
            }
            return windows;
        };
        windowsUntilItGrows();
        const double first = s.limit.decision().limit;
        QVERIFY2(first > rest + 0.5 && first <= rest * 1.07, qPrintable(QString::number(first)));
        // One until it is in force and requests have passed through, one to judge by.
        const int windows = windowsUntilItGrows();
        QVERIFY2(windows == 2, qPrintable(QString::number(windows)));
        s.windows(20);
        QVERIFY(s.limit.decision().limit >= 2 * rest);
    }
    void aWindowWithoutAnswersKeepsTheShareOfOwnWork() {
        Scene s;
        s.workers = 20;
        s.others = 0.02;
        s.windows(60);
        const double own = s.restingOwnLimit();
        WindowSample w;  // a breaker refuses the calls: all fail
        w.completed = w.failed = 50;
        w.maxInFlight = 3;
        s.limit.onWindow(w, s.now += 100ms);
        QVERIFY(std::abs(s.limit.decision().ownLimit / own - 1) <= 0.1);
        w.failed = 0;
        w.latency.record(0.02, 50);  // answers whose share nobody knows: whole requests count
        s.limit.onWindow(w, s.now += 100ms);
        QVERIFY(s.limit.decision().ownLimit >= own * 1.5);
    }
    void onASharedServiceRoomThatIsNotUsedIsLeftToOthers() {
        for (const bool isShared : {true, false}) {
            AdaptiveLimit limit{LimiterSettings(), {.isShared = isShared}};
            MonotonicTime now{1h};
            const auto windows = [&](double latency) {
                for (int i = 0; i < 60; ++i) {
                    WindowSample w;
                    w.inFlight = 6;
                    w.maxInFlight = 6;
                    w.completed = static_cast<std::uint64_t>(w.inFlight / latency / 10 + 0.5);
                    w.latency.record(latency, w.completed);
                    limit.onWindow(w, now += 100ms);
                }
            };
            windows(0.02);
            QCOMPARE(limit.decision().limit, 16.0);
            windows(0.03);  // the others' queue
            const double left = limit.decision().limit;
            QVERIFY2(isShared ? left >= 6.5 && left < 9 : left == 16,
                     qPrintable(QString::number(left)));
        }
    }
    void theSettingsBoundIt() {
        LimiterSettings settings;
        settings.minLimit = 8;
        settings.maxLimit = 12;
        Scene s;
        s.limit.reconfigure(settings);
        s.windows(100);
        QVERIFY(s.limit.decision().maxInFlight() >= 8 && s.limit.decision().maxInFlight() <= 10);
        s.workers = 1'000;
        s.windows(100);
        QCOMPARE(s.limit.decision().maxInFlight(), 12u);
    }
    void anAskedForQueueIsKept() {
        LimiterSettings settings;
        settings.queue = 0;
        Scene s;
        s.limit.reconfigure(settings);
        QCOMPARE(s.limit.decision().queueLimit, 0u);
    }
};

LEVEE_TEST(AdaptiveLimitTest)
#include "adaptive_limit_test.moc"
