// SPDX-License-Identifier: Apache-2.0
#include "shared/guard/trip_rule.h"

#include <QTest>
#include <algorithm>
#include <cmath>

#include "shared/base/random.h"
#include "tests/support/test_registry.h"

using namespace levee;
using namespace std::chrono_literals;

namespace {

const MonotonicTime kStart{1h};

struct Calls {
    TripRule rule;
    MonotonicTime now = kStart;

    explicit Calls(const BreakerSettings& settings) : rule(settings) {}
    void add(int n, bool failed, Duration latency = 1ms, Duration apart = 10ms) {
        for (int i = 0; i < n; ++i) {
            now += apart;
            rule.record(failed, latency, now);
        }
    }
    bool trips(bool eager = false) const { return rule.check(eager, now).has_value(); }
};

BreakerSettings sharesOnly() {
    BreakerSettings s;
    s.consecutiveFailures = 0;
    return s;
}

BreakerSettings lastCalls(std::uint32_t calls) {
    BreakerSettings s = sharesOnly();
    s.windowCalls = calls;
    return s;
}

BreakerSettings randomSettings(Random& random) {
    BreakerSettings s;
    s.consecutiveFailures = static_cast<std::uint32_t>(random.next() % 12);
    s.minimumCalls = 1 + static_cast<std::uint32_t>(random.next() % 30);
    s.failureShare = 0.3 + 0.7 * random.uniform();
    s.slowShare = 0.3 + 0.7 * random.uniform();
    s.slowerThan = 100ms;
    s.windowCalls =
        random.next() % 2 == 0 ? 0 : 10 + static_cast<std::uint32_t>(random.next() % 30);
    return s;
}

/// The settings as the condition wants them, by a hair or by `inside`; nothing for a condition on
/// the calls.
std::optional<BreakerSettings> obeying(const Condition& condition, BreakerSettings s, bool inside) {
    if (condition.name == "consecutiveFailures") {
        s.consecutiveFailures = static_cast<std::uint32_t>(condition.value) - (inside ? 0 : 1);
    } else if (condition.name == "failureShare") {
        s.failureShare = condition.value + (inside ? 1e-9 : 0);
    } else if (condition.name == "slowShare") {
        s.slowShare = condition.value + (inside ? 1e-9 : 0);
    } else {
        return std::nullopt;
    }
    return s;
}

struct Call {
    bool failed;
    Duration latency;
    MonotonicTime at;
};

/// Whether it trips at the last of the calls, and not before.
bool tripsAtTheEnd(const BreakerSettings& settings, const std::vector<Call>& calls) {
    TripRule rule(settings);
    for (std::size_t i = 0; i < calls.size(); ++i) {
        rule.record(calls[i].failed, calls[i].latency, calls[i].at);
        if (rule.check(false, calls[i].at)) {
            return i + 1 == calls.size();
        }
    }
    return false;
}

}  // namespace

