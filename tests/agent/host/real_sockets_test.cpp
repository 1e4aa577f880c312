// SPDX-License-Identifier: Apache-2.0
// The kernel itself: real connections between real processes, beside what `ss` says of them; and
// losses on the way between network namespaces.
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <QProcess>
#include <QRegularExpression>
#include <QStandardPaths>
#include <QTest>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <functional>

#include "agent/host/process_table.h"
#include "agent/host/socket_edges.h"
#include "agent/runtime/unique_fd.h"
#include "shared/base/time.h"
#include "tests/agent/host/host_fixture.h"
#include "tests/support/test_registry.h"

using namespace levee;
using namespace levee::host;
using namespace std::chrono_literals;

namespace {

constexpr int kDeadlineMs = 20'000;

/// A child process that runs `work` and is killed at the end of the scope.
class Child {
public:
    explicit Child(const std::function<void()>& work) : pid_(::fork()) {
        if (pid_ != 0)
            return;
        work();
        ::_exit(0);
    }
    ~Child() {
        ::kill(pid_, SIGKILL);
        ::waitpid(pid_, nullptr, 0);
    }
    int pid() const { return pid_; }

private:
    const int pid_;
};

sockaddr_in addressOf(const char* ip, int port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    ::inet_pton(AF_INET, ip, &address.sin_addr);
    return address;
}

/// Listens on a free port and writes it to `port`.
UniqueFd listenOn(const char* ip, int& port) {
    UniqueFd socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    auto address = addressOf(ip, port);
    socklen_t length = sizeof address;
    if (::bind(socket.get(), reinterpret_cast<sockaddr*>(&address), length) != 0 ||
        ::listen(socket.get(), 16) != 0)
        return UniqueFd();
    ::getsockname(socket.get(), reinterpret_cast<sockaddr*>(&address), &length);
    port = ntohs(address.sin_port);
    return socket;
}

/// Answers each connection with the bytes it sends.
void echo(int listener) {
    char buffer[65536];
    const int peer = ::accept(listener, nullptr, nullptr);
    for (ssize_t got = 0; (got = ::read(peer, buffer, sizeof buffer)) > 0;) {
        for (ssize_t sent = 0; sent < got;) {
            const ssize_t more = ::write(peer, buffer + sent, static_cast<std::size_t>(got - sent));
            if (more <= 0)
                return;
            sent += more;
        }
    }
}

/// Sends `size` bytes and reads them back, again and again with pauses.
void callOn(const char* ip, int port, std::size_t size, int times) {
    const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
    const auto address = addressOf(ip, port);
    while (::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
        ::usleep(10'000);
    std::vector<char> buffer(size);
    for (int i = 0; i < times; ++i) {
        if (::write(socket, buffer.data(), size) < 0)
            ::_exit(1);
        for (std::size_t got = 0; got < size;) {
            const ssize_t more = ::read(socket, buffer.data(), size - got);
            if (more <= 0)
                ::_exit(1);
            got += static_cast<std::size_t>(more);
        }
    }
    ::pause();
}

/// The whole way from the kernel to edges.
struct Observer {
    std::vector<SocketEdge> look() {
        const Status read = diagnostics.read(10'000, dump);
        if (!read)
            qFatal("%s", read.error().message.c_str());
        owners.update(dump.rows);
        table.check();
        SocketEnds ends(owners, table, names, 1, "");
        return edges.update(
            dump.rows, [&](std::uint32_t inode) { return ends.of(inode); }, names,
            time.monotonic());
    }
    std::optional<SocketEdge> find(const std::string& client, const std::string& server) {
        for (const SocketEdge& edge : look()) {
            if (edge.client == client && edge.server == server)
                return edge;
        }
        return std::nullopt;
    }

    explicit Observer(const std::string& yaml) : names(test::configOf(yaml)) {}

    ServiceNames names;
    RealTimeSource time;
    SocketDiagnostics diagnostics;
    SocketDump dump;
    SocketOwners owners;
    ProcessTable table;
    SocketEdges edges;
};

std::string yamlFor(int server, int client) {
    return "services:\n  - {name: ledger, addresses: [\"127.0.0.1:" + std::to_string(server) +
           "\"]}\n  - {name: checkout, addresses: [\"127.0.0.1:" + std::to_string(client) +
           "\"]}\n";
}

QString run(const QString& program, const QStringList& arguments, int* code = nullptr) {
    QProcess process;
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.start(program, arguments);
    process.waitForFinished(kDeadlineMs);
    if (code != nullptr)
        *code = process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1;
    return process.readAll();
}

/// What ss says of the connection to this port, at its client's end.
struct SsFigures {
    double rttMicros = -1;
    double minRttMicros = -1;
    long sentBytes = -1;
    long receivedBytes = -1;
};
SsFigures ssOf(int port) {
    const QString text =
        run("ss", {"-tinHO", "dst", "127.0.0.1", "dport", "=", QString::number(port)});
    const auto number = [&](const char* pattern) {
        const auto match = QRegularExpression(pattern).match(text);
        return match.hasMatch() ? match.captured(1).toDouble() : -1;
    };
    return {number(R"(\brtt:([0-9.]+)/)") * 1000, number(R"(minrtt:([0-9.]+))") * 1000,
            static_cast<long>(number("bytes_acked:([0-9]+)")),
            static_cast<long>(number("bytes_received:([0-9]+)"))};
}

bool isInstalled(const char* program) {
    return !QStandardPaths::findExecutable(program).isEmpty() ||
           !QStandardPaths::findExecutable(program, {"/usr/sbin", "/sbin"}).isEmpty();
}

}  // namespace

class RealSocketsTest : public QObject {
    Q_OBJECT
private slots:
    void anUninstrumentedServiceIsOnTheMapWithItsLatency() {
        int serverPort = 0;
        int clientPort = 0;
        const UniqueFd server = listenOn("127.0.0.1", serverPort);
        const UniqueFd ofClient = listenOn("127.0.0.1", clientPort);
        Observer observer(yamlFor(serverPort, clientPort));
        // Each child holds its own listener only.
        const Child answers([&] {
            ::close(ofClient.get());
            echo(server.get());
        });
        const Child calls([&] {
            ::close(server.get());
            callOn("127.0.0.1", serverPort, 1000, 50);
        });
        std::optional<SocketEdge> edge;
        QTRY_VERIFY_WITH_TIMEOUT((edge = observer.find("checkout", "ledger")).has_value(),
                                 kDeadlineMs);
        QTRY_VERIFY_WITH_TIMEOUT(
            [&] {
                const auto& rows = observer.dump.rows;
                observer.look();
                return std::ranges::any_of(rows, [&](const SocketRow& row) {
                    return row.remote.port == serverPort && row.receivedBytes == 50'000;
                });
            }(),
            kDeadlineMs);
        edge = observer.find("checkout", "ledger");
        QCOMPARE(edge->connections, 1);
        QVERIFY(edge->isClientHere && edge->isServerHere);
        QVERIFY(edge->rtt > 0 && edge->rtt < 1);
        QVERIFY(edge->minRtt > 0 && edge->minRtt <= edge->rtt);
        if (!isInstalled("ss")) {
            std::printf("SKIP: ss is not installed (iproute2): not compared\n");
            return;
        }
        // Both read struct tcp_info of a connection that is still.
        const SsFigures said = ssOf(serverPort);
        QVERIFY2(std::abs(said.rttMicros - edge->rtt * 1e6) < 1,
                 qPrintable(QString::number(said.rttMicros)));
        QVERIFY(std::abs(said.minRttMicros - edge->minRtt * 1e6) < 1);
        const auto row = std::ranges::find_if(observer.dump.rows, [&](const SocketRow& each) {
            return each.remote.port == serverPort;
        });
        QVERIFY(row != observer.dump.rows.end());
        QCOMPARE(static_cast<long>(row->sentBytes), said.sentBytes);
        QCOMPARE(static_cast<long>(row->receivedBytes), said.receivedBytes);
    }
    void aReadingIsCutAtItsLimit() {
        int port = 0;
        const UniqueFd one = listenOn("127.0.0.1", port);
        int other = 0;
        const UniqueFd two = listenOn("127.0.0.1", other);
        SocketDiagnostics diagnostics;
        SocketDump dump;
        QVERIFY(diagnostics.read(1, dump).isOk());
        QVERIFY(dump.isCut);
        QCOMPARE(dump.rows.size(), std::size_t{1});
        // What was left of the answer is not taken for the next one's.
        QVERIFY(diagnostics.read(100'000, dump).isOk());
        QVERIFY(!dump.isCut);
        QVERIFY(std::ranges::any_of(dump.rows, [&](const SocketRow& row) {
            return row.isListening && row.local.port == port;
        }));
        const std::size_t all = dump.rows.size();
        QVERIFY(diagnostics.read(all + 100, dump).isOk());
        QVERIFY(!dump.isCut);
    }
    void lossesOnTheWayAreSeen() {
        if (::geteuid() != 0 || !isInstalled("ip") || !isInstalled("tc")) {
            std::printf("SKIP: needs root, ip and tc (iproute2)\n");
            return;
        }
        // This host, a router whose way onwards is too narrow, and the server behind it.
        const UniqueFd home(::open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC));
        if (::unshare(CLONE_NEWNET) != 0) {
            std::printf("SKIP: no network namespaces here: %s\n", std::strerror(errno));
            return;
        }
        const QString router = "levee-router-" + QString::number(::getpid());
        const QString far = "levee-far-" + QString::number(::getpid());
        struct Cleanup {
            const UniqueFd& home;
            QString router;
            QString far;
            ~Cleanup() {
                run("ip", {"netns", "delete", router});
                run("ip", {"netns", "delete", far});
                (void)::setns(home.get(), CLONE_NEWNET);
            }
        } const cleanup{home, router, far};
        for (const QString& step :
             {"ip netns add " + router, "ip netns add " + far,
              "ip link add near0 type veth peer name router0 netns " + router,
              "ip -n " + router + " link add router1 type veth peer name far0 netns " + far,
              QString("ip link set lo up"), QString("ip addr add 10.255.71.1/30 dev near0"),
              QString("ip link set near0 up"),
              "ip -n " + router + " addr add 10.255.71.2/30 dev router0",
              "ip -n " + router + " link set router0 up",
              "ip -n " + router + " addr add 10.255.71.5/30 dev router1",
              "ip -n " + router + " link set router1 up",
              "ip -n " + far + " addr add 10.255.71.6/30 dev far0",
              "ip -n " + far + " link set far0 up",
              "ip -n " + far + " route add default via 10.255.71.5",
              QString("ip route add default via 10.255.71.2"),
              "ip netns exec " + router + " sysctl -qw net.ipv4.ip_forward=1",
              "ip netns exec " + router +
                  " tc qdisc add dev router1 root tbf rate 100mbit burst 4kb limit 8kb"}) {
            int code = -1;
            QStringList words = step.split(' ');
            const QString said = run(words.takeFirst(), words, &code);
            if (code != 0) {
                std::printf("SKIP: %s: %s\n", qPrintable(step), qPrintable(said));
                return;
            }
        }
        const UniqueFd space(::open(qPrintable("/run/netns/" + far), O_RDONLY | O_CLOEXEC));
        int port = 7100;
        const Child answers([&] {
            if (::setns(space.get(), CLONE_NEWNET) != 0)
                ::_exit(1);
            const UniqueFd listener = listenOn("10.255.71.6", port);
            echo(listener.get());
        });
        int clientPort = 0;
        const UniqueFd ofClient = listenOn("127.0.0.1", clientPort);
        Observer observer(yamlFor(1, clientPort));
        observer.look();
        const Child calls([&] { callOn("10.255.71.6", port, 200'000, 1'000'000); });
        std::uint64_t resent = 0;
        std::optional<SocketEdge> seen;
        QTRY_VERIFY_WITH_TIMEOUT(
            [&] {
                if (const auto edge = observer.find("checkout", "10.255.71.6")) {
                    resent += edge->retransmissions;
                    seen = edge;
                }
                return resent > 10;
            }(),
            3 * kDeadlineMs);
        QVERIFY(seen->rtt > 0 && seen->minRtt > 0);
        QVERIFY(seen->serverKind == NodeKind::External && !seen->isServerHere);
        std::printf("%llu segments sent again, rtt %.0f us\n",
                    static_cast<unsigned long long>(resent), seen->rtt * 1e6);
    }
};

LEVEE_TEST(RealSocketsTest)
#include "real_sockets_test.moc"
