// SPDX-License-Identifier: Apache-2.0
#include "tests/support/loadgen/load_engine.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <poll.h>
#include <unistd.h>

#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>
#include <atomic>
#include <functional>
#include <thread>

#include "tests/support/test_registry.h"

using namespace levee;
using namespace levee::loadgen;
using namespace std::chrono_literals;

namespace {

/// What a server does with the nth request of a connection (from 0): an answer to send, or "" to
/// keep silent; then whether to close.
struct Reply {
    std::string text;
    bool closes = false;
};
using Behaviour = std::function<Reply(int nth)>;

constexpr const char* kOk = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

/// A real server on a free loopback port, one thread for all connections.
class Server {
public:
    explicit Server(Behaviour behaviour) : behaviour_(std::move(behaviour)) {
        listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t length = sizeof address;
        ::bind(listener_, reinterpret_cast<sockaddr*>(&address), length);
        ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &length);
        ::listen(listener_, 1024);
        port_ = ntohs(address.sin_port);
        thread_ = std::thread([this] { serve(); });
    }
    ~Server() {
        isStopping_ = true;
        thread_.join();
        for (const Client& client : clients_)
            ::close(client.fd);
        ::close(listener_);
    }
    int port() const { return port_; }

private:
    struct Client {
        int fd;
        int served = 0;
    };

    void serve() {
        while (!isStopping_) {
            std::vector<pollfd> fds{{listener_, POLLIN, 0}};
            for (const Client& client : clients_)
                fds.push_back({client.fd, POLLIN, 0});
            if (::poll(fds.data(), fds.size(), 10) <= 0)
                continue;
            for (std::size_t i = fds.size(); i-- > 1;) {
                if (fds[i].revents != 0 && !answer(clients_[i - 1])) {
                    ::close(clients_[i - 1].fd);
                    clients_.erase(clients_.begin() + static_cast<std::ptrdiff_t>(i) - 1);
                }
            }
            if (fds[0].revents != 0)
                clients_.push_back({::accept(listener_, nullptr, nullptr)});
        }
    }
    /// Requests of these tests come in one piece. False: the connection is to be closed.
    bool answer(Client& client) {
        char buffer[4096];
        if (::recv(client.fd, buffer, sizeof buffer, 0) <= 0)
            return false;
        const Reply reply = behaviour_(client.served++);
        ::send(client.fd, reply.text.data(), reply.text.size(), MSG_NOSIGNAL);
        return !reply.closes;
    }

    Behaviour behaviour_;
    int listener_ = -1;
    int port_ = 0;
    std::atomic<bool> isStopping_{false};
    std::vector<Client> clients_;
    std::thread thread_;
};

QJsonObject runAgainst(int port, std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), {"--url", fmt::format("http://127.0.0.1:{}/", port),
                                       "--arrivals", "even", "--quiet"});
    const auto options = parseOptions(arguments);
    if (!options)
        qFatal("%s", options.error().message.c_str());
    Report report(**options);
    const RealTimeSource clock;
    LoadEngine engine(**options, report, clock);
    const auto end = engine.run();
    if (!end)
        qFatal("%s", end.error().message.c_str());
    return QJsonDocument::fromJson(QByteArray::fromStdString(report.json(*end))).object();
}

int connectionsOpened(const QJsonObject& json) {
    return json["connections"].toObject()["opened"].toInt();
}

}  // namespace

class LoadEngineTest : public QObject {
    Q_OBJECT
private slots:
    void everyOfferedRequestIsAnswered() {
        const Server server([](int) { return Reply{kOk}; });
        const auto json = runAgainst(server.port(), {"--rate", "200", "--duration", "505ms"});
        QCOMPARE(json["offered"].toInt(), 100);
        QCOMPARE(json["ok"].toInt(), 100);
        QCOMPARE(json["retries"].toInt(), 0);
        QVERIFY(connectionsOpened(json) < 100);
    }
    void aServerThatClosesAfterEachAnswerGetsNewConnections() {
        const Server server([](int) {
            return Reply{"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nok", true};
        });
        const auto json = runAgainst(server.port(), {"--rate", "100", "--duration", "205ms"});
        QCOMPARE(json["ok"].toInt(), 20);
        QCOMPARE(connectionsOpened(json), 20);
    }
    void aRequestOnAConnectionThatWasClosedIdleIsSentAgain() {
        // Answers once; the second request of a connection meets a closed socket.
        const Server server([](int nth) { return nth == 0 ? Reply{kOk} : Reply{"", true}; });
        const auto json = runAgainst(server.port(), {"--rate", "100", "--duration", "205ms"});
        QCOMPARE(json["ok"].toInt(), 20);
        QVERIFY(json["retries"].toInt() > 0);
        QCOMPARE(json["errors"].toObject()["reset"].toInt(), 0);
    }
    void aSilentServerCostsTimeoutsAndNotOneRequestLess() {
        const Server server([](int) { return Reply{}; });
        const auto json = runAgainst(
            server.port(), {"--rate", "100", "--duration", "305ms", "--timeout", "100ms"});
        QCOMPARE(json["offered"].toInt(), 30);
        QCOMPARE(json["timeouts"].toInt(), 30);
    }
    void requestsPastTheBoundOfConnectionsWaitAndTheirLatencyCounts() {
        // One connection, and a server that never answers: the others wait and run out of time.
        const Server server([](int) { return Reply{}; });
        const auto json =
            runAgainst(server.port(), {"--rate", "100", "--duration", "205ms", "--timeout", "300ms",
                                       "--max-connections", "1"});
        QCOMPARE(json["timeouts"].toInt(), 20);
        QCOMPARE(json["connections"].toObject()["peak"].toInt(), 1);
        QVERIFY(json["send_lag_ms"].toObject()["max"].toDouble() > 50);
    }
    void whatIsNotHttpIsAnErrorOfProtocol() {
        const Server server([](int) { return Reply{"hello there, who is it?\r\n\r\n"}; });
        const auto json = runAgainst(server.port(), {"--rate", "100", "--duration", "105ms"});
        QCOMPARE(json["errors"].toObject()["protocol"].toInt(), 10);
    }
    void aPortWithoutAServerIsAnErrorOfConnecting() {
        int port = 0;
        {
            const Server server([](int) { return Reply{}; });
            port = server.port();
        }
        const auto json = runAgainst(port, {"--rate", "100", "--duration", "105ms"});
        QCOMPARE(json["errors"].toObject()["connect"].toInt(), 10);
    }
};

LEVEE_TEST(LoadEngineTest)
#include "load_engine_test.moc"
