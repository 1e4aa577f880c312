// SPDX-License-Identifier: Apache-2.0
#include "shared/guard/breaker.h"

#include <QTest>
#include <algorithm>
#include <cmath>

#include "tests/support/test_registry.h"

using namespace levee;
using namespace std::chrono_literals;

namespace {

const MonotonicTime kStart{1h};

/// A breaker with a caller: calls at a rate, of which the admitted ones get an answer.
struct Scene {
    BreakerSettings settings;
    Breaker breaker;
    MonotonicTime now = kStart;
    Random random{3};
    double rate = 100;
    int reached = 0;  ///< calls that got through
    std::vector<std::string> told;
    std::vector<GuardEvent> events;
    double fleet = kUnknown;  ///< share of the fleet's breakers that are open

    explicit Scene(const BreakerSettings& s = {}) : settings(s), breaker(s, 1, kStart) {}

    void call(bool failed, Duration latency = 5ms) {
        breaker.onResult({failed ? CallResult::Kind::Failure : CallResult::Kind::Success, latency},
                         now, now);
        collect();
    }
    void calls(int n, bool failed) {
        for (int i = 0; i < n; ++i) {
            call(failed);
        }
    }
    void tick(Duration d = 100ms) {
        now += d;
        breaker.setOfferedRate(rate);
        breaker.setFleetOpenShare(fleet, now);
        breaker.onTick(now);
        collect();
    }
    /// Time with traffic; each admitted call fails or succeeds at once.
    void traffic(Duration span, bool failed) {
        for (const MonotonicTime end = now + span; now < end;) {
            tick();
            const int arrivals = static_cast<int>(rate / 10);
            for (int i = 0; i < arrivals; ++i) {
                if (random.uniform() < breaker.admitShare()) {
                    ++reached;
                    call(failed);
                }
            }
        }
    }
    void waitFor(BreakerState state, bool failed, Duration atMost = 60s) {
        for (const MonotonicTime end = now + atMost; now < end && breaker.state() != state;) {
            traffic(100ms, failed);
        }
        QCOMPARE(breaker.state(), state);
    }
    void failProbing() {
        while (breaker.state() == BreakerState::Open) {
            tick();
        }
        calls(3, true);
        QCOMPARE(breaker.state(), BreakerState::Open);
    }
    void collect() {
        for (GuardEvent& event : breaker.takeEvents()) {
            told.push_back(event.text);
            events.push_back(std::move(event));
        }
    }
};

bool startsWith(const std::string& text, const std::string& start) {
    return text.compare(0, start.size(), start) == 0;
}

}  // namespace

