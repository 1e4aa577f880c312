// SPDX-License-Identifier: Apache-2.0
#include "agent/ingest/ingest.h"

#include <QFileInfo>
#include <QProcess>
#include <QProcessEnvironment>
#include <QTest>
#include <cstdio>

#include "tests/agent/ingest/ingest_fixture.h"
#include "tests/agent/ingest/otlp_builder.h"
#include "tests/support/source_paths.h"
#include "tests/support/test_registry.h"

using namespace levee;
using namespace levee::ingest;
using test::Connection;
using test::post;
using test::statusOf;

namespace {

/// Where the official SDK is installed, or "".
QString nodeModules() {
    const QString source = LEVEE_SOURCE_DIR;
    for (const QString& folder :
         {qEnvironmentVariable("LEVEE_NODE_MODULES"),
          source + "/tests/agent/ingest/sdk/node_modules", source + "/tests/shop/node_modules"})
        if (!folder.isEmpty() &&
            QFileInfo::exists(folder + "/@opentelemetry/exporter-trace-otlp-proto") &&
            QFileInfo::exists(folder + "/@opentelemetry/exporter-trace-otlp-grpc") &&
            QFileInfo::exists(folder + "/@opentelemetry/exporter-trace-otlp-http") &&
            QFileInfo::exists(folder + "/@opentelemetry/exporter-zipkin") &&
            QFileInfo::exists(folder + "/@opentelemetry/sdk-trace-base"))
            return folder;
    return {};
}

}  // namespace

