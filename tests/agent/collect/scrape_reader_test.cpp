// SPDX-License-Identifier: Apache-2.0
#include "agent/collect/scrape_reader.h"

#include <QTest>
#include <algorithm>
#include <fstream>
#include <iterator>

#include "rules/promql/needed_series.h"
#include "rules/promql/parser.h"
#include "shared/base/random.h"
#include "tests/support/source_paths.h"
#include "tests/support/test_registry.h"

using namespace levee;

namespace {

const Labels kTarget{{"instance", "h:1"}, {"job", "j"}};

struct Reader {
    ReadOutcome read(std::string_view body, const ScrapeLimits& limits = {}) {
        return readScrape(body, terms(limits), cache);
    }
    ReadTerms terms(const ScrapeLimits& limits = {}) const { return {format, limits, filter}; }
    void keepOnly(const std::vector<std::string>& patterns) {
        filter = std::make_shared<const KeepFilter>(patterns);
    }
    ExpositionFormat format = ExpositionFormat::PromText;
    SeriesCache cache{kTarget};
    std::shared_ptr<const KeepFilter> filter =
        std::make_shared<const KeepFilter>(std::vector<std::string>{"*"});
};

std::string shown(const ReadOutcome& outcome) {
    std::string out = std::to_string(outcome.samples) + '/' + std::to_string(outcome.repeated) +
                      ' ' + outcome.error + '\n';
    for (const Sample& sample : outcome.kept)
        out += sample.series->text() + ' ' + std::to_string(sample.value) + ' ' +
               std::to_string(sample.timestampMillis.value_or(-1)) + '\n';
    return out;
}

std::string captured(const char* name) {
    std::ifstream file(std::string(LEVEE_TEST_DATA) + "/exposition/" + name, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

/// A service's page that changes a little each time: lines come, go and move, values change, and
/// now and then one is broken.
class ChangingPage {
public:
    explicit ChangingPage(std::uint64_t seed) : random_(seed) {
        for (int i = 0; i < 60; ++i)
            lines_.push_back(line());
    }
    std::string next() {
        for (std::uint64_t n = random_.next() % 4; n > 0; --n) {
            const std::size_t at = random_.next() % lines_.size();
            switch (random_.next() % 5) {
                case 0:
                    lines_.erase(lines_.begin() + static_cast<std::ptrdiff_t>(at));
                    break;
                case 1:
                    lines_.insert(lines_.begin() + static_cast<std::ptrdiff_t>(at), line());
                    break;
                case 2:
                    std::swap(lines_[at], lines_[random_.next() % lines_.size()]);
                    break;
                case 3:
                    lines_.push_back(lines_[at]);
                    break;
                default:
                    std::rotate(lines_.begin(), lines_.begin() + static_cast<std::ptrdiff_t>(at),
                                lines_.end());
            }
            if (lines_.size() < 20)
                lines_.push_back(line());
        }
        std::string page;
        for (const std::string& line : lines_)
            page += line.back() == ' ' || line.back() == '}' ? line + value() : line + '\n';
        return page;
    }

private:
    std::string line() {
        const std::string name = std::string("kept") + static_cast<char>('a' + random_.next() % 6);
        const std::string id = std::to_string(random_.next() % 30);
        switch (random_.next() % 7) {
            case 0:
                return "# HELP " + name + " text";
            case 1:
                return "# a comment of " + id;
            case 2:
                return "other{id=\"" + id + "\"}";
            case 3:
                return name + "{a = \"x\\n" + id + "\"} ";
            case 4:
                return name + ' ';
            case 5:
                return "{\"" + name + ".x\",id=\"" + id + "\"}\t ";
            default:
                return name + "{id=\"" + id + "\"} ";
        }
    }
    std::string value() {
        const std::string number = std::to_string(random_.next() % 1000);
        switch (random_.next() % 40) {
            case 0:
                return number + " 1700000000000\n";
            case 1:
                return "NaN\n";
            case 2:
                return random_.next() % 10 == 0 ? number + "x\n" : number + "e1\n";
            default:
                return number + "\n";
        }
    }

    Random random_;
    std::vector<std::string> lines_;
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
        reader.keepOnly({"keep", "haproxy_*"});
        const ReadOutcome outcome =
            reader.read("keep 1\nkeeper 2\nhaproxy_x 3\nhaproxy_x{a=\"1\"} 4\nx_haproxy_ 5\n");
        QCOMPARE(outcome.samples, std::uint64_t{5});
        QCOMPARE(outcome.kept.size(), std::size_t{3});
    }
    void exactlyTheSeriesOfAnExpressionAreKept() {
        Reader reader;
        KeepFilter filter{std::vector<std::string>{}};
        const auto parsed = promql::parseExpression(
            "rate(req{code=~\"5..\",job=\"j\"}[1m]) / on() {__name__=~\"lim.*\",x!=\"\"}");
        for (promql::NeededSeries& needed : promql::neededSeries(*parsed.expression))
            filter.add(std::move(needed.matchers));
        QVERIFY(filter.keeps("limit"));
        QVERIFY(!filter.keeps("other"));
        reader.filter = std::make_shared<const KeepFilter>(std::move(filter));
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
        reader.keepOnly({"req"});
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
        reader.keepOnly({"a\"b"});
        const ReadOutcome outcome = reader.read("{\"a\\\"b\",c=\"\\n\"} 1\n{\"other\"} 1\n");
        QCOMPARE(outcome.kept.size(), std::size_t{1});
        QCOMPARE(outcome.kept[0].series->name, std::string("a\"b"));
        QCOMPARE(labelValue(outcome.kept[0].series->labels, "c"), std::string_view("\n"));
    }
    void whatIsRememberedChangesNoResult() {
        for (const std::uint64_t seed : {1, 2, 3, 4, 5, 6, 7, 8}) {
            ChangingPage page(seed);
            Reader remembering;
            remembering.keepOnly({"kept*"});
            for (int scrape = 0; scrape < 200; ++scrape) {
                const std::string text = page.next();
                Reader fresh;
                fresh.filter = remembering.filter;
                QCOMPARE(QString::fromStdString(shown(remembering.read(text))),
                         QString::fromStdString(shown(fresh.read(text))));
            }
        }
    }
    void piecesOfAnySizeBringTheSame() {
        const std::string text = captured("node_exporter.txt");
        Reader whole;
        const std::string expected = shown(whole.read(text));
        QVERIFY(expected.size() > 1'000);
        for (const std::size_t size : {1UL, 2UL, 3UL, 7UL, 64UL, 4096UL}) {
            HeldBudget budget;
            ScrapeReader reader(budget);
            Reader target;
            for (int scrape = 0; scrape < 2; ++scrape) {
                reader.begin(target.terms(), target.cache);
                for (std::size_t at = 0; at < text.size(); at += size)
                    QVERIFY(reader.add(std::string_view(text).substr(at, size)));
                QCOMPARE(QString::fromStdString(shown(reader.finish())),
                         QString::fromStdString(expected));
                QCOMPARE(budget.used, std::size_t{0});
            }
        }
    }
    void anErrorHasItsPlaceInPiecesToo() {
        HeldBudget budget;
        ScrapeReader reader(budget);
        Reader target;
        reader.begin(target.terms(), target.cache);
        for (const char* piece : {"a 1\n", "b 2\nc", " 3\n\nd{", "e=\"", "f\"} x\ng", " 1\n"})
            reader.add(piece);
        QCOMPARE(reader.finish().error, std::string("5:10: expected a number as value, found 'x'"));
    }
    void aKnownNameIsNotTakenForItsBeginning() {
        Reader reader;
        reader.read("a+1\nab 1\n");
        QCOMPARE(shown(reader.read("a5 1\nabc 1\n")),
                 std::string("2/0 \na5{instance=\"h:1\",job=\"j\"} 1.000000 -1\n"
                             "abc{instance=\"h:1\",job=\"j\"} 1.000000 -1\n"));
    }
    void knownLinesDoNotFollowTheEnd() {
        Reader reader;
        reader.format = ExpositionFormat::OpenMetrics;
        QCOMPARE(reader.read("a 1\nb 2\n# EOF\n").failure, ScrapeFailure::None);
        QCOMPARE(reader.read("a 1\n# EOF\nb 2\n").error,
                 std::string("3:1: expected nothing after '# EOF', found 'b'"));
    }
    void commentsAreRememberedUpToTwiceTheSamples() {
        ScrapeLimits limits;
        limits.samples = 3;
        for (const auto& [comments, remembered] :
             {std::pair{5, std::size_t{6}}, {6, std::size_t{6}}, {1000, std::size_t{6}}}) {
            Reader reader;
            std::string text;
            for (int i = 0; i < comments; ++i)
                text += "#\n";
            text += "a 1\n";
            for (int scrape = 0; scrape < 2; ++scrape) {
                QCOMPARE(reader.read(text, limits).kept.size(), std::size_t{1});
                QCOMPARE(reader.cache.layout().size(), remembered);
            }
        }
    }
    void otherTermsForgetWhatWasKnown() {
        Reader reader;
        QCOMPARE(reader.read("a 1\nb{c=\"1234\"} 2\n").kept.size(), std::size_t{2});
        reader.keepOnly({"b"});
        QCOMPARE(reader.read("a 1\nb{c=\"1234\"} 2\n").kept.size(), std::size_t{1});
        ScrapeLimits limits;
        limits.valueBytes = 3;
        QCOMPARE(reader.read("a 1\nb{c=\"1234\"} 2\n", limits).failure, ScrapeFailure::LabelLimit);
        reader.format = ExpositionFormat::OpenMetrics;
        QCOMPARE(reader.read("a 1\nb{c=\"1234\"} 2\n").failure, ScrapeFailure::Parse);
    }
    void cutLinesShareABudget() {
        HeldBudget budget;
        budget.limit = 10;
        Reader target;
        Reader other;
        ScrapeReader first(budget);
        ScrapeReader second(budget);
        first.begin(target.terms(), target.cache);
        second.begin(other.terms(), other.cache);
        QVERIFY(first.add("abcdef 1\nghi"));
        QVERIFY(second.add("jkl 123"));
        QCOMPARE(budget.used, std::size_t{10});
        QVERIFY(!second.add("4"));
        QCOMPARE(second.finish().failure, ScrapeFailure::Memory);
        QCOMPARE(budget.used, std::size_t{3});
        QVERIFY(first.add("j 1\n"));
        QCOMPARE(first.finish().kept.size(), std::size_t{2});
        QCOMPARE(budget.used, std::size_t{0});
    }
    void anAbandonedScrapeLeavesNothing() {
        HeldBudget budget;
        ScrapeReader reader(budget);
        Reader target;
        reader.begin(target.terms(), target.cache);
        QVERIFY(!reader.add("{\nabc"));
        QVERIFY(reader.hasFailed());
        reader.abandon();
        QVERIFY(!reader.hasFailed());
        QCOMPARE(budget.used, std::size_t{0});
        reader.begin(target.terms(), target.cache);
        QVERIFY(reader.add("abc 1"));
        QCOMPARE(reader.finish().kept.size(), std::size_t{1});
    }
};

LEVEE_TEST(ScrapeReaderTest)
#include "scrape_reader_test.moc"