class BreakerTest : public QObject {
    Q_OBJECT
private slots:
    void tenFailuresOpenIt() {
        Scene s;
        s.calls(9, true);
        QCOMPARE(s.breaker.state(), BreakerState::Closed);
        QCOMPARE(s.breaker.admitShare(), 1.0);
        s.calls(1, true);
        QCOMPARE(s.breaker.state(), BreakerState::Open);
        QCOMPARE(s.breaker.admitShare(), 0.0);
        QCOMPARE(s.breaker.trips(), 1);
        QCOMPARE(s.breaker.distanceToTrip(s.now), 0.0);
        QVERIFY(
            startsWith(s.told.at(0), "opened: 10 of the last 10 calls failed (limit 10 in a row)"));
    }
    void aDarkDependencyAtAHundredCallsASecondOpensItIn300Milliseconds() {
        Scene s;
        s.traffic(2s, false);
        const MonotonicTime failing = s.now;
        s.waitFor(BreakerState::Open, true);
        QVERIFY(s.now - failing <= 300ms);
    }
    void callsOfNoMeaningDoNotCount() {
        Scene s;
        for (int i = 0; i < 50; ++i) {
            s.breaker.onResult({CallResult::Kind::Ignored, 1ms}, s.now, s.now);
        }
        QVERIFY(std::isnan(s.breaker.failureShare(s.now)));
        s.calls(9, true);
        s.breaker.onResult({CallResult::Kind::Ignored, 1ms}, s.now, s.now);
        s.calls(1, true);
        QCOMPARE(s.breaker.state(), BreakerState::Open);
    }
    void itRecoversByProbesAndARamp() {
        Scene s;
        s.calls(10, true);
        s.waitFor(BreakerState::HalfOpen, false);
        s.waitFor(BreakerState::Ramp, false);
        QCOMPARE(s.breaker.admitShare(), 0.1);
        double share = 0.1;
        while (s.breaker.state() == BreakerState::Ramp) {
            QVERIFY(s.breaker.admitShare() >= share);
            share = s.breaker.admitShare();
            s.traffic(100ms, false);
        }
        QVERIFY(share > 0.9);
        QCOMPARE(s.breaker.state(), BreakerState::Closed);
        QCOMPARE(s.breaker.admitShare(), 1.0);
    }
    void aboutTheAskedNumberOfProbesGetsThrough() {
        for (const double rate : {20.0, 100.0, 5'000.0}) {
            Scene s;
            s.rate = rate;
            s.calls(10, true);
            while (s.breaker.state() == BreakerState::Open) {
                s.tick();
            }
            int through = 0;  // the service answers none of them for two seconds
            for (int i = 0; i < 5; ++i) {
                through += static_cast<int>(s.rate / 10 * s.breaker.admitShare() + 0.5);
                s.tick();
            }
            QVERIFY2(through >= 6 && through <= 14, qPrintable(QString::number(through)));
            for (int i = 0; i < 80; ++i) {
                through += static_cast<int>(s.rate / 10 * s.breaker.admitShare() + 0.5);
                s.tick();
            }
            QVERIFY2(through <= 28, qPrintable(QString::number(through)));
        }
    }
    void failedProbesOpenItAgainForTwiceTheTime() {
        Scene s;
        s.calls(10, true);
        std::vector<double> opens;
        for (int i = 0; i < 7; ++i) {
            QCOMPARE(s.breaker.state(), BreakerState::Open);
            opens.push_back(s.breaker.reopenIn(s.now));
            s.failProbing();
        }
        double expected = 2;
        for (const double open : opens) {
            QVERIFY2(std::abs(open / expected - 1) <= 0.11, qPrintable(QString::number(open)));
            expected = std::min(60.0, expected * 2);
        }
        QCOMPARE(s.breaker.trips(), 1);
    }
    void aHealthyRampResetsTheOpenTime() {
        Scene s;
        s.calls(10, true);
        s.failProbing();
        QVERIFY(s.breaker.reopenIn(s.now) > 3);
        s.waitFor(BreakerState::Closed, false);
        s.calls(10, true);
        QVERIFY(s.breaker.reopenIn(s.now) <= 2.2);
        QCOMPARE(s.breaker.trips(), 2);
    }
    void threeFailedProbesAreEnough() {
        Scene s;
        s.calls(10, true);
        while (s.breaker.state() == BreakerState::Open) {
            s.tick();
        }
        s.calls(2, true);
        QCOMPARE(s.breaker.state(), BreakerState::HalfOpen);
        s.calls(1, true);
        QCOMPARE(s.breaker.state(), BreakerState::Open);
    }
    void halfOpenIsBoundedInTime() {
        Scene silent;
        silent.calls(10, true);
        while (silent.breaker.state() == BreakerState::Open) {
            silent.tick();
        }
        silent.tick(9s);
        QCOMPARE(silent.breaker.state(), BreakerState::HalfOpen);
        silent.tick(1s);
        QCOMPARE(silent.breaker.state(), BreakerState::Open);  // calls went in, none came out

        Scene idle;
        idle.calls(10, true);
        idle.rate = 0;
        idle.tick(3s);
        QCOMPARE(idle.breaker.state(), BreakerState::HalfOpen);
        QCOMPARE(idle.breaker.admitShare(), 1.0);
        idle.tick(10s);
        QCOMPARE(idle.breaker.state(), BreakerState::Ramp);  // nobody calls: nothing to fear
    }
    void oldFailuresDoNotSpoilTheRamp() {
        Scene s;
        s.traffic(4s, true);
        s.waitFor(BreakerState::Ramp, false);
        s.traffic(4s, false);
        QVERIFY(s.breaker.state() == BreakerState::Ramp);
        QCOMPARE(s.breaker.failureShare(s.now), 0.0);
    }
    void stragglersFromBeforeAreIgnored() {
        Scene s;
        s.calls(10, true);
        const MonotonicTime before = s.now;
        s.waitFor(BreakerState::HalfOpen, false);
        for (int i = 0; i < 20; ++i) {
            s.breaker.onResult({CallResult::Kind::Failure, 5s}, before, s.now);
        }
        QCOMPARE(s.breaker.state(), BreakerState::HalfOpen);
        s.waitFor(BreakerState::Ramp, false);
        for (int i = 0; i < 20; ++i) {
            s.breaker.onResult({CallResult::Kind::Failure, 5s}, before, s.now);
        }
        QCOMPARE(s.breaker.state(), BreakerState::Ramp);
        s.waitFor(BreakerState::Closed, false);
    }
    void failuresInTheRampOpenItAtOnce() {
        Scene s;
        s.calls(10, true);
        s.waitFor(BreakerState::Ramp, false);
        s.calls(5, true);
        QCOMPARE(s.breaker.state(), BreakerState::Open);
        QVERIFY(startsWith(s.told.back(), "opened again: 5 of the last 5 calls failed"));
        QVERIFY(s.breaker.reopenIn(s.now) > 3.5);
    }
    void aSingleFailureInTheRampDoesNot() {
        Scene s;
        s.calls(10, true);
        s.waitFor(BreakerState::Ramp, false);
        s.calls(1, true);
        s.waitFor(BreakerState::Closed, false);
    }
    void slowCallsTripIt() {
        BreakerSettings settings;
        settings.slowerThan = 100ms;
        Scene s(settings);
        for (int i = 0; i < 20; ++i) {
            s.call(false, 150ms);
        }
        QCOMPARE(s.breaker.state(), BreakerState::Open);
        QVERIFY(startsWith(s.told.at(0), "opened: 100 % of 20 calls took longer than 100ms"));
        QVERIFY(std::isnan(s.breaker.slowShare(s.now + 10s)));
    }
    void withoutARampItClosesAfterTheProbes() {
        BreakerSettings settings;
        settings.ramp = 0s;
        Scene s(settings);
        s.calls(10, true);
        s.waitFor(BreakerState::HalfOpen, false);
        s.waitFor(BreakerState::Closed, false, 2s);
    }
    void aHoldEndsByItself() {
        Scene s;
        s.breaker.forceOpen(s.now + 10s, s.now);
        QCOMPARE(s.breaker.state(), BreakerState::ForcedOpen);
        QCOMPARE(s.breaker.admitShare(), 0.0);
        QCOMPARE(s.breaker.reopenIn(s.now), 10.0);
        QVERIFY(std::isnan(s.breaker.distanceToTrip(s.now)));
        s.tick(9900ms);
        QCOMPARE(s.breaker.state(), BreakerState::ForcedOpen);
        s.tick();
        QCOMPARE(s.breaker.state(), BreakerState::HalfOpen);
        QCOMPARE(s.told.at(0), std::string("forced open for 10s"));
        QCOMPARE(holdSpan(1799997ms), std::string("30m"));
        QCOMPARE(holdSpan(9996ms), std::string("9s996ms"));
        QCOMPARE(s.told.at(1), std::string("the hold has expired"));
    }
    void heldClosedItDoesNotTrip() {
        Scene s;
        s.breaker.forceClosed(s.now + 10s, s.now);
        s.calls(100, true);
        QCOMPARE(s.breaker.state(), BreakerState::ForcedClosed);
        QCOMPARE(s.breaker.failureShare(s.now), 1.0);
        s.breaker.releaseForce(s.now);
        QCOMPARE(s.breaker.state(), BreakerState::Closed);
        s.calls(1, true);
        QCOMPARE(s.breaker.state(), BreakerState::Open);
    }
    void aHoldOutlivesARuleThatSwitchesItOff() {
        Scene s;
        s.breaker.forceOpen(s.now + 10s, s.now);
        BreakerSettings off;
        off.enabled = false;
        s.breaker.reconfigure(off, s.now);
        QCOMPARE(s.breaker.state(), BreakerState::ForcedOpen);
        s.tick(10s);
        QCOMPARE(s.breaker.state(), BreakerState::Disabled);
        QCOMPARE(s.breaker.admitShare(), 1.0);
    }
    void reconfiguringKeepsStateAndCounts() {
        Scene s;
        s.calls(8, true);
        BreakerSettings stricter;
        stricter.consecutiveFailures = 9;
        stricter.window = 30s;
        s.breaker.reconfigure(stricter, s.now);
        QCOMPARE(s.breaker.state(), BreakerState::Closed);
        s.calls(1, true);
        QCOMPARE(s.breaker.state(), BreakerState::Open);
        const double left = s.breaker.reopenIn(s.now);
        stricter.openFor = 30s;
        s.breaker.reconfigure(stricter, s.now);
        QCOMPARE(s.breaker.state(), BreakerState::Open);
        QCOMPARE(s.breaker.reopenIn(s.now), left);
        stricter.openFor = 500ms;
        s.breaker.reconfigure(stricter, s.now);
        QCOMPARE(s.breaker.reopenIn(s.now), 0.5);
    }
    void switchedOffItCountsAndDoesNothing() {
        BreakerSettings off;
        off.enabled = false;
        Scene s(off);
        s.calls(100, true);
        QCOMPARE(s.breaker.state(), BreakerState::Disabled);
        QCOMPARE(s.breaker.admitShare(), 1.0);
        s.breaker.reconfigure(BreakerSettings(), s.now);
        QCOMPARE(s.breaker.state(), BreakerState::Closed);
    }
    void oneCallASecondTripsWithinTenFailures() {
        Scene s;
        for (int i = 0; i < 10; ++i) {
            s.tick(1s);
            s.call(true);
        }
        QCOMPARE(s.breaker.state(), BreakerState::Open);
    }
    void fiveCallsASecondTripWithinTenFailuresToo() {
        for (const bool everyOther : {false, true}) {
            Scene s;
            int failures = 0;
            for (int i = 0; s.breaker.state() == BreakerState::Closed && i < 200; ++i) {
                s.tick(200ms);
                const bool failed = !everyOther || i % 2 == 1;
                failures += failed ? 1 : 0;
                s.call(failed);
            }
            QCOMPARE(failures, 10);
        }
    }
    void overTheLastCallsItTripsWhateverTheirAge() {
        BreakerSettings settings;
        settings.windowCalls = 40;
        settings.minimumCalls = 40;
        settings.consecutiveFailures = 0;
        Scene s(settings);
        for (int i = 0; i < 20; ++i) {
            s.call(false);
            s.tick(5min);
            QCOMPARE(s.breaker.state(), BreakerState::Closed);
            s.call(true);
        }
        QCOMPARE(s.breaker.state(), BreakerState::Open);
        QCOMPARE(s.breaker.failureShare(s.now), 0.5);
    }
    void switchingTheKindOfWindowKeepsStateAndCounts() {
        Scene s;
        s.calls(9, true);
        BreakerSettings byCount = s.settings;
        byCount.windowCalls = 10;
        s.breaker.reconfigure(byCount, s.now);
        QCOMPARE(s.breaker.state(), BreakerState::Closed);
        QCOMPARE(s.breaker.failureShare(s.now + 1h), 1.0);
        s.tick(1h);
        s.call(true);
        QCOMPARE(s.breaker.state(), BreakerState::Open);
        s.breaker.reconfigure(BreakerSettings(), s.now);
        QCOMPARE(s.breaker.state(), BreakerState::Open);
    }
    void slowProbesBringItNearerToOpeningAgain() {
        BreakerSettings settings;
        settings.slowerThan = 100ms;
        Scene s(settings);
        s.calls(10, true);
        while (s.breaker.state() == BreakerState::Open) {
            s.tick();
        }
        QCOMPARE(s.breaker.distanceToTrip(s.now), 1.0);
        s.call(true);  // three that fail and none that does not are enough
        QVERIFY(std::abs(s.breaker.distanceToTrip(s.now) - 2.0 / 3) < 1e-9);
        s.call(false, 150ms);
        QCOMPARE(s.breaker.distanceToTrip(s.now), 0.8);  // 1 of the 5 failures that open it
        for (int i = 0; i < 3; ++i) {
            s.call(false, 150ms);
        }
        QCOMPARE(s.breaker.distanceToTrip(s.now), 0.5);  // 4 of the 8 slow ones
        for (int i = 0; i < 4; ++i) {
            s.call(false, 150ms);
        }
        QCOMPARE(s.breaker.state(), BreakerState::Open);
        QVERIFY(startsWith(s.told.back(), "opened again: 8 of 9 probes were slow"));
    }
    void withHalfOfTheFleetOpenItDoesNotTripAndSaysSoOnce() {
        Scene s;
        s.fleet = 0.5;
        s.tick();
        s.traffic(3s, true);
        QCOMPARE(s.breaker.state(), BreakerState::Closed);
        QCOMPARE(s.breaker.admitShare(), 1.0);
        QCOMPARE(s.breaker.distanceToTrip(s.now), 0.0);
        QCOMPARE(s.breaker.trips(), 0);
        QCOMPARE(s.breaker.tripsSuppressed(), 1);
        QCOMPARE(s.told.size(), std::size_t{1});
        QVERIFY(startsWith(s.told[0], "not opened, although 10 of the last 10 calls failed"));
        QCOMPARE(s.events[0].why.counterfactual.text(),
                 std::string("would have opened at maxOpenShare > 0.5"));
    }
    void belowTheCapItTrips() {
        Scene s;
        s.fleet = 0.499;
        s.tick();
        s.calls(10, true);
        QCOMPARE(s.breaker.state(), BreakerState::Open);
    }
    void itTripsAsSoonAsTheCapAllowsWithoutAnotherCall() {
        Scene s;
        s.fleet = 0.6;
        s.tick();
        s.calls(10, true);
        s.tick(1s);
        QCOMPARE(s.breaker.state(), BreakerState::Closed);
        s.fleet = 0.4;
        s.tick();
        QCOMPARE(s.breaker.state(), BreakerState::Open);
        QCOMPARE(s.breaker.trips(), 1);
    }
    void butNotOnOldFailures() {
        Scene s;
        s.fleet = 0.6;
        s.tick();
        s.calls(10, true);
        for (int i = 0; i < 60; ++i) {
            s.tick();
        }
        s.fleet = 0;
        s.tick();
        QCOMPARE(s.breaker.state(), BreakerState::Closed);
        s.call(true);  // the eleventh in a row
        QCOMPARE(s.breaker.state(), BreakerState::Open);
    }
    void aServiceThatRecoveredWhileItWasHeldBackIsLeftAlone() {
        Scene s;
        s.fleet = 0.6;
        s.tick();
        s.traffic(1s, true);
        s.traffic(11s, false);
        s.fleet = 0;
        s.traffic(1s, false);
        QCOMPARE(s.breaker.state(), BreakerState::Closed);
        s.fleet = 0.6;
        s.traffic(1s, true);
        QCOMPARE(s.breaker.tripsSuppressed(), 2);
    }
    void afterAHoldItSaysAnewWhyItDoesNotTrip() {
        Scene s;
        s.fleet = 0.6;
        s.tick();
        s.calls(10, true);
        QCOMPARE(s.breaker.tripsSuppressed(), 1);
        s.breaker.forceClosed(s.now + 1s, s.now);
        s.breaker.releaseForce(s.now);
        s.calls(1, true);
        QCOMPARE(s.breaker.tripsSuppressed(), 2);
    }
    void withoutKnowingTheFleetThereIsNoCap() {
        Scene unknown;
        unknown.tick();
        unknown.calls(10, true);
        QCOMPARE(unknown.breaker.state(), BreakerState::Open);

        for (const auto& [age, expected] : {std::pair(Duration(10s), BreakerState::Closed),
                                            std::pair(Duration(10s + 1ns), BreakerState::Open)}) {
            Breaker b({}, 1, kStart);
            b.setFleetOpenShare(0.9, kStart);
            for (int i = 0; i < 10; ++i) {
                b.onResult({CallResult::Kind::Failure, 1ms}, kStart + age, kStart + age);
            }
            QCOMPARE(b.state(), expected);
        }
    }
    void aCapOfAllIsNoCap() {
        BreakerSettings settings;
        settings.maxOpenShare = 1;
        Scene s(settings);
        s.fleet = 1;
        s.tick();
        s.calls(10, true);
        QCOMPARE(s.breaker.state(), BreakerState::Open);
    }
    void theCapHoldsForTheRampButNotForProbesNorForPeople() {
        Scene s;
        s.calls(10, true);
        s.fleet = 0.9;
        while (s.breaker.state() == BreakerState::Open) {
            s.tick();
        }
        s.calls(3, true);
        QCOMPARE(s.breaker.state(), BreakerState::Open);  // it was one of the open ones
        s.waitFor(BreakerState::Ramp, false);
        s.calls(5, true);
        QCOMPARE(s.breaker.state(), BreakerState::Ramp);
        s.breaker.forceOpen(s.now + 1s, s.now);
        QCOMPARE(s.breaker.state(), BreakerState::ForcedOpen);
    }
    void everyStepHasItsRecord() {
        Scene s;
        s.calls(10, true);
        const GuardEvent& opened = s.events.back();
        QCOMPARE(opened.why.distance, 0.0);
        QVERIFY(startsWith(opened.why.inputs, "calls=10 failed=10 slow=0 consecutive=10 openFor="));
        QCOMPARE(opened.why.counterfactual.text(),
                 std::string("would have stayed closed at consecutiveFailures >= 11"));
        QVERIFY(!opened.mode);
        s.failProbing();
        QCOMPARE(s.events.back().why.counterfactual.text(),
                 std::string("would have ramped up at failed <= 1"));
        s.waitFor(BreakerState::Ramp, false);
        QCOMPARE(s.events.back().why.counterfactual.text(),
                 std::string("would have opened again at failed >= 5"));
        s.calls(5, true);
        QCOMPARE(s.events.back().why.counterfactual.text(),
                 std::string("would have gone on at consecutive <= 4"));
        s.breaker.forceClosed(s.now + 1s, s.now);
        s.collect();
        QCOMPARE(s.events.back().mode, std::optional(GuardMode::Enforce));
        QCOMPARE(s.events.back().why.counterfactual.text(), std::string());
    }
    void theOpenTimeHasChanceInIt() {
        std::vector<double> opens;
        for (std::uint64_t seed = 0; seed < 50; ++seed) {
            Breaker b({}, seed, kStart);
            for (int i = 0; i < 10; ++i) {
                b.onResult({CallResult::Kind::Failure, 1ms}, kStart, kStart);
            }
            opens.push_back(b.reopenIn(kStart));
        }
        const auto [least, most] = std::minmax_element(opens.begin(), opens.end());
        QVERIFY(*least >= 1.8 && *most <= 2.2 && *most - *least > 0.2);
    }
};

LEVEE_TEST(BreakerTest)
#include "breaker_test.moc"
