// SPDX-License-Identifier: Apache-2.0
#include "agent/control/latency_ledger.h"

#include <QTest>

#include "tests/support/test_registry.h"

using namespace levee;

namespace {

LatencyFacet facet(const std::string& instance, std::uint16_t status = 200) {
    LatencyFacet facet;
    facet.instance = instance;
    facet.status = status;
    return facet;
}

std::uint64_t requestsOf(const LatencyMap& map, const std::string& subject) {
    std::uint64_t count = 0;
    for (const LatencyStream& stream : map.streams)
        if (stream.subject == subject)
            for (const LatencySlice& slice : stream.slices)
                for (const LatencyCell& cell : slice.cells)
                    count += cell.count;
    return count;
}

}  // namespace

class LatencyLedgerTest : public QObject {
    Q_OBJECT

    static void add(LatencyLedger& ledger, const std::string& subject, double seconds,
                    const LatencyFacet& how, std::uint64_t key) {
        LatencyLedger::Subject* found = ledger.subject(subject);
        QVERIFY(found != nullptr);
        ledger.add(*found, key, seconds, 1, [&] { return how; });
    }
    /// One request of `subject` in each of `slices` slices, from slice `first` on.
    static void fill(LatencyLedger& ledger, const std::string& subject, int first, int slices) {
        for (int i = 0; i < slices; ++i) {
            ledger.closeSlices((first + i) * 2'000LL);
            add(ledger, subject, 0.01, facet("a"), 1);
        }
        ledger.closeSlices((first + slices) * 2'000LL);
    }
private slots:
    void aBucketHoldsItsUpperBoundAndTheEndsHoldTheRest() {
        LatencyLedger ledger;
        ledger.closeSlices(10'000);
        for (const double seconds :
             {0.0, 1e-9, 1.1 * latencyBound(0), latencyBound(20), latencyBound(20) * 1.0001, 1e6})
            add(ledger, "payment", seconds, facet("a"), 1);
        ledger.closeSlices(12'000);
        const LatencyMap map = ledger.read("payment", 0);
        QCOMPARE(map.streams.size(), std::size_t{1});
        QCOMPARE(map.streams[0].slices.size(), std::size_t{1});
        const LatencySlice& slice = map.streams[0].slices[0];
        QCOMPARE(slice.millis, std::int64_t{10'000});
        std::vector<std::pair<int, std::uint32_t>> buckets;
        for (const LatencyCell& cell : slice.cells)
            buckets.emplace_back(cell.bucket, cell.count);
        QCOMPARE(buckets, (std::vector<std::pair<int, std::uint32_t>>{
                              {0, 3}, {19, 1}, {20, 1}, {kLatencyBuckets - 1, 1}}));
    }
    void equalFacetsAreCountedTogetherAndTheKeyIsOnlyAShortCut() {
        LatencyLedger ledger;
        ledger.closeSlices(10'000);
        add(ledger, "payment", 0.01, facet("a"), 1);
        add(ledger, "payment", 0.01, facet("b"), 1);  // the key is known: nobody is asked
        add(ledger, "payment", 0.01, facet("a"), 2);
        ledger.forgetKeys();
        add(ledger, "payment", 0.01, facet("b"), 1);
        ledger.closeSlices(12'000);
        const LatencyMap map = ledger.read("payment", 0);
        const LatencySlice& slice = map.streams.at(0).slices.at(0);
        QCOMPARE(slice.cells.size(), std::size_t{2});
        QCOMPARE(slice.facets[slice.cells[0].facet].instance, std::string("a"));
        QCOMPARE(slice.cells[0].count, 3U);
        QCOMPARE(slice.facets[slice.cells[1].facet].instance, std::string("b"));
        QCOMPARE(slice.cells[1].count, 1U);
    }
    void aReaderGetsClosedSlicesFromWhereItSays() {
        LatencyLedger ledger;
        fill(ledger, "payment", 10, 3);
        add(ledger, "payment", 0.01, facet("a"), 1);  // its slice is still open
        LatencyMap map = ledger.read("payment", 0);
        QCOMPARE(map.sliceMillis, std::int64_t{2'000});
        QCOMPARE(map.keptFromMillis, std::int64_t{20'000});
        QCOMPARE(map.untilMillis, std::int64_t{26'000});
        QCOMPARE(requestsOf(map, "payment"), std::uint64_t{3});
        QCOMPARE(requestsOf(ledger.read("payment", 22'000), "payment"), std::uint64_t{2});
        ledger.closeSlices(28'000);
        map = ledger.read("payment", map.untilMillis);
        QCOMPARE(requestsOf(map, "payment"), std::uint64_t{1});
        QVERIFY(ledger.read("nobody", 0).streams.empty());
    }
    void aServiceComesWithItsEdgesAndAnEdgeAlone() {
        LatencyLedger ledger;
        int first = 10;
        for (const char* subject : {"checkout->payment", "payment", "payment->bank", "shop",
                                    "paymentx->bank", "checkout->payment2"})
            fill(ledger, subject, first++, 1);
        QStringList names;
        for (const LatencyStream& stream : ledger.read("payment", 0).streams)
            names << QString::fromStdString(stream.subject);
        QCOMPARE(names.value(0), QStringLiteral("payment"));
        names.sort();
        QCOMPARE(names, (QStringList{"checkout->payment", "payment", "payment->bank"}));
        const LatencyMap edge = ledger.read("checkout->payment", 0);
        QCOMPARE(edge.streams.size(), std::size_t{1});
    }
    void tracesTellWhereNoListenerDoes() {
        LatencyLedger ledger;
        ledger.closeSlices(10'000);
        ingest::TraceWindow window;
        for (const char* name : {"payment", "redis"}) {
            ingest::ServiceWindow& service = window.services.emplace_back();
            service.service = name;
            service.latency.record(0.02, 5);
            service.latency.record(0, 2);
        }
        ingest::EdgeWindow& edge = window.edges.emplace_back();
        edge.client = "payment";
        edge.server = "redis";
        edge.clientLatency.record(0.004, 7);
        ledger.addTraces(window);
        add(ledger, "payment", 0.02, facet("a"), 1);
        ledger.closeSlices(12'000);
        const LatencyMap map = ledger.read("payment", 0);
        QCOMPARE(requestsOf(map, "payment"), std::uint64_t{1});
        QVERIFY(!map.streams[0].isFromTraces);
        QCOMPARE(requestsOf(map, "payment->redis"), std::uint64_t{7});
        const LatencyMap redis = ledger.read("redis", 0);
        QCOMPARE(requestsOf(redis, "redis"), std::uint64_t{7});
        QVERIFY(redis.streams[0].isFromTraces);
        const LatencySlice& slice = redis.streams[0].slices.at(0);
        QVERIFY(slice.facets.at(slice.cells.at(0).facet).isUnknown);
        QCOMPARE(slice.cells.at(0).bucket, std::uint8_t{0});
        QVERIFY(latencyBound(slice.cells.at(1).bucket) < 0.02);
        QVERIFY(latencyBound(slice.cells.at(1).bucket + 1) >= 0.02);
    }
    void whatIsOlderThanTheWindowGoes() {
        LatencyLedger ledger(LatencyLimits{.slices = 5});
        fill(ledger, "payment", 10, 5);
        QCOMPARE(requestsOf(ledger.read("payment", 0), "payment"), std::uint64_t{5});
        ledger.closeSlices(32'000);
        const LatencyMap map = ledger.read("payment", 0);
        QCOMPARE(requestsOf(map, "payment"), std::uint64_t{4});
        QCOMPARE(map.streams[0].slices[0].millis, std::int64_t{22'000});
        QCOMPARE(map.keptFromMillis, std::int64_t{22'000});
        QCOMPARE(ledger.counters().slicesEvicted, std::uint64_t{0});
        ledger.closeSlices(100'000);
        QVERIFY(ledger.read("payment", 0).streams.empty());
        QCOMPARE(ledger.counters().cells, std::uint64_t{0});
    }
    void oneFacetTooManyIsUnknownAndCounted() {
        LatencyLedger ledger(LatencyLimits{.facets = 3});
        ledger.closeSlices(10'000);
        for (std::uint16_t i = 0; i < 3; ++i)
            add(ledger, "payment", 0.01, facet("a", 200 + i), i);
        QCOMPARE(ledger.counters().facetsFull, std::uint64_t{0});
        add(ledger, "payment", 0.01, facet("a", 299), 9);
        QCOMPARE(ledger.counters().facetsFull, std::uint64_t{1});
        ledger.closeSlices(12'000);
        LatencyMap map = ledger.read("payment", 0);
        QCOMPARE(map.streams[0].slices[0].cells.size(), std::size_t{4});
        QVERIFY(map.streams[0].slices[0].facets[map.streams[0].slices[0].cells[0].facet].isUnknown);
        // The next slice begins anew: what filled the table may be gone.
        add(ledger, "payment", 0.01, facet("a", 299), 9);
        ledger.closeSlices(14'000);
        map = ledger.read("payment", 12'000);
        const LatencySlice& slice = map.streams.at(0).slices.at(0);
        QCOMPARE(slice.facets[slice.cells.at(0).facet].status, std::uint16_t{299});
        QCOMPARE(ledger.counters().facetsFull, std::uint64_t{1});
    }
    void oneSubjectTooManyIsCounted() {
        LatencyLedger ledger(LatencyLimits{.slices = 5, .subjects = 2});
        ledger.closeSlices(10'000);
        add(ledger, "a", 0.01, facet("x"), 1);
        add(ledger, "b", 0.01, facet("x"), 1);
        QCOMPARE(ledger.counters().subjectsFull, std::uint64_t{0});
        QVERIFY(ledger.subject("c") == nullptr);
        QCOMPARE(ledger.counters().subjectsFull, std::uint64_t{1});
        // Once the others are forgotten there is room.
        ledger.closeSlices(12'000);
        QVERIFY(ledger.subject("c") == nullptr);
        ledger.closeSlices(100'000);
        QVERIFY(ledger.subject("c") != nullptr);
    }
    void oneCellTooManyTakesTheOldestSlice() {
        // Two facets (unknown, and "a") count for 16 each with the first slice of a subject.
        LatencyLedger ledger(LatencyLimits{.cells = 32 + 5});
        fill(ledger, "payment", 10, 5);
        QCOMPARE(ledger.counters().cells, std::uint64_t{37});
        QCOMPARE(ledger.counters().slicesEvicted, std::uint64_t{0});
        fill(ledger, "payment", 15, 1);
        QCOMPARE(ledger.counters().slicesEvicted, std::uint64_t{1});
        QCOMPARE(ledger.read("payment", 0).keptFromMillis, std::int64_t{22'000});
        QCOMPARE(requestsOf(ledger.read("payment", 0), "payment"), std::uint64_t{5});
        QVERIFY(ledger.counters().cells <= 37);
    }
    void anAnswerHasABoundAndSaysWhatIsLeftOut() {
        LatencyLedger ledger(LatencyLimits{.cellsInReply = 6});
        fill(ledger, "payment", 10, 4);
        fill(ledger, "a->payment", 14, 2);
        QCOMPARE(ledger.read("payment", 0).streamsLeftOut, 0);
        fill(ledger, "b->payment", 16, 1);
        const LatencyMap map = ledger.read("payment", 0);
        QCOMPARE(map.streamsLeftOut, 1);
        QCOMPARE(map.streams.size(), std::size_t{2});
        QCOMPARE(map.streams[0].subject, std::string("payment"));
        QCOMPARE(map.streams[1].subject, std::string("a->payment"));
    }
    void aClockThatIsSetBackEmptiesItAndATouchDoesNot() {
        LatencyLedger ledger;
        fill(ledger, "payment", 100, 3);
        ledger.closeSlices(205'999);  // a touch back, into the slice before
        QCOMPARE(requestsOf(ledger.read("payment", 0), "payment"), std::uint64_t{3});
        add(ledger, "payment", 0.01, facet("a"), 1);
        ledger.closeSlices(100'000);
        QVERIFY(ledger.read("payment", 0).streams.empty());
        QCOMPARE(ledger.counters().cells, std::uint64_t{0});
        fill(ledger, "payment", 51, 2);
        QCOMPARE(requestsOf(ledger.read("payment", 0), "payment"), std::uint64_t{2});
    }
};

LEVEE_TEST(LatencyLedgerTest)
#include "latency_ledger_test.moc"
