// SPDX-License-Identifier: Apache-2.0
#include "agent/host/proc_text.h"

#include <QTest>

#include "tests/agent/host/host_fixture.h"
#include "tests/support/test_registry.h"

using namespace levee;
using namespace levee::host;
using levee::test::hostData;

class ProcTextTest : public QObject {
    Q_OBJECT
private slots:
    void readsTheTicksOfAllCores() {
        const std::string text = hostData("stat.txt");
        const auto ticks = parseCpuTicks(text);
        QVERIFY(ticks.has_value());
        QCOMPARE(ticks->cores, 2);
        QCOMPARE(ticks->user, std::uint64_t{791568 + 929593});
        QCOMPARE(ticks->system, std::uint64_t{254329});
        QCOMPARE(ticks->idle, std::uint64_t{957004});
        QCOMPARE(ticks->ioWait, std::uint64_t{3003});
        QCOMPARE(ticks->interrupt, std::uint64_t{5395});
        QCOMPARE(ticks->steal, std::uint64_t{506});
    }
    void whatAnOldKernelDoesNotCountIsZero() {
        const auto ticks = parseCpuTicks(hostData("stat_2_4.txt"));
        QVERIFY(ticks.has_value());
        QCOMPARE(ticks->total(), std::uint64_t{4150});
        QCOMPARE(ticks->cores, 1);
    }
    void aTextOfAnotherKindGivesNothing() {
        for (const char* text : {"", "cpu", "cpu  1 2 3", "cpu  1 2 x 4", "\n\n", "MemTotal: 5"}) {
            QVERIFY(!parseCpuTicks(text));
            QVERIFY(!parseLoad(text));
            QVERIFY(!parsePressure(text));
        }
        QVERIFY(!parseMemory("MemTotal: many kB\n"));
        QVERIFY(!parsePressure("some avg10=0.00 total=\nfull total=7\n"));
    }
    void readsLoad() {
        const auto load = parseLoad("0.52 1.25 12.00 2/345 6789\n");
        QVERIFY(load && load->one == 0.52 && load->five == 1.25 && load->fifteen == 12);
    }
    void readsMemory() {
        const auto memory = parseMemory(hostData("meminfo.txt"));
        QVERIFY(memory.has_value());
        QCOMPARE(memory->total, std::uint64_t{24684084} * 1024);
        QCOMPARE(memory->available, std::uint64_t{24238756} * 1024);
        QCOMPARE(memory->swap, std::uint64_t{0});
    }
    void anOldKernelsAvailableMemoryIsWhatCanBeHad() {
        const auto memory = parseMemory(hostData("meminfo_3_2.txt"));
        QVERIFY(memory.has_value());
        QCOMPARE(memory->available, std::uint64_t{23533960 + 12092 + 788368} * 1024);
    }
    void readsPressure() {
        const auto cpu = parsePressure(hostData("pressure_cpu.txt"));
        QVERIFY(cpu.has_value());
        QCOMPARE(cpu->some, std::uint64_t{3793611299});
        QVERIFY(cpu->full == std::uint64_t{0});
        const auto old = parsePressure("some avg10=0.00 avg60=0.00 avg300=0.00 total=12\n");
        QVERIFY(old && old->some == 12 && !old->full);
    }
    void disksAreWholeDevices() {
        std::vector<DiskCounters> disks;
        const std::string text = hostData("diskstats.txt");
        parseDisks(text, disks);
        std::string names;
        for (const DiskCounters& disk : disks)
            names += std::string(disk.device) + ' ';
        // sdb's line is cut off; partitions, loop, RAM and CD devices are none.
        QCOMPARE(names, std::string("sda nvme0n1 md1 md12 "));
        QCOMPARE(disks[0].reads, std::uint64_t{1000});
        QCOMPARE(disks[0].readBytes, std::uint64_t{20000 * 512});
        QCOMPARE(disks[0].writes, std::uint64_t{400});
        QCOMPARE(disks[0].writtenBytes, std::uint64_t{8000 * 512});
        QCOMPARE(disks[0].busyMillis, std::uint64_t{700});
        parseDisks("", disks);
        QVERIFY(disks.empty());
    }
    void interfacesAreThoseThatCarriedSomething() {
        std::vector<InterfaceCounters> interfaces;
        const std::string text = hostData("netdev.txt");
        parseInterfaces(text, interfaces);
        // ifb0 carried nothing; wlan0's line is cut off.
        QCOMPARE(interfaces.size(), std::size_t{3});
        QCOMPARE(std::string(interfaces[0].name), std::string("lo"));
        // Kernels of old leave no blank before a long number.
        QCOMPARE(std::string(interfaces[1].name), std::string("eth0"));
        QCOMPARE(interfaces[1].receivedBytes, std::uint64_t{231292262});
        QCOMPARE(interfaces[1].sentPackets, std::uint64_t{4662});
        QCOMPARE(interfaces[1].errors, std::uint64_t{4});
        QCOMPARE(interfaces[1].drops, std::uint64_t{6});
        QCOMPARE(std::string(interfaces[2].name), std::string("eth0:1"));
    }
};

LEVEE_TEST(ProcTextTest)
#include "proc_text_test.moc"
