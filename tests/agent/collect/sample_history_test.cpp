// SPDX-License-Identifier: Apache-2.0
#include "agent/collect/sample_history.h"

#include <QTest>
#include <atomic>
#include <cmath>
#include <thread>

#include "agent/collect/live_history.h"
#include "rules/promql/evaluator.h"
#include "rules/promql/parser.h"
#include "shared/stats/stale_marker.h"
#include "tests/support/test_registry.h"

using namespace levee;
using promql::Millis;

namespace {

constexpr Millis kStart = 1'700'000'000'000;

struct Line {
    std::string name;
    double value;
};

ScrapeResult scrape(const std::vector<Line>& lines, const std::string& target = "t") {
    ScrapeResult result;
    result.state.key = target;
    result.state.health = TargetHealth::Up;
    for (const Line& line : lines)
        result.kept.push_back({Series::make(line.name, {{"job", "a"}}), line.value, std::nullopt});
    return result;
}

/// How many samples of `name` are kept, and the first of them.
struct Seen {
    std::size_t samples = 0;
    Millis first = 0;
    double last = 0;
};
Seen seen(const SampleHistory& history, const std::string& name, Millis from = 0,
          Millis to = kStart * 2) {
    Seen found;
    const auto parsed = promql::parseExpression(name);
    history.select(parsed.expression->selector.matchers, from, to, promql::SeriesSource::Depth::All,
                   [&](promql::Labels&&, std::span<const promql::Sample> samples) {
                       found = {samples.size(), samples.front().at, samples.back().value};
                       return true;
                   });
    return found;
}

double valueOf(const SampleHistory& history, const std::string& text, Millis now) {
    const auto parsed = promql::parseExpression(text);
    const auto value = promql::evaluate(*parsed.expression, history, now);
    return value && value->vector.size() == 1 ? value->vector[0].value : std::nan("");
}

}  // namespace

