// SPDX-License-Identifier: Apache-2.0
#include "agent/config/config_diff.h"

#include <QTest>

#include "agent/config/config_loader.h"
#include "tests/rules/lang/corpus.h"
#include "tests/support/test_registry.h"

using namespace levee;
using namespace std::chrono_literals;

namespace {

AgentConfig full() {
    return parseConfig(test::readData("config/full.good.yaml"), "f",
                       [](const std::string&) { return std::nullopt; })
        .config;
}

QString diff(const AgentConfig& after) {
    QString text;
    for (const ConfigChange& change : diffConfig(full(), after))
        text += QString::fromStdString(format(change)) + '\n';
    return text;
}

}  // namespace

class ConfigDiffTest : public QObject {
    Q_OBJECT
private slots:
    void nothingDiffersFromItself() { QVERIFY(diffConfig(full(), full()).empty()); }
    void socketsAndDirectoriesNeedARestart() {
        AgentConfig after = full();
        after.httpListen = "127.0.0.1:7500";
        after.unixListen.clear();
        after.stateDir = "/srv";
        after.ingest.otlp.grpcListen.clear();
        QCOMPARE(diff(after), QString("listen.http 127.0.0.1:7401 -> 127.0.0.1:7500 (restart)\n"
                                      "listen.unix /run/levee/agent.sock -> off (restart)\n"
                                      "state_dir /var/lib/levee -> /srv (restart)\n"
                                      "ingest.otlp.grpc 127.0.0.1:4317 -> off (restart)\n"));
        QVERIFY(needsRestart(diffConfig(full(), after)));
    }
    void whatTheAgentLooksAtIsAppliedLive() {
        AgentConfig after = full();
        after.hostMetrics.enabled = false;
        after.sockets.interval = 5s;
        after.sockets.ignore = {"sshd"};
        after.services.push_back({"orders", "database", {"10.0.0.9:5432"}, ""});
        QCOMPARE(diff(after), QString("host.enabled true -> false (live)\n"
                                      "sockets.interval 1s -> 5s (live)\n"
                                      "sockets.ignore [sshd, epmd] -> [sshd] (live)\n"
                                      "services.orders (none) -> [10.0.0.9:5432] (live)\n"));
        QVERIFY(!needsRestart(diffConfig(full(), after)));
    }
    void jobsListenersAndRuleFilesAreAppliedLive() {
        AgentConfig after = full();
        after.ruleFiles = {"/a", "/b"};
        after.gateway.listeners[1].serverTimeout = 2s;
        after.gateway.listeners[0].service = "cart";
        after.scrapeJobs[0].interval = 5s;
        after.scrapeJobs[0].statics[0].labels["zone"] = "a";
        after.scrapeJobs.pop_back();
        QCOMPARE(diff(after),
                 QString("rule_files [/etc/levee/rules.d/*.yaml] -> [/a, /b] (live)\n"
                         "gateway.listeners.payment 127.0.0.1:8101 -> (none) (live)\n"
                         "gateway.listeners.checkout->payment.server_timeout 5s -> 2s (live)\n"
                         "gateway.listeners.cart (none) -> 127.0.0.1:8101 (live)\n"
                         "scrape_configs.shop.scrape_interval 1s -> 5s (live)\n"
                         "scrape_configs.shop.static_configs [127.0.0.1:9101, payment.local:9102] "
                         "{service: web} -> [127.0.0.1:9101, payment.local:9102] {service: web, "
                         "zone: a} (live)\n"
                         "scrape_configs.node exporter [127.0.0.1:9100] {} -> (none) (live)\n"));
        QVERIFY(!needsRestart(diffConfig(full(), after)));
    }
    void aChangedSecretShowsThatItChangedAndNothingOfIt() {
        AgentConfig after = full();
        after.scrapeJobs[0].client.basicAuth = BasicAuth{"u", Secret("hidden-1"), ""};
        after.scrapeJobs[1].client.authorization = Authorization{"Bearer", Secret("hidden-2"), ""};
        QCOMPARE(
            diff(after),
            QString("scrape_configs.shop.http_client {} -> {basic_auth: {username: u, password: "
                    "<secret>}} (live)\n"
                    "scrape_configs.node exporter.http_client {} -> {authorization: {type: "
                    "Bearer, credentials: <secret>}} (live)\n"));
        AgentConfig other = after;
        other.scrapeJobs[0].client.basicAuth->password = Secret("hidden-3");
        const auto changes = diffConfig(after, other);
        QCOMPARE(changes.size(), std::size_t{1});
        QCOMPARE(changes[0].before, changes[0].after);
    }
    void rulesAndParametersAreAppliedLive() {
        AgentConfig after = full();
        after.scrapeJobs[0].params["module"] = {"a", "b"};
        after.scrapeJobs[0].honorLabels = true;
        after.scrapeJobs[0].honorTimestamps = false;
        after.scrapeJobs[0].client.tls.insecureSkipVerify = true;
        after.scrapeJobs[0].relabel = {
            RelabelRule{RelabelRule::Action::Keep, {"a"}, ";", "x.*", 0, "", "$1"}};
        after.scrapeJobs[0].metricRelabel = {RelabelRule{}};
        QCOMPARE(diff(after),
                 QString("scrape_configs.shop.params {} -> {module: [a, b]} (live)\n"
                         "scrape_configs.shop.honor_labels false -> true (live)\n"
                         "scrape_configs.shop.honor_timestamps true -> false (live)\n"
                         "scrape_configs.shop.http_client {} -> {tls_config: "
                         "{insecure_skip_verify: true}} (live)\n"
                         "scrape_configs.shop.relabel_configs [] -> [{action: keep, source_labels: "
                         "[a], regex: x.*}] (live)\n"
                         "scrape_configs.shop.metric_relabel_configs [] -> [{action: replace}] "
                         "(live)\n"));
    }
    void whatAListenerSpeaksIsAppliedLive() {
        AgentConfig after = full();
        ListenerConfig& listener = after.gateway.listeners[2];
        listener.weights = {};
        listener.balance = Balance::Auto;
        listener.protocol = Protocol::Http2;
        listener.tls = {};
        listener.targetTls.isVerified = false;
        listener.check.rise = 1;
        after.gateway.resolvers.clear();
        const auto changes = diffConfig(full(), after);
        QVERIFY(!needsRestart(changes));
        QString text;
        for (const ConfigChange& change : changes)
            text += QString::fromStdString(change.path + ": " + change.before + " -> " +
                                           change.after + "\n");
        const QString at = "gateway.listeners.catalog.";
        QCOMPARE(text,
                 "gateway.resolvers: [127.0.0.53:53] -> []\n" + at + "weights: [256, 1] -> []\n" +
                     at + "balance: header:x-tenant -> (none)\n" + at +
                     "protocol: grpc -> http2\n" + at +
                     "tls: {certificate: /etc/levee/catalog.pem, client_ca: "
                     "/etc/levee/callers.pem} -> (none)\n" +
                     at +
                     "target_tls: {verify: true, ca: /etc/levee/ca.pem, server_name: "
                     "catalog.local} -> {verify: false, ca: /etc/levee/ca.pem, server_name: "
                     "catalog.local}\n" +
                     at +
                     "health_check: {path: /healthz, interval: 2s, rise: 2, fall: 3} -> {path: "
                     "/healthz, interval: 2s, rise: 1, fall: 3}\n");
    }
    void whatIsKeptIsAppliedLive() {
        AgentConfig after = full();
        after.keep.metrics.pop_back();
        after.keep.history = 20min;
        after.keep.memoryBytes = std::uint64_t{32} << 20;
        QCOMPARE(diff(after), QString("keep.metrics [up, http_server_*] -> [up] (live)\n"
                                      "keep.history 15m -> 20m (live)\n"
                                      "keep.memory 64MiB -> 32MiB (live)\n"));
    }
    void orderOfJobsAndListenersDoesNotCount() {
        AgentConfig after = full();
        std::swap(after.scrapeJobs[0], after.scrapeJobs[1]);
        std::swap(after.gateway.listeners[0], after.gateway.listeners[1]);
        QVERIFY(diffConfig(full(), after).empty());
    }
    void turningTheGatewayOffNeedsARestart() {
        AgentConfig after = full();
        after.gateway.enabled = false;
        QVERIFY(needsRestart(diffConfig(full(), after)));
    }
};

LEVEE_TEST(ConfigDiffTest)
#include "config_diff_test.moc"
