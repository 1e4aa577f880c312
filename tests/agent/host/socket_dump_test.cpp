// SPDX-License-Identifier: Apache-2.0
#include "agent/host/socket_dump.h"

#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <QTest>
#include <cstring>

#include "shared/base/random.h"
#include "tests/agent/host/host_fixture.h"
#include "tests/support/test_registry.h"

using namespace levee;
using namespace levee::host;

namespace {

using Bytes = std::vector<std::byte>;

void append(Bytes& bytes, const void* data, std::size_t size) {
    const auto* first = static_cast<const std::byte*>(data);
    bytes.insert(bytes.end(), first, first + size);
    bytes.resize((bytes.size() + 3) & ~std::size_t{3});
}

/// What the kernel sends for one socket; `infoBytes` of tcp_info, as kernels of all ages do.
Bytes message(int family, int state, std::size_t infoBytes = sizeof(tcp_info)) {
    inet_diag_msg body{};
    body.idiag_family = static_cast<std::uint8_t>(family);
    body.idiag_state = static_cast<std::uint8_t>(state);
    body.idiag_inode = 4711;
    body.id.idiag_sport = htons(8103);
    body.id.idiag_dport = htons(40000);
    body.id.idiag_cookie[0] = 7;
    body.id.idiag_cookie[1] = 1;
    const std::uint8_t v4[4] = {127, 0, 0, 1};
    std::memcpy(body.id.idiag_src, v4, 4);
    std::memcpy(body.id.idiag_dst, v4, 4);
    tcp_info info{};
    info.tcpi_rtt = 250;
    info.tcpi_min_rtt = 20;
    info.tcpi_total_retrans = 3;
    info.tcpi_bytes_acked = 1000;
    info.tcpi_bytes_received = 5'000'000'000;
    Bytes payload;
    append(payload, &body, sizeof body);
    rtattr attribute{static_cast<unsigned short>(sizeof(rtattr) + infoBytes), INET_DIAG_INFO};
    append(payload, &attribute, sizeof attribute);
    append(payload, &info, infoBytes);
    nlmsghdr header{};
    header.nlmsg_len = static_cast<std::uint32_t>(sizeof header + payload.size());
    header.nlmsg_type = SOCK_DIAG_BY_FAMILY;
    Bytes bytes;
    append(bytes, &header, sizeof header);
    append(bytes, payload.data(), payload.size());
    return bytes;
}

Bytes operator+(Bytes a, const Bytes& b) {
    a.insert(a.end(), b.begin(), b.end());
    return a;
}

Bytes ending(std::uint16_t type) {
    nlmsghdr header{};
    header.nlmsg_len = sizeof header;
    header.nlmsg_type = type;
    Bytes bytes;
    append(bytes, &header, sizeof header);
    return bytes;
}

}  // namespace

class SocketDumpTest : public QObject {
    Q_OBJECT
private slots:
    void readsWhatTheKernelTells() {
        std::vector<SocketRow> rows;
        const Bytes bytes =
            message(AF_INET, 1) + message(AF_INET, 10) + message(AF_INET6, 1) + ending(NLMSG_DONE);
        QVERIFY(readSocketMessages(bytes, 10, rows) == DumpEnd::Done);
        QCOMPARE(rows.size(), std::size_t{3});
        QVERIFY(rows[0].local == test::at("127.0.0.1", 8103));
        QVERIFY(rows[0].remote == test::at("127.0.0.1", 40000));
        QCOMPARE(rows[0].inode, std::uint32_t{4711});
        QCOMPARE(rows[0].cookie, (std::uint64_t{1} << 32) + 7);
        QCOMPARE(rows[0].rttMicros, std::uint32_t{250});
        QCOMPARE(rows[0].minRttMicros, std::uint32_t{20});
        QCOMPARE(rows[0].retransmissions, std::uint32_t{3});
        QCOMPARE(rows[0].sentBytes, std::uint64_t{1000});
        QCOMPARE(rows[0].receivedBytes, std::uint64_t{5'000'000'000});
        // A listener's tcp_info has its backlog there.
        QVERIFY(rows[1].isListening && rows[1].rttMicros == 0);
        QVERIFY(rows[2].local.ip != rows[0].local.ip);
    }
    void anOlderKernelTellsLess() {
        std::vector<SocketRow> rows;
        const Bytes bytes = message(AF_INET, 1, offsetof(tcp_info, tcpi_pacing_rate));
        QVERIFY(readSocketMessages(bytes, 10, rows) == DumpEnd::More);
        QCOMPARE(rows.at(0).rttMicros, std::uint32_t{250});
        QCOMPARE(rows.at(0).minRttMicros, std::uint32_t{0});
        QCOMPARE(rows.at(0).sentBytes, std::uint64_t{0});
    }
    void anErrorEndsTheDump() {
        std::vector<SocketRow> rows;
        QVERIFY(readSocketMessages(ending(NLMSG_ERROR), 10, rows) == DumpEnd::Refused);
    }
    void everyCutIsSeenAndNoneReadsBeyond() {
        const Bytes whole = message(AF_INET, 1);
        for (std::size_t length = 1; length < whole.size(); ++length) {
            std::vector<SocketRow> rows;
            const Bytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length));
            QVERIFY(readSocketMessages(cut, 10, rows) == DumpEnd::Refused);
            QVERIFY(rows.empty());
        }
    }
    void damagedBytesDoNoHarm() {
        Random random(11);
        const Bytes whole = message(AF_INET, 1) + message(AF_INET6, 10) + ending(NLMSG_DONE);
        for (int round = 0; round < 20'000; ++round) {
            Bytes bytes = whole;
            for (int i = 0; i < 4; ++i)
                bytes[random.next() % bytes.size()] = std::byte(random.next());
            std::vector<SocketRow> rows;
            (void)readSocketMessages(bytes, 10, rows);
            QVERIFY(rows.size() <= 3);
        }
    }
    void noMoreThanTheLimitIsRead() {
        const Bytes two = message(AF_INET, 1) + message(AF_INET, 1);
        std::vector<SocketRow> rows;
        readSocketMessages(two, 2, rows);
        QCOMPARE(rows.size(), std::size_t{2});
        rows.clear();
        readSocketMessages(two, 1, rows);
        QCOMPARE(rows.size(), std::size_t{1});
    }
    void addressesOfBothFamiliesCompare() {
        const std::uint8_t mapped[16] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 10, 0, 0, 7};
        QVERIFY(SocketAddress::v6(mapped, 80) == test::at("10.0.0.7", 80));
        QCOMPARE(SocketAddress::v6(mapped, 80).ipText(), std::string("10.0.0.7"));
        QCOMPARE(test::at("fd00::7", 80).ipText(), std::string("fd00::7"));
        QVERIFY(test::at("127.8.0.1", 1).isLoopback() && test::at("::1", 1).isLoopback());
        QVERIFY(!test::at("10.0.0.7", 1).isLoopback() && !test::at("::", 1).isLoopback());
        QVERIFY(test::at("0.0.0.0", 1).isWildcard() && test::at("::", 1).isWildcard());
        QVERIFY(!SocketAddress::of("db.local", 1));
        QVERIFY(accepts(test::at("::", 80), test::at("10.0.0.7", 80)));
        QVERIFY(!accepts(test::at("::", 81), test::at("10.0.0.7", 80)));
        QVERIFY(!accepts(test::at("10.0.0.8", 80), test::at("10.0.0.7", 80)));
    }
};

LEVEE_TEST(SocketDumpTest)
#include "socket_dump_test.moc"