class SampleHistoryTest : public QObject {
    Q_OBJECT
private slots:
    void samplesAreKeptForAsLongAsTheSettingsSayAndNotLonger() {
        SampleHistory history({.kept = 60'000});
        for (Millis second = 0; second <= 90; ++second)
            history.apply(scrape({{"a", static_cast<double>(second)}}), kStart + second * 1000);
        QCOMPARE(seen(history, "a").samples, std::size_t{61});  // both ends of the window
        QCOMPARE(seen(history, "a").first, kStart + 30'000);
        QCOMPARE(valueOf(history, "rate(a[1m])", kStart + 90'000), 1.0);
        QCOMPARE(history.counters().samplesShortened, std::uint64_t{0});
    }
    void whatAnExpressionNeedsIsKeptForItsReach() {
        SampleHistorySettings settings{.kept = 10'000};
        const auto parsed = promql::parseExpression("rate(a{job=\"a\"}[1m] offset 30s)");
        settings.needed = promql::neededSeries(*parsed.expression);
        SampleHistory history(settings);
        for (Millis second = 0; second <= 200; ++second)
            history.apply(scrape({{"a", static_cast<double>(second)}, {"b", 1}}),
                          kStart + second * 1000);
        QCOMPARE(seen(history, "a").samples, std::size_t{91});
        QCOMPARE(seen(history, "b").samples, std::size_t{11});
        QCOMPARE(valueOf(history, "rate(a{job=\"a\"}[1m] offset 30s)", kStart + 200'000), 1.0);
        history.configure({.kept = 10'000});
        history.apply(scrape({{"a", 201}}), kStart + 201'000);
        QCOMPARE(seen(history, "a").samples, std::size_t{11});
    }
    void aSeriesThatIsMissingEndsWithAMarkerOnceAndMayComeBack() {
        SampleHistory history;
        history.apply(scrape({{"a", 1}, {"b", 1}}), kStart);
        history.apply(scrape({{"b", 2}}), kStart + 1000);
        history.apply(scrape({{"b", 3}}), kStart + 2000);
        QCOMPARE(seen(history, "a").samples, std::size_t{2});
        QVERIFY(stats::isStaleMarker(seen(history, "a").last));
        QVERIFY(std::isnan(valueOf(history, "a", kStart + 2000)));
        QCOMPARE(valueOf(history, "b", kStart + 2000), 3.0);
        history.apply(scrape({{"a", 7}, {"b", 4}}), kStart + 3000);
        QCOMPARE(valueOf(history, "a", kStart + 3000), 7.0);
    }
    void aFailedScrapeAndARemovedTargetEndTheirSeries() {
        SampleHistory history;
        history.apply(scrape({{"a", 1}, {"up", 1}}), kStart);
        history.apply(scrape({{"b", 1}}, "other"), kStart);
        ScrapeResult failed = scrape({{"up", 0}});
        failed.state.health = TargetHealth::Down;
        history.apply(failed, kStart + 1000);
        QVERIFY(stats::isStaleMarker(seen(history, "a").last));
        QCOMPARE(valueOf(history, "up", kStart + 1000), 0.0);
        QCOMPARE(valueOf(history, "b", kStart + 1000), 1.0);
        ScrapeResult removed = scrape({}, "other");
        removed.removed = true;
        history.apply(removed, kStart + 2000);
        QVERIFY(stats::isStaleMarker(seen(history, "b").last));
        // Its series may belong to another target now.
        history.apply(scrape({{"b", 5}}, "third"), kStart + 3000);
        QCOMPARE(valueOf(history, "b", kStart + 3000), 5.0);
    }
    void aTargetDoesNotOverwriteAnothersSeries() {
        SampleHistory history;
        history.apply(scrape({{"a", 1}}, "one"), kStart);
        history.apply(scrape({{"a", 2}, {"a", 3}}, "two"), kStart + 1);
        QCOMPARE(seen(history, "a").samples, std::size_t{1});
        QCOMPARE(seen(history, "a").last, 1.0);
    }
    void endedSeriesAreForgottenWithTheirMemory() {
        SampleHistory history({.kept = 10'000});
        history.apply(scrape({{"a", 1}}), kStart);
        const std::size_t one = history.counters().bytes;
        history.apply(scrape({{"b", 1}}), kStart + 1000);
        QCOMPARE(history.counters().series, std::size_t{2});
        history.apply(scrape({{"b", 1}}), kStart + 100'000);
        history.apply(scrape({{"b", 1}}), kStart + 200'000);
        QCOMPARE(history.counters().series, std::size_t{1});
        QCOMPARE(history.counters().bytes, one);
        QCOMPARE(seen(history, "a").samples, std::size_t{0});
    }
    void aSeriesThatJustFitsIsKeptAndTheNextOneIsRefusedAndCounted() {
        SampleHistory measure;
        measure.apply(scrape({{"a", 1}}), kStart);
        const std::size_t one = measure.counters().bytes;
        SampleHistory history({.bytes = 2 * one});
        history.apply(scrape({{"a", 1}, {"b", 1}}), kStart);
        QCOMPARE(history.counters().series, std::size_t{2});
        QCOMPARE(history.counters().bytes, 2 * one);
        QCOMPARE(history.counters().seriesRefused, std::uint64_t{0});
        history.apply(scrape({{"a", 1}, {"b", 1}, {"c", 1}}), kStart + 1000);
        QCOMPARE(history.counters().series, std::size_t{2});
        QCOMPARE(history.counters().seriesRefused, std::uint64_t{1});
    }
    void atTheBudgetAHistoryIsShorterAndCounted() {
        SampleHistory measure;
        measure.apply(scrape({{"a", 1}}), kStart);
        SampleHistory history({.bytes = measure.counters().bytes});
        for (Millis second = 0; second < 9; ++second)
            history.apply(scrape({{"a", static_cast<double>(second)}}), kStart + second * 1000);
        QCOMPARE(seen(history, "a").samples, std::size_t{8});
        QCOMPARE(seen(history, "a").first, kStart + 1000);
        QCOMPARE(history.counters().samplesShortened, std::uint64_t{1});
        QCOMPARE(history.counters().bytes, measure.counters().bytes);
    }
    void aSelectorWithoutANameFindsEverySeries() {
        SampleHistory history;
        history.apply(scrape({{"a", 1}, {"b", 2}}), kStart);
        QCOMPARE(valueOf(history, "sum({job=\"a\"})", kStart), 3.0);
        QCOMPARE(valueOf(history, "sum({__name__=~\"b|c\"})", kStart), 2.0);
    }
    void evaluationsRunWhileScrapesComeIn() {
        RealTimeSource time;
        LiveHistory live(time, {});
        const auto parsed = promql::parseExpression("sum(count_over_time(a[1m]))");
        std::atomic<bool> done{false};
        std::thread scraper([&] {
            for (int i = 0; i < 2000; ++i) {
                ScrapeResult result = scrape({{"a", 1}});
                result.at = time.monotonic() - std::chrono::milliseconds(2000 - i);
                live.apply(result);
            }
            done = true;
        });
        double before = 0;
        bool falls = false;
        while (!done) {
            const auto answer = live.evaluate(*parsed.expression);
            const double count =
                answer && !answer->value.vector.empty() ? answer->value.vector[0].value : 0;
            falls = falls || count < before;
            before = count;
        }
        scraper.join();
        QVERIFY(!falls);
        QVERIFY(live.evaluate(*parsed.expression)->value.vector[0].value > 1000);
    }
    void aClockThatIsSetMovesNoSample() {
        class SetClock final : public TimeSource {
        public:
            MonotonicTime monotonic() const override { return MonotonicTime(Duration(0)); }
            WallTime wall() const override { return fromUnixMillis(wallMillis); }
            Millis wallMillis = kStart;
        } time;
        LiveHistory live(time, {});
        ScrapeResult result = scrape({{"a", 1}});
        result.at = time.monotonic();
        live.apply(result);
        const auto parsed = promql::parseExpression("a");
        QCOMPARE(live.evaluate(*parsed.expression)->at, kStart);
        time.wallMillis += 5 * 3600'000;
        const auto answer = live.evaluate(*parsed.expression);
        QCOMPARE(answer->at, kStart);
        QCOMPARE(answer->value.vector.size(), std::size_t{1});
    }
};

LEVEE_TEST(SampleHistoryTest)
#include "sample_history_test.moc"
