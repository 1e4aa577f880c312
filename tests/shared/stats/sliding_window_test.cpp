// SPDX-License-Identifier: Apache-2.0
#include "shared/stats/sliding_window.h"

#include <QTest>
#include <deque>

#include "shared/base/random.h"
#include "tests/support/test_registry.h"

using namespace levee;
using namespace std::chrono_literals;
using stats::CallOutcome;
using stats::CountWindow;
using stats::TimeWindow;
using stats::WindowCounts;

namespace {
const MonotonicTime kStart{1h};
}

class SlidingWindowTest : public QObject {
    Q_OBJECT
private slots:
    void callsLeaveTheTimeWindow() {
        TimeWindow window(10s);
        window.record({.failed = true}, kStart);
        window.record({.slow = true}, kStart + 5s);
        QCOMPARE(window.snapshot(kStart + 9s), (WindowCounts{2, 1, 1}));
        QCOMPARE(window.snapshot(kStart + 11s), (WindowCounts{1, 0, 1}));
        QCOMPARE(window.snapshot(kStart + 16s), (WindowCounts{}));
    }
    void aLongSilenceEmptiesTheTimeWindow() {
        TimeWindow window(10s);
        window.record({.failed = true}, kStart);
        window.record({}, kStart + 24h);
        QCOMPARE(window.snapshot(kStart + 24h), (WindowCounts{1, 0, 0}));
    }
    void timeThatStandsStillOrStepsBackIsTakenAsNow() {
        TimeWindow window(10s);
        window.record({}, kStart + 20s);
        window.record({.failed = true}, kStart);
        QCOMPARE(window.snapshot(kStart), (WindowCounts{2, 1, 0}));
    }
    void aSnapshotDoesNotChangeAfterwards() {
        TimeWindow window(10s);
        window.record({}, kStart);
        const WindowCounts before = window.snapshot(kStart);
        window.record({}, kStart);
        QCOMPARE(before.calls, 1u);
    }
    void theTimeWindowAgreesWithAListOfCalls() {
        Random random(5);
        TimeWindow window(2s);
        std::deque<MonotonicTime> calls;
        MonotonicTime now = kStart;
        for (int i = 0; i < 20'000; ++i) {
            now += Duration(static_cast<std::int64_t>(random.uniform() * 3e7));
            window.record({}, now);
            calls.push_back(now);
            while (now - calls.front() > 2100ms) {
                calls.pop_front();
            }
            const auto seen = window.snapshot(now).calls;
            const auto inside = static_cast<std::uint64_t>(std::count_if(
                calls.begin(), calls.end(), [&](MonotonicTime t) { return now - t < 2s; }));
            QVERIFY(seen >= inside && seen <= calls.size());
        }
    }
    void resizingTheTimeWindowKeepsWhatIsInside() {
        TimeWindow window(10s);
        for (int i = 0; i < 10; ++i) {
            window.record({.failed = true}, kStart + i * 1s);
        }
        TimeWindow wider = window;
        wider.resize(60s, kStart + 9s);
        QCOMPARE(wider.snapshot(kStart + 9s).failures, 10u);
        QCOMPARE(wider.length(), Duration(60s));
        QCOMPARE(wider.snapshot(kStart + 80s).failures, 0u);
        window.resize(2s, kStart + 9s);
        const auto kept = window.snapshot(kStart + 9s).failures;
        QVERIFY(kept == 2 || kept == 3);
    }
    void theCountWindowHoldsTheNewestCalls() {
        CountWindow window(3);
        window.record({.failed = true});
        QCOMPARE(window.snapshot(), (WindowCounts{1, 1, 0}));
        window.record({});
        window.record({.slow = true});
        window.record({});
        QCOMPARE(window.snapshot(), (WindowCounts{3, 0, 1}));
    }
    void resizingTheCountWindowKeepsTheNewest() {
        CountWindow window(4);
        window.record({.failed = true});
        window.record({});
        window.record({.failed = true});
        window.resize(2);
        QCOMPARE(window.snapshot(), (WindowCounts{2, 1, 0}));
        window.resize(5);
        window.record({});
        QCOMPARE(window.snapshot(), (WindowCounts{3, 1, 0}));
        window.clear();
        QCOMPARE(window.snapshot(), (WindowCounts{}));
    }
    void sharesOfNothingAreZero() {
        QCOMPARE(WindowCounts{}.failureShare(), 0.0);
        QCOMPARE((WindowCounts{4, 1, 2}).failureShare(), 0.25);
        QCOMPARE((WindowCounts{4, 1, 2}).slowShare(), 0.5);
    }
};

LEVEE_TEST(SlidingWindowTest)
#include "sliding_window_test.moc"
