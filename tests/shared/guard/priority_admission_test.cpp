// SPDX-License-Identifier: Apache-2.0
#include "shared/guard/priority_admission.h"

#include <QTest>
#include <cmath>
#include <set>

#include "shared/base/random.h"
#include "tests/support/test_registry.h"

using namespace levee;
using namespace std::chrono_literals;

namespace {

/// A limiter of 10,000 slots: its excess is 5.5 %. Windows of 100 ms.
struct Gate {
    PriorityAdmission admission;
    MonotonicTime now{1h};

    explicit Gate(int levels, std::uint64_t salt = 0) : admission(levels, salt) {}
    /// A second of arrivals per window of which the limiter admits so many a window.
    void windows(int n, const PriorityAdmission::Arrivals& arrivals, double admitted) {
        for (int i = 0; i < n; ++i) {
            now += 100ms;
            admission.count(arrivals);
            admission.onWindow({100ms, admitted, 1, 10'000, 10'000}, now);
        }
    }
};

double massOf(const PriorityAdmission& admission, const PriorityAdmission::Arrivals& arrivals) {
    double mass = 0;
    for (int level = 0; level < PriorityAdmission::kMostLevels; ++level) {
        mass += admission.shareOf(level) *
                static_cast<double>(arrivals[static_cast<std::size_t>(level)]);
    }
    return mass;
}

bool isNear(double actual, double wanted, double share) {
    return std::abs(actual / wanted - 1) <= share;
}

}  // namespace

