// SPDX-License-Identifier: Apache-2.0
#include "agent/runtime/unix_socket.h"

#include <QTemporaryDir>
#include <QTest>

#include "tests/support/test_registry.h"

using namespace levee;
using namespace std::chrono_literals;

class UnixSocketTest : public QObject {
    Q_OBJECT
private slots:
    void bytesGoBothWays() {
        const QTemporaryDir directory;
        const std::string path = directory.filePath("s").toStdString();
        const auto listener = listenUnix(path, 4);
        QVERIFY(listener);
        auto client = connectUnix(path, Deadline::after(1s));
        QVERIFY(client);
        UniqueFd server = acceptUnix(*listener);
        QVERIFY(server.isOpen());
        QVERIFY(!acceptUnix(*listener).isOpen());
        QVERIFY(sendAll(server, "hello", Deadline::after(1s)));
        server.reset();
        QCOMPARE(*receiveAll(*client, 5, Deadline::after(1s)), std::string("hello"));
    }
    void aSocketLeftBehindIsReplaced() {
        const QTemporaryDir directory;
        const std::string path = directory.filePath("s").toStdString();
        { QVERIFY(listenUnix(path, 4)); }
        QCOMPARE(connectUnix(path, Deadline::after(1s)).error().kind, ErrorKind::Unavailable);
        const auto listener = listenUnix(path, 4);
        QVERIFY(listener);
        QVERIFY(connectUnix(path, Deadline::after(1s)));
    }
    void silenceEndsAtTheDeadline() {
        const QTemporaryDir directory;
        const std::string path = directory.filePath("s").toStdString();
        const auto listener = listenUnix(path, 4);
        const auto client = connectUnix(path, Deadline::after(1s));
        QCOMPARE(receiveAll(*client, 5, Deadline::after(20ms)).error().kind,
                 ErrorKind::Unavailable);
    }
    void aFullBacklogEndsAtTheDeadline() {
        const QTemporaryDir directory;
        const std::string path = directory.filePath("s").toStdString();
        const auto listener = listenUnix(path, 0);
        const auto first = connectUnix(path, Deadline::after(1s));
        QVERIFY(first);
        QCOMPARE(connectUnix(path, Deadline::after(20ms)).error().kind, ErrorKind::Unavailable);
    }
    void aReceiverThatDoesNotReadEndsAtTheDeadline() {
        const QTemporaryDir directory;
        const std::string path = directory.filePath("s").toStdString();
        const auto listener = listenUnix(path, 4);
        const auto client = connectUnix(path, Deadline::after(1s));
        QCOMPARE(sendAll(*client, std::string(10'000'000, 'x'), Deadline::after(20ms)).error().kind,
                 ErrorKind::Unavailable);
    }
    void aPathThatFitsWorksAndALongerOneIsInvalid() {
        QCOMPARE(connectUnix("/" + std::string(106, 'x'), Deadline::after(1s)).error().kind,
                 ErrorKind::Unavailable);
        QCOMPARE(connectUnix("/" + std::string(107, 'x'), Deadline::after(1s)).error().kind,
                 ErrorKind::Invalid);
        QCOMPARE(connectUnix("", Deadline::after(1s)).error().kind, ErrorKind::Invalid);
    }
};

LEVEE_TEST(UnixSocketTest)
#include "unix_socket_test.moc"
