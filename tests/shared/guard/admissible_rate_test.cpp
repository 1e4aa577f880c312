// SPDX-License-Identifier: Apache-2.0
#include "shared/guard/admissible_rate.h"

#include <QTest>
#include <cmath>

#include "tests/support/test_registry.h"

using namespace levee;
using namespace std::chrono_literals;

namespace {

/// A limiter of 100 slots whose windows last 100 ms.
struct Windows {
    AdmissibleRate rate;
    MonotonicTime now{1h};

    void add(double admitted, double refused, double inFlight = 100) {
        now += 100ms;
        rate.onWindow({100ms, admitted, refused, 100, inFlight}, now);
    }
    void pressed(int windows, double admitted) {
        for (int i = 0; i < windows; ++i) {
            add(admitted, admitted);
        }
    }
};

constexpr double kExcess = 1.1;  ///< of 100 slots: 5 % and half of 1 / sqrt(100)

bool isNear(double actual, double wanted, double share) {
    return std::abs(actual / wanted - 1) <= share;
}

}  // namespace

class AdmissibleRateTest : public QObject {
    Q_OBJECT
private slots:
    void aLimiterThatRefusesNothingIsUnlimited() {
        Windows w;
        QCOMPARE(w.rate.perSecond(), AdmissibleRate::kUnlimited);
        for (int i = 0; i < 100; ++i) {
            w.add(1000, 0);
        }
        QCOMPARE(w.rate.perSecond(), AdmissibleRate::kUnlimited);
    }
    void theFirstPressedWindowGivesTheRate() {
        Windows w;
        w.add(100, 400);
        // One standard deviation of 100 is 10.
        QVERIFY(isNear(w.rate.perSecond(), 1100 * kExcess, 1e-9));
        w.pressed(30, 100);
        QVERIFY(isNear(w.rate.perSecond(), 1000 * kExcess, 0.04));
        QVERIFY(w.rate.perSecond() > 1000 * kExcess);
    }
    void theExcessFollowsTheRootOfTheSlots() {
        AdmissibleRate rate;
        MonotonicTime now{1h};
        rate.onWindow({100ms, 10, 1, 4, 4}, now);
        QVERIFY(isNear(rate.excess(), 0.3, 1e-9));
        rate.onWindow({100ms, 10, 1, 10'000, 10'000}, now + 100ms);
        QVERIFY(isNear(rate.excess(), 0.055, 1e-9));
        rate.onWindow({100ms, 10, 1, 0.5, 0.5}, now + 200ms);
        QVERIFY(isNear(rate.excess(), 0.55, 1e-9));
        rate.onWindow({100ms, 10, 1}, now + 300ms);
        QVERIFY(isNear(rate.excess(), 0.1, 1e-9));
    }
    void refusalsInABurstDoNotLowerTheRateWhereSlotsAreFree() {
        Windows w;
        w.add(100, 5, 80);
        QVERIFY(isNear(w.rate.perSecond(), 1100 / 0.8 * kExcess, 1e-9));
        Windows idle;
        idle.add(100, 5, 10);  // no more than half as much again
        QVERIFY(isNear(idle.rate.perSecond(), 1100 * 1.5 * kExcess, 1e-9));
    }
    void theRateDoesNotSpiralDownUnderBursts() {
        // The limiter refuses a tenth of whatever comes, however little, and has slots free.
        Windows w;
        double passing = 500;
        for (int i = 0; i < 100; ++i) {
            w.add(0.9 * passing / 10, 0.1 * passing / 10, passing / 10);
            passing = std::min(900.0, w.rate.perSecond());
        }
        QCOMPARE(passing, 900.0);
    }
    void withoutRefusalsItGrowsByFactorsUntilItIsUnlimited() {
        Windows w;
        w.pressed(20, 100);
        const double before = w.rate.perSecond();
        w.add(90, 0, 79.9);
        QVERIFY(isNear(w.rate.perSecond(), before, 0.01));  // one window may be chance
        w.add(90, 0, 79.9);
        QVERIFY(isNear(w.rate.perSecond(), 1.25 * before, 0.01));
        w.add(90, 0, 79.9);
        QVERIFY(isNear(w.rate.perSecond(), 1.875 * before, 0.01));
        for (int i = 0; i < 20; ++i) {
            w.add(90, 0, 79.9);
        }
        QCOMPARE(w.rate.perSecond(), AdmissibleRate::kUnlimited);
    }
    void whereManySlotsAreFreeItGrowsAtOnce() {
        Windows w;
        w.pressed(20, 100);
        const double before = w.rate.perSecond();
        w.add(50, 0, 50);
        QVERIFY(isNear(w.rate.perSecond(), 1.5 * before, 1e-9));
    }
    void whileTheSlotsAreTakenItIsHeld() {
        Windows w;
        w.pressed(20, 100);
        const double before = w.rate.perSecond();
        w.add(100, 0, 80);
        w.add(100, 0, 100);
        QCOMPARE(w.rate.perSecond(), before);
    }
    void nothingWindsUp() {
        Windows w;
        w.pressed(20, 100);
        for (int i = 0; i < 36'000; ++i) {
            w.add(40, 0, 40);
        }
        QCOMPARE(w.rate.perSecond(), AdmissibleRate::kUnlimited);
        w.add(100, 400);
        QVERIFY(isNear(w.rate.perSecond(), 1000 * kExcess, 0.15));
    }
    void oneOddWindowIsNoChangeAndTwoAre() {
        Windows w;
        w.pressed(20, 100);
        w.add(30, 100);
        QVERIFY(isNear(w.rate.perSecond(), 1000 * kExcess, 0.1));
        w.add(30, 100);
        QVERIFY(isNear(w.rate.perSecond(), 300 * kExcess, 0.25));
        w.pressed(1, 100);
        QVERIFY(w.rate.perSecond() < 800);
        w.pressed(1, 100);
        QVERIFY(isNear(w.rate.perSecond(), 1000 * kExcess, 0.15));
    }
    void aServiceThatStandsStillSaysNothing() {
        Windows w;
        w.pressed(20, 100);
        const double before = w.rate.perSecond();
        for (int i = 0; i < 50; ++i) {
            w.add(0, 500);
        }
        QCOMPARE(w.rate.perSecond(), before);
    }
    void oddWindowsAreIgnored() {
        Windows w;
        w.pressed(20, 100);
        const double before = w.rate.perSecond();
        const MonotonicTime next = w.now + 100ms;
        w.rate.onWindow({0ms, 10, 10, 100, 100}, next);
        w.rate.onWindow({-1ms, 10, 10, 100, 100}, next);
        w.rate.onWindow({100ms, std::nan(""), 10, 100, 100}, next);
        w.rate.onWindow({100ms, 10, -1, 100, 100}, next);
        w.rate.onWindow({100ms, 10, INFINITY, 100, 100}, next);
        w.rate.onWindow({100ms, 1, 10, 100, 100}, w.now);
        QCOMPARE(w.rate.perSecond(), before);
    }
};

LEVEE_TEST(AdmissibleRateTest)
#include "admissible_rate_test.moc"
