// SPDX-License-Identifier: Apache-2.0
#include "agent/config/config_loader.h"

#include <QTemporaryDir>
#include <QTest>

#include "rules/lang/yaml_reader.h"
#include "tests/rules/lang/corpus.h"
#include "tests/support/test_registry.h"

using namespace levee;
using namespace std::chrono_literals;

namespace {

std::optional<std::string> environment(const std::string& name) {
    static const std::map<std::string, std::string> kVariables{
        {"HOST", "demo-1"}, {"LIFECYCLE", "true"},        {"PORT", "7777"},
        {"EMPTY", ""},      {"DOLLAR", "${HOST} and $$"}, {"YAML", "{http: \"127.0.0.1:1\"}"}};
    const auto it = kVariables.find(name);
    return it == kVariables.end() ? std::nullopt : std::optional(it->second);
}

LoadedConfig parse(const std::string& text) {
    return parseConfig(text, "/etc/levee/agent.yaml", environment);
}

LoadedConfig parseFile(const std::string& name) {
    return parse(test::readData("config/" + name));
}

std::string findingsOf(const std::string& text, const std::string&) {
    std::string lines;
    for (Diagnostic diagnostic : parse(text).diagnostics) {
        diagnostic.place.file.clear();
        lines += format(diagnostic) + '\n';
    }
    return lines;
}

}  // namespace