class IngestTest : public QObject {
    Q_OBJECT
private slots:
    void theOfficialSdkDrawsTheExactTopology_data() {
        QTest::addColumn<QString>("protocol");
        for (const char* protocol : {"http", "http-gzip", "http-json", "grpc", "zipkin"})
            QTest::newRow(protocol) << protocol;
    }
    void theOfficialSdkDrawsTheExactTopology() {
        QFETCH(QString, protocol);
        if (nodeModules().isEmpty()) {
            std::puts(
                "SKIP the OpenTelemetry SDK is not installed (npm install in "
                "tests/agent/ingest/sdk)");
            QSKIP("no OpenTelemetry SDK");
        }
        test::RunningIngest running;
        QVERIFY(running.start());
        const std::uint16_t port = protocol == "grpc"     ? running.ingest().grpcPort()
                                   : protocol == "zipkin" ? running.ingest().zipkinPort()
                                                          : running.ingest().httpPort();
        QProcess node;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert("LEVEE_NODE_MODULES", nodeModules());
        node.setProcessEnvironment(environment);
        node.setProcessChannelMode(QProcess::ForwardedErrorChannel);
        node.start("node", {QString(LEVEE_SOURCE_DIR) + "/tests/agent/ingest/sdk/send_spans.js",
                            protocol, QString("http://127.0.0.1:%1").arg(port), "400"});
        QVERIFY(node.waitForFinished(50'000));
        QCOMPARE(node.exitCode(), 0);
        QCOMPARE(node.readAllStandardOutput().trimmed(), QByteArray("spans 5700"));
        using Edges = std::map<std::string, std::pair<std::uint64_t, std::uint64_t>>;
        Edges wanted{{"user->frontend", {400, 0}},         {"frontend->checkout", {400, 0}},
                     {"checkout->redis", {400, 0}},        {"checkout->payment", {400, 100}},
                     {"checkout->redis:orders", {400, 0}}, {"redis:orders->shipping", {400, 0}},
                     {"checkout->stock", {400, 0}},        {"checkout->kafka:audit", {400, 0}},
                     {"kafka:audit->audit", {400, 0}},     {"user->nightly", {800, 0}}};
        if (protocol == "zipkin") {  // has neither links nor tracestate
            wanted.erase("kafka:audit->audit");
            wanted["user->nightly"] = {400, 0};
        }
        QTRY_COMPARE(running.edges(), wanted);
        QCOMPARE(running.ingest().stats().spans.load(), 5700U);
        QCOMPARE(running.counters().unpaired, protocol == "zipkin" ? 100U : 0U);
        QCOMPARE(running.counters().paired, protocol == "zipkin" ? 1600U : 2400U);
        QTRY_COMPARE(running.selfTimes()["checkout"], 400U);
    }
    void aDamagedBodyLeavesNothingBehind() {
        test::RunningIngest running;
        QVERIFY(running.start());
        Connection connection(running.ingest().httpPort());
        // A root SERVER span in front, which would be an edge at once, and damage behind it.
        const std::string body = test::encodeRequest("a", {{.kind = 2}}) + std::string(
                                                                               "\x0a\x7f"
                                                                               "cut off");
        QVERIFY(connection.send(post(body)));
        QCOMPARE(statusOf(connection.receive()), 400);
        QTRY_VERIFY(running.windows() >= 2);
        QVERIFY(running.edges().empty());
        QCOMPARE(running.ingest().stats().malformed.load(), 1U);
        QCOMPARE(running.ingest().stats().spans.load(), 0U);
    }
    void stoppingAnswersWhatIsQueuedAndHandsOutTheLastWindow() {
        test::RunningIngest running;
        QVERIFY(running.start());
        Connection connection(running.ingest().httpPort());
        QVERIFY(connection.send(post(test::encodeRequest("a", {{.kind = 2}}))));
        QCOMPARE(statusOf(connection.receive()), 200);
        running.ingest().stop();
        QCOMPARE(running.edges().size(), std::size_t{1});
        QCOMPARE(running.ingest().httpPort(), 0);
        running.ingest().stop();
    }
    void startingTwiceOnOnePortFailsAndLeavesNothingRunning() {
        test::RunningIngest running;
        QVERIFY(running.start());
        IngestConfig taken;
        taken.otlp.httpListen = "127.0.0.1:" + std::to_string(running.ingest().httpPort());
        taken.otlp.grpcListen = "";
        const RealTimeSource time;
        Ingest second(taken, {}, time, [](auto) {});
        QVERIFY(!second.start());
        QCOMPARE(second.httpPort(), 0);
    }
    void portsThatAreTurnedOffStayClosed() {
        IngestConfig config;
        config.otlp.httpListen = config.otlp.grpcListen = "";
        const RealTimeSource time;
        Ingest off(config, {}, time, [](auto) {});
        QVERIFY(off.start());
        QCOMPARE(off.httpPort() + off.grpcPort(), 0);
    }
    void aFloodIsRefusedWithinTheBudgetAndEveryRequestIsAnswered() {
        IngestLimits limits;
        limits.queueBytes = 256 * 1024;
        test::RunningIngest running(limits);
        QVERIFY(running.start());
        const std::string body =
            test::encodeRequest("a", std::vector<test::SpanText>(400, {.kind = 2}));
        std::atomic<int> accepted{0};
        std::atomic<int> refused{0};
        std::atomic<int> other{0};
        std::vector<std::thread> senders;
        for (int i = 0; i < 16; ++i)
            senders.emplace_back([&] {
                Connection connection(running.ingest().httpPort());
                for (int n = 0; n < 40; ++n) {
                    if (!connection.send(post(body)))
                        return;
                    const int status = statusOf(connection.receive());
                    ++(status == 200 ? accepted : status == 429 ? refused : other);
                    if (status == 429)
                        return;  // this connection is closed, as the body was not read
                }
            });
        for (std::thread& sender : senders)
            sender.join();
        QCOMPARE(other.load(), 0);
        QVERIFY(accepted > 0);
        QCOMPARE(running.ingest().stats().spans.load(), 400U * std::uint64_t(accepted));
        QCOMPARE(running.ingest().stats().refusedBusy.load(), std::uint64_t(refused));
    }
};

LEVEE_TEST(IngestTest)
#include "ingest_test.moc"
