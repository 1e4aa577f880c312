// SPDX-License-Identifier: Apache-2.0
#include "agent/ingest/exemplar_store.h"

#include <QTest>
#include <algorithm>

#include "agent/ingest/hex_id.h"
#include "tests/agent/ingest/span_maker.h"
#include "tests/support/test_registry.h"

using namespace levee;
using namespace levee::ingest;
using namespace std::chrono_literals;
using test::MadeSpan;

namespace {

const MonotonicTime kStart{1h};

/// A store with the buffer in front of it.
struct Fixture {
    explicit Fixture(ExemplarLimits limits = {}) : store(limits) {}

    /// One trace: user -> a -> b, `millis` long at b and 10 more above it.
    void call(std::uint64_t trace, std::uint64_t millis, bool failed = false,
              const char* server = "b") {
        add({{.service = "a",
              .kind = SpanKind::Server,
              .trace = trace,
              .id = 1,
              .start = 100,
              .end = 120 + millis},
             {.service = "a",
              .kind = SpanKind::Client,
              .trace = trace,
              .id = 2,
              .parent = 1,
              .start = 105,
              .end = 115 + millis},
             {.service = server,
              .kind = SpanKind::Server,
              .trace = trace,
              .id = 3,
              .parent = 2,
              .start = 110,
              .end = 110 + millis,
              .failed = failed}});
    }
    void add(const std::vector<MadeSpan>& spans) {
        TraceBuffer buffer({});
        buffer.add(test::batchOf(spans), now);
        store.add(buffer.take(now + 10s), now);
    }
    /// Milliseconds at b of the traces kept for the subject, slowest first.
    std::vector<int> kept(const std::string& subject) {
        std::vector<int> all;
        for (const TraceSummary& trace : store.list(subject, 100))
            all.push_back(static_cast<int>(trace.seconds * 1e3 + 0.5) - 20);
        return all;
    }

    MonotonicTime now = kStart;
    ExemplarStore store;
};

std::string idOf(std::uint64_t trace) {
    return hexOf(test::traceId(trace));
}

}  // namespace

