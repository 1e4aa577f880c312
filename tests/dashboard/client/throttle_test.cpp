// SPDX-License-Identifier: Apache-2.0
#include "dashboard/client/throttle.h"

#include <QTest>

#include "tests/support/manual_time_source.h"
#include "tests/support/test_registry.h"

using namespace levee;
using namespace std::chrono_literals;

class ThrottleTest : public QObject {
    Q_OBJECT
    test::ManualTimeSource time_;
    int calls_ = 0;

private slots:
    void init() { calls_ = 0; }

    void theFirstRequestIsServedAtOnce() {
        Throttle throttle(100ms, time_, [this] { ++calls_; });
        QCOMPARE(calls_, 0);
        throttle.request();
        QCOMPARE(calls_, 1);
    }
    void withinTheIntervalNothingMoreIsServed() {
        Throttle throttle(100ms, time_, [this] { ++calls_; });
        throttle.request();
        time_.advance(100ms - 1ns);
        for (int i = 0; i < 30; ++i)
            throttle.request();
        QCOMPARE(calls_, 1);
        time_.advance(1ns);
        throttle.request();
        QCOMPARE(calls_, 2);
    }
    void aCallThatTakesLongMakesTheNextOneWaitTwiceAsLong() {
        Throttle throttle(100ms, time_, [this] {
            ++calls_;
            time_.advance(50ms);
        });
        throttle.request();
        time_.advance(100ms + 100ms - 1ns);
        throttle.request();
        QCOMPARE(calls_, 1);
        time_.advance(1ns);
        throttle.request();
        QCOMPARE(calls_, 2);
    }
    void theTimerServesNothingBeforeTheClockSaysSo() {
        Throttle throttle(1ms, time_, [this] { ++calls_; });
        throttle.request();
        throttle.request();
        QTest::qWait(20);
        QCOMPARE(calls_, 1);
    }
    void theLastRequestsAreServedTogetherAndOnce() {
        Throttle throttle(1ms, time_, [this] { ++calls_; });
        for (int i = 0; i < 30; ++i)
            throttle.request();
        time_.advance(1ms);
        QTRY_COMPARE(calls_, 2);
        time_.advance(1s);
        QTest::qWait(20);
        QCOMPARE(calls_, 2);
    }
};

LEVEE_TEST(ThrottleTest)
#include "throttle_test.moc"