class ConfigLoaderTest : public QObject {
    Q_OBJECT
private slots:
    void everyDefectGivesExactlyItsMessages_data() {
        QTest::addColumn<QString>("actual");
        QTest::addColumn<QString>("expected");
        const auto actual = test::answers("config", "*.bad.yaml", findingsOf);
        const auto expected = test::readTable("config/expected.txt");
        QVERIFY(!actual.empty());
        QCOMPARE(actual.size(), expected.size());
        for (const auto& [name, lines] : actual) {
            const auto it = expected.find(name);
            QTest::newRow(name.c_str())
                << QString::fromStdString(lines)
                << (it == expected.end() ? QString() : QString::fromStdString(it->second));
        }
    }
    void everyDefectGivesExactlyItsMessages() {
        QFETCH(QString, actual);
        QFETCH(QString, expected);
        QVERIFY(!actual.isEmpty());
        QCOMPARE(actual, expected);
    }
    void goodFilesHaveNoFindings_data() {
        QTest::addColumn<QString>("name");
        for (const QString& name : test::filesIn("config", "*.good.yaml"))
            QTest::newRow(qPrintable(name)) << name;
    }
    void goodFilesHaveNoFindings() {
        QFETCH(QString, name);
        QCOMPARE(QString::fromStdString(format(parseFile(name.toStdString()).diagnostics)),
                 QString());
    }
    void whatTheAgentLooksAtByItselfIsRead() {
        const AgentConfig config = parseFile("host_and_sockets.good.yaml").config;
        QCOMPARE(config.host, std::string("web-3"));
        QCOMPARE(config.hostMetrics, (HostConfig{false, 10s}));
        QCOMPARE(config.sockets, (SocketsConfig{true, 100ms, 100, 2000, {}}));
        QCOMPARE(config.services.size(), std::size_t{3});
        QCOMPARE(
            config.services[0],
            (ServiceMapping{"orders-db", "database", {"10.0.0.9:5432", "127.0.0.1:5432"}, ""}));
        QCOMPARE(config.services[1], (ServiceMapping{"billing", "service", {}, "billing-d"}));
        QCOMPARE(config.services[2],
                 (ServiceMapping{"web", "service", {}, "", "shop", "front end"}));
        // The name alone is what the key has always been.
        const AgentConfig named = parse("host: web-3").config;
        QCOMPARE(named.host, std::string("web-3"));
        QCOMPARE(named.hostMetrics, HostConfig{});
    }
    void anEmptyTextIsAConfigurationOfDefaults() {
        const LoadedConfig loaded = parse("");
        QVERIFY(loaded.diagnostics.empty());
        QCOMPARE(loaded.config.httpListen, AgentConfig{}.httpListen);
        QCOMPARE(loaded.config.ruleFiles, AgentConfig{}.ruleFiles);
        QVERIFY(!loaded.config.gateway.enabled);
        QCOMPARE(loaded.config.gateway.directory, std::string("/var/lib/levee/gateway"));
    }
    void everyFieldReachesItsSetting() {
        const AgentConfig config = parseFile("full.good.yaml").config;
        QCOMPARE(config.host, std::string("demo"));
        QCOMPARE(config.unixListen, std::string("/run/levee/agent.sock"));
        QCOMPARE(config.externalLabels.at("region"), std::string("eu-1"));
        QCOMPARE(config.ingest.otlp.httpBodyBytes, std::uint64_t{20} << 20);
        QCOMPARE(config.ingest.otlp.pairingSpans, 100'000U);
        QVERIFY(config.gateway.enabled);
        QCOMPARE(config.gateway.directory, std::string("/run/levee/gateway"));
        QCOMPARE(config.gateway.statsListen, std::string("127.0.0.1:8404"));
        QCOMPARE(config.gateway.listeners.size(), std::size_t{3});
        const ListenerConfig& inbound = config.gateway.listeners[0];
        QVERIFY(inbound.direction == Direction::Inbound);
        QCOMPARE(inbound.subject(), std::string("payment"));
        QVERIFY(inbound.isShared);
        const ListenerConfig& outbound = config.gateway.listeners[1];
        QVERIFY(outbound.direction == Direction::Outbound);
        QCOMPARE(outbound.subject(), std::string("checkout->payment"));
        QCOMPARE(outbound.targets.size(), std::size_t{2});
        QCOMPARE(outbound.queueTimeout, Duration(250ms));
        QVERIFY(outbound.weights.empty());
        QCOMPARE(config.gateway.logAllBelow, 6000U);
        QVERIFY(!config.gateway.pinThreads);
        for (const ListenerConfig& listener : config.gateway.listeners)
            QCOMPARE(listener.logAllBelow, 6000U);
        QCOMPARE(config.gateway.resolvers, (std::vector<std::string>{"127.0.0.53:53"}));
        const ListenerConfig& catalog = config.gateway.listeners[2];
        QCOMPARE(catalog.weights, (std::vector<std::uint32_t>{256, 1}));
        QCOMPARE(catalog.targets[1], std::string("catalog.local:9104"));
        QVERIFY(catalog.balance == Balance::Header && catalog.balanceHeader == "x-tenant");
        QVERIFY(catalog.protocol == Protocol::Grpc);
        QCOMPARE(catalog.tls.certificate, std::string("/etc/levee/catalog.pem"));
        QCOMPARE(catalog.tls.clientCa, std::string("/etc/levee/callers.pem"));
        QVERIFY(catalog.targetTls.isEnabled && catalog.targetTls.isVerified);
        QCOMPARE(catalog.targetTls.serverName, std::string("catalog.local"));
        QVERIFY(catalog.check.isEnabled);
        QCOMPARE(catalog.check.path, std::string("/healthz"));
        QCOMPARE(config.keep.metrics, (std::vector<std::string>{"up", "http_server_*"}));
        QCOMPARE(config.keep.expressions.size(), std::size_t{1});
        QCOMPARE(config.keep.history, Duration(15min));
        QCOMPARE(config.keep.memoryBytes, std::uint64_t{64} << 20);
        QCOMPARE(config.scrapeJobs.size(), std::size_t{2});
        const ScrapeJob& shop = config.scrapeJobs[0];
        QCOMPARE(shop.name, std::string("shop"));
        QCOMPARE(shop.limits.bodyBytes, std::uint64_t{16} << 20);
        QCOMPARE(shop.statics.at(0).targets.at(1), std::string("payment.local:9102"));
        QCOMPARE(shop.statics.at(0).labels.at("service"), std::string("web"));
    }
    void howAJobIsFetchedAndRelabelledIsRead() {
        const AgentConfig config = parseFile("job_http.good.yaml").config;
        const ScrapeJob& probe = config.scrapeJobs.at(0);
        QCOMPARE(probe.params.at("module"), (std::vector<std::string>{"http_2xx", "a b"}));
        QCOMPARE(probe.params.at("collect[]"), (std::vector<std::string>{"cpu"}));
        QVERIFY(!probe.honorTimestamps);
        QVERIFY(probe.honorLabels);
        QCOMPARE(probe.client.basicAuth,
                 std::optional(BasicAuth{"admin", Secret("${HOST} and $$"), ""}));
        QCOMPARE(probe.client.tls, (TlsConfig{"/etc/levee/certs/ca.pem", "/c.pem", "/k.pem",
                                              "metrics.test", false, "TLS12"}));
        QCOMPARE(probe.statics.at(0).labels.at("__metrics_path__"), std::string("/probe"));
        QCOMPARE(probe.relabel.size(), std::size_t{7});
        QCOMPARE(probe.relabel[0], (RelabelRule{RelabelRule::Action::Replace,
                                                {"__address__"},
                                                ";",
                                                "(.*)",
                                                0,
                                                "__param_target",
                                                "$1"}));
        QCOMPARE(probe.relabel[1],
                 (RelabelRule{RelabelRule::Action::Keep, {"a", "b"}, "", "", 0, "", "$1"}));
        QCOMPARE(probe.relabel[2].modulus, std::uint64_t{8});
        QCOMPARE(probe.metricRelabel.size(), std::size_t{1});
        QVERIFY(probe.metricRelabel[0].action == RelabelRule::Action::LabelDrop);
        const ScrapeJob& token = config.scrapeJobs.at(1);
        QCOMPARE(token.client.authorization,
                 std::optional(Authorization{"Bearer", Secret(), "/etc/levee/token"}));
    }
    void whereTargetsComeFromIsRead() {
        const AgentConfig config = parseFile("discovery.good.yaml").config;
        const auto sd = [&](std::size_t job, std::size_t i = 0) {
            return config.scrapeJobs.at(job).discoveries.at(i);
        };
        QCOMPARE(std::get<FileDiscovery>(sd(0)),
                 (FileDiscovery{{"/etc/levee/targets/*.json", "/srv/more.yml"}, 30s}));
        const auto web = std::get<HttpDiscovery>(sd(1));
        QCOMPARE(web.url, std::string("https://sd.example:8443/targets?x=1"));
        QCOMPARE(web.refresh, Duration(10s));
        QCOMPARE(web.client.basicAuth->username, std::string("u"));
        QCOMPARE(std::get<DnsDiscovery>(sd(2)),
                 (DnsDiscovery{{"_metrics._tcp.shop.example"}, "SRV", 0, 30s}));
        QCOMPARE(std::get<DnsDiscovery>(sd(2, 1)),
                 (DnsDiscovery{{"a.example", "b.example"}, "A", 9100, 5s}));
        const auto docker = std::get<DockerDiscovery>(sd(3));
        QCOMPARE(docker.host, std::string("unix:///var/run/docker.sock"));
        QCOMPARE(docker.port, std::uint16_t{8080});
        QCOMPARE(docker.filters.at("status"), (std::vector<std::string>{"running"}));
        const auto pods = std::get<KubernetesDiscovery>(sd(4));
        QCOMPARE(pods.apiServer, std::string("https://10.0.0.1:6443"));
        QCOMPARE(pods.namespaces, (std::vector<std::string>{"shop"}));
        QCOMPARE(pods.labelSelector, std::string("app=x"));
        QCOMPARE(pods.fieldSelector, std::string("spec.nodeName=n1"));
        QCOMPARE(pods.client.tls.caFile, std::string("/etc/levee/ca.pem"));
    }
    void receiversOfRemoteWriteAreRead() {
        const AgentConfig config = parseFile("remote_write.good.yaml").config;
        const RemoteWriteConfig& central = config.remoteWrites.at(0);
        QCOMPARE(central.name, std::string("central"));
        QCOMPARE(central.timeout, Duration(10s));
        QCOMPARE(central.headers.at("X-Scope-OrgID"), std::string("shop"));
        QCOMPARE(central.client.basicAuth->passwordFile, std::string("/etc/levee/secret"));
        QCOMPARE(central.relabel.size(), std::size_t{1});
        QCOMPARE(central.capacity, 50'000U);
        QCOMPARE(central.samplesPerSend, 500U);
        QCOMPARE(central.deadline, Duration(1s));
        QCOMPARE(central.minBackoff, Duration(50ms));
        QCOMPARE(central.maxBackoff, Duration(10s));
        QCOMPARE(config.remoteWrites.at(1).name, std::string("127.0.0.1:9090"));
        QCOMPARE(config.remoteWrites.at(1).capacity, 100'000U);
    }
    void noMessageShowsASecret() {
        for (const char* file :
             {"config/job_credentials.bad.yaml", "config/discovery.bad.yaml",
              "config/remote_write.bad.yaml", "config/environment_secret.bad.yaml"}) {
            const std::string messages = findingsOf(test::readData(file), "");
            QVERIFY(!messages.empty());
            QVERIFY2(messages.find("do-not-show") == std::string::npos, messages.c_str());
        }
    }
    void offTurnsAListenerOff() {
        const AgentConfig config = parseFile("off.good.yaml").config;
        QVERIFY(config.unixListen.empty());
        QVERIFY(config.ingest.otlp.grpcListen.empty());
        QVERIFY(config.ingest.otlp.httpListen.empty());
        QCOMPARE(config.httpListen, AgentConfig{}.httpListen);
    }
    void theEnvironmentIsPutIntoValues() {
        const AgentConfig config = parseFile("environment.good.yaml").config;
        QCOMPARE(config.host, std::string("demo-1"));
        QCOMPARE(config.stateDir, std::string("/tmp/levee"));
        QCOMPARE(config.gateway.directory, std::string("/tmp/levee/gateway"));
        QVERIFY(config.lifecycleApi);
        QCOMPARE(config.httpListen, std::string("127.0.0.1:7777"));
        QCOMPARE(config.externalLabels.at("a"), std::string("${HOST} costs $5"));
        QCOMPARE(config.externalLabels.at("b"), std::string("filled"));
        QCOMPARE(config.externalLabels.at("c"), std::string());
        // What comes from the environment is not looked at again.
        QCOMPARE(config.externalLabels.at("d"), std::string("${HOST} and $$"));
    }
    void valuesFromTheEnvironmentAreBounded() {
        const auto large = [](std::size_t bytes) {
            return [bytes](const std::string&) { return std::optional(std::string(bytes, 'x')); };
        };
        const auto message = [](const LoadedConfig& loaded) {
            return QString::fromStdString(format(loaded.diagnostics));
        };
        QVERIFY(message(parseConfig("host: ${A}", "f", large(65'536))).contains("host is 'xxx"));
        QVERIFY(message(parseConfig("host: ${A}", "f", large(65'537)))
                    .contains("the value has 65537 bytes with its variables put in"));
    }
    void relativeRuleFilesStandBesideTheConfiguration() {
        const std::string text = "rule_files: [rules.d/*.yaml, /srv/x.yaml]";
        QCOMPARE(parse(text).config.ruleFiles,
                 (std::vector<std::string>{"/etc/levee/rules.d/*.yaml", "/srv/x.yaml"}));
        QCOMPARE(parseConfig(text, "agent.yaml", environment).config.ruleFiles[0],
                 std::string("rules.d/*.yaml"));
    }
    void jobsInheritTheGlobalTiming() {
        const AgentConfig config =
            parse(
                "global: {scrape_interval: 5s, scrape_timeout: 2s}\n"
                "scrape_configs:\n"
                "  - {job_name: a}\n"
                "  - {job_name: b, scrape_interval: 10s, scrape_timeout: 4s}\n"
                "  - {job_name: c, scrape_interval: 1s}\n")
                .config;
        QCOMPARE(config.scrapeJobs[0].interval, Duration(5s));
        QCOMPARE(config.scrapeJobs[0].timeout, Duration(2s));
        QCOMPARE(config.scrapeJobs[1].timeout, Duration(4s));
        // Nobody wrote the timeout, so it gives way.
        QCOMPARE(config.scrapeJobs[2].timeout, Duration(1s));
    }
    void aSyntaxErrorIsReportedAlone() {
        QCOMPARE(parse("host: [\n").diagnostics.size(), std::size_t{1});
    }
    void aFileIsLoadedWithTheHostsName() {
        QTemporaryDir dir;
        QFile file(dir.filePath("agent.yaml"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("state_dir: /x\nrule_files: [r.yaml]\n");
        file.close();
        const LoadedConfig loaded = loadConfig(file.fileName().toStdString());
        QVERIFY(loaded.diagnostics.empty());
        QCOMPARE(loaded.config.stateDir, std::string("/x"));
        QCOMPARE(loaded.config.ruleFiles[0], dir.filePath("r.yaml").toStdString());
        QVERIFY(!loaded.config.host.empty());
    }
    void aFileThatCannotBeReadIsAnErrorWithItsName() {
        QCOMPARE(QString::fromStdString(format(loadConfig("/nonexistent/agent.yaml").diagnostics)),
                 QString("/nonexistent/agent.yaml: error: cannot read the configuration: No such "
                         "file or directory\n"));
        QVERIFY(hasErrors(loadConfig("/").diagnostics));
    }
    void aFileThatIsTooLargeIsRefused() {
        QTemporaryDir dir;
        QFile file(dir.filePath("agent.yaml"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(QByteArray("#").repeated(int(kYamlMaxBytes)));
        file.flush();
        QVERIFY(loadConfig(file.fileName().toStdString()).diagnostics.empty());
        file.write("#");
        file.flush();
        QVERIFY(hasErrors(loadConfig(file.fileName().toStdString()).diagnostics));
    }
};

LEVEE_TEST(ConfigLoaderTest)
#include "config_loader_test.moc"
