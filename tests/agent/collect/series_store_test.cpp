// SPDX-License-Identifier: Apache-2.0
#include "agent/collect/series_store.h"

#include <QTest>
#include <cmath>
#include <limits>

#include "tests/support/test_registry.h"

using namespace levee;
using namespace std::chrono_literals;

namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kInf = std::numeric_limits<double>::infinity();

struct Line {
    std::string name;
    Labels labels;
    double value;
};

ScrapeResult scrape(Duration at, const std::vector<Line>& lines, const std::string& target = "t") {
    ScrapeResult result;
    result.state.key = target;
    result.state.health = TargetHealth::Up;
    result.at = MonotonicTime(at);
    for (const Line& line : lines)
        result.kept.push_back({Series::make(line.name, line.labels), line.value, std::nullopt});
    return result;
}

ScrapeResult failedScrape(Duration at) {
    ScrapeResult result = scrape(at, {{"up", {}, 0}});
    result.state.health = TargetHealth::Down;
    return result;
}

}  // namespace

class SeriesStoreTest : public QObject {
    Q_OBJECT
private slots:
    void theNewestValueIsFoundByNameAndLabels() {
        SeriesStore store;
        store.apply(scrape(1s, {{"a", {{"x", "1"}}, 5}, {"a", {{"x", "2"}, {"y", "z"}}, 7}}));
        const LabelMatcher one{"x", "1"};
        QCOMPARE(store.sum("a", {&one, 1}).value(), 5.0);
        const LabelMatcher two[] = {{"x", "2"}, {"y", "z"}};
        QCOMPARE(store.sum("a", two).value(), 7.0);
        QCOMPARE(store.sum("a").value(), 12.0);
        const LabelMatcher without{"y", ""};
        QCOMPARE(store.select("a", {&without, 1}).size(), std::size_t{1});
        QVERIFY(!store.sum("b"));
    }
    void aRateIsTheExactIncreaseBetweenTwoScrapes() {
        SeriesStore store;
        store.apply(scrape(1s, {{"c", {}, 100}}));
        QVERIFY(!store.sumRate("c"));
        store.apply(scrape(3s, {{"c", {}, 150}}));
        QCOMPARE(store.sumRate("c").value(), 25.0);
        store.apply(scrape(4s, {{"c", {}, 150}}));
        QCOMPARE(store.sumRate("c").value(), 0.0);
    }
    void aResetCounterNeverHasANegativeRate() {
        SeriesStore store;
        store.apply(scrape(1s, {{"c", {}, 1000}}));
        store.apply(scrape(2s, {{"c", {}, 30}}));
        QCOMPARE(store.sumRate("c").value(), 30.0);
        QVERIFY(store.select("c")[0].wasReset());
        store.apply(scrape(3s, {{"c", {}, -5}}));
        QVERIFY(!store.sumRate("c"));
    }
    void ratesAreTakenBeforeTheSum() {
        SeriesStore store;
        store.apply(scrape(1s, {{"c", {{"i", "1"}}, 1000}, {"c", {{"i", "2"}}, 10}}));
        store.apply(scrape(2s, {{"c", {{"i", "1"}}, 5}, {"c", {{"i", "2"}}, 20}}));
        QCOMPARE(store.sumRate("c").value(), 15.0);
    }
    void aSeriesThatAGoodScrapeLacksIsStale() {
        SeriesStore store;
        store.apply(scrape(1s, {{"a", {}, 1}, {"b", {}, 2}}));
        store.apply(scrape(2s, {{"a", {}, 1}}));
        QVERIFY(!store.sum("b"));
        QVERIFY(store.select("b")[0].isStale);
        QVERIFY(store.sum("a"));
    }
    void aFailedScrapeMakesEverythingButItsOwnSeriesStale() {
        SeriesStore store;
        store.apply(scrape(1s, {{"a", {}, 1}, {"up", {}, 1}}));
        store.apply(failedScrape(2s));
        QVERIFY(!store.sum("a"));
        QCOMPARE(store.sum("up").value(), 0.0);
    }
    void aSeriesThatComesBackNeedsTwoSamplesForItsRate() {
        SeriesStore store;
        store.apply(scrape(1s, {{"c", {}, 1}}));
        store.apply(failedScrape(2s));
        store.apply(scrape(3s, {{"c", {}, 100}}));
        QCOMPARE(store.sum("c").value(), 100.0);
        QVERIFY(!store.sumRate("c"));
        store.apply(scrape(4s, {{"c", {}, 101}}));
        QCOMPARE(store.sumRate("c").value(), 1.0);
    }
    void staleSeriesAreForgottenAfterAWhile() {
        SeriesStore store;
        store.apply(scrape(1s, {{"a", {}, 1}}));
        store.apply(scrape(300s, {}));
        QCOMPARE(store.size(), std::size_t{1});
        store.apply(scrape(301s, {}));
        QCOMPARE(store.size(), std::size_t{0});
    }
    void aRemovedTargetTakesItsSeriesWithIt() {
        SeriesStore store;
        store.apply(scrape(1s, {{"a", {{"i", "1"}}, 1}}, "one"));
        store.apply(scrape(1s, {{"a", {{"i", "2"}}, 2}}, "two"));
        ScrapeResult removal = scrape(2s, {}, "one");
        removal.removed = true;
        store.apply(removal);
        QCOMPARE(store.sum("a").value(), 2.0);
        QCOMPARE(store.size(), std::size_t{1});
    }
    void notANumberIsNoData() {
        SeriesStore store;
        store.apply(scrape(1s, {{"q", {}, kNaN}, {"c", {}, 5}}));
        QVERIFY(!store.sum("q"));
        store.apply(scrape(2s, {{"q", {}, 1}, {"c", {}, kInf}}));
        QCOMPARE(store.sum("q").value(), 1.0);
        QVERIFY(!store.sumRate("q"));
        QVERIFY(!store.sumRate("c"));
    }
    void oneTargetCannotWriteAnothersSeries() {
        SeriesStore store;
        store.apply(scrape(1s, {{"a", {}, 1}}, "one"));
        store.apply(scrape(2s, {{"a", {}, 99}}, "two"));
        QCOMPARE(store.sum("a").value(), 1.0);
    }
    void theFirstOfTwoEqualSeriesInAScrapeCounts() {
        SeriesStore store;
        store.apply(scrape(1s, {{"a", {}, 1}, {"a", {}, 2}}));
        QCOMPARE(store.sum("a").value(), 1.0);
        QVERIFY(!store.sumRate("a"));
    }
    void theBoundHoldsAndOnePastItIsRefused() {
        SeriesStore store(2);
        store.apply(scrape(1s, {{"a", {}, 1}, {"b", {}, 1}}));
        QCOMPARE(store.refused(), std::uint64_t{0});
        store.apply(scrape(2s, {{"a", {}, 1}, {"b", {}, 1}, {"c", {}, 1}}));
        QCOMPARE(store.refused(), std::uint64_t{1});
        QCOMPARE(store.size(), std::size_t{2});
    }
    void staleSeriesMakeRoomForNewOnes() {
        SeriesStore store(2);
        store.apply(scrape(1s, {{"a", {}, 1}, {"b", {}, 1}}));
        store.apply(scrape(2s, {{"a", {}, 1}}));
        store.apply(scrape(3s, {{"a", {}, 1}, {"c", {}, 3}}));
        QCOMPARE(store.sum("c").value(), 3.0);
        QCOMPARE(store.sum("a").value(), 1.0);
        QCOMPARE(store.refused(), std::uint64_t{0});
    }
    void growingLabelsStayInsideTheBound() {
        SeriesStore store(1000);
        for (int round = 1; round <= 20; ++round) {
            std::vector<Line> lines;
            for (int i = 0; i < 500; ++i)
                lines.push_back({"a", {{"id", std::to_string(round * 1000 + i)}}, 1});
            store.apply(scrape(Duration(1s) * round, lines));
            QVERIFY(store.size() <= 1000);
            QCOMPARE(store.sum("a").value(), 500.0);
        }
    }
};

LEVEE_TEST(SeriesStoreTest)
#include "series_store_test.moc"
