// SPDX-License-Identifier: Apache-2.0
#include "agent/forward/sent_series.h"

#include <QTest>

#include "tests/agent/forward/decoded_request.h"
#include "tests/support/test_registry.h"

using namespace levee;
using namespace levee::forward;
using namespace std::chrono_literals;

namespace {

Sample sample(const char* name, double value, std::optional<std::int64_t> millis = {}) {
    return {Series::make(name, {}), value, millis};
}

/// A scrape that ended at `end` and took 10 ms.
ScrapeResult scrape(std::vector<Sample> kept, std::int64_t end, const char* key = "t") {
    ScrapeResult result;
    result.state.key = key;
    result.state.scrapedAt = fromUnixMillis(end);
    result.state.duration = 10ms;
    result.kept = std::move(kept);
    return result;
}

class Taker {
public:
    std::vector<std::string> take(const ScrapeResult& result) {
        return test::decoded(encodeRequest(sent_.take(result, fromUnixMillis(99'999)), {}).body);
    }

private:
    SentSeries sent_;
};

using Texts = std::vector<std::string>;

}  // namespace

class SentSeriesTest : public QObject {
    Q_OBJECT
private slots:
    void samplesHaveTheTimeOfTheScrapesBeginning() {
        Taker taker;
        QCOMPARE(taker.take(scrape({sample("a", 1), sample("b", 2, 7)}, 1010)),
                 (Texts{"a{} 1 @1000", "b{} 2 @7"}));
    }
    void aSeriesThatIsMissingEndsOnce() {
        Taker taker;
        taker.take(scrape({sample("a", 1), sample("b", 2)}, 1010));
        QCOMPARE(taker.take(scrape({sample("b", 3)}, 2010)),
                 (Texts{"b{} 3 @2000", "a{} stale @2000"}));
        QCOMPARE(taker.take(scrape({sample("b", 4)}, 3010)), (Texts{"b{} 4 @3000"}));
        QCOMPARE(taker.take(scrape({sample("b", 4), sample("a", 5)}, 4010)),
                 (Texts{"b{} 4 @4000", "a{} 5 @4000"}));
    }
    void aFailedScrapeEndsAllButItsSyntheticSeries() {
        Taker taker;
        taker.take(scrape({sample("a", 1), sample("up", 1)}, 1010));
        QCOMPARE(taker.take(scrape({sample("up", 0)}, 2010)),
                 (Texts{"up{} 0 @2000", "a{} stale @2000"}));
    }
    void aRemovedTargetEndsEverything() {
        Taker taker;
        taker.take(scrape({sample("a", 1), sample("up", 1)}, 1010));
        ScrapeResult removed = scrape({}, 1010);
        removed.removed = true;
        QCOMPARE(taker.take(removed), (Texts{"a{} stale @99999", "up{} stale @99999"}));
        QCOMPARE(taker.take(removed), Texts{});
    }
    void seriesWithTimesOfTheirOwnDoNotEnd() {
        Taker taker;
        taker.take(scrape({sample("a", 1, 5)}, 1010));
        QCOMPARE(taker.take(scrape({}, 2010)), Texts{});
    }
    void targetsAreKeptApart() {
        Taker taker;
        taker.take(scrape({sample("a", 1)}, 1010, "one"));
        QCOMPARE(taker.take(scrape({sample("b", 1)}, 1010, "two")), (Texts{"b{} 1 @1000"}));
    }
};

LEVEE_TEST(SentSeriesTest)
#include "sent_series_test.moc"
