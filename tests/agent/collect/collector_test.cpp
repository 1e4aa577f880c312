// SPDX-License-Identifier: Apache-2.0
#include "agent/collect/collector.h"

#include <QTest>
#include <algorithm>
#include <fstream>
#include <mutex>
#include <optional>

#include "agent/collect/http_fetch.h"
#include "agent/collect/series_store.h"
#include "tests/support/http_fixture.h"
#include "tests/support/test_registry.h"

using namespace levee;
using namespace std::chrono_literals;
using test::HttpFixture;
using Exchange = HttpFixture::Exchange;

namespace {

constexpr int kDeadlineMs = 20'000;

/// A running collector that keeps everything, and what it has handed over.
class Rig {
public:
    Rig() {
        collector.setFilter(KeepFilter(std::vector<std::string>{"*"}));
        collector.start();
    }
    ~Rig() { collector.stop(); }

    void scrape(const std::vector<std::string>& addresses, Duration interval = 200ms,
                const ScrapeLimits& limits = {}) {
        ScrapeJob job;
        job.name = "test";
        job.interval = job.timeout = interval;
        job.statics.push_back({addresses, {}});
        job.limits = limits;
        QVERIFY(collector.setJobs({job}).isOk());
    }
    /// Results of one target so far.
    std::vector<ScrapeResult> resultsOf(const std::string& address) const {
        const std::lock_guard lock(mutex);
        std::vector<ScrapeResult> found;
        std::copy_if(results.begin(), results.end(), std::back_inserter(found),
                     [&](const ScrapeResult& r) { return r.state.instance == address; });
        return found;
    }
    /// The first result that is no timeout.
    std::optional<ScrapeResult> answered(const std::string& address) const {
        for (const ScrapeResult& result : resultsOf(address)) {
            if (result.state.failure != ScrapeFailure::Timeout)
                return result;
        }
        return std::nullopt;
    }
    bool hasResults(const std::string& address, std::size_t n = 1) const {
        return resultsOf(address).size() >= n;
    }
    TargetStatus state(const std::string& address) const {
        for (const TargetStatus& target : collector.targets()) {
            if (target.instance == address)
                return target;
        }
        return {};
    }
    double kept(const ScrapeResult& result, const std::string& name) const {
        for (const Sample& sample : result.kept) {
            if (sample.series->name == name)
                return sample.value;
        }
        return -1;
    }

    RealTimeSource time;
    mutable std::mutex mutex;
    std::vector<ScrapeResult> results;
    Collector collector{time, [this](ScrapeResult&& result) {
                            const std::lock_guard lock(mutex);
                            results.push_back(std::move(result));
                        }};
};

HttpFixture::Handler answering(std::string text) {
    return [text = std::move(text)](Exchange& exchange) { exchange.send(text); };
}

/// Kibibytes of a field of /proc/self/status.
long memoryKib(const std::string& field) {
    std::ifstream status("/proc/self/status");
    std::string word;
    while (status >> word) {
        if (word == field + ':') {
            long kib = 0;
            status >> kib;
            return kib;
        }
    }
    return 0;
}

constexpr bool isSanitized() {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    return true;
#else
    return false;
#endif
}

}  // namespace

class CollectorTest : public QObject {
    Q_OBJECT

