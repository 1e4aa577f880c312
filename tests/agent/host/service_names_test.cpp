// SPDX-License-Identifier: Apache-2.0
#include "agent/host/service_names.h"

#include <QTest>

#include "tests/agent/host/host_fixture.h"
#include "tests/support/test_registry.h"

using namespace levee;
using namespace levee::host;
using levee::test::at;
using levee::test::configOf;

namespace {

constexpr const char* kConfig = R"(
services:
  - {name: orders, addresses: ["127.0.0.1:9000", "10.0.0.7:5432"], kind: database}
  - {name: billing, process: billing-d}
gateway:
  listeners:
    - {service: payment, bind: "127.0.0.1:8103", targets: ["127.0.0.1:9103"]}
    - {client: checkout, service: payment, bind: "127.0.0.1:8203", targets: ["127.0.0.1:8103", "10.0.0.8:8103"]}
scrape_configs:
  - job_name: shop
    static_configs:
      - {targets: ["127.0.0.1:9200", "127.0.0.1:9103"], labels: {service: fulfilment}}
      - {targets: ["127.0.0.1:9201"]}
)";

ProcessTraits traits(const std::string& program, const std::string& unit = "") {
    ProcessTraits process;
    process.command = program.substr(0, 15);
    process.program = program;
    process.arguments = program;
    process.unit = unit;
    return process;
}

}  // namespace

class ServiceNamesTest : public QObject {
    Q_OBJECT
private slots:
    void addressesOfTheConfigurationAreKnown() {
        const ServiceNames names(configOf(kConfig));
        QCOMPARE(names.at(at("127.0.0.1", 9000))->name, std::string("orders"));
        QVERIFY(names.at(at("10.0.0.7", 5432))->kind == NodeKind::Database);
        QVERIFY(names.at(at("10.0.0.7", 5433)) == nullptr);
        QVERIFY(names.at(at("10.0.0.6", 5432)) == nullptr);
        // The gateway's word comes before that of the scrape target.
        QCOMPARE(names.at(at("::1", 9103))->name, std::string("payment"));
        QCOMPARE(names.at(at("127.0.0.1", 9200))->name, std::string("fulfilment"));
        QVERIFY(names.at(at("127.0.0.1", 9201)) == nullptr);
        // Another host's gateway stands for the service behind it; this host's does not.
        QCOMPARE(names.at(at("10.0.0.8", 8103))->name, std::string("payment"));
        QVERIFY(names.at(at("127.0.0.1", 8103)) == nullptr);
    }
    void knowsTheGatewaysListeners() {
        const ServiceNames names(configOf(kConfig));
        QCOMPARE(names.listenerAt(at("127.0.0.1", 8203))->subject(),
                 std::string("checkout->payment"));
        QVERIFY(names.listenerAt(at("127.0.0.1", 9103)) == nullptr);
        QVERIFY(names.isGateway(at("127.0.0.1", 8103)));
        QVERIFY(!names.isGateway(at("0.0.0.0", 8103)));
        QCOMPARE(names.listenersTo(at("10.0.0.8", 8103)).size(), std::size_t{1});
        QVERIFY(names.listenersTo(at("127.0.0.1", 9103)).empty());
    }
    void aProcessIsCalledByTheFirstThatKnows_data() {
        QTest::addColumn<QString>("program");
        QTest::addColumn<QString>("unit");
        QTest::addColumn<int>("port");
        QTest::addColumn<QString>("name");
        QTest::newRow("mapped program") << "billing-d"
                                        << "u" << 9000 << "billing";
        QTest::newRow("configured port") << "node"
                                         << "u" << 9000 << "orders";
        QTest::newRow("listener's target") << "node"
                                           << "u" << 9103 << "payment";
        QTest::newRow("traced instance") << "node"
                                         << "u" << 9300 << "web";
        QTest::newRow("known program") << "redis-server"
                                       << "redis-server" << 6379 << "redis";
        QTest::newRow("unit") << "node"
                              << "shop@eu" << 9999 << "shop-eu";
        QTest::newRow("program") << "my server"
                                 << "" << 9999 << "my-server";
    }
    void aProcessIsCalledByTheFirstThatKnows() {
        QFETCH(QString, program);
        QFETCH(QString, unit);
        QFETCH(int, port);
        QFETCH(QString, name);
        ServiceNames names(configOf(kConfig));
        names.nameInstance("web", at("127.0.0.1", 9300));
        const ServiceName found =
            names.of(traits(program.toStdString(), unit.toStdString()), {at("0.0.0.0", port)});
        QCOMPARE(QString::fromStdString(found.name), name);
        QVERIFY(!found.isGuess);
    }
    void whoOnlyCallsIsAGuess() {
        const ServiceNames names;
        QVERIFY(names.of(traits("curl"), {}).isGuess);
        QVERIFY(!names.of(traits("curl", "mirror"), {}).isGuess);
        QCOMPARE(names.of(traits(""), {}).name, std::string("unknown"));
    }
    void aBrokerIsKnownByItsArguments() {
        const ServiceNames names;
        ProcessTraits beam = traits("beam.smp");
        QCOMPARE(names.of(beam, {}).name, std::string("beam.smp"));
        beam.arguments = "beam.smp -W w -boot rabbit ";
        QCOMPARE(names.of(beam, {}).name, std::string("rabbitmq"));
        QVERIFY(names.of(beam, {}).kind == NodeKind::Queue);
        // A name from the configuration does not say what it is; the program does.
        const ServiceNames configured(configOf(kConfig));
        const ServiceName found = configured.of(beam, {at("::", 9200)});
        QCOMPARE(found.name, std::string("fulfilment"));
        QVERIFY(found.kind == NodeKind::Queue);
    }
    void instancesAreBounded() {
        ServiceNames names;
        for (int i = 0; i < static_cast<int>(ServiceNames::kMostInstances); ++i)
            names.nameInstance("s", at("10.0.0.1", 1000 + i));
        QVERIFY(names.at(at("10.0.0.1", 1000)) != nullptr);
        names.nameInstance("s", at("10.0.0.1", 1000));
        QVERIFY(names.at(at("10.0.0.1", 1001)) != nullptr);
        names.nameInstance("t", at("10.0.0.2", 1));
        QVERIFY(names.at(at("10.0.0.1", 1000)) == nullptr);
        QCOMPARE(names.at(at("10.0.0.2", 1))->name, std::string("t"));
    }
};

LEVEE_TEST(ServiceNamesTest)
#include "service_names_test.moc"
