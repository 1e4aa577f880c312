// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/model/latency_compare.h"

#include <QTest>

#include "tests/support/test_registry.h"

using namespace levee;

namespace {

constexpr std::int64_t kSlice = 2'000;

LatencyFacet by(const std::string& instance, std::uint16_t status = 200) {
    LatencyFacet facet;
    facet.instance = instance;
    facet.status = status;
    facet.outcome = status < 500 ? Outcome::Success : Outcome::Failure;
    return facet;
}

LatencyMap mapOf(std::vector<LatencyStream> streams, std::int64_t until,
                 std::int64_t keptFrom = 0) {
    LatencyMap map;
    map.sliceMillis = kSlice;
    map.keptFromMillis = keptFrom;
    map.untilMillis = until;
    map.streams = std::move(streams);
    return map;
}

const LatencyDifference* find(const LatencyComparison& comparison, LatencyDimension dimension) {
    for (const LatencyDifference& each : comparison.differences)
        if (each.dimension == dimension)
            return &each;
    return nullptr;
}

}  // namespace

class LatencyCompareTest : public QObject {
    Q_OBJECT

    /// 20 s: from 110,000 on instance b is slow, in bucket 30 instead of 20, and so is the bank.
    static LatencyHistory incident(std::uint32_t perCell = 100) {
        LatencyStream own{"payment", false, {}};
        LatencyStream caller{"checkout->payment", false, {}};
        LatencyStream other{"refunds->payment", false, {}};
        LatencyStream bank{"payment->bank", false, {}};
        LatencyStream ledger{"payment->ledger", false, {}};
        for (std::int64_t at = 100'000; at < 120'000; at += kSlice) {
            const bool isSlow = at >= 110'000;
            const std::uint8_t b = isSlow ? 30 : 20;
            own.slices.push_back(
                {at, {by("a"), by("b"), by("b", 503)}, {{20, 0, perCell}, {b, 1, perCell}}});
            if (isSlow)
                own.slices.back().cells.push_back({30, 2, perCell / 2});
            caller.slices.push_back({at, {{}}, {{20, 0, perCell}, {b, 0, perCell}}});
            other.slices.push_back({at, {{}}, {{20, 0, perCell}}});
            bank.slices.push_back(
                {at, {{}}, {{isSlow ? std::uint8_t{31} : std::uint8_t{10}, 0, perCell}}});
            ledger.slices.push_back({at, {{}}, {{10, 0, perCell}}});
        }
        LatencyHistory history;
        history.take(0, mapOf({own, caller, other, bank, ledger}, 120'000, 100'000));
        return history;
    }
private slots:
    void piecesOfOneAgentAreJoinedAndNothingCountsTwice() {
        LatencyHistory history;
        QVERIFY(history.isEmpty());
        QCOMPARE(history.untilOf(0), std::int64_t{0});
        const LatencyStream first{"payment", false, {{100'000, {by("a")}, {{3, 0, 5}}}}};
        const LatencyStream next{
            "payment",
            false,
            {{100'000, {by("a")}, {{3, 0, 5}}}, {102'000, {by("a")}, {{4, 0, 7}}}}};
        history.take(0, mapOf({first}, 102'000, 90'000));
        history.take(0, mapOf({next}, 104'000, 90'000));
        QCOMPARE(history.untilOf(0), std::int64_t{104'000});
        QCOMPARE(history.fromMillis(), std::int64_t{90'000});
        const LatencyGrid grid = latencyGrid(history, "payment", 100'000, 104'000);
        QCOMPARE(grid.columns, std::size_t{2});
        QCOMPARE(grid.at(0, 3), 5U);
        QCOMPARE(grid.at(1, 4), 7U);
    }
    void agentsAddUp() {
        LatencyHistory history;
        const LatencyStream stream{"payment", false, {{100'000, {by("a")}, {{3, 0, 5}}}}};
        history.take(0, mapOf({stream}, 104'000, 90'000));
        history.take(1, mapOf({stream}, 102'000, 95'000));
        QCOMPARE(latencyGrid(history, "payment", 100'000, 102'000).at(0, 3), 10U);
        QCOMPARE(history.untilMillis(), std::int64_t{104'000});
        QCOMPARE(history.fromMillis(), std::int64_t{90'000});
    }
    void fifteenMinutesAreKept() {
        LatencyHistory history;
        LatencyStream stream{"payment", false, {}};
        const std::int64_t until = 2'000'000;
        const std::int64_t oldest = until - LatencyHistory::kKeptMillis;
        for (const std::int64_t at : {oldest - kSlice, oldest})
            stream.slices.push_back({at, {by("a")}, {{3, 0, 1}}});
        history.take(0, mapOf({stream}, until));
        int slices = 0;
        history.forEach([&](const LatencyHistory::Stream& each) {
            slices += static_cast<int>(each.slices.size());
        });
        QCOMPARE(slices, 1);
        QCOMPARE(history.fromMillis(), oldest);
    }
    void aClockThatWasSetBackBeginsAnew() {
        LatencyHistory history;
        history.take(0, mapOf({{"payment", false, {{900'000, {by("a")}, {{3, 0, 5}}}}}}, 902'000));
        history.take(0, mapOf({{"payment", false, {{100'000, {by("a")}, {{3, 0, 2}}}}}}, 102'000));
        QCOMPARE(latencyGrid(history, "payment", 100'000, 102'000).at(0, 3), 2U);
        QCOMPARE(latencyGrid(history, "payment", 900'000, 902'000).at(0, 3), 0U);
    }
    void aGridCoversThePartialSlicesAtItsEnds() {
        const LatencyGrid grid = latencyGrid(incident(), "payment", 101'000, 103'001);
        QCOMPARE(grid.fromMillis, std::int64_t{100'000});
        QCOMPARE(grid.columns, std::size_t{2});
        QCOMPARE(grid.at(0, 20), 200U);
        QCOMPARE(grid.knownFrom, std::int64_t{100'000});
        QCOMPARE(grid.knownUntil, std::int64_t{120'000});
        QCOMPARE(latencyGrid({}, "payment", 0, 10).columns, std::size_t{0});
    }
    void theBoxIsComparedWithTheRest() {
        const LatencyBox box{110'000, 120'000, 28, 33};
        const LatencyComparison result =
            compareLatency(incident(), "payment", box, 100'000, 120'000);
        QCOMPARE(result.selected, std::uint64_t{750});  // 5 slices of 100 and 50
        QCOMPARE(result.rest, std::uint64_t{1'500});    // 10 of 100, 5 of 100
        QCOMPARE(result.unknown, std::uint64_t{0});
        const LatencyDifference* instance = find(result, LatencyDimension::Instance);
        QVERIFY(instance != nullptr);
        QCOMPARE(instance->text, std::string("b"));
        QCOMPARE(instance->selected, std::uint64_t{750});
        QCOMPARE(instance->ofSelected, std::uint64_t{750});
        QCOMPARE(instance->rest, std::uint64_t{500});
        QCOMPARE(instance->ofRest, std::uint64_t{1'500});
        QVERIFY(instance->isClear);
        const LatencyDifference* status = find(result, LatencyDimension::Status);
        QCOMPARE(status->number, std::int64_t{503});
        QCOMPARE(status->selected, std::uint64_t{250});
        QCOMPARE(status->rest, std::uint64_t{0});
        QCOMPARE(find(result, LatencyDimension::Outcome)->number,
                 static_cast<std::int64_t>(Outcome::Failure));
        // By their own listeners: all that is slow comes from checkout.
        const LatencyDifference* caller = find(result, LatencyDimension::Caller);
        QCOMPARE(caller->text, std::string("checkout->payment"));
        QCOMPARE(caller->selected, std::uint64_t{500});
        QCOMPARE(caller->ofSelected, std::uint64_t{500});
        QCOMPARE(caller->ofRest, std::uint64_t{2'500});
        // Then all calls to the bank took as long as the box begins; else none did.
        const LatencyDifference* dependency = find(result, LatencyDimension::Dependency);
        QCOMPARE(dependency->text, std::string("payment->bank"));
        QCOMPARE(dependency->selected, dependency->ofSelected);
        QCOMPARE(dependency->rest, std::uint64_t{0});
        // What differs most stands first; what does not is named.
        for (std::size_t i = 1; i < result.differences.size(); ++i)
            QVERIFY(result.differences[i - 1].difference() >= result.differences[i].difference());
        QVERIFY(std::ranges::find(result.same, LatencyDimension::Queued) != result.same.end());
        QVERIFY(std::ranges::find(result.same, LatencyDimension::Instance) == result.same.end());
    }
    void onlyWhatIsInSightCounts() {
        const LatencyBox box{110'000, 120'000, 28, 33};
        const LatencyComparison result =
            compareLatency(incident(), "payment", box, 116'000, 120'000);
        QCOMPARE(result.selected, std::uint64_t{300});
        QCOMPARE(result.rest, std::uint64_t{200});
    }
    void fewRequestsAreNotClear() {
        // 2 of 2 against 2 of 4: the intervals meet.
        const LatencyComparison result =
            compareLatency(incident(2), "payment", {110'000, 112'000, 28, 33}, 108'000, 112'000);
        QCOMPARE(result.selected, std::uint64_t{3});
        const LatencyDifference* instance = find(result, LatencyDimension::Instance);
        QVERIFY(instance != nullptr);
        QVERIFY(!instance->isClear);
    }
    void ofTracesOnlyNeighboursAreCompared() {
        LatencyHistory history;
        LatencyFacet unknown;
        unknown.isUnknown = true;
        history.take(
            0, mapOf({{"redis", true, {{100'000, {unknown}, {{5, 0, 40}, {9, 0, 60}}}}}}, 102'000));
        const LatencyComparison result =
            compareLatency(history, "redis", {100'000, 102'000, 8, 10}, 100'000, 102'000);
        QCOMPARE(result.selected, std::uint64_t{60});
        QCOMPARE(result.unknown, std::uint64_t{60});
        QVERIFY(result.differences.empty());
        QVERIFY(result.same.empty());
    }
    void theListIsBounded() {
        LatencyHistory history;
        LatencySlice slice{100'000, {}, {}};
        // Thirty instances that are only in the box, each with a thirtieth of it.
        for (std::uint8_t i = 0; i < 30; ++i) {
            slice.facets.push_back(by("i" + std::to_string(i)));
            slice.cells.push_back({30, i, 100});
        }
        slice.facets.push_back(by("else"));
        slice.cells.push_back({10, 30, 3'000});
        history.take(0, mapOf({{"payment", false, {slice}}}, 102'000));
        const LatencyComparison result =
            compareLatency(history, "payment", {100'000, 102'000, 25, 35}, 100'000, 102'000);
        QCOMPARE(result.differences.size(), kMostDifferences);
    }
};

LEVEE_TEST(LatencyCompareTest)
#include "latency_compare_test.moc"
