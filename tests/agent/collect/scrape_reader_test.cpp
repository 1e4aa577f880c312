// SPDX-License-Identifier: Apache-2.0
#include "agent/collect/scrape_reader.h"

#include <QTest>

#include "rules/promql/needed_series.h"
#include "rules/promql/parser.h"
#include "tests/support/test_registry.h"

using namespace levee;

namespace {

const Labels kTarget{{"instance", "h:1"}, {"job", "j"}};

struct Reader {
    ReadOutcome read(std::string_view body, const ScrapeLimits& limits = {}) {
        return reader.read(body, ExpositionFormat::PromText, limits, filter, cache);
    }
    ScrapeReader reader;
    SeriesCache cache{kTarget};
    KeepFilter filter{{"*"}};
};

}  // namespace

class ScrapeReaderTest : public QObject {
    Q_OBJECT
private slots:
    void keptSamplesCarryTheTargetsLabels() {
        Reader reader;
        const ReadOutcome outcome = reader.read("a{z=\"1\",b=\"2\"} 3 4\n");
        QCOMPARE(outcome.kept.size(), std::size_t{1});
        QCOMPARE(outcome.kept[0].series->text(),
                 std::string("a{b=\"2\",instance=\"h:1\",job=\"j\",z=\"1\"}"));
        QCOMPARE(outcome.kept[0].value, 3.0);
        QCOMPARE(outcome.kept[0].timestampMillis.value(), std::int64_t{4});
    }
    void aTargetCannotSpeakForAnother() {
        Reader reader;
        const ReadOutcome outcome =
            reader.read("a{job=\"x\",instance=\"y\",exported_job=\"z\",e=\"\"} 1\n");
        QCOMPARE(outcome.kept[0].series->text(),
                 std::string("a{exported_exported_job=\"x\",exported_instance=\"y\","
                             "exported_job=\"z\",instance=\"h:1\",job=\"j\"}"));
    }
    void onlyWhatTheFilterNamesIsKept() {
        Reader reader;
        reader.filter = KeepFilter({"keep", "haproxy_*"});
        const ReadOutcome outcome =
            reader.read("keep 1\nkeeper 2\nhaproxy_x 3\nhaproxy_x{a=\"1\"} 4\nx_haproxy_ 5\n");
        QCOMPARE(outcome.samples, std::uint64_t{5});
        QCOMPARE(outcome.kept.size(), std::size_t{3});
    }
    void exactlyTheSeriesOfAnExpressionAreKept() {
        Reader reader;
        reader.filter = KeepFilter(std::vector<std::string>{});
        const auto parsed = promql::parseExpression(
            "rate(req{code=~\"5..\",job=\"j\"}[1m]) / on() {__name__=~\"lim.*\",x!=\"\"}");
        for (promql::NeededSeries& needed : promql::neededSeries(*parsed.expression))
            reader.filter.add(std::move(needed.matchers));
        QVERIFY(reader.filter.keeps("limit"));
        QVERIFY(!reader.filter.keeps("other"));
        const char* page =
            "req{code=\"500\"} 1\nreq{code=\"200\"} 2\nreq{code=\"5000\"} 3\nlimit{x=\"1\"} 4\n"
            "limit 5\nother 6\n";
        for (int scrape = 0; scrape < 2; ++scrape) {
            const ReadOutcome outcome = reader.read(page);
            QCOMPARE(outcome.kept.size(), std::size_t{2});
            QCOMPARE(outcome.kept[0].value, 1.0);
            QCOMPARE(outcome.kept[1].value, 4.0);
            QCOMPARE(outcome.repeated, std::uint64_t{0});
        }
        // Another filter decides anew.
        reader.filter = KeepFilter(std::vector<std::string>{"req"});
        reader.cache.clear();
        QCOMPARE(reader.read(page).kept.size(), std::size_t{3});
    }
    void theDefaultFilterKeepsWhatTheShippedRulesRead() {
        const KeepFilter filter;
        for (const char* name : {"node_load1", "redis_up", "http_server_requests_total",
                                 "rabbitmq_queue_messages_ready", "haproxy_backend_up"})
            QVERIFY2(filter.keeps(name), name);
        for (const char* name : {"node_load15", "go_goroutines", "haproxy_process_uptime_seconds"})
            QVERIFY2(!filter.keeps(name), name);
    }
    void aKnownSeriesIsNotMadeAgain() {
        Reader reader;
        const auto first = reader.read("a{b=\"1\"} 1\n").kept[0].series;
        QCOMPARE(reader.read("a{b=\"1\"} 2\n").kept[0].series.get(), first.get());
        QVERIFY(reader.read("").kept.empty());
        QVERIFY(reader.read("a{b=\"1\"} 2\n").kept[0].series.get() != first.get());
    }
    void theFirstOfTwoEqualSeriesCounts() {
        Reader reader;
        const ReadOutcome outcome = reader.read("a 1\na 2\n");
        QCOMPARE(outcome.kept.size(), std::size_t{1});
        QCOMPARE(outcome.kept[0].value, 1.0);
        QCOMPARE(outcome.repeated, std::uint64_t{1});
    }
    void oneBadLineSpoilsTheWholeScrape() {
        Reader reader;
        const ReadOutcome outcome = reader.read("a 1\nb{ 2\nc 3\n");
        QCOMPARE(outcome.failure, ScrapeFailure::Parse);
        QCOMPARE(outcome.error, std::string("2:4: expected a label name, found '2'"));
        QVERIFY(outcome.kept.empty());
    }
    void theSampleLimitHoldsAtTheBoundAndFailsOnePast() {
        Reader reader;
        ScrapeLimits limits;
        limits.samples = 2;
        QCOMPARE(reader.read("a 1\nb 1\n", limits).failure, ScrapeFailure::None);
        const ReadOutcome outcome = reader.read("a 1\nb 1\nc 1\n", limits);
        QCOMPARE(outcome.failure, ScrapeFailure::SampleLimit);
        QVERIFY(outcome.kept.empty());
    }
    void theLabelLimitCountsNameAndTargetLabelsToo() {
        Reader reader;
        ScrapeLimits limits;
        limits.labels = 5;  // name, instance, job, and two of its own
        QCOMPARE(reader.read("a{b=\"1\",c=\"2\"} 1\n", limits).failure, ScrapeFailure::None);
        QCOMPARE(reader.read("a{b=\"1\",c=\"2\",d=\"3\"} 1\n", limits).failure,
                 ScrapeFailure::LabelLimit);
    }
    void nameAndValueLimitsHoldAtTheBoundAndFailOnePast() {
        Reader reader;
        ScrapeLimits limits;
        limits.nameBytes = 4;
        limits.valueBytes = 3;
        QCOMPARE(reader.read("abcd{efgh=\"123\"} 1\n", limits).failure, ScrapeFailure::None);
        for (const char* text : {"abcde 1\n", "a{efghi=\"1\"} 1\n", "a{e=\"1234\"} 1\n"})
            QCOMPARE(reader.read(text, limits).failure, ScrapeFailure::LabelLimit);
    }
    void escapedTextsMakeTheSeriesTheyMean() {
        Reader reader;
        reader.filter = KeepFilter(std::vector<std::string>{"a\"b"});
        const ReadOutcome outcome = reader.read("{\"a\\\"b\",c=\"\\n\"} 1\n{\"other\"} 1\n");
        QCOMPARE(outcome.kept.size(), std::size_t{1});
        QCOMPARE(outcome.kept[0].series->name, std::string("a\"b"));
        QCOMPARE(labelValue(outcome.kept[0].series->labels, "c"), std::string_view("\n"));
    }
};

LEVEE_TEST(ScrapeReaderTest)
#include "scrape_reader_test.moc"
