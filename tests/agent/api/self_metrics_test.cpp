// SPDX-License-Identifier: Apache-2.0
#include "agent/api/self_metrics.h"

#include <QProcess>
#include <QStandardPaths>
#include <QTest>

#include "agent/api/state_json.h"
#include "tests/support/model_builders.h"
#include "tests/support/test_registry.h"

using namespace levee;

class SelfMetricsTest : public QObject {
    Q_OBJECT
private slots:
    void theSnapshotAndTheCountersAreThere() {
        const std::string page =
            renderMetrics(test::makeSnapshot(), {{"levee_scrapes_total", 7, {{"result", "ok"}}}});
        for (const char* line :
             {"levee_recommended_replicas{service=\"payment\"} 3",
              "levee_scrapes_total{result=\"ok\"} 7",
              "levee_breaker_state{guard=\"payment\",state=\"half-open\"} 1",
              "levee_edge_rtt_seconds{client=\"web\",server=\"checkout\",figure=\"min\"} 0.0008",
              "levee_edge_connections{client=\"checkout\",server=\"payment\"} 4",
              "levee_host_cpu_share{mode=\"user\"} 0.5",
              "levee_host_pressure_share{resource=\"io\",stalled=\"full\"} 0.1",
              "levee_service_cpu_pressure_share{service=\"payment\"} 0.05",
              "# TYPE levee_scrapes_total counter", "levee_limit{guard=\"payment\"} 12"})
            QVERIFY2(page.find(line) != std::string::npos, line);
    }
    void anUnknownNumberIsLeftOut() {
        AgentSnapshot snapshot = test::makeSnapshot();
        snapshot.agent.cpuShare = kUnknown;
        QVERIFY(renderMetrics(snapshot, {}).find("levee_cpu_share") == std::string::npos);
    }
    void aMetricThatIsNotDeclaredIsLeftOut() {
        QVERIFY(renderMetrics({}, {{"levee_surprise", 1, {}}}).find("surprise") ==
                std::string::npos);
    }
    void promtoolFindsNothingToSay() {
        const QString promtool = QStandardPaths::findExecutable("promtool");
        if (promtool.isEmpty())
            QSKIP("promtool is not installed (Debian package prometheus)");
        QProcess process;
        process.start(promtool, {"check", "metrics"});
        process.write(
            renderMetrics(test::makeSnapshot(), {{"levee_scrapes_total", 7, {{"result", "ok"}}}})
                .c_str());
        process.closeWriteChannel();
        QVERIFY(process.waitForFinished());
        QCOMPARE(process.readAllStandardError(), QByteArray());
        QCOMPARE(process.exitCode(), 0);
    }
    void theStateHasHostConnectionsAndUse() {
        const std::string json = stateJson(test::makeSnapshot());
        for (const char* part : {"\"cpu_pressure\": 0.05", "\"min_rtt_seconds\": 0.0008",
                                 "\"open_files\": 40", "\"device\": \"vda\""})
            QVERIFY2(json.find(part) != std::string::npos, part);
        AgentSnapshot without = test::makeSnapshot();
        without.host = {};
        without.edges[0].sockets = {};
        without.nodes[0].usage = {};
        const std::string less = stateJson(without);
        for (const char* part : {"\"host\": null", "\"sockets\": null", "\"usage\": null"})
            QVERIFY2(less.find(part) != std::string::npos, part);
    }
    void theStateIsJsonWhateverTheNamesHold() {
        AgentSnapshot snapshot = test::makeSnapshot();
        snapshot.nodes[0].name = "a\xff\"\n<b>";
        snapshot.nodes[0].traffic.p99 = kUnknown;
        const std::string json = stateJson(snapshot);
        QVERIFY(json.find("\"p99_seconds\": null") != std::string::npos);
        QVERIFY(json.find("\"breaker\": \"half-open\"") != std::string::npos);
    }
};

LEVEE_TEST(SelfMetricsTest)
#include "self_metrics_test.moc"
