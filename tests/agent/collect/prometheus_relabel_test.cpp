// SPDX-License-Identifier: Apache-2.0
// The same rules in a real Prometheus and here: as relabel_configs of targets, and as
// metric_relabel_configs of series.
#include <QTest>
#include <map>
#include <set>

#include "agent/collect/scrape_reader.h"
#include "agent/collect/target.h"
#include "agent/config/config_loader.h"
#include "tests/agent/collect/relabel_rows.h"
#include "tests/support/http_fixture.h"
#include "tests/support/prometheus_server.h"
#include "tests/support/test_registry.h"

using namespace levee;
using test::HttpFixture;

namespace {

constexpr int kDeadlineMs = 60'000;

/// One job for each row, for targets ("t7") or series ("m7"). The number of a row comes back in the
/// target's path, or in the sample's value.
std::string configuration(const std::string& address) {
    std::string text = "scrape_configs:\n";
    const std::vector<std::string> rows = test::relabelRows();
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const std::string number = std::to_string(i);
        text += "- {job_name: t" + number + ", metrics_path: /t" + number +
                ", scrape_interval: 1h, scrape_timeout: 1s, static_configs: [{targets: ['" +
                address + "'], labels: {a: foo, b: bar, c: baz}}], relabel_configs: " + rows[i] +
                "}\n";
        text += "- {job_name: m" + number + ", metrics_path: /m" + number +
                ", scrape_interval: 1s, scrape_timeout: 1s, static_configs: [{targets: ['" +
                address + "']}], metric_relabel_configs: " + rows[i] + "}\n";
    }
    return text;
}

std::string pageOf(const std::string& number) {
    return "metric{a=\"foo\",b=\"bar\",c=\"baz\"} " + number + "\n";
}

std::string textOf(std::string name, const Labels& labels) {
    std::map<std::string, std::string> sorted;
    for (const Label& label : labels)
        sorted[label.name] = label.value;
    std::string text = std::move(name) + '{';
    for (const auto& [key, value] : sorted)
        text += key + '=' + value + ',';
    return text + '}';
}

/// By the path of its URL: "/t7" -> labels.
using Texts = std::map<std::string, std::string>;

Texts targetsHere(const std::vector<Target>& targets, const std::string& address) {
    Texts texts;
    for (const Target& target : targets) {
        const std::string path = target.url.substr(("http://" + address).size());
        if (path.starts_with("/t"))
            texts[path] = textOf("", target.labels);
    }
    return texts;
}

Texts targetsThere(const test::PrometheusServer& prometheus) {
    Texts texts;
    for (const auto& entry : prometheus.data("/api/v1/targets")["activeTargets"].toArray()) {
        const QJsonObject target = entry.toObject();
        const std::string path = '/' + target["scrapeUrl"].toString().section('/', 3).toStdString();
        if (path.starts_with("/t"))
            texts[path] = test::PrometheusServer::textOf(target["labels"].toObject());
    }
    return texts;
}

/// By the sample's value.
Texts seriesHere(const std::vector<Target>& targets, const std::string& address) {
    Texts texts;
    for (const Target& target : targets) {
        const std::string path = target.url.substr(("http://" + address).size());
        if (!path.starts_with("/m"))
            continue;
        ReadTerms terms;
        terms.filter = std::make_shared<KeepFilter>(std::vector<std::string>{"*"});
        terms.relabel = target.metricRelabel;
        SeriesCache cache(target.labels);
        const ReadOutcome outcome = readScrape(pageOf(path.substr(2)), terms, cache);
        for (const Sample& sample : outcome.kept)
            texts[path.substr(2)] = textOf(sample.series->name, sample.series->labels);
    }
    return texts;
}

Texts seriesThere(const test::PrometheusServer& prometheus) {
    Texts texts;
    for (const auto& [series, value] : prometheus.query("{__name__=~\".+\"}")) {
        if (!series.starts_with("up{") && !series.starts_with("scrape_"))
            texts[value] = series;
    }
    return texts;
}

QString difference(const Texts& here, const Texts& there) {
    QStringList lines;
    std::set<std::string> keys;
    for (const auto& [key, text] : here)
        keys.insert(key);
    for (const auto& [key, text] : there)
        keys.insert(key);
    const auto in = [](const Texts& texts, const std::string& key) {
        const auto found = texts.find(key);
        return found == texts.end() ? std::string("dropped") : found->second;
    };
    for (const std::string& key : keys) {
        if (in(here, key) != in(there, key))
            lines << QString::fromStdString(key + ": here " + in(here, key) + ", Prometheus " +
                                            in(there, key));
    }
    return lines.join('\n');
}

}  // namespace

class PrometheusRelabelTest : public QObject {
    Q_OBJECT
private slots:
    void everyRuleDoesWhatPrometheusDoes() {
        if (test::PrometheusServer::isMissing())
            QSKIP("prometheus is not installed");
        HttpFixture server([](HttpFixture::Exchange& exchange) {
            exchange.send(HttpFixture::answer(pageOf(exchange.path().substr(2))));
        });
        const std::string text = configuration(server.address());
        const LoadedConfig loaded =
            parseConfig(text, "prometheus.yml", [](const std::string&) { return std::nullopt; });
        QCOMPARE(QString::fromStdString(format(loaded.diagnostics)), QString());
        const auto targets = makeTargets(loaded.config.scrapeJobs);
        QVERIFY2(targets.isOk(), targets ? "" : targets.error().message.c_str());
        const test::PrometheusServer prometheus(text);
        const Texts here = targetsHere(*targets, server.address());
        QVERIFY(here.size() > 30);
        QTRY_VERIFY2_WITH_TIMEOUT(targetsThere(prometheus).size() >= here.size(),
                                  prometheus.log().c_str(), kDeadlineMs);
        const QString targetsDiffer = difference(here, targetsThere(prometheus));
        QVERIFY2(targetsDiffer.isEmpty(), qPrintable(targetsDiffer));
        const Texts series = seriesHere(*targets, server.address());
        QVERIFY(series.size() > 30);
        QTRY_VERIFY_WITH_TIMEOUT(seriesThere(prometheus).size() >= series.size(), kDeadlineMs);
        const QString seriesDiffer = difference(series, seriesThere(prometheus));
        QVERIFY2(seriesDiffer.isEmpty(), qPrintable(seriesDiffer));
    }
};

LEVEE_TEST(PrometheusRelabelTest)
#include "prometheus_relabel_test.moc"
