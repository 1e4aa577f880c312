// SPDX-License-Identifier: Apache-2.0
#include "agent/host/process_text.h"

#include <QTest>

#include "tests/agent/host/host_fixture.h"
#include "tests/support/test_registry.h"

using namespace levee;
using namespace levee::host;
using levee::test::hostData;

namespace {

std::string program(std::initializer_list<const char*> words) {
    std::string line;
    for (const char* word : words)
        line += std::string(word) + '\0';
    return std::string(programOf(line));
}

}  // namespace

class ProcessTextTest : public QObject {
    Q_OBJECT
private slots:
    void aCommandMayHoldBlanksAndBrackets() {
        const std::string text = hostData("process_stat.txt");
        const auto stat = parseProcessStat(text);
        QVERIFY(stat.has_value());
        QCOMPARE(stat->pid, 4711);
        QCOMPARE(std::string(stat->command), std::string("tmux: server) (1)"));
        QCOMPARE(stat->parent, 1);
        QCOMPARE(stat->cpuTicks, std::uint64_t{200});
        QCOMPARE(stat->threads, 3);
        QCOMPARE(stat->startTicks, std::uint64_t{120345});
        QCOMPARE(stat->rssPages, std::uint64_t{1015});
    }
    void aCutLineGivesNothing() {
        const std::string whole = hostData("process_stat.txt");
        for (std::size_t length = 0; length < whole.find(" 1015") + 1; ++length)
            QVERIFY2(!parseProcessStat(whole.substr(0, length)),
                     qPrintable(QString::number(length)));
        QVERIFY(!parseProcessStat(")("));
    }
    void readsTheWaitInTheRunQueue() {
        QVERIFY(parseRunDelay("123 456 7\n") == std::uint64_t{456});
        QVERIFY(!parseRunDelay("123\n"));
    }
    void findsTheCgroupOfEachHierarchy() {
        const std::string v2 = hostData("cgroup_v2.txt");
        QVERIFY(parseCgroupPath(v2, kUnified) == "/system.slice/payment.service/worker");
        QVERIFY(!parseCgroupPath(v2, "cpu"));
        const std::string v1 = hostData("cgroup_v1.txt");
        QVERIFY(!parseCgroupPath(v1, kUnified));
        QVERIFY(parseCgroupPath(v1, "cpu") == "/docker/abc/cpu");
        QVERIFY(parseCgroupPath(v1, "cpuacct") == "/docker/abc/cpu");
        QVERIFY(parseCgroupPath(v1, "memory") == "/docker/abc");
        QVERIFY(!parseCgroupPath(v1, "cpuset"));
        QVERIFY(parseCgroupPath(hostData("cgroup_hybrid.txt"), kUnified).has_value());
        QVERIFY(!parseCgroupPath("nonsense\n1:\n", kUnified));
    }
    void findsWhereHierarchiesAreMounted() {
        const std::string hybrid = hostData("mountinfo_hybrid.txt");
        QVERIFY(parseCgroupMount(hybrid, kUnified) == "/sys/fs/cgroup/unified");
        QVERIFY(parseCgroupMount(hybrid, "cpu") == "/sys/fs/cgroup/cpu,cpuacct");
        QVERIFY(parseCgroupMount(hybrid, "memory") == "/sys/fs/cgroup/memory");
        QVERIFY(!parseCgroupMount(hybrid, "pids"));
        const std::string v2 = hostData("mountinfo_v2.txt");
        QVERIFY(parseCgroupMount(v2, kUnified) == "/sys/fs/cgroup");
        QVERIFY(!parseCgroupMount(v2, "cpu"));
    }
    void readsBothVersionsOfCpuStat() {
        const CgroupCpu v2 = parseCgroupCpu(hostData("cpu_stat_v2.txt"));
        QCOMPARE(v2.usageMicros, std::uint64_t{2500000});
        QCOMPARE(v2.throttledMicros, std::uint64_t{340000});
        const CgroupCpu v1 = parseCgroupCpu(hostData("cpu_stat_v1.txt"));
        QCOMPARE(v1.usageMicros, std::uint64_t{0});
        QCOMPARE(v1.throttledMicros, std::uint64_t{340000});
        QVERIFY(parseNumber("4096\n") == std::uint64_t{4096});
        QVERIFY(!parseNumber("max\n"));
    }
    void aUnitIsAServiceOfTheSystem() {
        QCOMPARE(std::string(unitOf("/system.slice/payment.service")), std::string("payment"));
        QCOMPARE(std::string(unitOf("/system.slice/payment.service/worker")),
                 std::string("payment"));
        QCOMPARE(std::string(unitOf("/system.slice/system-shop.slice/shop@eu.service")),
                 std::string("shop@eu"));
        for (const char* path :
             {"/", "", "/user.slice/user-0.slice/session-1.scope", "/system.slice/docker-1.scope",
              "/user.slice/user-0.slice/user@0.service/app.slice/x.service", "/docker/abc"})
            QCOMPARE(std::string(unitOf(path)), std::string());
    }
    void aProgramIsCalledAfterItsFileOrScript() {
        QCOMPARE(program({"/usr/bin/redis-server 127.0.0.1:6379"}), std::string("redis-server"));
        QCOMPARE(program({"nginx: worker process"}), std::string("nginx"));
        QCOMPARE(program({"./payment", "--port", "80"}), std::string("payment"));
        QCOMPARE(program({"/usr/bin/node", "-r", "/x/telemetry.cjs", "/x/ledger.cjs"}),
                 std::string("ledger"));
        QCOMPARE(program({"python3.11", "-u", "/srv/app.py"}), std::string("app"));
        QCOMPARE(program({"python3", "-m", "http.server", "80"}), std::string("http.server"));
        QCOMPARE(program({"java", "-Xmx1g", "-cp", "a:b", "-jar", "/srv/orders.jar"}),
                 std::string("orders"));
        QCOMPARE(program({"python3", "-c", "print(1)"}), std::string("python3"));
        QCOMPARE(program({"node"}), std::string("node"));
        QCOMPARE(program({}), std::string());
    }
};

LEVEE_TEST(ProcessTextTest)
#include "process_text_test.moc"
