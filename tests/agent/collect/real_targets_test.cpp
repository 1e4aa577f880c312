// SPDX-License-Identifier: Apache-2.0
// The real exporters, started on free ports: what they expose is scraped, kept, and judged as
// promtool judges it.
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>
#include <cstdio>
#include <fstream>
#include <memory>
#include <mutex>

#include "agent/collect/collector.h"
#include "agent/collect/http_fetch.h"
#include "agent/collect/series_store.h"
#include "tests/agent/collect/promtool.h"
#include "tests/support/http_fixture.h"
#include "tests/support/test_registry.h"

using namespace levee;
using namespace std::chrono_literals;

namespace {

constexpr int kDeadlineMs = 30'000;

/// A server that runs until the end of its scope.
class Server {
public:
    Server(const QString& program, const QStringList& arguments) {
        process_.setStandardOutputFile(QProcess::nullDevice());
        process_.setStandardErrorFile(QProcess::nullDevice());
        process_.start(program, arguments);
    }
    ~Server() {
        process_.terminate();
        if (!process_.waitForFinished(5'000)) {
            process_.kill();
            process_.waitForFinished();
        }
    }

private:
    QProcess process_;
};

bool skipWithout(std::initializer_list<const char*> programs) {
    for (const char* program : programs) {
        const QString name(program);
        if (QStandardPaths::findExecutable(name).isEmpty() &&
            QStandardPaths::findExecutable(name, {"/usr/sbin"}).isEmpty()) {
            std::printf("SKIP: %s is not installed\n", program);
            return true;
        }
    }
    return false;
}

QString freePort() {
    return QString::fromStdString(test::HttpFixture::refusedAddress()).section(':', 1);
}

/// Scrapes /metrics of a port with the default filter until it is up twice, then compares our
/// judgement of the same page with promtool's. `store` has what was kept.
void scrapeAndCompare(const QString& port, SeriesStore& store, Duration interval = 500ms) {
    const std::string address = "127.0.0.1:" + port.toStdString();
    RealTimeSource time;
    std::mutex mutex;
    int good = 0;
    Collector collector(time, [&](ScrapeResult&& result) {
        const std::lock_guard lock(mutex);
        good += result.isGood() ? 1 : 0;
        store.apply(result);
    });
    ScrapeJob job;
    job.name = "real";
    job.interval = job.timeout = interval;
    job.statics.push_back({{address}, {}});
    const auto lastError = [&] { return collector.targets()[0].error; };
    QVERIFY(collector.setJobs({job}).isOk());
    collector.start();
    const auto isUpTwice = [&] {
        const std::lock_guard lock(mutex);
        return good >= 2;
    };
    for (int waited = 0; waited < kDeadlineMs && !isUpTwice(); waited += 50)
        QTest::qWait(50);
    collector.stop();
    QVERIFY2(good >= 2, lastError().c_str());

    if (!test::hasPromtool())
        return;
    HttpFetch fetch;
    const auto targets = makeTargets({job});
    QByteArray page;
    fetch.begin(targets->at(0), nullptr, [&page](std::string_view text, ExpositionFormat) {
        page.append(text.data(), static_cast<qsizetype>(text.size()));
        return true;
    });
    QCOMPARE(fetch.finish(curl_easy_perform(fetch.handle())), ScrapeFailure::None);
    QCOMPARE(fetch.format(), ExpositionFormat::PromText);
    const test::CheckAnswer theirs = test::askPromtool(page);
    QVERIFY(theirs.parses);
    QCOMPARE(test::askOurs(page).findings, theirs.findings);
}

}  // namespace

class RealTargetsTest : public QObject {
    Q_OBJECT
private slots:
    void nodeExporterIsReadAsPromtoolReadsIt() {
        if (skipWithout({"prometheus-node-exporter"}))
            QSKIP("no node exporter");
        const QString port = freePort();
        const Server exporter("prometheus-node-exporter",
                              {"--web.listen-address=127.0.0.1:" + port});
        SeriesStore store;
        scrapeAndCompare(port, store);
        QVERIFY(store.sum("node_load1"));
        QVERIFY(store.sum("node_memory_MemTotal_bytes").value_or(0) > 1e6);
        const LabelMatcher idle{"mode", "idle"};
        QVERIFY(!store.select("node_cpu_seconds_total", {&idle, 1}).empty());
        QVERIFY(store.sumRate("node_cpu_seconds_total").value_or(-1) >= 0);
        QVERIFY(store.select("node_load15").empty());
    }
    void redisExporterIsReadAsPromtoolReadsIt() {
        if (skipWithout({"redis-server", "prometheus-redis-exporter"}))
            QSKIP("no redis or its exporter");
        const QTemporaryDir directory;
        const QString redisPort = freePort();
        const Server redis("redis-server", {"--port", redisPort, "--bind", "127.0.0.1", "--save",
                                            "", "--dir", directory.path()});
        const QString port = freePort();
        const Server exporter("prometheus-redis-exporter",
                              {"-web.listen-address", "127.0.0.1:" + port, "-redis.addr",
                               "redis://127.0.0.1:" + redisPort});
        SeriesStore store;
        scrapeAndCompare(port, store);
        QCOMPARE(store.sum("redis_up").value_or(-1), 1.0);
        QVERIFY(store.sumRate("redis_commands_processed_total"));
    }
    void prometheusIsReadAsPromtoolReadsIt() {
        if (skipWithout({"prometheus"}))
            QSKIP("no prometheus");
        const QTemporaryDir directory;
        const QString port = freePort();
        const QString config = directory.filePath("prometheus.yml");
        std::ofstream(config.toStdString()) << "scrape_configs: []\n";
        const Server prometheus("prometheus", {"--config.file=" + config,
                                               "--storage.tsdb.path=" + directory.filePath("data"),
                                               "--web.listen-address=127.0.0.1:" + port});
        SeriesStore store;
        scrapeAndCompare(port, store);
        QVERIFY(store.sum("process_resident_memory_bytes").value_or(0) > 1e6);
    }
    void haproxyIsReadAsPromtoolReadsIt() {
        if (skipWithout({"haproxy"}))
            QSKIP("no haproxy");
        const QTemporaryDir directory;
        const QString port = freePort();
        const QString config = directory.filePath("haproxy.cfg");
        std::ofstream(config.toStdString())
            << "global\n  maxconn 50\ndefaults\n  mode http\n  timeout connect 1s\n"
               "  timeout client 5s\n  timeout server 1s\nfrontend metrics\n  bind 127.0.0.1:"
            << port.toStdString()
            << "\n  http-request use-service prometheus-exporter if { path /metrics }\n"
               "backend payment\n  server payment1 "
            << test::HttpFixture::refusedAddress() << "\n";
        const Server haproxy("/usr/sbin/haproxy", {"-db", "-f", config});
        SeriesStore store;
        scrapeAndCompare(port, store);
        const LabelMatcher matchers[] = {{"proxy", "payment"}, {"state", "UP"}};
        QCOMPARE(store.sum("haproxy_backend_status", matchers).value_or(-1), 1.0);
        QVERIFY(store.sumRate("haproxy_server_bytes_in_total"));
    }
    void nginxExporterIsReadAsPromtoolReadsIt() {
        if (skipWithout({"nginx", "prometheus-nginx-exporter"}))
            QSKIP("no nginx or its exporter");
        const QTemporaryDir directory;
        const QString nginxPort = freePort();
        const QString config = directory.filePath("nginx.conf");
        std::ofstream(config.toStdString())
            << "daemon off;\nmaster_process off;\npid " << directory.filePath("pid").toStdString()
            << ";\nerror_log " << directory.filePath("error").toStdString()
            << ";\nevents {}\nhttp { access_log off; server { listen 127.0.0.1:"
            << nginxPort.toStdString() << "; location /stub_status { stub_status; } } }\n";
        const Server nginx("/usr/sbin/nginx", {"-c", config, "-e", directory.filePath("error"),
                                               "-p", directory.path()});
        const QString port = freePort();
        const Server exporter("prometheus-nginx-exporter",
                              {"-web.listen-address=127.0.0.1:" + port,
                               "-nginx.scrape-uri=http://127.0.0.1:" + nginxPort + "/stub_status",
                               "-nginx.retries=50", "-nginx.retry-interval=200ms"});
        SeriesStore store;
        scrapeAndCompare(port, store);
        QCOMPARE(store.sum("up").value_or(-1), 1.0);
    }
    void postgresExporterIsReadAsPromtoolReadsIt() {
        if (skipWithout({"prometheus-postgres-exporter"}))
            QSKIP("no postgres exporter");
        // Nobody answers there: what it says of itself and of the missing database.
        qputenv("DATA_SOURCE_NAME",
                "postgresql://u@" + QByteArray::fromStdString(test::HttpFixture::refusedAddress()) +
                    "/x?sslmode=disable");
        const QString port = freePort();
        const Server exporter("prometheus-postgres-exporter",
                              {"--web.listen-address=127.0.0.1:" + port});
        SeriesStore store;
        scrapeAndCompare(port, store, 5s);  // it looks for its database at each scrape
        QCOMPARE(store.sum("up").value_or(-1), 1.0);
    }
};

LEVEE_TEST(RealTargetsTest)
#include "real_targets_test.moc"
