// SPDX-License-Identifier: Apache-2.0
#include "agent/control/deadline_guard.h"

#include <QTest>
#include <cmath>

#include "tests/support/test_registry.h"

using namespace levee;
using namespace std::chrono_literals;

namespace {

DeadlineSettings asked() {
    return {2s, "x-request-timeout-ms"};
}

/// `count` answers of 10, 20, ... `count` * 10 ms, each after 500 ms in the queue.
void answer(DeadlineGuard& guard, int count) {
    RequestRecord record;
    record.queueMicros = 500'000;
    for (int i = 1; i <= count; ++i) {
        record.durationMicros = record.queueMicros + i * 10'000;
        guard.add(record);
    }
}

void refuse(DeadlineGuard& guard, int count) {
    RequestRecord record;
    record.outcome = Outcome::ShedDeadline;
    for (int i = 0; i < count; ++i)
        guard.add(record);
}

}  // namespace

class DeadlineGuardTest : public QObject {
    Q_OBJECT
private slots:
    void itLearnsWhatAnAnswerTakesAndWhatAPlaceInTheQueueAdds() {
        DeadlineGuard guard;
        guard.configure(asked(), GuardMode::Enforce);
        answer(guard, 100);
        guard.tick(1s, 4, MonotonicTime{1h});
        // The tenth of a hundred, and the mean of 505 ms over four places; two digits.
        QVERIFY(guard.leastMicros() >= 90'000 && guard.leastMicros() <= 120'000);
        QCOMPARE(guard.leastMicros() % 1'000, 0U);
        QCOMPARE(guard.turnMicros(), 120'000U);
        QCOMPARE(guard.answer(), Duration(2s));
        QCOMPARE(guard.state().least, guard.leastMicros() * 1e-6);
    }
    void withFewAnswersItSaysNothing() {
        DeadlineGuard guard;
        guard.configure(asked(), GuardMode::Enforce);
        answer(guard, 49);
        guard.tick(1s, 4, MonotonicTime{1h});
        QCOMPARE(guard.leastMicros(), 0U);
        answer(guard, 1);
        guard.tick(1s, 4, MonotonicTime{1h} + 1s);
        QVERIFY(guard.leastMicros() > 0);
    }
    void aServiceWithoutALimitHasNoTurns() {
        DeadlineGuard guard;
        guard.configure(asked(), GuardMode::Enforce);
        answer(guard, 100);
        guard.tick(1s, 0, MonotonicTime{1h});
        QCOMPARE(guard.turnMicros(), 0U);
        QVERIFY(guard.leastMicros() > 0);
    }
    void itForgetsAfterTenSecondsButNotWhileNothingIsAnswered() {
        DeadlineGuard guard;
        guard.configure(asked(), GuardMode::Enforce);
        MonotonicTime now{1h};
        const auto pass = [&](int seconds) {
            for (int i = 0; i < seconds * 10; ++i)
                guard.tick(100ms, 1, now += 100ms);
        };
        RequestRecord slow;
        slow.durationMicros = 1'000'000;
        for (int i = 0; i < 100; ++i)
            guard.add(slow);
        pass(1);
        const std::uint32_t learned = guard.leastMicros();
        QVERIFY(learned > 900'000);
        pass(60);
        QCOMPARE(guard.leastMicros(), learned);
        RequestRecord fast;
        fast.durationMicros = 10'000;
        for (int i = 0; i < 100; ++i)
            guard.add(fast);
        pass(1);
        QVERIFY(guard.leastMicros() <= 10'000);
    }
    void failuresAndRefusalsTeachNothing() {
        DeadlineGuard guard;
        guard.configure(asked(), GuardMode::Enforce);
        for (const Outcome outcome : {Outcome::Failure, Outcome::Timeout, Outcome::ShedLimit}) {
            RequestRecord record;
            record.outcome = outcome;
            record.durationMicros = 1000;
            for (int i = 0; i < 100; ++i)
                guard.add(record);
        }
        guard.tick(1s, 4, MonotonicTime{1h});
        QCOMPARE(guard.leastMicros(), 0U);
    }
    void switchedOffItForgetsAndAsksNobody() {
        DeadlineGuard guard;
        guard.configure(asked(), GuardMode::Enforce);
        answer(guard, 100);
        guard.tick(1s, 4, MonotonicTime{1h});
        guard.configure(asked(), GuardMode::Off);
        guard.tick(1s, 4, MonotonicTime{1h} + 1s);
        QCOMPARE(guard.answer(), Duration::zero());
        QCOMPARE(guard.leastMicros(), 0U);
        QCOMPARE(guard.turnMicros(), 0U);
        QVERIFY(!guard.isAsking());
        QVERIFY(!isGiven(guard.state()));
    }
    void inShadowItLearnsTheSameChangesNoTimeAndCountsWhoWouldBeRefused() {
        DeadlineGuard shadow;
        DeadlineGuard enforce;
        shadow.configure(asked(), GuardMode::Shadow);
        enforce.configure(asked(), GuardMode::Enforce);
        for (DeadlineGuard* guard : {&shadow, &enforce}) {
            answer(*guard, 100);
            guard->tick(1s, 4, MonotonicTime{1h});
        }
        QVERIFY(shadow.isAsking());
        QCOMPARE(shadow.leastMicros(), enforce.leastMicros());
        QCOMPARE(shadow.turnMicros(), enforce.turnMicros());
        QCOMPARE(shadow.answer(), Duration::zero());
        RequestRecord late;
        late.isTooLate = true;
        for (int i = 0; i < 25; ++i)
            shadow.add(late);
        shadow.tick(100ms, 4, MonotonicTime{1h} + 1s);
        QCOMPARE(shadow.wouldHaveRefused(), std::uint64_t{25});
        QCOMPARE(shadow.state().refused, std::int64_t{0});
        QCOMPARE(shadow.state().refusedRate, 0.0);
        QVERIFY(std::isnan(shadow.state().answer));
        const auto events = shadow.takeEvents();
        QCOMPARE(events.size(), std::size_t{1});
        QVERIFY(events[0].mode == GuardMode::Shadow);
        QVERIFY2(events[0].text.starts_with("deadline: 25 of 25 requests refused"),
                 events[0].text.c_str());
    }
    void refusalsAreCountedAndTold() {
        DeadlineGuard guard;
        guard.configure(asked(), GuardMode::Enforce);
        MonotonicTime now{1h};
        std::vector<GuardEvent> events;
        for (int i = 0; i < 100; ++i) {
            if (i < 20)
                refuse(guard, 5);
            answer(guard, 5);
            guard.tick(100ms, 4, now += 100ms);
            for (GuardEvent& event : guard.takeEvents())
                events.push_back(std::move(event));
        }
        QCOMPARE(guard.state().refused, std::int64_t{100});
        QCOMPARE(events.size(), std::size_t{2});
        QVERIFY2(events[0].text.starts_with("deadline: 5 of 10 requests refused in 100 ms"),
                 events[0].text.c_str());
        QVERIFY2(events[1].text.starts_with("deadline: over, 100 requests refused"),
                 events[1].text.c_str());
        QVERIFY(events[0].why.thresholds.find("header=x-request-timeout-ms") != std::string::npos);
    }
    void anEpisodeEndsAlsoWhenTheRuleIsSwitchedOffInItsMiddle() {
        DeadlineGuard guard;
        guard.configure(asked(), GuardMode::Enforce);
        MonotonicTime now{1h};
        refuse(guard, 30);
        guard.tick(100ms, 4, now += 100ms);
        QCOMPARE(guard.takeEvents().size(), std::size_t{1});
        guard.configure(asked(), GuardMode::Off);
        for (int i = 0; i < 60; ++i)
            guard.tick(100ms, 4, now += 100ms);
        const auto events = guard.takeEvents();
        QCOMPARE(events.size(), std::size_t{1});
        QVERIFY2(events[0].text.starts_with("deadline: over"), events[0].text.c_str());
        QCOMPARE(guard.leastMicros(), 0U);
    }
};

LEVEE_TEST(DeadlineGuardTest)
#include "deadline_guard_test.moc"
