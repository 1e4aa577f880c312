// SPDX-License-Identifier: Apache-2.0
#include "agent/control/automation.h"

#include <QTest>
#include <deque>

#include "shared/base/random.h"
#include "tests/support/test_registry.h"

using namespace levee;
using namespace std::chrono_literals;

namespace {

constexpr auto kTrue = ConditionState::True;
constexpr auto kFalse = ConditionState::False;
constexpr auto kAbsent = ConditionState::Absent;

Automation rule(Duration holdsFor, Duration atMost, Duration cooldown) {
    Automation made;
    made.holdsFor = holdsFor;
    made.atMost = atMost;
    made.cooldown = cooldown;
    return made;
}

}  // namespace

class AutomationTest : public QObject {
    Q_OBJECT
    MonotonicTime now_{1h};

    /// Looks each second for so long at the same; the first change, or nothing.
    std::optional<AutomationEvent> see(AutomationClock& clock, ConditionState condition,
                                       Duration time) {
        for (const MonotonicTime end = now_ + time; now_ < end;) {
            now_ += 1s;
            if (const auto moved = clock.look(condition, now_))
                return moved;
        }
        return std::nullopt;
    }
private slots:
    void itBeginsWhenTheConditionHasHeldLongEnough() {
        AutomationClock clock(rule(10s, 1min, 30s));
        QCOMPARE(see(clock, kTrue, 10s), std::nullopt);  // since the first look
        QCOMPARE(clock.phase(), AutomationPhase::Pending);
        QCOMPARE(clock.left(now_), Duration(1s));
        QCOMPARE(see(clock, kTrue, 1s), std::optional(AutomationEvent::HeldForLong));
        QCOMPARE(clock.until(), now_ + 1min);
    }
    void aGapBeginsItAnew() {
        for (const ConditionState gap : {kFalse, kAbsent, ConditionState::Failed}) {
            AutomationClock clock(rule(10s, 1min, 30s));
            QCOMPARE(see(clock, kTrue, 10s), std::nullopt);
            QCOMPARE(see(clock, gap, 1s), std::nullopt);
            QCOMPARE(clock.phase(), AutomationPhase::Idle);
            QCOMPARE(see(clock, kTrue, 10s), std::nullopt);
        }
    }
    void itEndsWhenTheConditionHasNotHeldLongEnough() {
        AutomationClock clock(rule(10s, 1min, 30s));
        see(clock, kTrue, 1min);
        QCOMPARE(see(clock, kFalse, 9s), std::nullopt);
        QCOMPARE(see(clock, kTrue, 1s), std::nullopt);  // it does not flap
        QCOMPARE(see(clock, kFalse, 9s), std::nullopt);
        QCOMPARE(see(clock, kFalse, 1s), std::optional(AutomationEvent::Released));
        QCOMPARE(clock.phase(), AutomationPhase::Cooldown);
    }
    void itsTimeIsUpAndItRests() {
        AutomationClock clock(rule(0s, 1min, 30s));
        QCOMPARE(see(clock, kTrue, 1s), std::optional(AutomationEvent::HeldForLong));
        QCOMPARE(see(clock, kTrue, 59s), std::nullopt);
        QCOMPARE(see(clock, kTrue, 1s), std::optional(AutomationEvent::TimeIsUp));
        QCOMPARE(see(clock, kTrue, 29s), std::nullopt);
        QCOMPARE(see(clock, kTrue, 1s), std::optional(AutomationEvent::HeldForLong));
    }
    void withoutARestThereIsALookBetween() {
        AutomationClock clock(rule(0s, 1s, 0s));
        QCOMPARE(see(clock, kTrue, 1s), std::optional(AutomationEvent::HeldForLong));
        QCOMPARE(see(clock, kTrue, 1s), std::optional(AutomationEvent::TimeIsUp));
        QCOMPARE(see(clock, kTrue, 1s), std::optional(AutomationEvent::HeldForLong));
    }
    void takenUpAgainItWaitsForDataAndKeepsItsEnd() {
        AutomationClock clock(rule(10s, 10min, 30s));
        clock.resume(now_ + 5min, now_);
        QCOMPARE(clock.left(now_), Duration(5min));
        QCOMPARE(see(clock, kAbsent, 50s), std::nullopt);
        QCOMPARE(see(clock, kTrue, 1min), std::nullopt);
        QCOMPARE(see(clock, kAbsent, 1min), std::optional(AutomationEvent::Released));
        AutomationClock blind(rule(10s, 10min, 30s));
        blind.resume(now_ + 5min, now_);
        const MonotonicTime began = now_;
        QCOMPARE(see(blind, kAbsent, 5min), std::optional(AutomationEvent::Released));
        QCOMPARE(now_ - began, Duration(1min + 9s));
        AutomationClock late(rule(10s, 1min, 30s));
        late.resume(now_ + 5min, now_);  // the rule allows less now
        QCOMPARE(late.left(now_), Duration(1min));
    }
    void everyMoveIsInTheTable() {
        int moves = 0;
        for (int from = 0; from < 4; ++from) {
            for (int event = 0; event < 6; ++event)
                moves += nextPhase(static_cast<AutomationPhase>(from),
                                   static_cast<AutomationEvent>(event))
                             ? 1
                             : 0;
        }
        QCOMPARE(moves, int(kAutomationTransitions.size()));
    }