class ExemplarStoreTest : public QObject {
    Q_OBJECT
private slots:
    void aTraceIsKeptWithAllItsSpans() {
        Fixture fixture;
        fixture.call(1, 50, true);
        const auto trace = fixture.store.find(idOf(1));
        QVERIFY(trace != nullptr);
        QCOMPARE(trace->spans.size(), std::size_t{3});
        QCOMPARE(trace->spans[2].service, std::string("b"));
        QCOMPARE(trace->spans[2].parent, 2U);
        QVERIFY(trace->spans[2].failed);
        QCOMPARE(trace->summary.service, std::string("a"));
        QVERIFY(std::abs(trace->summary.seconds - 0.070) < 1e-9);
        QVERIFY(trace->summary.failed);
        const auto list = fixture.store.list("", 10);
        QCOMPARE(list.size(), std::size_t{1});
        QCOMPARE(list[0].keptFor, (std::vector<std::string>{"a", "a->b", "b", "user->a"}));
        QCOMPARE(fixture.store.list("a->b", 10).size(), std::size_t{1});
        QVERIFY(fixture.store.list("c", 10).empty());
    }
    void theSlowestAndTheNewestFailedOfEachSubjectAreKept() {
        Fixture fixture;
        std::uint64_t trace = 1;
        for (const std::uint64_t millis : {50U, 20U, 70U, 10U, 60U, 40U})
            fixture.call(trace++, millis);
        QCOMPARE(fixture.kept("b"), (std::vector<int>{70, 60, 50}));
        for (const std::uint64_t millis : {5U, 6U, 7U, 8U})
            fixture.call(trace++, millis, true);
        QCOMPARE(fixture.kept("b"), (std::vector<int>{70, 60, 50, 8, 7, 6}));
        fixture.call(trace++, 9, false, "c");  // another callee has places of its own
        QCOMPARE(fixture.kept("a->c"), (std::vector<int>{9}));
        QCOMPARE(fixture.store.size(), std::size_t{7});
    }
    void databasesAndQueuesAreEdgesToo() {
        Fixture fixture;
        MadeSpan call{.service = "a", .kind = SpanKind::Client, .start = 1, .end = 9};
        call.peer.dbSystem = "redis";
        MadeSpan read{
            .service = "c", .kind = SpanKind::Consumer, .trace = 2, .id = 2, .start = 1, .end = 9};
        read.peer.messagingSystem = "kafka";
        read.peer.destination = "jobs";
        fixture.add({call, read});
        QCOMPARE(fixture.store.list("a->redis", 10).size(), std::size_t{1});
        QCOMPARE(fixture.store.list("kafka:jobs->c", 10).size(), std::size_t{1});
    }
    void whatIsOldGoes() {
        Fixture fixture;
        fixture.call(1, 90);
        fixture.now += 9min + 59s;
        fixture.call(2, 10);
        QCOMPARE(fixture.kept("b"), (std::vector<int>{90, 10}));
        fixture.now += 1s;
        fixture.store.add({}, fixture.now);
        QCOMPARE(fixture.kept("b"), (std::vector<int>{10}));
        QVERIFY(fixture.store.find(idOf(1)) == nullptr);
        fixture.now += 10min;
        fixture.store.add({}, fixture.now);
        QCOMPARE(fixture.store.size(), std::size_t{0});
        QCOMPARE(fixture.store.bytes(), 0U);
    }
    void spansThatComeLaterJoinTheirTrace() {
        Fixture fixture;
        fixture.call(1, 50);
        MadeSpan late{.service = "c", .kind = SpanKind::Server, .id = 9, .start = 1, .end = 400};
        MadeSpan again{.service = "a", .kind = SpanKind::Client, .id = 2, .parent = 1};
        fixture.add({late, again});
        const auto trace = fixture.store.find(idOf(1));
        QCOMPARE(trace->spans.size(), std::size_t{4});
        QCOMPARE(fixture.store.size(), std::size_t{1});
        QCOMPARE(fixture.store.list("c", 10).size(), std::size_t{1});
        QCOMPARE(fixture.store.list("a->b", 10).size(), std::size_t{1});
    }
    void tracesAndBytesHaveBounds() {
        ExemplarLimits limits;
        limits.traces = 2;
        Fixture few(limits);
        for (std::uint64_t i = 1; i <= 3; ++i) {
            few.call(i, 10 * i);
            few.now += 1s;
        }
        QCOMPARE(few.kept("b"), (std::vector<int>{30, 20}));  // the oldest made room
        limits = {};
        limits.bytes = 0;
        Fixture none(limits);
        none.call(1, 10);
        QCOMPARE(none.store.size(), std::size_t{0});
        Fixture one;
        one.call(1, 10);
        limits.bytes = one.store.bytes();
        Fixture exact(limits);
        exact.call(1, 10);
        exact.now += 1s;
        exact.call(2, 5);
        QCOMPARE(exact.store.size(), std::size_t{1});
        QVERIFY(exact.store.bytes() <= limits.bytes);
        --limits.bytes;
        Fixture less(limits);
        less.call(1, 10);
        QCOMPARE(less.store.size(), std::size_t{0});
    }
    void subjectsHaveABound() {
        ExemplarLimits limits;
        limits.subjects = 4;  // a, a->b, b, user->a
        Fixture fixture(limits);
        fixture.call(1, 10);
        fixture.call(2, 5, false, "c");
        QVERIFY(fixture.store.list("c", 10).empty());
        QCOMPARE(fixture.store.list("a", 10).size(), std::size_t{2});
    }
    void aTraceIsFoundByTheBeginningOfItsId() {
        Fixture fixture;
        fixture.call(1, 10);
        fixture.call(2, 10);
        QVERIFY(fixture.store.find(idOf(1).substr(0, 12)) != nullptr);
        QVERIFY(fixture.store.find("") == nullptr);
        QVERIFY(fixture.store.find(idOf(1) + "0") == nullptr);
    }
    void churnKeepsEveryBound() {
        ExemplarLimits limits;
        limits.traces = 20;
        limits.bytes = 20'000;
        Fixture fixture(limits);
        for (std::uint64_t i = 1; i <= 3000; ++i) {
            const std::string server = "s" + std::to_string(i % 40);
            fixture.call(i, (i * 7919) % 1000, i % 5 == 0, server.c_str());
            fixture.now += 1s;
            QVERIFY(fixture.store.size() <= limits.traces);
            QVERIFY(fixture.store.bytes() <= limits.bytes);
        }
        // Every kept trace is held by somebody, and every listed one can be read.
        const auto list = fixture.store.list("", 100);
        QCOMPARE(list.size(), fixture.store.size());
        for (const TraceSummary& trace : list)
            QVERIFY(!trace.keptFor.empty() && fixture.store.find(trace.id) != nullptr);
    }
};

LEVEE_TEST(ExemplarStoreTest)
#include "exemplar_store_test.moc"
