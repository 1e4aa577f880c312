// SPDX-License-Identifier: Apache-2.0
#include "agent/host/host_meter.h"

#include <QTemporaryDir>
#include <QTest>
#include <cmath>

#include "tests/agent/host/host_fixture.h"
#include "tests/support/test_registry.h"

using namespace levee;
using namespace levee::host;
using namespace std::chrono_literals;

namespace {

struct Fixture {
    Fixture() { set(1000, 10'000'000, 1'000'000, 500); }
    /// The host's counters as they stand at one time.
    void set(int busyTicks, long stalledMicros, long sectors, long packets) {
        proc.write("stat", "cpu  " + std::to_string(busyTicks) +
                               " 0 100 5000 20 3 4 0 0 0\ncpu0 1\ncpu1 1\nintr 5\n");
        proc.write("loadavg", "0.50 0.25 0.10 1/2 3\n");
        proc.write("meminfo", test::hostData("meminfo.txt"));
        const std::string total = std::to_string(stalledMicros) + "\n";
        proc.write("pressure/cpu", "some avg10=0.00 avg60=0.00 avg300=0.00 total=" + total);
        proc.write("pressure/io",
                   "some avg10=0.00 total=" + total + "full avg10=0.00 total=" + total);
        proc.write("diskstats", " 8 0 sda 1 0 " + std::to_string(sectors) + " 1 2 0 0 0 0 " +
                                    std::to_string(stalledMicros / 1000) + " 0\n");
        proc.write("self/net/dev",
                   "eth0: 1000 " + std::to_string(packets) + " 0 0 0 0 0 0 5 1 0 0 0 0 0 0\n");
    }

    QTemporaryDir directory;
    test::ProcFolder proc{directory.path().toStdString()};
    MonotonicTime now{1h};
};

}  // namespace

class HostMeterTest : public QObject {
    Q_OBJECT
private slots:
    void theFirstReadingHasNoRates() {
        Fixture f;
        HostMeter meter(f.proc.path());
        const HostState state = meter.read(f.now);
        QCOMPARE(state.cores, 2);
        QCOMPARE(state.load1, 0.5);
        QCOMPARE(state.memoryBytes, 24684084.0 * 1024);
        QVERIFY(std::isnan(state.cpu.user) && std::isnan(state.cpu.used()));
        QVERIFY(std::isnan(state.cpuPressure.some));
        QVERIFY(std::isnan(state.disks.at(0).readBytesRate));
        QVERIFY(std::isnan(state.interfaces.at(0).receivedPacketRate));
    }
    void laterOnesHaveThoseSinceTheOneBefore() {
        Fixture f;
        HostMeter meter(f.proc.path());
        meter.read(f.now);
        f.now += 2s;
        f.set(1150, 10'500'000, 1'000'400, 700);
        const HostState state = meter.read(f.now);
        QCOMPARE(state.cpu.user, 1.0);  // all ticks that passed
        QCOMPARE(state.cpu.used(), 1.0);
        QCOMPARE(state.cpu.idle, 0.0);
        QCOMPARE(state.cpuPressure.some, 0.25);
        QVERIFY(std::isnan(state.cpuPressure.full));
        QCOMPARE(state.ioPressure.full, 0.25);
        QVERIFY(std::isnan(state.memoryPressure.some));  // a kernel without it
        QCOMPARE(state.disks.at(0).readBytesRate, 400.0 * 512 / 2);
        QCOMPARE(state.disks[0].busyShare, 0.25);
        QCOMPARE(state.interfaces.at(0).receivedPacketRate, 100.0);
        QCOMPARE(state.interfaces[0].sentBytesRate, 0.0);
    }
    void aCounterThatRanBackwardsIsUnknown() {
        Fixture f;
        HostMeter meter(f.proc.path());
        meter.read(f.now);
        f.now += 1s;
        f.set(900, 1000, 10, 3);
        const HostState state = meter.read(f.now);
        QVERIFY(std::isnan(state.cpu.user));
        QVERIFY(std::isnan(state.cpuPressure.some));
        QVERIFY(std::isnan(state.disks.at(0).readBytesRate));
        QVERIFY(std::isnan(state.interfaces.at(0).receivedPacketRate));
    }
    void devicesBeyondTheLimitAreLeftOutAndCounted() {
        for (const std::size_t extra : {0, 1}) {
            Fixture f;
            std::string disks;
            for (std::size_t i = 0; i < HostMeter::kMostDevices + extra; ++i)
                disks += " 8 0 dm-" + std::to_string(i) + " 1 0 1 1 1 1 1 1 1 1 1\n";
            f.proc.write("diskstats", disks);
            HostMeter meter(f.proc.path());
            QCOMPARE(meter.read(f.now).disks.size(), HostMeter::kMostDevices);
            QCOMPARE(meter.devicesLeftOut(), std::uint64_t{extra});
        }
    }
    void nothingToReadIsUnknownAndNoError() {
        HostMeter meter("/nowhere");
        const HostState state = meter.read(MonotonicTime{1h});
        QCOMPARE(state.cores, 0);
        QVERIFY(std::isnan(state.load1) && state.disks.empty());
    }
    void aLongFileIsReadWhole() {
        Fixture f;
        f.proc.write("long", std::string(100'000, 'x'));
        std::string buffer;
        const KeptFile file(f.proc.path() + "/long");
        QCOMPARE(file.read(buffer)->size(), std::size_t{100'000});
        f.proc.write("long", std::string(KeptFile::kMostBytes, 'x'));
        QCOMPARE(file.read(buffer)->size(), KeptFile::kMostBytes);
        f.proc.write("long", std::string(KeptFile::kMostBytes + 1, 'x'));
        QCOMPARE(file.read(buffer)->size(), KeptFile::kMostBytes);
        QVERIFY(!KeptFile("/nowhere").read(buffer));
    }
};

LEVEE_TEST(HostMeterTest)
#include "host_meter_test.moc"