    /// Whatever the condition says when, and however late the looks come.
    void whateverComesItKeepsItsWord() {
        for (std::uint64_t seed = 1; seed <= 400; ++seed) {
            Random random(seed);
            const auto some = [&](int most) {
                return Duration(std::chrono::milliseconds(random.next() % (most * 1000)));
            };
            const Automation made = rule(some(20), some(40) + 1s, some(20));
            AutomationClock clock(made);
            MonotonicTime now{1h};
            struct Look {
                MonotonicTime at;
                bool holds;
            };
            std::deque<Look> looks;
            bool isFiring = false;
            MonotonicTime began{};
            MonotonicTime ended{-24h};
            const std::uint64_t stickiness = 1 + random.next() % 20;
            ConditionState condition = kFalse;
            int firings = 0;
            for (int i = 0; i < 1500; ++i) {
                const Duration step = some(3) + 1ms;
                now += step;
                if (random.next() % stickiness == 0)
                    condition = static_cast<ConditionState>(random.next() % 5);
                const bool holds = condition == kTrue;
                looks.push_back({now, holds});
                const auto moved = clock.look(condition, now);
                const auto heldForLong = [&] {
                    for (auto look = looks.rbegin(); look != looks.rend() && look->holds; ++look) {
                        if (now - look->at >= made.holdsFor)
                            return true;
                    }
                    return false;
                };
                const auto heldLately = [&] {
                    return std::any_of(looks.begin(), looks.end(), [&](const Look& look) {
                        return look.holds && now - look.at < made.holdsFor;
                    });
                };
                if (moved == AutomationEvent::HeldForLong) {
                    QVERIFY(!isFiring && holds);
                    QVERIFY(heldForLong());
                    QVERIFY(now - ended >= made.cooldown);
                    began = now;
                    isFiring = true;
                    ++firings;
                } else if (moved) {
                    QVERIFY(isFiring);
                    if (*moved == AutomationEvent::TimeIsUp)
                        QVERIFY(now - began >= made.atMost);
                    else
                        QVERIFY(!holds && !heldLately());
                    isFiring = false;
                    ended = now;
                } else if (isFiring) {
                    // Never longer than it may, but for how late the look came.
                    QVERIFY(now - began < made.atMost);
                }
                QCOMPARE(clock.phase() == AutomationPhase::Firing, isFiring);
                QVERIFY(clock.left(now) >= Duration::zero());
            }
            if (made.holdsFor < 2s && stickiness > 5)
                QVERIFY(firings > 0);
        }
    }
};

LEVEE_TEST(AutomationTest)
#include "automation_test.moc"
