// SPDX-License-Identifier: Apache-2.0
// The host's figures beside those of node exporter, which reads the same files, in the same second.
#include <QProcess>
#include <QStandardPaths>
#include <QTest>
#include <cmath>
#include <cstdio>
#include <map>
#include <thread>

#include "agent/host/host_meter.h"
#include "shared/base/time.h"
#include "tests/support/http_fixture.h"
#include "tests/support/test_registry.h"

using namespace levee;
using namespace levee::host;
using namespace std::chrono_literals;

namespace {

constexpr int kDeadlineMs = 20'000;

/// One page of node exporter: series -> value.
std::map<std::string, double> page(const QString& url) {
    QProcess curl;
    curl.start("curl", {"-sf", url});
    curl.waitForFinished(kDeadlineMs);
    std::map<std::string, double> values;
    for (const QString& line : QString(curl.readAllStandardOutput()).split('\n')) {
        const auto blank = line.lastIndexOf(' ');
        if (blank > 0 && !line.startsWith('#'))
            values[line.left(blank).toStdString()] = line.mid(blank + 1).toDouble();
    }
    return values;
}

double sumOf(const std::map<std::string, double>& values, const std::string& metric,
             const std::string& mode) {
    double sum = 0;
    for (const auto& [series, value] : values) {
        if (series.starts_with(metric + '{') &&
            series.find("mode=\"" + mode + "\"") != std::string::npos)
            sum += value;
    }
    return sum;
}

}  // namespace

class RealHostTest : public QObject {
    Q_OBJECT
private slots:
    void figuresAreThoseOfNodeExporter() {
        for (const char* program : {"prometheus-node-exporter", "curl"}) {
            if (QStandardPaths::findExecutable(program).isEmpty()) {
                std::printf("SKIP: %s is not installed\n", program);
                return;
            }
        }
        const QString address = QString::fromStdString(test::HttpFixture::refusedAddress());
        QProcess exporter;
        exporter.setStandardErrorFile(QProcess::nullDevice());
        exporter.start("prometheus-node-exporter", {"--web.listen-address=" + address});
        const QString url = "http://" + address + "/metrics";
        QTRY_VERIFY_WITH_TIMEOUT(!page(url).empty(), kDeadlineMs);

        RealTimeSource time;
        HostMeter meter;
        const auto first = page(url);
        meter.read(time.monotonic());
        std::this_thread::sleep_for(3s);
        const auto second = page(url);
        const HostState state = meter.read(time.monotonic());
        exporter.terminate();
        exporter.waitForFinished(kDeadlineMs);

        // The two read some milliseconds apart: shares of 3 s may differ by that.
        const char* cpu = "node_cpu_seconds_total";
        double total = 0;
        for (const char* mode :
             {"user", "nice", "system", "idle", "iowait", "irq", "softirq", "steal"})
            total += sumOf(second, cpu, mode) - sumOf(first, cpu, mode);
        const auto share = [&](std::initializer_list<const char*> modes) {
            double sum = 0;
            for (const char* mode : modes)
                sum += sumOf(second, cpu, mode) - sumOf(first, cpu, mode);
            return sum / total;
        };
        const auto isNear = [](double ours, double theirs, double error) {
            return std::abs(ours - theirs) <= error;
        };
        std::printf("cpu idle %.4f (node exporter %.4f), user %.4f (%.4f), system %.4f (%.4f)\n",
                    state.cpu.idle, share({"idle"}), state.cpu.user, share({"user", "nice"}),
                    state.cpu.system, share({"system"}));
        QVERIFY(isNear(state.cpu.idle, share({"idle"}), 0.05));
        QVERIFY(isNear(state.cpu.user, share({"user", "nice"}), 0.05));
        QVERIFY(isNear(state.cpu.system, share({"system"}), 0.05));
        QCOMPARE(state.memoryBytes, second.at("node_memory_MemTotal_bytes"));
        QVERIFY(isNear(state.memoryAvailableBytes / second.at("node_memory_MemAvailable_bytes"), 1,
                       0.05));
        QVERIFY(isNear(state.load1, second.at("node_load1"), 0.5));
        for (const InterfaceState& each : state.interfaces) {
            if (each.name == "lo")  // Debian's node exporter leaves it out
                continue;
            const std::string series =
                "node_network_receive_bytes_total{device=\"" + each.name + "\"}";
            QVERIFY2(second.contains(series), qPrintable(QString::fromStdString(each.name)));
        }
        for (const DiskState& each : state.disks)
            QVERIFY2(second.contains("node_disk_read_bytes_total{device=\"" + each.device + "\"}"),
                     qPrintable(QString::fromStdString(each.device)));
    }
};

LEVEE_TEST(RealHostTest)
#include "real_host_test.moc"
