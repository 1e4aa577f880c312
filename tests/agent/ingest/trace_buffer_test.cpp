// SPDX-License-Identifier: Apache-2.0
#include "agent/ingest/trace_buffer.h"

#include <QTest>
#include <map>

#include "shared/base/random.h"
#include "tests/agent/ingest/span_maker.h"
#include "tests/support/test_registry.h"

using namespace levee;
using namespace levee::ingest;
using namespace std::chrono_literals;
using test::MadeSpan;

namespace {

const MonotonicTime kStart{1h};

MadeSpan span(std::uint64_t trace, std::uint64_t id) {
    return {.service = "a", .trace = trace, .id = id, .start = 1, .end = 2};
}

/// Numbers that look like trace ids: their hashes are spread.
std::uint64_t traceNumber(std::uint64_t i) {
    return Random(i).next();
}

}  // namespace

class TraceBufferTest : public QObject {
    Q_OBJECT
private slots:
    void aTraceIsHandedOutWholeWhenItsTimeIsOver() {
        TraceBuffer buffer({});
        MadeSpan call = span(1, 2);
        call.parent = 1;
        call.kind = SpanKind::Client;
        call.failed = true;
        call.peer.dbSystem = "redis";
        buffer.add(test::batchOf({span(1, 1), span(2, 1)}), kStart);
        buffer.add(test::batchOf({call}), kStart + 9s);
        QVERIFY(buffer.take(kStart + 9s + 999ms).empty());
        const auto done = buffer.take(kStart + 10s);
        QCOMPARE(done.size(), std::size_t{2});
        QVERIFY(done[0]->id == test::traceId(1));
        QCOMPARE(done[0]->spans.size(), std::size_t{2});
        QCOMPARE(done[0]->text, std::string("aaredis"));
        QCOMPARE(done[0]->spans[1].parent, 1U);
        QVERIFY(done[0]->spans[1].failed);
        QCOMPARE(buffer.bytes(), 0U);
        QVERIFY(buffer.take(kStart + 60s).empty());
    }
    void spansOfOneTraceHaveABound() {
        TraceBufferLimits limits;
        limits.spansPerTrace = 3;
        for (const std::uint64_t count : {3U, 4U}) {
            TraceBuffer buffer(limits);
            for (std::uint64_t i = 1; i <= count; ++i)
                buffer.add(test::batchOf({span(1, i)}), kStart);
            const auto done = buffer.take(kStart + 10s);
            QCOMPARE(done[0]->spans.size(), std::size_t{3});
            QCOMPARE(done[0]->leftOut, std::uint32_t(count - 3));
        }
    }
    void namesAreCutToTheirBound() {
        TraceBufferLimits limits;
        limits.textBytes = 4;
        TraceBuffer buffer(limits);
        MadeSpan named = span(1, 1);
        named.service = "12345";
        buffer.add(test::batchOf({named}), kStart);
        QCOMPARE(buffer.take(kStart + 10s)[0]->text, std::string("1234"));
    }
    void whatIsHandedOutUnderAFloodIsWholeAndMemoryStaysInItsBound_data() {
        QTest::addColumn<quint64>("bytes");
        QTest::addColumn<quint32>("spansPerSecond");
        QTest::newRow("memory") << quint64{100'000} << 1'000'000U;
        QTest::newRow("spans a second") << quint64{1} << 0U;
    }
    void whatIsHandedOutUnderAFloodIsWholeAndMemoryStaysInItsBound() {
        QFETCH(quint64, bytes);
        QFETCH(quint32, spansPerSecond);
        TraceBufferLimits limits;
        limits.bytes = bytes == 1 ? 100'000'000 : bytes;
        limits.spansPerSecond = spansPerSecond == 0 ? 500 : spansPerSecond;
        TraceBuffer buffer(limits);
        // 400 traces begin each second, five spans each over four seconds; then all is quiet.
        std::uint64_t whole = 0;
        for (std::uint64_t second = 0; second < 120; ++second) {
            const MonotonicTime now = kStart + std::chrono::seconds(second);
            const bool isFlood = second < 40;
            for (std::uint64_t age = 0; age < 5; ++age)
                for (std::uint64_t i = 0; i < (isFlood ? 400 : 4); ++i)
                    if (second >= age) {
                        buffer.add(test::batchOf(
                                       {span(traceNumber((second - age) * 1000 + i + 1), age + 1)}),
                                   now);
                        QVERIFY(buffer.bytes() <= limits.bytes);
                    }
            for (const auto& trace : buffer.take(now)) {
                const bool isCut = second >= 40 && second < 55;  // the flood's last have no end
                QVERIFY(isCut || trace->spans.size() == 5);
                ++whole;
            }
            if (second == 39)
                QVERIFY(buffer.share() < 0.5);
        }
        QVERIFY(whole > 400);
        QCOMPARE(buffer.share(), 1.0);
        QVERIFY(buffer.dropped() > 0);
    }
    void idsThatAreChosenToLieLowDoNotGetPastTheBound() {
        TraceBufferLimits limits;
        limits.bytes = 50'000;
        TraceBuffer buffer(limits);
        // Ids of zero and multiples of 2^32 have the lowest hashes; more come than there is room.
        const std::vector<test::MadeSpan> one{span(1, 1)};
        for (std::uint64_t i = 0; i < 200'000; ++i) {
            SpanBatch batch = test::batchOf(one);
            batch.spans[0].trace = {1, i};
            buffer.add(batch, kStart);
            QVERIFY(buffer.bytes() <= limits.bytes);
        }
    }
};

LEVEE_TEST(TraceBufferTest)
#include "trace_buffer_test.moc"
