// SPDX-License-Identifier: Apache-2.0
// What is scraped and forwarded is what a real Prometheus then has: values, labels, times, and the
// ends of series.
#include <QTest>
#include <map>
#include <mutex>

#include "agent/collect/collector.h"
#include "agent/forward/forwarder.h"
#include "tests/support/http_fixture.h"
#include "tests/support/prometheus_server.h"
#include "tests/support/test_registry.h"

using namespace levee;
using namespace levee::forward;
using namespace std::chrono_literals;
using test::HttpFixture;

namespace {

constexpr int kDeadlineMs = 60'000;

/// What a fixture exposes, changeable while it is scraped.
class Page {
public:
    void set(std::string text) {
        const std::lock_guard lock(mutex_);
        text_ = std::move(text);
    }

private:
    std::mutex mutex_;
    std::string text_;

public:
    HttpFixture fixture{[this](HttpFixture::Exchange& exchange) {
        std::string text;
        {
            const std::lock_guard lock(mutex_);
            text = text_;
        }
        exchange.send(text.empty() ? HttpFixture::answer("", "text/plain", "", "500 Oops")
                                   : HttpFixture::answer(text));
    }};
};

/// A collector whose scrapes are forwarded to a Prometheus.
class Rig {
public:
    explicit Rig(const Page& page) {
        RemoteWriteConfig write;
        write.name = "prometheus";
        write.url = "http://" + prometheus.address() + "/api/v1/write";
        write.deadline = 50ms;
        RelabelRule drop;
        drop.action = RelabelRule::Action::Drop;
        drop.sourceLabels = {"__name__"};
        drop.regex = "dropped_.*";
        write.relabel = {drop};
        forwarder.configure({write}, {{"region", "eu-1"}});
        ScrapeJob job;
        job.name = "shop";
        job.interval = job.timeout = 500ms;
        job.statics.push_back({{page.fixture.address()}, {{"zone", "a"}}});
        collector.setFilter(KeepFilter(std::vector<std::string>{"*"}));
        if (!collector.setJobs({job}).isOk())
            qFatal("the job is refused");
        collector.start();
    }
    ~Rig() {
        collector.stop();
        forwarder.stop();
    }

    test::PrometheusServer prometheus{"scrape_configs: []\n",
                                      {"--web.enable-remote-write-receiver"}};
    RealTimeSource time;
    Forwarder forwarder{time};
    Collector collector{time, [this](ScrapeResult&& result) { forwarder.add(result); }};
};

}  // namespace

class PrometheusReceiverTest : public QObject {
    Q_OBJECT
private slots:
    void whatIsScrapedIsWhatPrometheusHas() {
        if (test::PrometheusServer::isMissing())
            QSKIP("prometheus is not installed");
        std::string text;
        std::multimap<std::string, std::string> expected;
        Page page;
        const std::string common = "instance=" + page.fixture.address() + ",job=shop,region=eu-1,";
        for (int i = 0; i < 3000; ++i) {
            const std::string number = std::to_string(i);
            text += "m{i=\"" + number + "\",q=\"a\\\"ä\"} " + number + ".25\n";
            expected.emplace("m{i=" + number + ",instance=" + page.fixture.address() +
                                 ",job=shop,q=a\"ä,region=eu-1,zone=a,}",
                             number + ".25");
        }
        text +=
            "special{v=\"nan\"} NaN\nspecial{v=\"inf\"} +Inf\nspecial{v=\"small\"} 1e-300\n"
            "dropped_a 1\nB{A=\"1\",_b=\"2\",a=\"3\"} 4\n";
        page.set(text);
        Rig rig(page);
        QTRY_COMPARE_WITH_TIMEOUT(rig.prometheus.query("m").size(), expected.size(), kDeadlineMs);
        QVERIFY(rig.prometheus.query("m") == expected);
        const auto special = rig.prometheus.query("special");
        const auto one = [&](const char* v, const char* value) {
            return std::pair<const std::string, std::string>(
                "special{" + common + "v=" + v + ",zone=a,}", value);
        };
        const std::multimap<std::string, std::string> specials{
            one("nan", "NaN"), one("inf", "+Inf"), one("small", "1e-300")};
        QVERIFY(special == specials);
        const auto up = [&] { return rig.prometheus.query("up{region=\"eu-1\"}").begin()->second; };
        QCOMPARE(up(), std::string("1"));
        QCOMPARE(rig.prometheus.query("B").size(), std::size_t{1});
        QVERIFY(rig.prometheus.query("dropped_a").empty());
        // A series that its target no longer has ends at once, not five minutes later.
        page.set("m{i=\"0\"} 7\n");
        QTRY_VERIFY_WITH_TIMEOUT(rig.prometheus.query("m").size() == 1, kDeadlineMs);
        QVERIFY(rig.prometheus.query("special").empty());
        // And all of them with a failed scrape, but for those that say so.
        page.set("");
        QTRY_VERIFY_WITH_TIMEOUT(rig.prometheus.query("m").empty(), kDeadlineMs);
        QCOMPARE(up(), std::string("0"));
        // With the target everything ends.
        QVERIFY(rig.collector.setJobs({}).isOk());
        QTRY_VERIFY_WITH_TIMEOUT(rig.prometheus.query("up").empty(), kDeadlineMs);
        const auto counters = rig.forwarder.counters().at(0);
        QVERIFY(counters.sent > 3000);
        QVERIFY(counters.filtered > 0);
        QCOMPARE(counters.rejected, std::uint64_t{0});
        QCOMPARE(counters.dropped, std::uint64_t{0});
    }
};

LEVEE_TEST(PrometheusReceiverTest)
#include "prometheus_receiver_test.moc"