    /// Scrapes one server until it has answered (on a busy machine the first try may time out);
    /// expects it to be down for that reason.
    static void expectFailure(const HttpFixture::Handler& handler, ScrapeFailure failure,
                              const std::string& error, const ScrapeLimits& limits = {}) {
        HttpFixture server(handler);
        Rig rig;
        rig.scrape({server.address()}, 200ms, limits);
        QTRY_VERIFY_WITH_TIMEOUT(rig.answered(server.address()).has_value(), kDeadlineMs);
        const ScrapeResult result = rig.answered(server.address()).value();
        QCOMPARE(std::string(name(result.state.failure)), std::string(name(failure)));
        QVERIFY2(result.state.error.find(error) != std::string::npos, result.state.error.c_str());
        QCOMPARE(result.state.health, TargetHealth::Down);
        QCOMPARE(rig.kept(result, "up"), 0.0);
        QCOMPARE(result.kept.size(), std::size_t{4});
        QVERIFY(rig.collector.stats().failed(failure) >= 1);
    }

private slots:
    void aGoodTargetIsUpAndItsSamplesArrive() {
        HttpFixture server(answering(HttpFixture::answer("a{x=\"1\"} 5\nb 6\n")));
        Rig rig;
        rig.scrape({server.address()});
        QTRY_VERIFY_WITH_TIMEOUT(rig.hasResults(server.address(), 3), kDeadlineMs);
        const ScrapeResult result = rig.answered(server.address()).value();
        QVERIFY(result.isGood());
        QCOMPARE(rig.kept(result, "a"), 5.0);
        QCOMPARE(rig.kept(result, "up"), 1.0);
        QCOMPARE(rig.kept(result, "scrape_samples_scraped"), 2.0);
        QCOMPARE(rig.kept(result, "scrape_body_size_bytes"), 15.0);
        QVERIFY(rig.kept(result, "scrape_duration_seconds") > 0);
        QCOMPARE(rig.state(server.address()).samples, std::uint64_t{2});
        QCOMPARE(rig.state(server.address()).job, std::string("test"));
    }
    void oneConnectionServesManyScrapes() {
        HttpFixture server(answering(HttpFixture::answer("a 1\n")));
        HttpFixture other(answering(HttpFixture::answer("a 1\n")));
        Rig rig;
        rig.scrape({server.address(), other.address()}, 300ms);
        QTRY_VERIFY_WITH_TIMEOUT(server.requests() >= 5, kDeadlineMs);
        QCOMPARE(server.connections(), 1);
    }
    void theRequestAsksForExpositionsAndGzip() {
        std::mutex mutex;
        std::string head;
        HttpFixture server([&](Exchange& exchange) {
            const std::lock_guard lock(mutex);
            head = exchange.head();
            exchange.send(HttpFixture::answer("a 1\n"));
        });
        Rig rig;
        rig.scrape({server.address()});
        QTRY_VERIFY_WITH_TIMEOUT(rig.hasResults(server.address()), kDeadlineMs);
        const std::lock_guard lock(mutex);
        QVERIFY(head.starts_with("GET /metrics HTTP/1.1\r\n"));
        QVERIFY(head.find("Accept: application/openmetrics-text;version=1.0.0") !=
                std::string::npos);
        QVERIFY(head.find("Accept-Encoding: gzip\r\n") != std::string::npos);
        QVERIFY(head.find("protobuf") == std::string::npos);
    }
    void gzipAndOpenMetricsAreUnderstood() {
        HttpFixture server(answering(
            HttpFixture::answer(test::gzip("a_total 5 1.5 # {t=\"1\"} 2\n# EOF\n"),
                                "application/openmetrics-text; version=1.0.0; charset=utf-8",
                                "Content-Encoding: gzip\r\n")));
        Rig rig;
        rig.scrape({server.address()});
        QTRY_VERIFY_WITH_TIMEOUT(rig.answered(server.address()).has_value(), kDeadlineMs);
        const ScrapeResult result = rig.answered(server.address()).value();
        QVERIFY2(result.isGood(), result.state.error.c_str());
        QCOMPARE(rig.kept(result, "a_total"), 5.0);
        QCOMPARE(result.kept[0].timestampMillis.value(), std::int64_t{1500});
    }

