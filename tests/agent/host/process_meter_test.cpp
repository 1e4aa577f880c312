// SPDX-License-Identifier: Apache-2.0
#include "agent/host/process_meter.h"

#include <unistd.h>

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
    Fixture() {
        traits.program = "payment";
        traits.cgroup = "/system.slice/payment.service";
        proc.addProcess(41, "payment", "payment");
    }
    std::vector<ProcessState> read(ProcessMeter& meter, std::vector<int> pids = {41}) {
        std::vector<ProcessMeter::Watched> watched;
        for (const int pid : pids)
            watched.push_back({pid, "payment", &traits});
        return meter.read(watched, now);
    }
    ProcessMeter meter(CgroupMounts mounts) { return ProcessMeter(std::move(mounts), proc.path()); }
    CgroupMounts v2() const { return {.unified = proc.path() + "/v2"}; }

    QTemporaryDir directory;
    test::ProcFolder proc{directory.path().toStdString()};
    ProcessTraits traits;
    MonotonicTime now{1h};
};

}  // namespace

class ProcessMeterTest : public QObject {
    Q_OBJECT
private slots:
    void readsWhatAProcessUses() {
        Fixture f;
        f.proc.addSocket(41, 3, 1);
        f.proc.write("41/schedstat", "1 1000000000 1\n");
        ProcessMeter meter = f.meter({});
        auto states = f.read(meter);
        QCOMPARE(states.size(), std::size_t{1});
        QCOMPARE(states[0].threads, 3);
        QCOMPARE(states[0].rssBytes, 25.0 * static_cast<double>(::sysconf(_SC_PAGESIZE)));
        QVERIFY(states[0].openFiles > 0);
        QVERIFY(std::isnan(states[0].cpuCores));
        f.now += 2s;
        const int ticks = static_cast<int>(::sysconf(_SC_CLK_TCK));
        f.proc.write("41/stat", test::ProcFolder::stat(41, "payment", 1, ticks));
        f.proc.write("41/schedstat", "1 1500000000 1\n");
        states = f.read(meter);
        QCOMPARE(states[0].cpuCores, 0.5);
        // Without a cgroup of its own it is the wait in the run queue.
        QCOMPARE(states[0].cpuPressure, 0.25);
        QVERIFY(std::isnan(states[0].throttledShare) && std::isnan(states[0].cgroupCpuCores));
    }
    void readsTheCgroupOfTheUnifiedHierarchy() {
        Fixture f;
        const std::string group = "v2/system.slice/payment.service/";
        f.proc.write("41/cgroup", "0::/system.slice/payment.service\n");
        f.proc.write("41/schedstat", "1 1 1\n");
        f.proc.write(group + "cpu.stat", "usage_usec 1000000\nthrottled_usec 0\n");
        f.proc.write(group + "cpu.pressure", "some avg10=0.00 total=0\nfull avg10=0.00 total=0\n");
        f.proc.write(group + "memory.current", "1048576\n");
        ProcessMeter meter = f.meter(f.v2());
        f.read(meter);
        f.now += 1s;
        f.proc.write(group + "cpu.stat", "usage_usec 1250000\nthrottled_usec 100000\n");
        f.proc.write(group + "cpu.pressure", "some avg10=0.00 total=750000\n");
        const auto states = f.read(meter);
        QCOMPARE(states.at(0).cgroupCpuCores, 0.25);
        QCOMPARE(states[0].throttledShare, 0.1);
        QCOMPARE(states[0].cpuPressure, 0.75);
        QCOMPARE(states[0].cgroupMemoryBytes, 1048576.0);
    }
    void readsTheCgroupsOfV1() {
        Fixture f;
        f.proc.write("41/cgroup", "3:memory:/m\n2:cpuacct:/a\n1:cpu:/c\n0::/\n");
        f.proc.write("cpu/c/cpu.stat", "nr_periods 1\nthrottled_time 0\n");
        f.proc.write("acct/a/cpuacct.usage", "1000000000\n");
        f.proc.write("mem/m/memory.usage_in_bytes", "4096\n");
        ProcessMeter meter = f.meter({.unified = f.proc.path() + "/v2",
                                      .cpu = f.proc.path() + "/cpu",
                                      .cpuacct = f.proc.path() + "/acct",
                                      .memory = f.proc.path() + "/mem"});
        f.read(meter);
        f.now += 1s;
        f.proc.write("cpu/c/cpu.stat", "nr_periods 2\nthrottled_time 300000000\n");
        f.proc.write("acct/a/cpuacct.usage", "1500000000\n");
        const auto states = f.read(meter);
        QCOMPARE(states.at(0).throttledShare, 0.3);
        QCOMPARE(states[0].cgroupCpuCores, 0.5);
        QCOMPARE(states[0].cgroupMemoryBytes, 4096.0);
        QVERIFY(std::isnan(states[0].cpuPressure));
    }
    void theRootsFiguresAreTheHosts() {
        Fixture f;
        f.proc.write("41/cgroup", "0::/\n");
        f.proc.write("v2/cpu.stat", "usage_usec 1000000\n");
        ProcessMeter meter = f.meter(f.v2());
        f.read(meter);
        f.now += 1s;
        QVERIFY(std::isnan(f.read(meter).at(0).cgroupCpuCores));
    }
    void whoIsGoneIsLeftOut() {
        Fixture f;
        ProcessMeter meter = f.meter({});
        QCOMPARE(f.read(meter, {41, 99}).size(), std::size_t{1});
        QVERIFY(f.read(meter, {}).empty());
    }
    void processesBeyondTheLimitAreLeftOutAndCounted() {
        for (const std::size_t extra : {0, 1}) {
            Fixture f;
            std::vector<int> pids;
            for (std::size_t i = 0; i < ProcessMeter::kMostProcesses + extra; ++i) {
                pids.push_back(1000 + static_cast<int>(i));
                f.proc.addProcess(pids.back(), "p", "p");
            }
            ProcessMeter meter = f.meter({});
            QCOMPARE(f.read(meter, pids).size(), ProcessMeter::kMostProcesses);
            QCOMPARE(meter.processesLeftOut(), std::uint64_t{extra});
        }
    }
    void aServicesUseIsThatOfItsProcesses() {
        HostState host;
        ProcessState one;
        one.service = "payment";
        one.threads = 2;
        one.cpuCores = 0.5;
        one.cpuPressure = 0.1;
        ProcessState two = one;
        two.cpuCores = kUnknown;
        two.cpuPressure = 0.3;
        ProcessState other;
        other.service = "web";
        host.processes = {one, two, other};
        const ResourceUsage usage = usageOf(host, "payment");
        QCOMPARE(usage.processes, 2);
        QCOMPARE(usage.threads, 4);
        QCOMPARE(usage.cpuCores, 0.5);
        QCOMPARE(usage.cpuPressure, 0.3);
        QVERIFY(std::isnan(usage.throttledShare));
        QCOMPARE(usageOf(host, "ledger").processes, 0);
    }
};

LEVEE_TEST(ProcessMeterTest)
#include "process_meter_test.moc"
