// SPDX-License-Identifier: Apache-2.0
#include "shared/guard/sample_window.h"

#include <QTest>
#include <cmath>

#include "tests/shared/guard/window_feed.h"
#include "tests/support/test_registry.h"

using namespace levee;
using namespace levee::test;
using namespace std::chrono_literals;

class SampleWindowTest : public QObject {
    Q_OBJECT
private slots:
    void windowsAreJoinedUntilTheyAreLongEnough() {
        SampleWindow window(1s);
        for (int i = 0; i < 9; ++i) {
            QVERIFY(!window.add(answers(10, 0.02, 4)));
        }
        WindowSample last = answers(10, 0.04, 6);
        last.failed = 1;
        last.shed = 3;
        last.queued = 2;
        last.timedOut = 5;
        const auto whole = window.add(last);
        QVERIFY(whole.has_value());
        QCOMPARE(whole->length, Duration(1s));
        QCOMPARE(whole->completed, 100u);
        QCOMPARE(whole->failed, 1u);
        QCOMPARE(whole->shed, 3u);
        QCOMPARE(whole->queued, 2u);
        QCOMPARE(whole->timedOut, 5u);
        QCOMPARE(whole->maxInFlight, 6u);
        QVERIFY(std::abs(whole->inFlight - 4.2) < 1e-9);
        QCOMPARE(whole->latency.count(), 100u);
        QVERIFY(std::abs(whole->latency.mean() - 0.022) < 1e-9);
    }
    void theWeightIsThatOfAllThatWasSeen() {
        SampleWindow window(200ms);
        WindowSample sampled = answers(100, 0.02, 4);
        sampled.weight = 10;
        QVERIFY(!window.add(sampled));
        const auto whole = window.add(answers(30, 0.02, 4));
        QVERIFY(whole.has_value());
        QCOMPARE(whole->latency.count(), 130u);
        QVERIFY(std::abs(whole->weight - 130.0 / 40) < 1e-9);
    }
    void theNextOneStartsAfresh() {
        SampleWindow window(100ms);
        QCOMPARE(window.add(answers(10, 0.02, 4))->completed, 10u);
        QCOMPARE(window.add(answers(3, 0.02, 2))->maxInFlight, 2u);
    }
    void aWindowThatIsTooLongIsTakenWhole() {
        SampleWindow window(1s);
        WindowSample s = answers(10, 0.02, 4);
        s.length = 3s;
        QCOMPARE(window.add(s)->length, Duration(3s));
    }
    void meanConcurrencyIsWeightedByTime() {
        SampleWindow window(1s);
        WindowSample s = answers(1, 0.02, 10);
        s.length = 250ms;
        window.add(s);
        s = answers(1, 0.02, 2);
        s.length = 750ms;
        QVERIFY(std::abs(window.add(s)->inFlight - 4) < 1e-9);
    }
    void theShortestWaitIsThatOfWindowsInWhichSomethingHappened() {
        SampleWindow window(300ms);
        WindowSample waited = answers(10, 0.02, 4);
        waited.leastQueueWait = 0.006;
        window.add(waited);
        window.add(WindowSample());
        waited.leastQueueWait = 0.008;
        QCOMPARE(window.add(waited)->leastQueueWait, 0.006);
        window.add(waited);
        window.add(answers(10, 0.02, 4));  // somebody did not wait
        QCOMPARE(window.add(waited)->leastQueueWait, 0.0);
    }
    void aTimeoutCountsAsTheTimeoutWhereThatIsKnown() {
        WindowSample s = answers(3, 1, 4);
        s.timedOut = 1;
        QCOMPARE(answersAndTimeouts(s).count(), 4u);
        QCOMPARE(answersAndTimeouts(s).mean(), 2.0);
        s.timeout = Duration::zero();
        QCOMPARE(answersAndTimeouts(s).count(), 3u);
    }
};

LEVEE_TEST(SampleWindowTest)
#include "sample_window_test.moc"
