// SPDX-License-Identifier: Apache-2.0
#include "shared/guard/retry_budget.h"

#include <QTest>

#include "tests/support/test_registry.h"

using namespace levee;
using namespace std::chrono_literals;

namespace {

/// Requests at an even pace, each followed by as many tries of a retry.
struct Retrying {
    RetryBudget budget;
    MonotonicTime now{1h};
    int requests = 0;
    int tried = 0;
    int granted = 0;

    explicit Retrying(const RetryBudgetSettings& settings = {}) : budget(settings) {}
    void run(double seconds, int perSecond, int retriesEach) {
        const Duration apart = fromSeconds(1.0 / perSecond);
        for (int i = 0; i < static_cast<int>(seconds * perSecond); ++i) {
            now += apart;
            budget.onRequest(now);
            ++requests;
            for (int k = 0; k < retriesEach; ++k) {
                ++tried;
                granted += budget.tryRetry(now) ? 1 : 0;
            }
        }
    }
    void forget() { requests = tried = granted = 0; }
};

RetryBudgetSettings shareOnly(double share) {
    RetryBudgetSettings s;
    s.share = share;
    s.minimumPerSecond = 0;
    return s;
}

}  // namespace

class RetryBudgetTest : public QObject {
    Q_OBJECT
private slots:
    void aFifthOfTheFirstAttemptsMayBeRetried() {
        Retrying t;
        t.run(60, 1000, 3);
        t.forget();
        t.run(60, 1000, 3);
        QVERIFY2(t.granted <= 0.2 * t.requests, QByteArray::number(t.granted));
        QVERIFY2(t.granted >= 0.18 * t.requests, QByteArray::number(t.granted));
        QVERIFY(t.budget.share(t.now) <= 0.2);
    }
    void theLastThatFitsIsGrantedAndTheNextIsNot() {
        RetryBudget budget(shareOnly(0.2));
        const MonotonicTime now{1h};
        for (int i = 0; i < 1000; ++i) {
            budget.onRequest(now);
        }
        for (int i = 0; i < 200; ++i) {
            QVERIFY(budget.tryRetry(now));
        }
        QVERIFY(!budget.tryRetry(now));
        QCOMPARE(budget.granted(), 200u);
        QCOMPARE(budget.refused(), 1u);
        QCOMPARE(budget.share(now), 0.2);
    }
    void whereThereIsLittleTrafficTheMinimumCounts() {
        RetryBudget budget{RetryBudgetSettings()};
        const MonotonicTime now{1h};
        budget.onRequest(now);
        for (int i = 0; i < 30; ++i) {  // 3 a second, 10 s
            QVERIFY(budget.tryRetry(now));
        }
        QVERIFY(!budget.tryRetry(now));
    }
    void whatHasLeftTheWindowCountsNoMore() {
        RetryBudget budget(shareOnly(0.5));
        const MonotonicTime now{1h};
        for (int i = 0; i < 10; ++i) {
            budget.onRequest(now);
        }
        QCOMPARE(budget.share(now + 10s), 0.0);
        for (int i = 0; i < 5; ++i) {
            QVERIFY(budget.tryRetry(now));
        }
        QCOMPARE(budget.share(now + 10s), 0.5);
        QCOMPARE(budget.share(now + 10s + 500ms), 0.0);
        QVERIFY(!budget.tryRetry(now + 11s));
    }
    void aCalmWindowCannotBeSpentInAMoment() {
        Retrying t(shareOnly(0.2));
        t.run(10, 1000, 0);
        t.forget();
        t.run(1, 1000, 1);
        // Twice the share of a second and of the half second that is being filled.
        QVERIFY2(t.granted >= 400 && t.granted <= 600, QByteArray::number(t.granted));
    }
    void theEndsOfTheSettings() {
        Retrying none(shareOnly(0));
        none.run(1, 1000, 1);
        QCOMPARE(none.granted, 0);
        QCOMPARE(none.budget.refused(), 1000u);
        QCOMPARE(none.budget.allowedShare(none.now), 0.0);
        Retrying all(shareOnly(1));
        all.run(20, 1000, 1);
        QCOMPARE(all.granted, all.tried);
        all.forget();
        all.run(20, 1000, 2);
        QVERIFY(all.granted <= all.requests);
        QVERIFY(all.granted >= 0.9 * all.requests);
    }
    void anOverloadIsNotMultiplied() {
        // Everything fails, and every failed try is tried again, three times at most.
        Retrying t;
        t.run(30, 500, 0);
        t.forget();
        for (int i = 0; i < 30 * 500; ++i) {
            t.now += 2ms;
            t.budget.onRequest(t.now);
            ++t.requests;
            for (int k = 0; k < 3 && t.budget.tryRetry(t.now); ++k) {
                ++t.granted;
            }
        }
        QVERIFY2(t.granted <= 0.2 * 1.35 * t.requests, QByteArray::number(t.granted));
        QVERIFY2(t.granted >= 0.18 * t.requests, QByteArray::number(t.granted));
    }
    void theGatewayLetsTheShareThrough() {
        RetryBudget budget(shareOnly(0.2));
        MonotonicTime now{1h};
        QCOMPARE(budget.allowedShare(now), 1.0);
        double letThrough = 0;
        double narrowest = 1;
        double widest = 0;
        for (int window = 0; window < 300; ++window) {
            now += 100ms;
            // 100 requests and, after 10 s, as many retries.
            const double tried = window < 100 ? 0 : 100;
            const double passed = tried * budget.allowedShare(now);
            budget.onWindow(100, static_cast<std::uint64_t>(passed),
                            static_cast<std::uint64_t>(tried - passed), now);
            if (window >= 120) {
                letThrough += passed;
                narrowest = std::min(narrowest, budget.allowedShare(now));
                widest = std::max(widest, budget.allowedShare(now));
            }
        }
        QVERIFY2(std::abs(letThrough / (180 * 100) - 0.2) < 0.01, QByteArray::number(letThrough));
        QVERIFY(narrowest > 0.18 && widest < 0.22);
    }
    void fewRetriesPassTheGatewayWhole() {
        RetryBudget budget{RetryBudgetSettings()};
        const MonotonicTime now{1h};
        budget.onWindow(100, 20, 0, now);
        QCOMPARE(budget.allowedShare(now), 1.0);
        budget.onWindow(0, 20, 0, now);
        QCOMPARE(budget.allowedShare(now), 0.5);
        QCOMPARE(budget.granted(), 40u);
    }
    void timeThatRunsBackwardsCountsAsTheLast() {
        RetryBudget budget(shareOnly(0.2));
        const MonotonicTime now{1h};
        for (int i = 0; i < 10; ++i) {
            budget.onRequest(now);
        }
        QVERIFY(budget.tryRetry(now - 30min));
        QVERIFY(budget.tryRetry(now));
        QVERIFY(!budget.tryRetry(now - 1s));
    }
    void reconfiguringKeepsTheCountsOfTheSameWindow() {
        RetryBudget budget(shareOnly(0.2));
        const MonotonicTime now{1h};
        for (int i = 0; i < 10; ++i) {
            budget.onRequest(now);
        }
        QVERIFY(budget.tryRetry(now) && budget.tryRetry(now) && !budget.tryRetry(now));
        budget.reconfigure(shareOnly(0.3));
        QVERIFY(budget.tryRetry(now));
        QVERIFY(!budget.tryRetry(now));
        RetryBudgetSettings other = shareOnly(0.3);
        other.window = 1s;
        budget.reconfigure(other);
        QCOMPARE(budget.share(now), 0.0);
        QCOMPARE(budget.granted(), 3u);
    }
};

LEVEE_TEST(RetryBudgetTest)
#include "retry_budget_test.moc"
