// SPDX-License-Identifier: Apache-2.0
#include "agent/control/class_guard.h"

#include <QTest>

#include "tests/support/test_registry.h"

using namespace levee;
using namespace std::chrono_literals;

namespace {

const PrioritySettings kSettings{"x-priority", "gold, bulk"};

void add(ClassGuard& guard, std::uint8_t priority, Outcome outcome, int count) {
    RequestRecord record;
    record.priority = priority;
    record.outcome = outcome;
    for (int i = 0; i < count; ++i)
        guard.add(record);
}

GuardDesired tenSlots() {
    GuardDesired limit;
    limit.maxInFlight = 10;
    limit.queueLimit = 5;
    return limit;
}

}  // namespace

class ClassGuardTest : public QObject {
    Q_OBJECT
private slots:
    void withoutARuleInForceThereAreNone() {
        ClassGuard guard;
        guard.configure({}, GuardMode::Enforce);
        QVERIFY(guard.admissions({}).empty());
        guard.configure(kSettings, GuardMode::Off);
        QVERIFY(guard.admissions({}).empty());
        QVERIFY(guard.state().empty());
    }
    void inShadowTheSharesAreWorkedOutAndAllPass() {
        ClassGuard guard;
        guard.configure(kSettings, GuardMode::Shadow);
        const GuardDesired limit = tenSlots();
        MonotonicTime now{1h};
        for (int window = 0; window < 50; ++window) {
            add(guard, 0, Outcome::Success, 8);
            add(guard, 1, Outcome::Success, 22);
            guard.tick(100ms, limit, 30, 20, now += 100ms);
        }
        QCOMPARE(guard.state()[0].share, 1.0);
        QVERIFY(guard.state()[1].share < 0.5);
        for (const auto& each : guard.admissions({})) {
            QCOMPARE(each.share, 1.0);
            QCOMPARE(each.queueLimit, DesiredState::ClassAdmission().queueLimit);
        }
        // What a person holds acts in shadow too.
        QCOMPARE(guard.admissions(limit)[0].queueLimit, 5U);
        guard.shed("bulk");
        QCOMPARE(guard.admissions({})[0].share, 1.0);
        QCOMPARE(guard.admissions({})[1].share, 0.0);
    }
    void withoutALimitAllPass() {
        ClassGuard guard;
        guard.configure(kSettings, GuardMode::Enforce);
        const auto all = guard.admissions({});
        QCOMPARE(all.size(), std::size_t{2});
        QCOMPARE(all[1].share, 1.0);
    }
    void underPressureTheLastClassGoesFirst() {
        ClassGuard guard;
        guard.configure(kSettings, GuardMode::Enforce);
        const GuardDesired limit = tenSlots();
        MonotonicTime now{1h};
        for (int window = 0; window < 50; ++window) {
            add(guard, 0, Outcome::Success, 8);
            add(guard, 1, Outcome::Success, 2);
            add(guard, 1, Outcome::ShedLimit, 20);
            guard.tick(100ms, limit, 10, 0, now += 100ms);
        }
        const auto all = guard.admissions(limit);
        QCOMPARE(all[0].share, 1.0);
        QVERIFY(all[1].share < 0.5);
        QVERIFY(all[0].queueLimit > all[1].queueLimit);
        QCOMPARE(guard.state()[1].name, std::string("bulk"));
        QVERIFY(guard.state()[1].arrivalRate > 200);
    }
    void aShedClassAndThoseBelowItAreRefusedWhateverTheLimit() {
        ClassGuard guard;
        guard.configure({"x-priority", "gold, normal, bulk"}, GuardMode::Enforce);
        guard.shed("normal");
        GuardDesired limit;
        for (const std::uint32_t most : {0U, 10U}) {
            limit.maxInFlight = most;
            const auto all = guard.admissions(limit);
            QCOMPARE(all[0].share, 1.0);
            QCOMPARE(all[1].share, 0.0);
            QCOMPARE(all[2].share, 0.0);
        }
        QCOMPARE(guard.state()[0].share, 1.0);
        QCOMPARE(guard.state()[1].share, 0.0);
        guard.shed("bulk");
        QCOMPARE(guard.admissions({})[1].share, 1.0);
        QCOMPARE(guard.admissions({})[2].share, 0.0);
        guard.shed({});
        QCOMPARE(guard.admissions({})[2].share, 1.0);
        QCOMPARE(guard.shedProblem(), std::string());
    }
    void aShedClassThatTheRuleNoLongerHasRefusesNothingAndSaysSo() {
        ClassGuard guard;
        guard.configure({"x-priority", "gold, normal, bulk"}, GuardMode::Enforce);
        guard.shed("normal");
        QCOMPARE(guard.shedProblem(), std::string());
        guard.configure(kSettings, GuardMode::Enforce);
        QCOMPARE(guard.admissions({})[1].share, 1.0);
        QVERIFY(
            guard.shedProblem().starts_with("class normal is to be shed, and the rule has gold, "
                                            "bulk"));
        guard.configure(kSettings, GuardMode::Off);
        QVERIFY(guard.shedProblem().find("no classes in force") != std::string::npos);
        guard.configure({"x-priority", "gold, normal"}, GuardMode::Enforce);
        QCOMPARE(guard.admissions({})[1].share, 0.0);
    }
};

LEVEE_TEST(ClassGuardTest)
#include "class_guard_test.moc"
