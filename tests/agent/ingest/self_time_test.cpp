// SPDX-License-Identifier: Apache-2.0
#include "agent/ingest/self_time.h"

#include <QTest>
#include <algorithm>

#include "tests/agent/ingest/span_maker.h"
#include "tests/support/test_registry.h"

using namespace levee;
using namespace levee::ingest;
using namespace std::chrono_literals;

namespace {

constexpr NameId kService = 7;

SpanRecord span(SpanKind kind, std::uint64_t id, std::uint64_t parent, std::uint64_t start,
                std::uint64_t end) {
    SpanRecord record;
    record.trace = test::traceId(1);
    record.span = id;
    record.parent = parent;
    record.kind = kind;
    record.startNanos = start * 1'000'000;
    record.endNanos = end * 1'000'000;
    return record;
}

/// Milliseconds of the one answer that the spans give; -1 when there is not exactly one.
double selfMillis(const std::vector<SpanRecord>& spans) {
    SelfTimeTracker tracker({});
    MonotonicTime now{1h};
    for (const SpanRecord& record : spans)
        tracker.add(record, kService, 1, now);
    std::vector<SelfTime> answers;
    tracker.sweep(now + 1s, answers);
    tracker.sweep(now + 2s, answers);
    return answers.size() == 1 ? static_cast<double>(answers[0].nanos) * 1e-6 : -1;
}

const SpanRecord kServer = span(SpanKind::Server, 1, 99, 0, 100);

}  // namespace

class SelfTimeTest : public QObject {
    Q_OBJECT
private slots:
    void aServiceThatCallsNobodyWorksAllTheTime() { QCOMPARE(selfMillis({kServer}), 100.0); }
    void timeSpentWaitingForOthersIsNotOwnWork() {
        QCOMPARE(selfMillis({kServer, span(SpanKind::Client, 2, 1, 10, 40)}), 70.0);
        QCOMPARE(selfMillis({kServer, span(SpanKind::Producer, 2, 1, 10, 15)}), 95.0);
    }
    void callsAtTheSameTimeAreSubtractedOnce() {
        QCOMPARE(
            selfMillis({span(SpanKind::Client, 2, 1, 10, 40), span(SpanKind::Client, 3, 1, 20, 60),
                        span(SpanKind::Client, 4, 1, 25, 30), kServer}),
            50.0);
    }
    void waitsAreClippedToTheSpan() {
        QCOMPARE(selfMillis({kServer, span(SpanKind::Client, 2, 1, 90, 400)}), 90.0);
    }
    void internalSpansAreOwnWorkAndPassOnWaitsInAnyOrder() {
        std::vector<SpanRecord> spans{kServer, span(SpanKind::Internal, 2, 1, 5, 95),
                                      span(SpanKind::Internal, 3, 2, 6, 90),
                                      span(SpanKind::Client, 4, 3, 10, 50)};
        std::vector<int> order{0, 1, 2, 3};
        do {
            std::vector<SpanRecord> shuffled;
            for (const int i : order)
                shuffled.push_back(spans[static_cast<std::size_t>(i)]);
            QCOMPARE(selfMillis(shuffled), 60.0);
        } while (std::next_permutation(order.begin(), order.end()));
    }
    void theServerOnTheOtherSideIsNotAChild() {
        // A span of another service below this one says nothing about this one's own work.
        SelfTimeTracker tracker({});
        const MonotonicTime now{1h};
        tracker.add(kServer, kService, 1, now);
        tracker.add(span(SpanKind::Client, 2, 1, 10, 40), kService + 1, 1, now);
        std::vector<SelfTime> answers;
        tracker.sweep(now + 2s, answers);
        QCOMPARE(answers[0].nanos, 100'000'000U);
    }
    void memoryIsBoundedAndGivenBack() {
        SelfTimeTracker tracker({.settle = 2s, .spans = 10, .waitsPerSpan = 3});
        MonotonicTime now{1h};
        std::vector<SelfTime> answers;
        for (std::uint64_t i = 1; i <= 11; ++i)
            tracker.add(span(SpanKind::Client, 100 + i, i, 1, 2), kService, 1, now);
        QCOMPARE(tracker.dropped(), 1U);
        for (std::uint64_t i = 1; i <= 3; ++i)
            tracker.add(span(SpanKind::Client, 200 + i, 5, 1, 2), kService, 1, now);
        QCOMPARE(tracker.dropped(), 2U);
        QCOMPARE(tracker.size(), std::size_t{10});
        tracker.sweep(now + 2s, answers);
        tracker.sweep(now + 4s, answers);
        QCOMPARE(tracker.size(), std::size_t{0});
    }
    void noAnswerIsBetterThanOneWithWaitsMissing() {
        SelfTimeTracker tracker({.settle = 2s, .spans = 2, .waitsPerSpan = 3});
        const MonotonicTime now{1h};
        std::vector<SelfTime> answers;
        tracker.add(span(SpanKind::Client, 101, 50, 1, 2), kService, 1, now);
        tracker.add(span(SpanKind::Client, 102, 51, 1, 2), kService, 1, now);
        tracker.add(span(SpanKind::Client, 103, 1, 10, 90), kService, 1, now);  // no room
        tracker.add(kServer, kService, 1, now);
        tracker.sweep(now + 2s, answers);
        QVERIFY(answers.empty());
        tracker.sweep(now + 4s, answers);
        tracker.add(kServer, kService, 1, now + 5s);
        tracker.sweep(now + 7s, answers);
        QCOMPARE(answers.size(), std::size_t{1});
    }
    void spansThatAreTheirOwnAncestorsDoNoHarm() {
        QCOMPARE(
            selfMillis({span(SpanKind::Internal, 2, 3, 0, 1), span(SpanKind::Internal, 3, 2, 0, 1),
                        span(SpanKind::Internal, 4, 4, 0, 1), span(SpanKind::Client, 5, 2, 0, 1),
                        kServer}),
            100.0);
    }
};

LEVEE_TEST(SelfTimeTest)
#include "self_time_test.moc"
