// SPDX-License-Identifier: Apache-2.0
#include "agent/host/socket_owners.h"

#include <QTemporaryDir>
#include <QTest>

#include "agent/host/process_table.h"
#include "agent/host/socket_ends.h"
#include "tests/agent/host/host_fixture.h"
#include "tests/support/test_registry.h"

using namespace levee;
using namespace levee::host;
using levee::test::at;
using levee::test::connected;
using levee::test::listening;

namespace {

struct Fixture {
    QTemporaryDir directory;
    test::ProcFolder proc{directory.path().toStdString()};

    static SocketRow row(std::uint32_t inode) {
        return connected(at("127.0.0.1", 40000), at("127.0.0.1", 80), inode);
    }
};

}  // namespace

class SocketOwnersTest : public QObject {
    Q_OBJECT
private slots:
    void findsWhoHoldsASocket() {
        Fixture f;
        f.proc.addProcess(41, "redis-server", "redis-server");
        f.proc.addSocket(41, 6, 100);
        f.proc.addProcess(42, "node", "node");
        f.proc.addSocket(42, 3, 101);
        f.proc.write("uptime", "1 2");
        SocketOwners owners(f.proc.path());
        owners.update({listening("0.0.0.0", 6379, 100), Fixture::row(101), Fixture::row(0)});
        QCOMPARE(owners.pidOf(100), 41);
        QCOMPARE(owners.pidOf(101), 42);
        QCOMPARE(owners.pidOf(0), 0);
        QCOMPARE(owners.unknown(), std::uint64_t{0});
        QCOMPARE(owners.listeningOf(41).size(), std::size_t{1});
        QVERIFY(owners.listeningOf(42).empty());
    }
    void readsNothingWhileAllOwnersAreKnown() {
        Fixture f;
        f.proc.addProcess(41, "a", "a");
        f.proc.addSocket(41, 6, 100);
        SocketOwners owners(f.proc.path());
        owners.update({Fixture::row(100)});
        const std::uint64_t links = owners.linksRead();
        QVERIFY(links > 0);
        owners.update({Fixture::row(100)});
        QCOMPARE(owners.linksRead(), links);
    }
    void whatNobodyHoldsIsGivenUpUntilItIsGone() {
        Fixture f;
        f.proc.addProcess(41, "a", "a");
        SocketOwners owners(f.proc.path());
        owners.update({Fixture::row(100)});
        QCOMPARE(owners.unknown(), std::uint64_t{1});
        const std::uint64_t links = owners.linksRead();
        owners.update({Fixture::row(100)});
        QCOMPARE(owners.linksRead(), links);
        owners.update({});
        QCOMPARE(owners.unknown(), std::uint64_t{0});
        f.proc.addSocket(41, 7, 101);
        owners.update({Fixture::row(101)});
        QCOMPARE(owners.pidOf(101), 41);
    }
    void readsNoMoreLinksAtATimeThanItMay() {
        Fixture f;
        for (int pid = 1; pid <= 5; ++pid) {
            f.proc.addProcess(pid, "a", "a");
            for (int fd = 0; fd < 20; ++fd)
                f.proc.addSocket(pid, fd, static_cast<std::uint32_t>(pid * 1000 + fd));
        }
        SocketOwners owners(f.proc.path(), 25);
        const std::vector<SocketRow> rows{Fixture::row(1019), Fixture::row(3010),
                                          Fixture::row(5000)};
        std::uint64_t before = 0;
        int times = 0;
        while (owners.unknown() > 0 || times == 0) {
            owners.update(rows);
            QVERIFY(owners.linksRead() - before <= 25);
            before = owners.linksRead();
            QVERIFY(++times < 10);
        }
        QVERIFY(times > 1);  // it went on where it stopped
        QCOMPARE(owners.pidOf(1019), 1);
        QCOMPARE(owners.pidOf(3010), 3);
        QCOMPARE(owners.pidOf(5000), 5);
    }
    void aSocketThatChangedHandsIsItsNewHolders() {
        Fixture f;
        f.proc.addProcess(41, "a", "a");
        f.proc.addSocket(41, 6, 100);
        SocketOwners owners(f.proc.path());
        owners.update({Fixture::row(100)});
        owners.update({});
        f.proc.remove("41");
        f.proc.addProcess(42, "b", "b");
        f.proc.addSocket(42, 6, 100);
        owners.update({Fixture::row(100)});
        QCOMPARE(owners.pidOf(100), 42);
    }
    void aProcessThatBecameAnotherIsReadAgain() {
        Fixture f;
        f.proc.addProcess(41, "sh", std::string("/bin/sh\0-c\0exec payment", 24));
        ProcessTable table(f.proc.path());
        QCOMPARE(table.find(41)->program, std::string("sh"));
        table.check();
        QCOMPARE(table.find(41)->program, std::string("sh"));
        f.proc.addProcess(41, "payment", std::string("./payment\0", 10));
        table.check();
        QCOMPARE(table.find(41)->program, std::string("payment"));
        f.proc.remove("41");
        table.check();
        // A real /proc gives nothing for a process that is gone; here the open file lives on.
        QVERIFY(table.find(77) == nullptr);
    }
    void theTableIsBoundedAndForgetsWhoIsNotAskedFor() {
        Fixture f;
        ProcessTable table(f.proc.path());
        const int most = static_cast<int>(ProcessTable::kMostProcesses);
        for (int pid = 1; pid <= most + 1; ++pid) {
            f.proc.addProcess(pid, "p", "p");
            QCOMPARE(table.find(pid) != nullptr, pid <= most);
        }
        table.check();
        QVERIFY(table.find(1) != nullptr);
        table.check();  // only 1 was asked for since
        QVERIFY(table.find(most + 1) != nullptr);
    }
    void endsHaveTheirRoles() {
        Fixture f;
        f.proc.addProcess(1, "init", "init");
        f.proc.addProcess(50, "levee-agent", "levee-agent");
        f.proc.addSocket(50, 3, 500);
        f.proc.addProcess(51, "haproxy", "haproxy");
        f.proc.addSocket(51, 3, 510);
        f.proc.addProcess(52, "haproxy", std::string("haproxy\0-f\0/x/gateway/haproxy.cfg", 33));
        f.proc.addSocket(52, 3, 520);
        f.proc.addProcess(53, "epmd", "epmd");
        f.proc.addSocket(53, 3, 530);
        f.proc.addProcess(60, "gunicorn", "gunicorn");
        f.proc.addSocket(60, 3, 600);
        f.proc.addProcess(61, "gunicorn", "gunicorn", 60);
        f.proc.addSocket(61, 4, 610);
        const ServiceNames names(test::configOf(R"(
services: [{name: shop, addresses: ["127.0.0.1:8000"]}]
gateway:
  listeners: [{service: payment, bind: "127.0.0.1:8103", targets: ["127.0.0.1:9103"]}]
)"));
        SocketOwners owners(f.proc.path());
        std::vector<SocketRow> rows{listening("127.0.0.1", 8103, 510), listening("::", 8000, 600)};
        for (const std::uint32_t inode : {500U, 520U, 530U, 610U})
            rows.push_back(Fixture::row(inode));
        owners.update(rows);
        ProcessTable table(f.proc.path());
        SocketEnds ends(owners, table, names, 50, "/x/gateway");
        using Role = SocketEnd::Role;
        QVERIFY(ends.of(500)->role == Role::Agent);
        QVERIFY(ends.of(510)->role == Role::Gateway);
        QVERIFY(ends.of(520)->role == Role::Gateway);  // one that a reload left behind
        QVERIFY(ends.of(530)->role == Role::Ignored);
        QCOMPARE(ends.of(600)->service.name, std::string("shop"));
        QCOMPARE(ends.of(610)->service.name, std::string("shop"));  // its forked worker
        QVERIFY(ends.of(999) == nullptr);
    }
};

LEVEE_TEST(SocketOwnersTest)
#include "socket_owners_test.moc"
