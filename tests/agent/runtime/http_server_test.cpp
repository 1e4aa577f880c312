// SPDX-License-Identifier: Apache-2.0
#include "agent/runtime/http_server.h"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <QTest>

#include "tests/support/test_registry.h"

using namespace levee;
using namespace std::chrono_literals;

namespace {

/// A plain blocking client: sends what it is told, reads until the server closes or `enough` is in.
class Client {
public:
    explicit Client(int port) : fd_(::socket(AF_INET, SOCK_STREAM, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(static_cast<std::uint16_t>(port));
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        isConnected_ = ::connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
        const timeval patience{5, 0};
        ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    }
    ~Client() { ::close(fd_); }
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    bool isConnected() const { return isConnected_; }
    void send(const std::string& bytes) const {
        (void)!::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    }
    std::string readUntil(const std::string& enough) {
        char piece[4096];
        while (enough.empty() || got_.find(enough) == std::string::npos) {
            const ssize_t size = ::recv(fd_, piece, sizeof piece, 0);
            if (size <= 0)
                break;
            got_.append(piece, static_cast<std::size_t>(size));
        }
        return std::exchange(got_, {});
    }

private:
    int fd_;
    bool isConnected_ = false;
    std::string got_;
};

HttpResponse echo(HttpRequest&& request) {
    return {200,
            "text/plain",
            request.method + " " + request.path + " " + request.query + " " + request.body + "\n",
            {{"X-Test", "yes"}}};
}

}  // namespace

class HttpServerTest : public QObject {
    Q_OBJECT

    static std::unique_ptr<HttpServer> start(const HttpLimits& limits) {
        auto server = HttpServer::start("127.0.0.1:0", limits, echo);
        return server ? *std::move(server) : nullptr;
    }
private slots:
    void itAnswersAndKeepsTheConnection() {
        const auto server = start({});
        Client client(server->port());
        client.send("GET /a?b=c HTTP/1.1\r\nHost: x\r\n\r\n");
        const std::string first = client.readUntil("GET /a b=c \n");
        QVERIFY(first.find("200 OK") != std::string::npos);
        QVERIFY(first.find("X-Test: yes") != std::string::npos);
        client.send(
            "POST /p HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: "
            "chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n");
        QVERIFY(client.readUntil("abc\n").find("POST /p  abc") != std::string::npos);
        QCOMPARE(server->stats().requests, std::uint64_t{2});
    }
    void twoRequestsInOnePacketAreBothAnswered() {
        const auto server = start({});
        Client client(server->port());
        client.send(
            "GET /1 HTTP/1.1\r\nHost: x\r\n\r\nGET /2 HTTP/1.1\r\nHost: x\r\nConnection: "
            "close\r\n\r\n");
        const std::string both = client.readUntil("");
        QVERIFY(both.find("GET /1") != std::string::npos &&
                both.find("GET /2") != std::string::npos);
    }
    void aBodyAtTheLimitIsTakenAndOnePastItRefused() {
        HttpLimits limits;
        limits.bodyBytes = 10;
        const auto server = start(limits);
        for (const int size : {10, 11}) {
            Client client(server->port());
            client.send("POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: " +
                        std::to_string(size) + "\r\n\r\n" +
                        std::string(static_cast<std::size_t>(size), 'x'));
            const std::string answer = client.readUntil("");
            QVERIFY(answer.find(size == 10 ? " 200 " : " 413 ") != std::string::npos);
        }
        QCOMPARE(server->stats().tooLarge, std::uint64_t{1});
    }
    void nonsenseIsAnsweredWith400() {
        const auto server = start({});
        Client client(server->port());
        client.send("\x01\x02 nonsense\r\n\r\n");
        QVERIFY(client.readUntil("").find(" 400 ") != std::string::npos);
        QCOMPARE(server->stats().malformed, std::uint64_t{1});
    }
    void aSlowSenderIsCutOff() {
        HttpLimits limits;
        limits.requestTimeout = 100ms;
        const auto server = start(limits);
        Client client(server->port());
        client.send("GET / HT");
        QCOMPARE(client.readUntil(""), std::string());
        QTRY_COMPARE(server->stats().timedOut, std::uint64_t{1});
    }
    void aConnectionPastTheLimitIsClosed() {
        HttpLimits limits;
        limits.connections = 1;
        const auto server = start(limits);
        Client first(server->port());
        first.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        QVERIFY(!first.readUntil("GET / ").empty());
        Client second(server->port());
        second.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        QCOMPARE(second.readUntil(""), std::string());
        QTRY_COMPARE(server->stats().refused, std::uint64_t{1});
    }
    void aTakenAddressIsNamed() {
        const auto server = start({});
        const std::string address = "127.0.0.1:" + std::to_string(server->port());
        const auto second = HttpServer::start(address, {}, echo);
        QVERIFY(!second);
        QVERIFY(second.error().message.find(address) != std::string::npos);
    }
};

LEVEE_TEST(HttpServerTest)
#include "http_server_test.moc"
