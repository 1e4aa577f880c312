// SPDX-License-Identifier: Apache-2.0
#include "agent/control/rate_guard.h"

#include <QTest>

#include "tests/support/test_registry.h"

using namespace levee;
using namespace std::chrono_literals;

namespace {

RequestRecord record(Outcome outcome, bool isOverRate = false) {
    RequestRecord record;
    record.outcome = outcome;
    record.isOverRate = isOverRate;
    return record;
}

RateSettings perTenant() {
    return {90.0 / 60, "header:x-tenant", 10s, 100};
}

}  // namespace

class RateGuardTest : public QObject {
    Q_OBJECT
private slots:
    void withoutALimitThereIsNoRate() {
        RateGuard guard;
        QCOMPARE(guard.requestsInWindow(), 0U);
        QVERIFY(guard.state().key.empty());
        guard.configure(perTenant(), GuardMode::Off);
        QCOMPARE(guard.requestsInWindow(), 0U);
    }
    void theLimitIsANumberOfRequestsInTheWindow() {
        RateGuard guard;
        guard.configure(perTenant(), GuardMode::Enforce);
        QCOMPARE(guard.requestsInWindow(), 15U);
        guard.configure({1.0 / 3600, "all", 1h, 1}, GuardMode::Enforce);
        QCOMPARE(guard.requestsInWindow(), 1U);
        guard.configure({1e6, "all", 1h, 1}, GuardMode::Enforce);
        QCOMPARE(guard.requestsInWindow(), 3'600'000'000U);
    }
    void refusalsAreCountedAndAnEpisodeIsTold() {
        RateGuard guard;
        guard.configure(perTenant(), GuardMode::Enforce);
        MonotonicTime now{1h};
        for (int window = 0; window < 10; ++window) {
            for (int i = 0; i < 5; ++i)
                guard.add(record(Outcome::ShedRate));
            guard.add(record(Outcome::Success));
            guard.tick(100ms, now += 100ms);
        }
        QCOMPARE(guard.state().refused, std::int64_t{50});
        QVERIFY(guard.state().refusedRate > 10);
        const auto begun = guard.takeEvents();
        QCOMPARE(begun.size(), std::size_t{1});
        QCOMPARE(
            begun[0].text,
            std::string("rate: 5 of 6 requests refused in 100 ms, above 90/m by header:x-tenant"));
        QCOMPARE(begun[0].detail(),
                 std::string("mode=enforce refused=5 passed=1 seconds=0.1 limit=90/m window=10s "
                             "key=header:x-tenant distance=0"));
        for (int window = 0; window < 60; ++window)
            guard.tick(100ms, now += 100ms);
        const auto over = guard.takeEvents();
        QCOMPARE(over.size(), std::size_t{1});
        QVERIFY(over[0].text.starts_with("rate: over, 50 requests refused in 0.9 s"));
    }
    void inShadowWhatWouldHaveBeenRefusedIsCountedApart() {
        RateGuard guard;
        guard.configure(perTenant(), GuardMode::Shadow);
        QVERIFY(guard.isShadow());
        QCOMPARE(guard.requestsInWindow(), 15U);
        guard.add(record(Outcome::Success, true));
        guard.add(record(Outcome::Success));
        QCOMPARE(guard.wouldHaveRefused(), std::uint64_t{1});
        QCOMPARE(guard.state().refused, std::int64_t{0});
    }
};

LEVEE_TEST(RateGuardTest)
#include "rate_guard_test.moc"