class PriorityAdmissionTest : public QObject {
    Q_OBJECT
private slots:
    void everythingPassesUntilSomethingIsRefused() {
        Gate gate(3);
        for (int level = 0; level < 3; ++level) {
            QCOMPARE(gate.admission.shareOf(level), 1.0);
            QVERIFY(gate.admission.admits(level, 1));
        }
        for (int i = 0; i < 100; ++i) {
            gate.now += 100ms;
            gate.admission.count({1000, 3000, 6000});
            gate.admission.onWindow({100ms, 10'000, 0, 10'000, 5'000}, gate.now);
        }
        QCOMPARE(gate.admission.shareOf(2), 1.0);
    }
    void withOneClassItDoesNothing() {
        Gate gate(1);
        gate.windows(10, {100'000}, 1'000);
        QCOMPARE(gate.admission.shareOf(0), 1.0);
        QVERIFY(gate.admission.admits(0, 1));
        QCOMPARE(gate.admission.queueBoundOf(0, 20, 3), 3u);
    }
    void theCutLiesWhereTheArrivalsAddUpToTheCapacity() {
        const PriorityAdmission::Arrivals arrivals{1000, 3000, 6000};
        Gate gate(3);
        gate.windows(1, arrivals, 2000);
        // Of the second class what is left: 2,000 and a standard deviation, plus the excess.
        const double mass = (2000 + std::sqrt(2000)) * 1.055;
        QCOMPARE(gate.admission.shareOf(0), 1.0);
        QVERIFY(isNear(gate.admission.shareOf(1), (mass - 1000) / 3000, 1e-6));
        QCOMPARE(gate.admission.shareOf(2), 0.0);
        gate.windows(20, arrivals, 6000);
        QCOMPARE(gate.admission.shareOf(1), 1.0);
        QVERIFY(isNear(massOf(gate.admission, arrivals), 6000 * 1.055, 0.05));
        gate.windows(20, arrivals, 500);
        QVERIFY(gate.admission.shareOf(0) < 0.6);
        QCOMPARE(gate.admission.shareOf(1), 0.0);
    }
    void itFollowsTheArrivalsInTheNextWindow() {
        Gate gate(3);
        gate.windows(20, {1000, 3000, 6000}, 2000);
        const PriorityAdmission::Arrivals tenfold{10'000, 30'000, 60'000};
        gate.windows(1, tenfold, 2000);
        QVERIFY(isNear(massOf(gate.admission, tenfold), 2000 * 1.055, 0.05));
        const PriorityAdmission::Arrivals calm{100, 300, 600};
        gate.windows(1, calm, 1000);
        QCOMPARE(gate.admission.shareOf(2), 1.0);
    }
    void smallMovesOfTheRateMoveNobody() {
        Gate gate(3);
        gate.windows(20, {1000, 3000, 6000}, 2000);
        const PriorityCut cut = gate.admission.cut();
        for (int i = 0; i < 50; ++i) {
            gate.windows(1, {1000, 3000, 6000}, i % 2 == 0 ? 2040 : 1960);
            QVERIFY(gate.admission.cut() == cut);
        }
    }
    void aUserIsEitherInOrOut() {
        Gate gate(2);
        gate.windows(20, {1000, 9000}, 5000);
        int in = 0;
        int border = 0;
        for (std::uint64_t user = 0; user < 10'000; ++user) {
            int passed = 0;
            for (int i = 0; i < 10; ++i) {
                passed += gate.admission.admits(1, user) ? 1 : 0;
            }
            in += passed;
            border += passed > 0 && passed < 10 ? 1 : 0;
        }
        QVERIFY(isNear(in / 100'000.0, gate.admission.shareOf(1), 0.03));
        QVERIFY2(border < 10'000 / 100, QByteArray::number(border));  // one cohort of 128
        QVERIFY(gate.admission.admits(0, 1));
    }
    void anEpochChangesWhoIsOut() {
        Gate gate(2, 7);
        gate.windows(20, {0, 10'000}, 5000);
        const auto shed = [&] {
            std::set<std::uint64_t> users;
            for (std::uint64_t user = 0; user < 1000; ++user) {
                if (gate.admission.cohortOf(user) >=
                    gate.admission.shareOf(1) * PriorityAdmission::kCohorts) {
                    users.insert(user);
                }
            }
            return users;
        };
        gate.admission.rotate(0);  // the epoch it began with
        const std::set<std::uint64_t> before = shed();
        QVERIFY(before == shed());
        gate.admission.rotate(490'000);
        const std::set<std::uint64_t> after = shed();
        std::size_t both = 0;
        for (const std::uint64_t user : after) {
            both += before.count(user);
        }
        QVERIFY(before.size() > 400 && after.size() > 400);
        QVERIFY(both > 150 && both < 350);  // a quarter of 1,000 by chance
        Gate other(2, 7);
        other.windows(20, {0, 10'000}, 5000);
        other.admission.rotate(490'000);
        QCOMPARE(other.admission.cohortOf(123), gate.admission.cohortOf(123));
        QVERIFY(Gate(2, 8).admission.cohortOf(1) != Gate(2, 7).admission.cohortOf(1) ||
                Gate(2, 8).admission.cohortOf(2) != Gate(2, 7).admission.cohortOf(2));
    }
    void usersFallIntoCohortsEvenly() {
        PriorityAdmission admission(2);
        std::array<int, PriorityAdmission::kCohorts> users{};
        for (std::uint64_t user = 0; user < 128'000; ++user) {
            const int cohort = admission.cohortOf(user);
            QVERIFY(cohort >= 0 && cohort < PriorityAdmission::kCohorts);
            ++users[static_cast<std::size_t>(cohort)];
        }
        for (const int n : users) {
            QVERIFY2(n > 850 && n < 1150, QByteArray::number(n));
        }
    }
    void inTheCohortAtTheCutItsShareOfTheRequestsPasses() {
        // One user makes a whole class: there is nothing to divide but its requests.
        PriorityAdmission admission(2);
        MonotonicTime now{1h};
        int passed = 0;
        for (int window = 0; window < 40; ++window) {
            for (int i = 0; i < 900; ++i) {
                const bool passes = admission.admits(1, 42);
                passed += window >= 20 && passes ? 1 : 0;
            }
            now += 100ms;
            admission.onWindow({100ms, 300, 1, 10'000, 10'000}, now);
        }
        QVERIFY2(isNear(passed, 20 * 300 * 1.055, 0.05), QByteArray::number(passed));
    }
    void aHeavyUserIsWeighedWithWhatItAsksFor() {
        // Half of the class's requests come from one user.
        PriorityAdmission admission(2);
        MonotonicTime now{1h};
        Random random(1);
        double passed = 0;
        for (int window = 0; window < 60; ++window) {
            for (int i = 0; i < 1000; ++i) {
                const bool isHeavy = random.next() % 2 == 0;
                const bool passes = admission.admits(1, isHeavy ? 7 : random.next());
                passed += window >= 30 && passes ? 1 : 0;
            }
            now += 100ms;
            admission.onWindow({100ms, 400, 1, 10'000, 10'000}, now);
        }
        QVERIFY2(isNear(passed, 30 * 400 * 1.055, 0.05), QByteArray::number(passed));
    }
    void levelsOutOfRangeAreTheLeastImportant() {
        Gate gate(3);
        gate.windows(20, {1000, 3000, 6000}, 2000);
        QVERIFY(!gate.admission.admits(2, 1));
        QVERIFY(!gate.admission.admits(3, 1));
        QVERIFY(!gate.admission.admits(-1, 1));
        QVERIFY(gate.admission.admits(0, 1));
        QCOMPARE(gate.admission.shareOf(99), 0.0);
        QCOMPARE(PriorityAdmission(0).levels(), 1);
        QCOMPARE(PriorityAdmission(16).levels(), 16);
        QCOMPARE(PriorityAdmission(17).levels(), 16);
    }
    void sixteenClassesAreCutLikeThree() {
        PriorityAdmission::Arrivals arrivals;
        arrivals.fill(100);
        Gate gate(16);
        gate.windows(20, arrivals, 750);
        QCOMPARE(gate.admission.shareOf(6), 1.0);
        QVERIFY(gate.admission.shareOf(7) > 0.7);
        QCOMPARE(gate.admission.shareOf(9), 0.0);
        QCOMPARE(gate.admission.shareOf(15), 0.0);
    }
    void theQueueIsLongerForTheMoreImportant() {
        Gate gate(4);
        QCOMPARE(gate.admission.queueBoundOf(0, 20, 3), 3u);  // nothing is known yet
        gate.windows(20, {1000, 0, 3000, 6000}, 2000);
        QCOMPARE(gate.admission.cut().level, 2);
        QCOMPARE(gate.admission.queueBoundOf(3, 20, 3), 3u);
        QCOMPARE(gate.admission.queueBoundOf(2, 20, 3), 3u);
        QCOMPARE(gate.admission.queueBoundOf(1, 20, 3), 23u);
        QCOMPARE(gate.admission.queueBoundOf(0, 20, 3), 23u);  // nobody is of class 1
        QCOMPARE(gate.admission.queueBoundOf(0, 2, 3), 11u);   // eight at least
        gate.windows(20, {1000, 0, 3000, 6000}, 20'000);
        QCOMPARE(gate.admission.cut().level, 3);
        QCOMPARE(gate.admission.queueBoundOf(0, 20, 3), 43u);
    }
    void withoutAQueueTheMoreImportantHaveMoreSlots() {
        Gate gate(4);
        QCOMPARE(gate.admission.slotsOf(0, 16), 16u);
        gate.windows(20, {1000, 0, 3000, 6000}, 20'000);
        QCOMPARE(gate.admission.slotsOf(3, 16), 16u);
        QCOMPARE(gate.admission.slotsOf(2, 16), 22u);
        QCOMPARE(gate.admission.slotsOf(0, 16), 28u);
        QCOMPARE(gate.admission.slotsOf(2, 1), 3u);
    }
    void lostWindowsAndOddOnesDoNoHarm() {
        Gate gate(3);
        const PriorityAdmission::Arrivals arrivals{1000, 3000, 6000};
        gate.windows(20, arrivals, 2000);
        const PriorityCut cut = gate.admission.cut();
        for (int lost = 0; lost < 9; ++lost) {  // counted all the same
            gate.now += 100ms;
            gate.admission.count(arrivals);
        }
        gate.windows(1, arrivals, 2000);
        QVERIFY(isNear(massOf(gate.admission, arrivals), 2000 * 1.055, 0.05));
        gate.admission.onWindow({0ms, 1, 1, 1, 1}, gate.now + 1s);
        gate.admission.onWindow({100ms, 1, 1, 1, 1}, gate.now);
        gate.admission.onWindow({100ms, 1, 1, 1, 1}, gate.now - 1s);
        QVERIFY(gate.admission.cut() == cut);
    }
};

LEVEE_TEST(PriorityAdmissionTest)
#include "priority_admission_test.moc"
