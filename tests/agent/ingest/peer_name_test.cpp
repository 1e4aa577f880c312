// SPDX-License-Identifier: Apache-2.0
#include "agent/ingest/peer_name.h"

#include <QTest>

#include "agent/ingest/name_table.h"
#include "tests/support/test_registry.h"

using namespace levee;
using namespace levee::ingest;

class PeerNameTest : public QObject {
    Q_OBJECT
private slots:
    void databasesAreNamedByServiceSystemHostAndDatabase() {
        std::string buffer;
        const auto name = [&](PeerAttributes peer) {
            return std::string(databaseName(peer, buffer));
        };
        QCOMPARE(name({.peerService = "orders-db", .dbSystem = "mysql"}), std::string("orders-db"));
        QCOMPARE(name({.dbSystem = "redis", .dbName = "0", .serverAddress = "::1"}),
                 std::string("redis"));
        QCOMPARE(name({.dbSystem = "redis", .serverAddress = "cache1:6379"}),
                 std::string("redis:cache1"));
        QCOMPARE(name({.dbSystem = "postgresql", .dbName = "orders", .serverAddress = "127.0.0.1"}),
                 std::string("postgresql:orders"));
        QCOMPARE(name({.dbSystem = "postgresql", .dbName = "orders", .networkAddress = "10.1.1.1"}),
                 std::string("postgresql:10.1.1.1"));
        QCOMPARE(name({.dbName = "orders"}), std::string("database:orders"));
    }
    void cachesAreToldFromDatabases() {
        QVERIFY(databaseKind("redis") == NodeKind::Cache);
        QVERIFY(databaseKind("memcached") == NodeKind::Cache);
        QVERIFY(databaseKind("postgresql") == NodeKind::Database);
    }
    void queuesAreNamedByTemplateAndNotByTemporaryNames() {
        std::string buffer;
        const auto name = [&](PeerAttributes peer) { return std::string(queueName(peer, buffer)); };
        QCOMPARE(name({.messagingSystem = "kafka", .destination = "t1"}), std::string("kafka:t1"));
        QCOMPARE(
            name({.messagingSystem = "kafka", .destination = "t1", .destinationTemplate = "t{n}"}),
            std::string("kafka:t{n}"));
        QCOMPARE(name({.messagingSystem = "rabbitmq",
                       .destination = "amq.gen-x",
                       .destinationTemporary = true}),
                 std::string("rabbitmq"));
        QCOMPARE(name({.messagingSystem = "rabbitmq"}), std::string());
        // The default exchange has no name and routes to the queue of the key.
        QCOMPARE(name({.messagingSystem = "rabbitmq", .routingKey = "orders"}),
                 std::string("rabbitmq:orders"));
        QCOMPARE(name({.messagingSystem = "rabbitmq", .destination = "ex", .routingKey = "k"}),
                 std::string("rabbitmq:ex"));
        QCOMPARE(name({.destination = "t1"}), std::string());
    }
    void hostsLosePortsAndLists() {
        QCOMPARE(std::string(bareHost("api.example.com:443")), std::string("api.example.com"));
        QCOMPARE(std::string(bareHost("[fe80::1]:443")), std::string("fe80::1"));
        QCOMPARE(std::string(bareHost("fe80::1")), std::string("fe80::1"));
        QCOMPARE(std::string(bareHost("k1:9092,k2:9092")), std::string("k1"));
        QCOMPARE(std::string(bareHost("api.example.com.")), std::string("api.example.com"));
        QCOMPARE(std::string(bareHost("[oops")), std::string("[oops"));
    }
    void idsInTheNamesOfQueuesAreLeftOut_data() {
        QTest::addColumn<QString>("destination");
        QTest::addColumn<QString>("name");
        const auto row = [](const char* destination, const char* name) {
            QTest::newRow(destination) << QString(destination) << QString(name);
        };
        row("orders", "kafka:orders");
        row("orders-v2", "kafka:orders-v2");
        row("topic-1234", "kafka:topic-1234");
        row("topic-12345", "kafka:topic-*");
        row("deadbeef", "kafka:deadbeef");  // eight hexadecimal letters, but no figure
        row("deadbee1", "kafka:*");
        row("deadbe1", "kafka:deadbe1");
        row("reply.550e8400-e29b-41d4-a716-446655440000.v1", "kafka:reply.*.v1");
        row("550e8400-e29b-41d4-a716-446655440000-eu", "kafka:*-eu");
        row("caf\xc3\xa9-99999", "kafka:caf\xc3\xa9-*");
        row("amq.gen-JzTY20BRgKO-HjmUJj0wLg", "kafka");
    }
    void idsInTheNamesOfQueuesAreLeftOut() {
        QFETCH(QString, destination);
        QFETCH(QString, name);
        PeerAttributes peer;
        const std::string text = destination.toStdString();
        peer.messagingSystem = "kafka";
        peer.destination = text;
        std::string buffer;
        QCOMPARE(QString::fromStdString(std::string(queueName(peer, buffer))), name);
    }
    void thisHostHasManyNames() {
        for (const char* host : {"127.0.0.1", "127.8.8.8", "::1", "localhost", "/run/db.sock",
                                 "0.0.0.0", "::ffff:127.0.0.1", "app.localhost"})
            QVERIFY2(isThisHost(host), host);
        for (const char* host : {"10.0.0.1", "example.com", "fe80::1", "128.0.0.1"})
            QVERIFY2(!isThisHost(host), host);
    }
    void namesAreAlwaysPrintableUtf8OfBoundedLength() {
        QCOMPARE(cleanName("payment"), std::string("payment"));
        QCOMPARE(cleanName("caf\xc3\xa9 \xe6\x94\xaf"), std::string("caf\xc3\xa9 \xe6\x94\xaf"));
        QCOMPARE(cleanName("a\x01"
                           "b\x7f\n"),
                 std::string("a?b??"));
        QCOMPARE(cleanName("\xff\xc0\xaf\xed\xa0\x80\xc3"), std::string("???????"));
        QCOMPARE(cleanName("\xf4\x90\x80\x80"), std::string("????"));
        QCOMPARE(cleanName(std::string(200, 'x')).size(), std::size_t{200});
        QCOMPARE(cleanName(std::string(201, 'x')).size(), std::size_t{200});
        QCOMPARE(cleanName(std::string(199, 'x') + "\xc3\xa9"), std::string(199, 'x'));
    }
    void aFullTableSaysOther() {
        NameTable table(2);
        const MonotonicTime now{};
        const NameId a = table.intern("a", now);
        QCOMPARE(table.intern("a", now), a);
        QVERIFY(table.intern("b", now) > kUserName);
        QCOMPARE(table.overflowed(), 0U);
        QCOMPARE(table.intern("c", now), kOtherName);
        QCOMPARE(table.overflowed(), 1U);
        QCOMPARE(table.text(kOtherName), std::string("(other)"));
        QCOMPARE(table.intern("", now), kNoName);
    }
};

LEVEE_TEST(PeerNameTest)
#include "peer_name_test.moc"
