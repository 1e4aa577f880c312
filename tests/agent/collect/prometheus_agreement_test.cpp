// SPDX-License-Identifier: Apache-2.0
// What a scrape accepts, beside what a real Prometheus accepts of the same texts.
#include <curl/curl.h>

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>
#include <cstdio>
#include <fstream>
#include <map>

#include "agent/collect/prom_text_parser.h"
#include "tests/agent/collect/openmetrics_rows.h"
#include "tests/support/http_fixture.h"
#include "tests/support/test_registry.h"

using namespace levee;

namespace {

constexpr int kDeadlineMs = 60'000;

struct Case {
    ExpositionFormat format;
    std::string text;
};

/// All that the OpenMetrics test has, the same as Prometheus' text, and what only a scraper takes.
std::vector<Case> cases() {
    std::vector<Case> all;
    for (const test::OpenMetricsRow& row : test::openMetricsRows()) {
        all.push_back({ExpositionFormat::OpenMetrics, row.text});
        all.push_back({ExpositionFormat::PromText, row.text});
    }
    for (const char* text : {"a 1 \n",
                             "a 1",
                             " a 1\n",
                             "a\t1\n",
                             "a { b = \"c\" , } 1\n",
                             "a{b=\"\\a\"} 1\n",
                             "a{,} 1\n",
                             "#\n#a\n# HELP\n",
                             "# HELP a \\a\na 1\n",
                             "# TYPE a GAUGE\n",
                             "# TYPE a gauge \n",
                             "a 1 5.0\n",
                             "a 1 5 6\n",
                             "a{__name__=\"b\"} 1\n",
                             "# EOF\n\n",
                             "# UNIT a \n# EOF\n",
                             "a{b=\"c\",} 1\n# EOF\n",
                             "a 1 # {} 1\n# EOF\n",
                             "a 1 2 # {a=\"b\",} 1 3\n# EOF\n",
                             "# HELP a \"\n# EOF\n",
                             "# HELP a\n# EOF\n",
                             "# TYPE a gauge\r\n# EOF\n",
                             "# TYPE a untyped\n# EOF\n",
                             "a 1 1e300\n# EOF\n"}) {
        all.push_back({ExpositionFormat::PromText, text});
        all.push_back({ExpositionFormat::OpenMetrics, text});
    }
    return all;
}

/// Where Prometheus 2.42, which Debian 12 has, differs for a known reason.
bool isKnownToDiffer(const Case& one) {
    static const char* const kQuoted = "{\"";  // names in quotes came with 3.0
    static const char* const kTypeOfQuoted = "# TYPE \"";
    const bool isText = one.format == ExpositionFormat::PromText;
    const auto has = [&one](const char* part) { return one.text.find(part) != std::string::npos; };
    if (has(kQuoted) || has(kTypeOfQuoted))
        return true;
    // Later versions accept exemplars on any sample, and a comma after the last label.
    if (!isText && (has("\",}") || has("a 1 # {")))
        return true;
    // It takes the blank for a part of the name, then refuses that; promtool accepts it. And it
    // lets a label's value go on over a line end.
    return isText && (one.text.starts_with(" ") || has("x\ny"));
}

bool isScraped(const Case& one) {
    PromTextParser parser(one.text, one.format);
    Entry entry = Entry::Comment;
    while (entry != Entry::End && entry != Entry::Error)
        entry = parser.next();
    return entry == Entry::End;
}

size_t append(char* data, size_t size, size_t count, void* to) {
    static_cast<QByteArray*>(to)->append(data, static_cast<qsizetype>(size * count));
    return size * count;
}

/// The targets' health by their path; empty until all are known.
std::map<std::string, bool> healthOf(const std::string& prometheus, std::size_t targets) {
    QByteArray body;
    CURL* curl = curl_easy_init();
    curl_easy_setopt(curl, CURLOPT_URL, ("http://" + prometheus + "/api/v1/targets").c_str());
    curl_easy_setopt(curl, CURLOPT_PROXY, "");
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, &append);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &body);
    curl_easy_perform(curl);
    curl_easy_cleanup(curl);
    std::map<std::string, bool> health;
    const QJsonArray active =
        QJsonDocument::fromJson(body).object()["data"].toObject()["activeTargets"].toArray();
    for (const auto& entry : active) {
        const QJsonObject target = entry.toObject();
        if (target["health"].toString() != "unknown")
            health[target["scrapeUrl"].toString().section('/', 3).toStdString()] =
                target["health"].toString() == "up";
    }
    return health.size() == targets ? health : std::map<std::string, bool>{};
}

}  // namespace

class PrometheusAgreementTest : public QObject {
    Q_OBJECT
private slots:
    void aScrapeAcceptsWhatPrometheusAccepts() {
        if (QStandardPaths::findExecutable("prometheus").isEmpty()) {
            std::puts("SKIP: prometheus is not installed");
            QSKIP("prometheus is not installed");
        }
        const std::vector<Case> all = cases();
        test::HttpFixture server([&all](test::HttpFixture::Exchange& exchange) {
            const Case& one = all.at(std::stoul(exchange.path().substr(1)));
            exchange.send(test::HttpFixture::answer(
                one.text, one.format == ExpositionFormat::OpenMetrics
                              ? "application/openmetrics-text; version=1.0.0; charset=utf-8"
                              : "text/plain; version=0.0.4"));
        });
        const QTemporaryDir directory;
        const QString config = directory.filePath("prometheus.yml");
        {
            std::ofstream file(config.toStdString());
            file << "global: {scrape_interval: 1s, scrape_timeout: 1s}\nscrape_configs:\n"
                    "- job_name: all\n  static_configs:\n";
            for (std::size_t i = 0; i < all.size(); ++i)
                file << "  - {targets: ['" << server.address() << "'], labels: {__metrics_path__: /"
                     << i << "}}\n";
        }
        const std::string address = test::HttpFixture::refusedAddress();
        QProcess prometheus;
        prometheus.setStandardOutputFile(QProcess::nullDevice());
        prometheus.setStandardErrorFile(QProcess::nullDevice());
        prometheus.start("prometheus", {"--config.file=" + config,
                                        "--storage.tsdb.path=" + directory.filePath("data"),
                                        "--web.listen-address=" + QString::fromStdString(address)});
        std::map<std::string, bool> health;
        for (int waited = 0; waited < kDeadlineMs && health.empty(); waited += 100) {
            QTest::qWait(100);
            health = healthOf(address, all.size());
        }
        prometheus.kill();
        prometheus.waitForFinished();
        QVERIFY(!health.empty());
        QStringList differ;
        for (std::size_t i = 0; i < all.size(); ++i) {
            if (!isKnownToDiffer(all[i]) && isScraped(all[i]) != health[std::to_string(i)])
                differ << QString("%1 %2: %3")
                              .arg(all[i].format == ExpositionFormat::OpenMetrics ? "openmetrics"
                                                                                  : "text",
                                   health[std::to_string(i)] ? "only Prometheus accepts"
                                                             : "only we accept",
                                   QString::fromStdString(all[i].text).replace('\n', "<LF>"));
        }
        QVERIFY2(differ.isEmpty(), qPrintable(differ.join("\n")));
    }
};

LEVEE_TEST(PrometheusAgreementTest)
#include "prometheus_agreement_test.moc"