    void aRefusedConnectionIsNamed() {
        Rig rig;
        const std::string address = HttpFixture::refusedAddress();
        rig.scrape({address});
        QTRY_VERIFY_WITH_TIMEOUT(rig.hasResults(address), kDeadlineMs);
        QCOMPARE(rig.state(address).failure, ScrapeFailure::Refused);
        QVERIFY(!rig.state(address).error.empty());
    }
    void anyStatusBut200Fails() {
        expectFailure(answering(HttpFixture::answer("a 1\n", "text/plain", "", "500 Oops")),
                      ScrapeFailure::BadStatus, "status 500");
        expectFailure(answering(HttpFixture::answer("", "text/plain", "", "503 No")),
                      ScrapeFailure::BadStatus, "status 503");
    }
    void redirectsAreNotFollowed() {
        HttpFixture other(answering(HttpFixture::answer("a 1\n")));
        expectFailure(
            answering(HttpFixture::answer(
                "", "text/plain", "Location: http://" + other.address() + "/\r\n", "302 Found")),
            ScrapeFailure::BadStatus, "status 302");
        QCOMPARE(other.requests(), 0);
    }
    void anUnknownContentTypeFails() {
        expectFailure(answering(HttpFixture::answer("a 1\n", "text/html")),
                      ScrapeFailure::ContentType, "'text/html' is no exposition");
        expectFailure(answering(HttpFixture::answer("a 1\n", "")), ScrapeFailure::ContentType,
                      "no Content-Type");
    }
    void aFallbackReadsWhatHasNoKnownType() {
        for (const char* type : {"", "text/html"}) {
            HttpFixture server(answering(HttpFixture::answer("a 1 1.5\n# EOF\n", type)));
            ScrapeJob job;
            job.name = "fallback";
            job.statics.push_back({{server.address()}, {}});
            job.fallbackProtocol = "OpenMetricsText1.0.0";
            const auto targets = makeTargets({job});
            std::string text;
            HttpFetch fetch;
            fetch.begin(targets->at(0), nullptr, [&](std::string_view piece, ExpositionFormat) {
                text += piece;
                return true;
            });
            QCOMPARE(fetch.finish(curl_easy_perform(fetch.handle())), ScrapeFailure::None);
            QCOMPARE(fetch.format(), ExpositionFormat::OpenMetrics);
            QCOMPARE(text, std::string("a 1 1.5\n# EOF\n"));
            QCOMPARE(fetch.textBytes(), std::uint64_t{14});
        }
    }
    void anEncodingThatWasNotAskedForFails() {
        expectFailure(
            answering(HttpFixture::answer("a 1\n", "text/plain", "Content-Encoding: br\r\n")),
            ScrapeFailure::Encoding, "'br' was not asked for");
        expectFailure(
            answering(HttpFixture::answer(test::gzip(test::gzip("a 1\n")), "text/plain",
                                          "Content-Encoding: gzip\r\nContent-Encoding: gzip\r\n")),
            ScrapeFailure::Encoding, "'gzip,gzip' was not asked for");
    }
    void damagedAndCutGzipFails() {
        const std::string whole = test::gzip("a 1\nb 2\nc 3\n");
        const char* header = "Content-Encoding: gzip\r\n";
        std::string damaged = whole;
        damaged[whole.size() - 6] ^= 1;  // in the checksum
        expectFailure(answering(HttpFixture::answer(damaged, "text/plain", header)),
                      ScrapeFailure::Encoding, "damaged");
        expectFailure(
            answering(HttpFixture::answer(whole.substr(0, whole.size() - 8), "text/plain", header)),
            ScrapeFailure::Encoding, "ends early");
        expectFailure(answering(HttpFixture::answer(whole + "x", "text/plain", header)),
                      ScrapeFailure::Encoding, "damaged");
        expectFailure(answering(HttpFixture::answer("", "text/plain", header)),
                      ScrapeFailure::Encoding, "ends early");
    }
    void halfABodyIsNoScrape() {
        expectFailure(
            [](Exchange& exchange) {
                exchange.send(
                    "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"
                    "Content-Length: 100\r\n\r\na 1\nb 2\n");
                exchange.close();
            },
            ScrapeFailure::Transfer, "");
        expectFailure(
            [](Exchange& exchange) {
                exchange.send(
                    "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"
                    "Transfer-Encoding: chunked\r\n\r\n4\r\na 1\n\r\n");
                exchange.close();
            },
            ScrapeFailure::Transfer, "");
    }
    void moreThan64KibOfHeadersFail() {
        std::string headers;
        for (int i = 0; i < 70; ++i)
            headers += "X-Filler: " + std::string(1000, 'x') + "\r\n";
        expectFailure(answering(HttpFixture::answer("a 1\n", "text/plain", headers)),
                      ScrapeFailure::Headers, "64 KiB");
        expectFailure(answering(HttpFixture::answer("a 1\n", "text/plain",
                                                    "X: " + std::string(300'000, 'x') + "\r\n")),
                      ScrapeFailure::Headers, "headers");
    }
    void aMalformedLineFailsTheScrapeAndNamesItsPlace() {
        expectFailure(answering(HttpFixture::answer("a 1\nb{x=\"1\" 2\nc 3\n")),
                      ScrapeFailure::Parse, "2:9: expected ',' or '}' after a label, found '2'");
    }
    void openMetricsWithoutItsEndIsNoScrape() {
        expectFailure(answering(HttpFixture::answer("a 1\n", "application/openmetrics-text")),
                      ScrapeFailure::Parse, "expected '# EOF'");
    }
    void sampleAndLabelLimitsFailTheScrapeOnePast() {
        ScrapeLimits limits;
        limits.samples = 2;
        expectFailure(answering(HttpFixture::answer("a 1\nb 2\nc 3\n")), ScrapeFailure::SampleLimit,
                      "more than 2 samples", limits);
        limits = {};
        limits.labels = 3;
        expectFailure(answering(HttpFixture::answer("a{b=\"1\"} 1\n")), ScrapeFailure::LabelLimit,
                      "labels", limits);
    }
    void theBodyLimitHoldsAtTheBoundAndFailsOnePast() {
        const std::string body = "a 1\nb 2\n";
        ScrapeLimits limits;
        limits.bodyBytes = body.size();
        HttpFixture server(answering(HttpFixture::answer(body)));
        Rig rig;
        rig.scrape({server.address()}, 200ms, limits);
        QTRY_VERIFY_WITH_TIMEOUT(rig.answered(server.address()).has_value(), kDeadlineMs);
        QVERIFY(rig.answered(server.address())->isGood());
        --limits.bodyBytes;
        expectFailure(answering(HttpFixture::answer(body)), ScrapeFailure::TooBig,
                      "larger than 7 bytes", limits);
        expectFailure(answering(HttpFixture::answer(test::gzip(body), "text/plain",
                                                    "Content-Encoding: gzip\r\n")),
                      ScrapeFailure::TooBig, "larger than 7 bytes", limits);
    }
    void aGzipBombIsStoppedInSmallMemory() {
        const std::string bomb =
            HttpFixture::answer(test::gzipBomb(1024), "text/plain", "Content-Encoding: gzip\r\n");
        QVERIFY(bomb.size() < 2'000'000);
        std::ofstream("/proc/self/clear_refs") << "5";  // the peak counts from here
        const long before = memoryKib("VmRSS");
        expectFailure(answering(bomb), ScrapeFailure::Bomb, "200 times");
        if (!isSanitized())
            QVERIFY2(memoryKib("VmHWM") - before < 24 * 1024,
                     std::to_string(memoryKib("VmHWM") - before).c_str());
    }
    void aLargeButHonestGzipBodyIsNoBomb() {
        std::string body;
        while (body.size() < 3'000'000)
            body += "metric_with_a_name{label=\"" + std::to_string(body.size() * 7919) + "\"} 1\n";
        ScrapeLimits limits;
        limits.samples = 1'000'000;
        HttpFixture server(answering(
            HttpFixture::answer(test::gzip(body), "text/plain", "Content-Encoding: gzip\r\n")));
        Rig rig;
        rig.scrape({server.address()}, 3s, limits);
        QTRY_VERIFY_WITH_TIMEOUT(rig.hasResults(server.address()), kDeadlineMs);
        QVERIFY2(rig.resultsOf(server.address())[0].isGood(),
                 rig.state(server.address()).error.c_str());
        QCOMPARE(rig.state(server.address()).bodyBytes, std::uint64_t{body.size()});
    }

    void aHangingTargetDelaysNobody() {
        const auto hang = [](Exchange& exchange) {
            exchange.waitForEnd(60s);
            exchange.close();
        };
        HttpFixture hanging(hang);
        HttpFixture dripping([](Exchange& exchange) {
            exchange.send("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n");
            while (exchange.send("#") && !exchange.waitForEnd(1s)) {
            }
            exchange.close();
        });
        HttpFixture good(answering(HttpFixture::answer("a 1\n")));
        Rig rig;
        ScrapeJob slow;
        slow.name = "slow";
        slow.interval = slow.timeout = 1s;
        slow.statics.push_back({{hanging.address(), dripping.address()}, {}});
        ScrapeJob quick;
        quick.name = "quick";
        quick.interval = quick.timeout = 200ms;
        quick.statics.push_back({{good.address()}, {}});
        QVERIFY(rig.collector.setJobs({slow, quick}).isOk());
        QTRY_VERIFY_WITH_TIMEOUT(
            rig.hasResults(hanging.address(), 2) && rig.hasResults(dripping.address(), 2),
            kDeadlineMs);
        for (const std::string& address : {hanging.address(), dripping.address()}) {
            for (const ScrapeResult& result : rig.resultsOf(address)) {
                QCOMPARE(result.state.failure, ScrapeFailure::Timeout);
                QVERIFY(result.state.duration >= 900ms);
            }
        }
        // Two timeouts of a second each have passed: the good one went on at its own pace.
        const auto results = rig.resultsOf(good.address());
        QVERIFY(std::count_if(results.begin(), results.end(),
                              [](const ScrapeResult& r) { return r.isGood(); }) >= 5);
    }
    void seriesAreStaleAfterAFailureAndLiveAgainAfterwards() {
        std::atomic<bool> broken{false};
        HttpFixture server([&](Exchange& exchange) {
            exchange.send(HttpFixture::answer(broken ? "a 1\nbroken{\n" : "a 1\n"));
        });
        Rig rig;
        SeriesStore store;
        std::size_t applied = 0;
        const auto applyAll = [&] {
            const auto results = rig.resultsOf(server.address());
            for (; applied < results.size(); ++applied)
                store.apply(results[applied]);
            return store.sum("a").has_value();
        };
        rig.scrape({server.address()}, 50ms);
        QTRY_VERIFY_WITH_TIMEOUT(applyAll(), kDeadlineMs);
        broken = true;
        QTRY_VERIFY_WITH_TIMEOUT(!applyAll(), kDeadlineMs);
        QVERIFY(rig.state(server.address()).error.starts_with("2:8: "));
        broken = false;
        QTRY_VERIFY_WITH_TIMEOUT(applyAll(), kDeadlineMs);
        QCOMPARE(rig.state(server.address()).error, std::string());
    }
    void targetsThatStayKeepTheirStateWhenTheConfigurationChanges() {
        HttpFixture one(answering(HttpFixture::answer("a 1\n")));
        HttpFixture two(answering(HttpFixture::answer("a 2\n")));
        Rig rig;
        rig.scrape({one.address()}, 300ms);
        QTRY_VERIFY_WITH_TIMEOUT(rig.hasResults(one.address(), 2), kDeadlineMs);
        const std::uint64_t scrapes = rig.state(one.address()).scrapes;

        rig.scrape({one.address(), two.address()}, 300ms);
        QCOMPARE(rig.collector.targets().size(), std::size_t{2});
        QVERIFY(rig.state(one.address()).scrapes >= scrapes);
        QTRY_VERIFY_WITH_TIMEOUT(rig.hasResults(two.address(), 2), kDeadlineMs);
        QVERIFY(rig.state(one.address()).scrapes > scrapes);
        QCOMPARE(one.connections(), 1);

        rig.scrape({two.address()}, 100ms);
        QTRY_VERIFY_WITH_TIMEOUT(rig.resultsOf(one.address()).back().removed, kDeadlineMs);
        QCOMPARE(rig.collector.targets().size(), std::size_t{1});
        const int asked = one.requests();
        const std::size_t had = rig.resultsOf(two.address()).size();
        QTRY_VERIFY_WITH_TIMEOUT(rig.hasResults(two.address(), had + 5), kDeadlineMs);
        QCOMPARE(one.requests(), asked);
    }
    void aBadConfigurationChangesNothing() {
        HttpFixture one(answering(HttpFixture::answer("a 1\n")));
        Rig rig;
        rig.scrape({one.address()});
        ScrapeJob bad;
        bad.scheme = "gopher";
        QVERIFY(!rig.collector.setJobs({bad}));
        QCOMPARE(rig.collector.stats().configsRefused.load(), std::uint64_t{1});
        QTRY_VERIFY_WITH_TIMEOUT(rig.hasResults(one.address()), kDeadlineMs);
    }
    void theFilterMayChangeWhileRunning() {
        HttpFixture server(answering(HttpFixture::answer("a 1\nb 2\n")));
        Rig rig;
        rig.scrape({server.address()}, 50ms);
        QTRY_VERIFY_WITH_TIMEOUT(rig.hasResults(server.address()), kDeadlineMs);
        rig.collector.setFilter(KeepFilter(std::vector<std::string>{"b"}));
        QTRY_COMPARE_WITH_TIMEOUT(rig.state(server.address()).kept, std::uint64_t{1}, kDeadlineMs);
        QCOMPARE(rig.kept(rig.resultsOf(server.address()).back(), "b"), 2.0);
    }
    void stoppingEndsRunningScrapesAtOnceAndStartingGoesOn() {
        HttpFixture hanging([](Exchange& exchange) {
            exchange.waitForEnd(60s);
            exchange.close();
        });
        HttpFixture good(answering(HttpFixture::answer("a 1\n")));
        Rig rig;
        rig.scrape({hanging.address(), good.address()}, 5s);
        QTRY_VERIFY_WITH_TIMEOUT(hanging.requests() == 1, kDeadlineMs);
        rig.collector.stop();
        rig.collector.stop();
        QVERIFY(!rig.hasResults(hanging.address()));
        rig.scrape({good.address()}, 50ms);
        rig.collector.start();
        QTRY_VERIFY_WITH_TIMEOUT(rig.hasResults(good.address(), 2), kDeadlineMs);
    }
};

LEVEE_TEST(CollectorTest)
#include "collector_test.moc"
