// SPDX-License-Identifier: Apache-2.0
#include "shared/guard/trip_rule.h"

#include <QTest>

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

}  // namespace

class TripRuleTest : public QObject {
    Q_OBJECT
private slots:
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
