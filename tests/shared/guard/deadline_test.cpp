// SPDX-License-Identifier: Apache-2.0
#include "shared/guard/deadline.h"

#include <QTest>
#include <cmath>

#include "shared/base/random.h"
#include "tests/support/test_registry.h"

using namespace levee;
using namespace std::chrono_literals;

namespace {
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();
}  // namespace

class DeadlineTest : public QObject {
    Q_OBJECT
private slots:
    void theWaitAheadAndTheOwnLatencyHaveToFitIn() {
        // 40 ahead at 100/s: 0.4 s, and 0.1 s for itself.
        QVERIFY(canMeet(500ms, 40, 100, 0.1));
        QVERIFY(!canMeet(499ms, 40, 100, 0.1));
        QVERIFY(!canMeet(500ms, 41, 100, 0.1));
        QVERIFY(canMeet(100ms, 0, 100, 0.1));
        QVERIFY(!canMeet(99ms, 0, 100, 0.1));
    }
    void withoutTimeNothingCanAndWithoutADeadlineEverything() {
        QVERIFY(!canMeet(0ms, 0, 100, 0));
        QVERIFY(!canMeet(-1s, 0, kNan, kNan));
        QVERIFY(canMeet(1ns, 0, 100, 0));
        QVERIFY(canMeet(kNoDeadline, 1e12, 1, 1e12));
        QVERIFY(canMeet(kNoDeadline, 1, 0, 0));
    }
    void whatIsNotKnownRefusesNothing() {
        for (const double unknown : {kNan, -1.0, kInfinity}) {
            QVERIFY(canMeet(100ms, 1000, unknown, 0.1));
            QVERIFY(!canMeet(100ms, 1000, unknown, 0.11));  // the latency alone is too long
            QVERIFY(canMeet(100ms, 10, 100, unknown));
            QVERIFY(!canMeet(100ms, 11, 100, unknown));  // the wait alone is
            QVERIFY(canMeet(100ms, unknown, 100, 0.1));
        }
    }
    void whereNothingDrainsOnlyWhoNeedNotWaitCan() {
        QVERIFY(canMeet(100ms, 0, 0, 0.1));
        QVERIFY(!canMeet(1h, 1, 0, 0.1));
    }
    void theQueueBoundIsTheLastThatCan() {
        QCOMPARE(queueBound(500ms, 100, 0.1), 40u);
        QCOMPARE(queueBound(100ms, 100, 0.1), 0u);
        QCOMPARE(queueBound(99ms, 100, 0.1), 0u);
        QCOMPARE(queueBound(290ms, 100, 0), 29u);  // 28.999... in binary
        Random random(1);
        for (int i = 0; i < 10'000; ++i) {
            const Duration deadline = fromSeconds(random.uniform() * 5);
            const double throughput = random.uniform() * 1e5;
            const double latency = random.uniform();
            const std::uint32_t bound = queueBound(deadline, throughput, latency);
            QVERIFY(!canMeet(deadline, bound + 1.0, throughput, latency));
            if (bound > 0) {
                QVERIFY(canMeet(deadline, bound, throughput, latency));
            }
        }
    }
    void withoutNumbersTheQueueIsUnbounded() {
        QCOMPARE(queueBound(kNoDeadline, 100, 0.1), kUnboundedQueue);
        QCOMPARE(queueBound(kNoDeadline, 0, 0.1), kUnboundedQueue);
        QCOMPARE(queueBound(1s, kNan, 0.1), kUnboundedQueue);
        QCOMPARE(queueBound(1s, kNan, 1.1), 0u);
        QCOMPARE(queueBound(1s, 100, kNan), 100u);
        QCOMPARE(queueBound(1s, 0, 0.1), 0u);
        QCOMPARE(queueBound(-1s, 100, 0), 0u);
        QCOMPARE(queueBound(1h, 1e9, 0), kUnboundedQueue);
    }
};

LEVEE_TEST(DeadlineTest)
#include "deadline_test.moc"
