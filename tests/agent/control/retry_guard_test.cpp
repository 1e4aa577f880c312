// SPDX-License-Identifier: Apache-2.0
#include "agent/control/retry_guard.h"

#include <QTest>
#include <cmath>

#include "tests/support/test_registry.h"

using namespace levee;
using namespace std::chrono_literals;

namespace {

RetryBudgetSettings settings() {
    RetryBudgetSettings settings;
    settings.on = RetryOn::Failure;
    settings.share = 0.2;
    settings.minimumPerSecond = 0;
    settings.window = 10s;
    return settings;
}

void add(RetryGuard& guard, Outcome outcome, std::uint8_t retries, bool isBarred, int count) {
    RequestRecord record;
    record.outcome = outcome;
    record.retries = retries;
    record.isRetryBarred = isBarred;
    for (int i = 0; i < count; ++i)
        guard.add(record);
}

}  // namespace

class RetryGuardTest : public QObject {
    Q_OBJECT
private slots:
    void withoutABudgetNothingIsBarred() {
        RetryGuard guard;
        guard.configure({}, GuardMode::Enforce);
        guard.tick(MonotonicTime{1h});
        QCOMPARE(guard.share(), 1.0);
        GuardState state;
        guard.addTo(state, MonotonicTime{1h});
        QVERIFY(std::isnan(state.retryShare));
    }
    void whenEverythingFailsRetriesStayWithinTheBudget() {
        RetryGuard guard;
        guard.configure(settings(), GuardMode::Enforce);
        MonotonicTime now{1h};
        double retries = 0;
        double requests = 0;
        for (int window = 0; window < 300; ++window) {
            // A gateway that does what the share says, ten calls a window, all of them fail.
            const int allowed = static_cast<int>(std::lround(10 * guard.share()));
            add(guard, Outcome::Failure, 1, false, allowed);
            add(guard, Outcome::Failure, 0, true, 10 - allowed);
            if (window >= 100) {
                retries += allowed;
                requests += 10;
            }
            guard.tick(now += 100ms);
        }
        QVERIFY2(retries / requests < 0.25, std::to_string(retries / requests).c_str());
        QVERIFY(retries / requests > 0.1);
        GuardState state;
        guard.addTo(state, now);
        QVERIFY(state.retryShare <= 0.25);
        QVERIFY(state.retriesAllowed < 0.5);
    }
    void inShadowTheBudgetIsKeptAndNothingIsBarred() {
        RetryGuard guard;
        guard.configure(settings(), GuardMode::Shadow);
        MonotonicTime now{1h};
        for (int window = 0; window < 300; ++window) {
            add(guard, Outcome::Failure, 0, false, 10);
            guard.tick(now += 100ms);
            QCOMPARE(guard.share(), 1.0);
        }
        GuardState state;
        guard.addTo(state, now);
        QVERIFY(state.retryShare > 0.1 && state.retryShare <= 0.25);
        QVERIFY(state.retriesAllowed < 0.5);
    }
    void refusalsAreNoAttempts() {
        RetryGuard guard;
        guard.configure(settings(), GuardMode::Enforce);
        add(guard, Outcome::ShedBreaker, 0, true, 100);
        guard.tick(MonotonicTime{1h});
        GuardState state;
        guard.addTo(state, MonotonicTime{1h});
        QCOMPARE(state.retryShare, 0.0);
    }
};

LEVEE_TEST(RetryGuardTest)
#include "retry_guard_test.moc"
