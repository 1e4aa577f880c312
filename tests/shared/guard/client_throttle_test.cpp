// SPDX-License-Identifier: Apache-2.0
#include "shared/guard/client_throttle.h"

#include <QTest>
#include <cmath>

#include "tests/shared/guard/window_feed.h"
#include "tests/support/test_registry.h"

using namespace levee;
using namespace levee::test;
using namespace std::chrono_literals;

namespace {

/// A window with so many answers, some of them failures, and so many refusals of our own.
WindowSample window(std::uint64_t completed, std::uint64_t failed, std::uint64_t shed) {
    WindowSample s;
    s.completed = completed;
    s.failed = failed;
    s.shed = shed;
    return s;
}

struct Scene {
    ClientThrottle limit{LimiterSettings()};
    WindowFeed feed{limit};

    double shareAfter(const WindowSample& sample) {
        feed.give(sample);
        return limit.decision().admitShare;
    }
};

bool isNear(double value, double expected) {
    return std::abs(value - expected) < 1e-9;
}

}  // namespace

class ClientThrottleTest : public QObject {
    Q_OBJECT
private slots:
    void halfAcceptedIsGoodEnough() {
        Scene s;
        QCOMPARE(s.shareAfter(window(100, 50, 0)), 1.0);
        QCOMPARE(s.limit.decision().reason, LimitReason::AppLimited);
        QVERIFY(isNear(s.shareAfter(window(1, 1, 0)), 1 - 1.0 / 102));  // 101 - 2 * 50
        QCOMPARE(s.limit.decision().reason, LimitReason::Failing);
    }
    void lessIsRefusedByTheFormula() {
        Scene s;
        QVERIFY(isNear(s.shareAfter(window(100, 60, 0)), 1 - 20.0 / 101));
        // Our refusals are requests that were not accepted: (200 - 2 * 40) / 201.
        QVERIFY(isNear(s.shareAfter(window(0, 0, 100)), 1 - 120.0 / 201));
        // A timeout is one as well: (300 - 80) / 301.
        QVERIFY(isNear(s.shareAfter(timeouts(100, 20)), 1 - 220.0 / 301));
    }
    void nothingAcceptedLeavesNextToNothing() {
        Scene s;
        QVERIFY(isNear(s.shareAfter(window(9'999, 9'999, 0)), 1.0 / 10'000));
    }
    void theConcurrencyIsNotLimited() {
        Scene s;
        s.shareAfter(window(100, 100, 0));
        QCOMPARE(s.limit.decision().limit, 10'000.0);
        LimiterSettings settings;
        settings.maxLimit = 20'000;
        s.limit.reconfigure(settings);
        QCOMPARE(s.limit.decision().limit, 20'000.0);
    }
    void twoMinutesLaterItIsForgotten() {
        Scene s;
        s.shareAfter(window(100, 100, 0));
        s.feed.pass(119s);
        QVERIFY(s.shareAfter(WindowSample()) < 0.5);
        s.feed.pass(7s);
        QCOMPARE(s.shareAfter(WindowSample()), 1.0);
    }
    void latencyIsNoSignal() {
        Scene s;
        QCOMPARE(s.shareAfter(answers(100, 4, 1'000)), 1.0);
    }
    /// The known failing: a service that accepts 100 of whatever comes is still sent 200.
    void theServiceIsSentTwiceWhatItAccepts() {
        Scene s;
        double sent = 1'000;
        for (int i = 0; i < 5'000; ++i) {
            const auto whole = static_cast<std::uint64_t>(std::lround(sent));
            const std::uint64_t refusedThere = whole > 100 ? whole - 100 : 0;
            sent = 1'000 * s.shareAfter(window(whole, refusedThere, 1'000 - whole));
        }
        QVERIFY2(std::abs(sent - 200) < 2, qPrintable(QString::number(sent)));
    }
};

LEVEE_TEST(ClientThrottleTest)
#include "client_throttle_test.moc"
