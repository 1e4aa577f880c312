// SPDX-License-Identifier: Apache-2.0
#include "shared/guard/guard.h"

#include <QTest>
#include <cmath>

#include "tests/support/test_registry.h"

using namespace levee;
using namespace std::chrono_literals;

namespace {

const MonotonicTime kStart{1h};
constexpr GuardParts kService{.limiter = true, .breaker = false};
constexpr GuardParts kEdge{.limiter = false, .breaker = true};

WindowSample window(int answers, double seconds, int shed = 0, std::uint32_t inFlight = 4) {
    WindowSample s;
    s.completed = static_cast<std::uint64_t>(answers);
    s.latency.record(seconds, s.completed);
    s.shed = static_cast<std::uint64_t>(shed);
    s.maxInFlight = inFlight;
    s.inFlight = inFlight;
    return s;
}

void fail(Guard& guard, int n, MonotonicTime now) {
    for (int i = 0; i < n; ++i) {
        guard.onResult({CallResult::Kind::Failure, 1ms}, now, now);
    }
}

GuardSettings withMode(GuardMode mode) {
    GuardSettings s;
    s.mode = mode;
    return s;
}

}  // namespace

class GuardTest : public QObject {
    Q_OBJECT
private slots:
    void aServiceGuardLimits() {
        Guard guard("payment", kService, {}, 1, kStart);
        const GuardState s = guard.state(kStart);
        QCOMPARE(s.subject, std::string("payment"));
        QVERIFY(s.hasLimit && !s.hasBreaker);
        QCOMPARE(guard.desired().maxInFlight, 16u);
        QCOMPARE(guard.desired().admitShare, 1.0);
        QVERIFY(!guard.forceOpen(kStart + 1s, kStart));
    }
    void anEdgeGuardBreaks() {
        Guard guard("checkout->payment", kEdge, {}, 1, kStart);
        fail(guard, 10, kStart);
        QCOMPARE(guard.desired().admitShare, 0.0);
        QCOMPARE(guard.desired().maxInFlight, 0u);
        const GuardState s = guard.state(kStart);
        QVERIFY(s.hasBreaker && !s.hasLimit);
        QCOMPARE(s.breaker, BreakerState::Open);
        QCOMPARE(s.trips, 1);
        QVERIFY(std::isnan(s.limit));
        const auto events = guard.takeEvents();
        QCOMPARE(events.size(), std::size_t{1});
        QCOMPARE(events[0].severity, EventSeverity::Critical);
        QVERIFY(guard.takeEvents().empty());
    }
    void inShadowItDecidesAndAsksForNothing() {
        Guard guard("a->b", {.limiter = true, .breaker = true}, withMode(GuardMode::Shadow), 1,
                    kStart);
        fail(guard, 10, kStart);
        guard.onWindow(window(20, 0.02, 0, 40), kStart + 100ms);
        QCOMPARE(guard.desired(), GuardDesired{});
        QCOMPARE(guard.decided().admitShare, 0.0);
        QCOMPARE(guard.state(kStart).breaker, BreakerState::Open);
        QVERIFY(guard.wouldHaveShed() > 0);
        QCOMPARE(guard.takeEvents().size(), std::size_t{1});
    }
    void switchedOffItLooksAtNothing() {
        Guard guard("a->b", {.limiter = true, .breaker = true}, withMode(GuardMode::Off), 1,
                    kStart);
        fail(guard, 10, kStart);
        QCOMPARE(guard.state(kStart).breaker, BreakerState::Closed);
        QCOMPARE(guard.desired(), GuardDesired{});
    }
    void aHoldIsEnforcedInEveryModeAndExpires() {
        for (const GuardMode mode : {GuardMode::Off, GuardMode::Shadow, GuardMode::Enforce}) {
            Guard guard("a", {.limiter = true, .breaker = true}, withMode(mode), 1, kStart);
            QVERIFY(guard.holdLimit(7, kStart + 5s, kStart));
            QVERIFY(guard.forceOpen(kStart + 5s, kStart));
            QCOMPARE(guard.desired().maxInFlight, 7u);
            QCOMPARE(guard.desired().admitShare, 0.0);
            guard.onTick(100, kStart + 5s);
            QVERIFY(guard.desired().maxInFlight != 7u);
            QCOMPARE(guard.state(kStart).breaker, BreakerState::HalfOpen);
        }
    }
    void aHoldCanBeReleased() {
        Guard guard("a", {.limiter = true, .breaker = true}, {}, 1, kStart);
        guard.holdLimit(7, kStart + 5s, kStart);
        guard.forceClosed(kStart + 5s, kStart);
        guard.release(kStart + 1s);
        QCOMPARE(guard.desired().maxInFlight, 16u);
        QCOMPARE(guard.state(kStart).breaker, BreakerState::Closed);
        QCOMPARE(guard.takeEvents().size(), std::size_t{4});
    }
    void sheddingIsReportedOnceAndItsEnd() {
        Guard guard("payment", kService, {}, 1, kStart);
        MonotonicTime now = kStart;
        for (int i = 0; i < 20; ++i) {
            guard.onWindow(window(20, 0.02, 80), now += 100ms);
        }
        auto events = guard.takeEvents();
        QCOMPARE(events.size(), std::size_t{1});
        QVERIFY(events[0].text.starts_with(
            "shedding: 80 of 100 requests refused in 100 ms, at 16 in flight"));
        QCOMPARE(guard.state(now).shedRate, 800.0);
        for (int i = 0; i < 55; ++i) {
            guard.onWindow(window(20, 0.02), now += 100ms);
        }
        events = guard.takeEvents();
        QCOMPARE(events.size(), std::size_t{1});
        QCOMPARE(events[0].text, std::string("shedding over: 1600 requests refused in 1.9 s"));
    }
    void whatWasLearnedSurvivesARestart() {
        Guard guard("payment", kService, {}, 1, kStart);
        MonotonicTime now = kStart;
        for (int i = 0; i < 50; ++i) {
            guard.onWindow(window(20, 0.02), now += 100ms);
        }
        const LimitMemory memory = guard.save();
        QVERIFY(std::abs(memory.baseline - 0.02) < 1e-3);
        Guard after("payment", kService, {}, 1, kStart);
        after.restore(memory);
        QCOMPARE(after.save(), memory);
    }
    void anotherKindOfLimitKeepsWhatWasLearned() {
        Guard guard("payment", kService, {}, 1, kStart);
        guard.restore({40, 0.02, 1'000});
        GuardSettings fixed;
        fixed.limiter.kind = LimiterKind::Fixed;
        fixed.limiter.limit = 9;
        guard.reconfigure(fixed, kStart);
        QCOMPARE(guard.desired().maxInFlight, 9u);
        QCOMPARE(guard.desired().queueLimit, 5u - 1u);
        GuardSettings off;
        off.limiter.kind = LimiterKind::Off;
        guard.reconfigure(off, kStart);
        QCOMPARE(guard.desired().maxInFlight, 0u);
        guard.reconfigure(GuardSettings(), kStart);
        QCOMPARE(guard.desired().maxInFlight, 40u);
    }
    void theShareIsTheBreakersTimesTheLimits() {
        for (int kind = 0; kind <= static_cast<int>(LimiterKind::SentinelBbr); ++kind) {
            GuardSettings settings;
            settings.limiter.kind = static_cast<LimiterKind>(kind);
            settings.limiter.limit = 10;
            Guard guard("a", {.limiter = true, .breaker = true}, settings, 1, kStart);
            const auto twin = makeLimit(settings.limiter);
            MonotonicTime now = kStart;
            for (int i = 0; i < 100; ++i) {  // hardly anything is accepted
                now += 100ms;
                guard.onWindow(window(2, 0.02, 98, 10), now);
                if (twin) {
                    twin->onWindow(window(2, 0.02, 98, 10), now);
                }
            }
            const double ofLimit = twin ? twin->decision().admitShare : 1;
            QCOMPARE(guard.decided().admitShare, ofLimit);
            QCOMPARE(guard.desired(), guard.decided());
            fail(guard, 10, now);
            guard.onTick(100, now += 3s);
            guard.onResult({}, now, now);  // half-open: some are let through
            guard.onTick(100, now += 100ms);
            QCOMPARE(guard.state(now).breaker, BreakerState::HalfOpen);
            QVERIFY(guard.decided().admitShare < 0.5 * ofLimit);
            guard.holdLimit(7, now + 5s, now);
            guard.forceClosed(now + 5s, now);
            QCOMPARE(guard.decided().admitShare, 1.0);  // neither of the two decides now
        }
    }
    void everyEventBearsTheModeInWhichItHappened() {
        Guard guard("a->b", kEdge, withMode(GuardMode::Shadow), 1, kStart);
        fail(guard, 10, kStart);
        guard.reconfigure(withMode(GuardMode::Enforce), kStart);
        guard.onTick(100, kStart + 3s);
        guard.reconfigure(withMode(GuardMode::Off), kStart + 3s);
        guard.forceOpen(kStart + 9s, kStart + 4s);
        const auto events = guard.takeEvents();
        QCOMPARE(events.size(), std::size_t{3});
        QCOMPARE(events[0].mode, std::optional(GuardMode::Shadow));
        QVERIFY(events[0].detail().starts_with("mode=shadow calls=10 failed=10"));
        QVERIFY(events[0].detail().ends_with("distance=0"));
        QCOMPARE(events[1].mode, std::optional(GuardMode::Enforce));
        QCOMPARE(events[2].mode, std::optional(GuardMode::Enforce));  // a person's hold is in force
        QVERIFY(!events[0].isByHand);
        QVERIFY(events[2].isByHand);
    }
    void inShadowItCountsWhatTheBreakerWouldHaveRefused() {
        Guard guard("a->b", kEdge, withMode(GuardMode::Shadow), 1, kStart);
        guard.onTick(100, kStart + 1s);
        QCOMPARE(guard.state(kStart).wouldHaveShed, 0.0);
        fail(guard, 10, kStart + 1s);
        guard.onTick(100, kStart + 2s);
        QCOMPARE(guard.state(kStart).wouldHaveShed, 100.0);
        Guard enforcing("a->b", kEdge, withMode(GuardMode::Enforce), 1, kStart);
        fail(enforcing, 10, kStart);
        enforcing.onTick(100, kStart + 1s);
        QCOMPARE(enforcing.state(kStart).wouldHaveShed, 0.0);
    }
    void sheddingSaysWhichLimitWouldHaveDone() {
        Guard guard("payment", kService, {}, 1, kStart);
        guard.onWindow(window(20, 0.02, 80, 16), kStart + 100ms);
        const auto events = guard.takeEvents();
        QCOMPARE(events.size(), std::size_t{1});
        QCOMPARE(events[0].why.counterfactual.text(),
                 std::string("would have passed at limit >= 96, or at about 80 had the service "
                             "answered as fast"));
        QVERIFY(events[0].detail().find("limitNeededAtSameLatency=80 "
                                        "limitNeededAtSameThroughput=96 limit=16.0") !=
                std::string::npos);
    }
    void whereAShareRefusesTheLimitIsNotToBlame() {
        GuardSettings settings;
        settings.limiter.kind = LimiterKind::ClientThrottle;
        Guard guard("payment", kService, settings, 1, kStart);
        guard.onWindow(window(1, 0.02, 19, 16), kStart + 100ms);
        guard.onWindow(window(20, 0.02, 80, 16), kStart + 200ms);
        const auto events = guard.takeEvents();
        QCOMPARE(events.size(), std::size_t{1});
        QCOMPARE(events[0].why.counterfactual.text(),
                 std::string("would have passed at admitShare >= 1"));
    }
    void aLimitThatMovedAndCameToRestIsAnEvent() {
        Guard guard("payment", kService, {}, 1, kStart);
        MonotonicTime now = kStart;
        for (int i = 0; i < 300; ++i) {  // 200/s of 20 ms at 4 in flight: 16 are far too many
            guard.onWindow(
                window(20, guard.decided().maxInFlight / 200.0, 80, guard.decided().maxInFlight),
                now += 100ms);
        }
        std::vector<GuardEvent> moved;
        for (GuardEvent& event : guard.takeEvents()) {
            if (event.text.starts_with("limit is now")) {
                moved.push_back(std::move(event));
            }
        }
        QVERIFY(!moved.empty() && moved.size() <= 2);
        QCOMPARE(moved[0].severity, EventSeverity::Info);
        QVERIFY2(
            moved[0].why.counterfactual.text().starts_with("would have stayed there at min >= "),
            moved[0].why.counterfactual.text().c_str());
        QVERIFY(moved[0].why.thresholds == "min=1 max=10000");
    }
    void instancesAreEjectedAsTheModeSays() {
        for (const GuardMode mode : {GuardMode::Off, GuardMode::Shadow, GuardMode::Enforce}) {
            GuardSettings settings = withMode(mode);
            settings.ejection.enabled = true;
            Guard guard("a->b", {.breaker = true, .ejection = true}, settings, 1, kStart);
            for (const char* name : {"x", "y", "z"}) {
                QVERIFY(guard.addInstance(name, kStart));
            }
            for (int i = 0; i < 5; ++i) {
                guard.onInstanceResult("y", {CallResult::Kind::Failure, 1ms}, kStart, kStart);
            }
            const std::vector<InstanceShare> out{{"y", 0}};
            const bool looks = mode != GuardMode::Off;
            QCOMPARE(guard.decided().instances, looks ? out : std::vector<InstanceShare>());
            QCOMPARE(guard.desired().instances,
                     mode == GuardMode::Enforce ? out : std::vector<InstanceShare>());
            const GuardState state = guard.state(kStart);
            QCOMPARE(state.instances.size(), std::size_t{3});
            QCOMPARE(state.instances[1].status,
                     looks ? InstanceStatus::Ejected : InstanceStatus::In);
            QCOMPARE(guard.takeEvents().size(), std::size_t{looks ? 1U : 0U});
            guard.removeInstance("y", kStart);
            QCOMPARE(guard.state(kStart).instances.size(), std::size_t{2});
        }
        Guard without("a->b", kEdge, {}, 1, kStart);
        QVERIFY(!without.addInstance("x", kStart));
        QVERIFY(without.state(kStart).instances.empty());
    }
    void theFleetsShareReachesTheBreaker() {
        Guard guard("a->b", kEdge, {}, 1, kStart);
        guard.setFleetOpenShare(0.5, kStart);
        fail(guard, 10, kStart);
        QCOMPARE(guard.state(kStart).breaker, BreakerState::Closed);
        QCOMPARE(guard.state(kStart).tripsSuppressed, 1);
    }
    void theSettingsBoundTheLimit() {
        GuardSettings s;
        s.limiter.minLimit = 2;
        s.limiter.maxLimit = 5;
        s.limiter.queue = 3;
        Guard guard("payment", kService, s, 1, kStart);
        QCOMPARE(guard.desired().maxInFlight, 5u);
        QCOMPARE(guard.desired().queueLimit, 3u);
    }
};

LEVEE_TEST(GuardTest)
#include "guard_test.moc"