class TripRuleTest : public QObject {
    Q_OBJECT
private slots:
    void aHiddenGoodCallMayLieBetweenTwoFailuresWhereGoodOnesAreSampled() {
        BreakerSettings settings;
        settings.consecutiveFailures = 10;
        settings.failureShare = 1;
        TripRule rule(settings);
        rule.record(false, 1ms, kStart, {20, 20});
        for (int i = 0; i < 199; ++i)
            rule.record(true, 1ms, kStart, {1, 20});
        QVERIFY(!rule.check(false, kStart));
        QVERIFY(rule.distance(false, kStart) > 0);
        rule.record(true, 1ms, kStart, {1, 20});
        const auto reason = rule.check(false, kStart);
        QVERIFY(reason.has_value());
        QVERIFY2(reason->text.starts_with("200 of the last 200 calls failed (limit 10 in a row, "),
                 reason->text.c_str());
        QCOMPARE(rule.distance(false, kStart), 0.0);
    }
    void aSampledFailureIsWorthAsMuchAsASampledGoodCall() {
        BreakerSettings settings;
        settings.consecutiveFailures = 3;
        settings.failureShare = 1;
        TripRule rule(settings);
        rule.record(false, 1ms, kStart, {20, 20});
        rule.record(true, 1ms, kStart, {20, 20});
        rule.record(true, 1ms, kStart, {20, 20});
        QVERIFY(!rule.check(false, kStart));
        rule.record(true, 1ms, kStart, {20, 20});
        QVERIFY(rule.check(false, kStart).has_value());
    }
    void sharesAreOfAllCallsWhateverWasToldOfThem() {
        BreakerSettings settings = sharesOnly();
        settings.minimumCalls = 100;
        settings.failureShare = 0.5;
        TripRule rule(settings);
        for (int i = 0; i < 5; ++i)
            rule.record(false, 1ms, kStart, {20, 20});
        for (int i = 0; i < 99; ++i)
            rule.record(true, 1ms, kStart, {1, 20});
        QCOMPARE(rule.counts(kStart).calls, std::uint64_t{199});
        QVERIFY(!rule.check(false, kStart));
        rule.record(true, 1ms, kStart, {1, 20});
        QVERIFY(rule.check(false, kStart).has_value());
    }
    /// At a share of failures that no run of ten comes from, however long it lasts: one good call
    /// in 20 is told of, and each failure.
    void manyFailuresAmongSampledGoodCallsAreNoRun() {
        BreakerSettings settings;
        settings.consecutiveFailures = 10;
        settings.failureShare = 1;
        TripRule rule(settings);
        Random random(7);
        for (int i = 0; i < 200'000; ++i) {
            if (random.uniform() < 0.2)
                rule.record(true, 1ms, kStart, {1, 20});
            else if (random.next() % 20 == 0)
                rule.record(false, 1ms, kStart, {20, 20});
            QVERIFY(!rule.check(false, kStart).has_value());
        }
    }
    void tenFailuresInARowTripAndNineDoNot() {
        Calls calls{BreakerSettings()};
        calls.add(9, true);
        QVERIFY(!calls.trips());
        calls.add(1, true);
        QVERIFY(calls.trips());
        QCOMPARE(calls.rule.check(false, calls.now)->text,
                 std::string("10 of the last 10 calls failed (limit 10 in a row)"));
    }
    void aSuccessEndsTheRow() {
        Calls calls{BreakerSettings()};
        calls.add(9, true);
        calls.add(1, false);
        calls.add(9, true);
        QVERIFY(!calls.trips());
    }
    void aShareNeedsTheMinimumOfCalls() {
        Calls calls{sharesOnly()};
        calls.add(19, true);
        QVERIFY(!calls.trips());
        calls.add(1, true);
        QVERIFY(calls.trips());
    }
    void halfOfTheCallsFailedTrips() {
        Calls calls{sharesOnly()};
        for (int i = 0; i < 50; ++i) {
            calls.add(1, false);
            calls.add(1, true);
        }
        QVERIFY(calls.trips());
        QCOMPARE(calls.rule.check(false, calls.now)->text,
                 std::string("50 % of 100 calls failed within 5s (limit 50 %)"));
        Calls fewer{sharesOnly()};
        fewer.add(51, false);
        fewer.add(49, true);
        QVERIFY(!fewer.trips());
    }
    void slowCallsTripOnlyAboveTheirThreshold() {
        BreakerSettings s = sharesOnly();
        s.slowerThan = 250ms;
        Calls calls{s};
        calls.add(100, false, 250ms);
        QVERIFY(!calls.trips());
        calls.add(400, false, 251ms, 1ms);
        QVERIFY(calls.trips());
        Calls without{sharesOnly()};
        without.add(100, false, 1h);
        QVERIFY(!without.trips());
    }
    void oldFailuresAreForgotten() {
        Calls calls{sharesOnly()};
        calls.add(15, true);
        calls.add(25, false, 1ms, 250ms);
        QVERIFY(!calls.trips());
        QCOMPARE(calls.rule.counts(calls.now).failures, 0u);
    }
    void oneCallASecondStillTrips() {
        Calls calls{sharesOnly()};
        for (int i = 0; i < 10; ++i) {
            calls.add(1, false, 1ms, 1s);
            calls.add(2, true, 1ms, 1s);
        }
        QVERIFY(calls.rule.counts(calls.now).calls < 20);
        QVERIFY(calls.trips());
        QVERIFY(calls.rule.check(false, calls.now)->text.find("of late") != std::string::npos);
    }
    void aMinuteOfSilenceEndsTheLowVolumeRule() {
        Calls calls{sharesOnly()};
        calls.add(15, true, 1ms, 1s);
        calls.add(5, true, 1ms, 61s);
        QVERIFY(!calls.trips());
    }
    void recoveringItTripsOnFewFailures() {
        Calls calls{BreakerSettings()};
        calls.add(4, true);
        QVERIFY(!calls.trips(true));
        calls.add(1, true);
        QVERIFY(calls.trips(true));
        QVERIFY(!calls.trips(false));
    }
    void theDistanceFallsToZeroWhereItTrips() {
        Calls calls{BreakerSettings()};
        QCOMPARE(calls.rule.distance(false, calls.now), 1.0);
        calls.add(5, true);
        QCOMPARE(calls.rule.distance(false, calls.now), 0.5);
        calls.add(5, true);
        QCOMPARE(calls.rule.distance(false, calls.now), 0.0);
        Calls share{sharesOnly()};
        share.add(75, false);
        share.add(25, true);
        QCOMPARE(share.rule.distance(false, share.now), 0.5);
    }
    void theMinimumOfCallsIsTakenWhole() {
        BreakerSettings s = sharesOnly();
        s.minimumCalls = 5'000;  // more than come within the window
        Calls calls{s};
        calls.add(4'999, true, 1ms, 100ms);
        QVERIFY(!calls.trips());
        calls.add(1, true, 1ms, 100ms);
        QVERIFY(calls.trips());
    }
    void atOneAndAtFiveCallsASecondTenFailuresTrip() {
        for (const Duration apart : {Duration(1s), Duration(200ms)}) {
            Calls dark{BreakerSettings()};
            dark.add(60, false, 1ms, apart);
            dark.add(9, true, 1ms, apart);
            QVERIFY(!dark.trips());
            dark.add(1, true, 1ms, apart);
            QVERIFY(dark.trips());

            Calls half{BreakerSettings()};  // every other call fails: never two in a row
            int failures = 0;
            while (!half.trips() && failures < 50) {
                half.add(1, false, 1ms, apart);
                half.add(1, true, 1ms, apart);
                ++failures;
            }
            QCOMPARE(failures, 10);
        }
    }
    void overTheLastCallsTheirAgeDoesNotMatter() {
        Calls calls{lastCalls(50)};
        calls.add(25, false);
        calls.add(24, true, 1ms, 5min);
        QVERIFY(!calls.trips());
        QCOMPARE(calls.rule.counts(calls.now + 24h).calls, 49u);
        calls.add(1, true, 1ms, 5min);
        QVERIFY(calls.trips());
        QCOMPARE(calls.rule.check(false, calls.now)->text,
                 std::string("50 % of 50 calls failed (limit 50 %)"));
        calls.add(50, false, 1ms, 1us);
        QCOMPARE(calls.rule.counts(calls.now).failures, 0u);
    }
    void theSmallestAndTheLargestWindowOfCalls() {
        Calls ten{lastCalls(10)};  // fewer than the minimum of 20: ten are the minimum
        ten.add(9, true);
        QVERIFY(!ten.trips());
        ten.add(1, true);
        QVERIFY(ten.trips());
        ten.add(6, false);
        QVERIFY(!ten.trips());  // 4 of the last 10

        Calls most{lastCalls(100'000)};
        most.add(50'001, false, 1ms, 1us);
        most.add(50'000, true, 1ms, 1us);
        QCOMPARE(most.rule.counts(most.now).calls, 100'000u);
        QCOMPARE(most.rule.counts(most.now).failures, 50'000u);
        QVERIFY(most.trips());
        most.add(2, false, 1ms, 1us);
        QCOMPARE(most.rule.counts(most.now).calls, 100'000u);
        QVERIFY(most.trips());  // the oldest, good ones leave
    }
    void theDistanceIsRightForEachCondition() {
        BreakerSettings s = sharesOnly();
        s.slowerThan = 100ms;
        Calls slow{s};
        slow.add(60, false);
        slow.add(40, false, 200ms);
        QCOMPARE(slow.rule.distance(false, slow.now), 0.5);  // 40 % of 80 %
        Calls few{s};
        few.add(5, true);
        QCOMPARE(few.rule.distance(false, few.now), 0.75);  // 5 of the minimum of 20
        Calls byCount{lastCalls(40)};
        byCount.add(30, false);
        byCount.add(10, true, 1ms, 1h);
        QCOMPARE(byCount.rule.distance(false, byCount.now), 0.5);  // 25 % of 50 %
        Calls small{lastCalls(10)};
        small.add(5, true);
        QCOMPARE(small.rule.distance(false, small.now), 0.5);  // 5 of 10, the minimum there
    }
    void theDistanceIsZeroExactlyWhereItTrips() {
        Random random(11);
        int tripped = 0;
        for (int i = 0; i < 400; ++i) {
            Calls calls{randomSettings(random)};
            const double failing = random.uniform();
            for (int n = 0; n < 100; ++n) {
                calls.add(1, random.uniform() < failing, random.uniform() < 0.4 ? 200ms : 1ms,
                          std::chrono::milliseconds(random.next() % 800));
                for (const bool eager : {false, true}) {
                    const bool trips = calls.trips(eager);
                    QCOMPARE(calls.rule.distance(eager, calls.now) == 0, trips);
                    tripped += trips ? 1 : 0;
                }
            }
        }
        QVERIFY(tripped > 1'000);
    }
    void aReasonNamesAllThatWasReached() {
        Calls calls{BreakerSettings()};
        calls.add(15, false);
        calls.add(15, true);
        const auto reason = calls.rule.check(false, calls.now);
        QVERIFY(reason.has_value());
        QCOMPARE(reason->why.inputs, std::string("calls=30 failed=15 slow=0 consecutive=15"));
        QCOMPARE(reason->why.thresholds,
                 std::string("consecutiveFailures=10 minimumCalls=20 failureShare=0.5 "
                             "slowShare=0.8 slowerThan=0s"));
        QCOMPARE(reason->why.counterfactual.text(),
                 std::string("would have stayed closed at consecutiveFailures >= 16 and "
                             "failureShare > 0.5"));
    }
    void whatWouldHaveKeptItClosedWouldHave() {
        Random random(5);
        int bySettings = 0;
        int byCalls = 0;
        for (int i = 0; i < 2'000; ++i) {
            const BreakerSettings settings = randomSettings(random);
            TripRule rule(settings);
            std::vector<Call> calls;
            MonotonicTime now = kStart;
            const double failing = random.uniform();
            std::optional<TripReason> reason;
            while (!reason && calls.size() < 200) {
                now += std::chrono::milliseconds(random.next() % 800);
                calls.push_back({random.uniform() < failing,
                                 random.uniform() < 0.4 ? Duration(200ms) : Duration(1ms), now});
                rule.record(calls.back().failed, calls.back().latency, now);
                reason = rule.check(false, now);
            }
            if (!reason) {
                continue;
            }
            BreakerSettings other = settings;
            bool isSettable = true;
            for (const Condition& condition : reason->why.counterfactual.conditions) {
                if (const auto obeyed = obeying(condition, other, true)) {
                    other = *obeyed;
                    QVERIFY(tripsAtTheEnd(*obeying(condition, settings, false), calls));
                    continue;
                }
                isSettable = false;  // every call was a hit: so many fewer, and no more
                const double limit =
                    condition.name == "slow" ? settings.slowShare : settings.failureShare;
                const double all = std::stod(reason->why.inputs.substr(6));  // "calls=..."
                QVERIFY(condition.name == "slow" || condition.name == "failed");
                QVERIFY(condition.value / all < limit);
                QVERIFY((condition.value + 1) / all >= limit);
            }
            bySettings += isSettable ? 1 : 0;
            byCalls += isSettable ? 0 : 1;
            QVERIFY(!isSettable || !tripsAtTheEnd(other, calls));
        }
        QVERIFY(bySettings > 500 && byCalls > 20);
    }
    void fromOneKindOfWindowToTheOtherTheCountsStay() {
        Calls calls{sharesOnly()};
        calls.add(12, true);
        calls.rule.reconfigure(lastCalls(30), calls.now);
        QCOMPARE(calls.rule.counts(calls.now).failures, 12u);
        calls.add(18, true, 1ms, 1h);
        QVERIFY(calls.trips());
        QCOMPARE(calls.rule.counts(calls.now).calls, 30u);
        calls.add(1, false, 1ms, 1h);
        calls.rule.reconfigure(sharesOnly(), calls.now);
        QCOMPARE(calls.rule.counts(calls.now).calls, 1u);  // the others are older than the window
        QVERIFY(!calls.trips() ||
                calls.rule.check(false, calls.now)->text.ends_with("of late (limit 50 %)"));
        calls.rule.reconfigure(lastCalls(10), calls.now);
        QCOMPARE(calls.rule.counts(calls.now).calls, 10u);
        QCOMPARE(calls.rule.counts(calls.now).failures, 9u);
    }
    void reconfiguringKeepsTheCounts() {
        Calls calls{sharesOnly()};
        calls.add(12, true);
        BreakerSettings s = sharesOnly();
        s.minimumCalls = 12;
        s.window = 10s;
        calls.rule.reconfigure(s, calls.now);
        QCOMPARE(calls.rule.counts(calls.now).failures, 12u);
        QVERIFY(calls.trips());
    }
};

LEVEE_TEST(TripRuleTest)
#include "trip_rule_test.moc"
