// SPDX-License-Identifier: Apache-2.0
// dns_sd against a real dnsmasq on a port of its own.
#include "agent/discover/dns_source.h"

#include <QElapsedTimer>
#include <QProcess>
#include <QStandardPaths>
#include <QTest>

#include "tests/agent/discover/stop_event.h"
#include "tests/support/http_fixture.h"
#include "tests/support/test_registry.h"

using namespace levee;
using namespace levee::discover;

namespace {

class NameServer {
public:
    NameServer() {
        const std::string address = test::HttpFixture::refusedAddress();
        server = {"127.0.0.1",
                  static_cast<std::uint16_t>(std::stoi(address.substr(address.find(':') + 1)))};
        QStringList arguments{
            "--keep-in-foreground", "--no-resolv", "--no-hosts", "--conf-file=/dev/null",
            "--pid-file=", "--user=" + qgetenv("USER"), "--listen-address=127.0.0.1",
            "--bind-interfaces", "--port=" + QString::number(server.port), "--local=/test/",
            "--srv-host=_metrics._tcp.shop.test,cart.shop.test,9101",
            "--srv-host=_metrics._tcp.shop.test,pay.shop.test,9102", "--address=/one.test/10.0.0.1",
            "--host-record=two.test,10.0.0.2,fd00::2", "--mx-host=shop.test,mail.shop.test,10",
            "--mx-host=shop.test,relay.shop.test,20",
            // A name server: type 2, the name in the wire's form.
            "--dns-rr=shop.test,2,036e7331047465737400", "--cname=alias.test,two.test"};
        arguments.removeAll("--user=");
        if (qgetenv("USER").isEmpty())
            arguments << "--user=root";
        // More addresses than fit into a datagram: the answer comes by TCP.
        for (int i = 0; i < 100; ++i)
            arguments << QString("--host-record=many.test,10.1.0.%1").arg(i + 1);
        process_.start(program(), arguments);
        QElapsedTimer waited;
        waited.start();
        while (waited.elapsed() < 20'000 && !answers())
            QTest::qWait(20);
    }
    ~NameServer() {
        process_.kill();
        process_.waitForFinished();
    }
    static QString program() {
        const QString found = QStandardPaths::findExecutable("dnsmasq");
        return found.isEmpty() ? QStandardPaths::findExecutable("dnsmasq", {"/usr/sbin"}) : found;
    }

    DnsServer server;

private:
    bool answers() const {
        const auto records = lookUp("two.test", "A", &server);
        return records && !records->empty();
    }
    QProcess process_;
};

std::vector<std::string> hosts(const Result<std::vector<DnsRecord>>& records) {
    std::vector<std::string> all;
    if (!records)
        return {records.error().message};
    for (const DnsRecord& record : *records)
        all.push_back(record.host + (record.port != 0 ? ' ' + std::to_string(record.port) : ""));
    std::sort(all.begin(), all.end());
    return all;
}

}  // namespace

class DnsSourceTest : public QObject {
    Q_OBJECT

    static NameServer& names() {
        static NameServer server;
        return server;
    }
    static bool isMissing() {
        if (!NameServer::program().isEmpty())
            return false;
        std::puts("SKIP: dnsmasq is not installed");
        return true;
    }

private slots:
    void recordsOfEachTypeAreRead() {
        if (isMissing())
            QSKIP("no dnsmasq");
        const DnsServer* server = &names().server;
        QCOMPARE(hosts(lookUp("_metrics._tcp.shop.test", "SRV", server)),
                 (std::vector<std::string>{"cart.shop.test. 9101", "pay.shop.test. 9102"}));
        QCOMPARE(hosts(lookUp("one.test", "A", server)), (std::vector<std::string>{"10.0.0.1"}));
        QCOMPARE(hosts(lookUp("alias.test", "A", server)), (std::vector<std::string>{"10.0.0.2"}));
        QCOMPARE(hosts(lookUp("two.test", "AAAA", server)), (std::vector<std::string>{"fd00::2"}));
        QCOMPARE(hosts(lookUp("shop.test", "MX", server)),
                 (std::vector<std::string>{"mail.shop.test.", "relay.shop.test."}));
        QCOMPARE(hosts(lookUp("shop.test", "NS", server)), (std::vector<std::string>{"ns1.test."}));
        QCOMPARE(hosts(lookUp("none.test", "A", server)), (std::vector<std::string>{}));
        QCOMPARE(hosts(lookUp("one.test", "SRV", server)), (std::vector<std::string>{}));
    }
    void aLongAnswerComesByTcp() {
        if (isMissing())
            QSKIP("no dnsmasq");
        QCOMPARE(hosts(lookUp("many.test", "A", &names().server)).size(), std::size_t{100});
    }
    void recordsBecomeTargetsWithPrometheusLabels() {
        if (isMissing())
            QSKIP("no dnsmasq");
        const test::StopEvent stop;
        DnsSource services({{"_metrics._tcp.shop.test"}, "SRV", 0, {}}, names().server);
        const std::string text = test::textOf(services.look(stop.fd())->groups);
        QVERIFY2(text.find("cart.shop.test:9101 {__meta_dns_name=_metrics._tcp.shop.test,"
                           "__meta_dns_srv_record_port=9101,"
                           "__meta_dns_srv_record_target=cart.shop.test.}\n") != std::string::npos,
                 text.c_str());
        DnsSource mail({{"shop.test"}, "MX", 9115, {}}, names().server);
        QVERIFY(test::textOf(mail.look(stop.fd())->groups)
                    .find("mail.shop.test:9115 {__meta_dns_mx_record_target=mail.shop.test.,"
                          "__meta_dns_name=shop.test}\n") != std::string::npos);
        DnsSource servers({{"shop.test"}, "NS", 9119, {}}, names().server);
        QCOMPARE(test::textOf(servers.look(stop.fd())->groups),
                 std::string("ns1.test:9119 {__meta_dns_name=shop.test,"
                             "__meta_dns_ns_record_target=ns1.test.}\n"));
        DnsSource addresses({{"two.test"}, "AAAA", 9100, {}}, names().server);
        QCOMPARE(test::textOf(addresses.look(stop.fd())->groups),
                 std::string("[fd00::2]:9100 {__meta_dns_name=two.test}\n"));
    }
    void aServerThatDoesNotAnswerIsAnErrorAndTheFormerTargetsStay() {
        if (isMissing())
            QSKIP("no dnsmasq");
        const test::StopEvent stop;
        std::optional<NameServer> own(std::in_place);
        DnsSource source({{"one.test"}, "A", 9100, {}}, own->server);
        QCOMPARE(source.look(stop.fd())->groups.size(), std::size_t{1});
        own.reset();
        const auto found = source.look(stop.fd());
        QCOMPARE(found->problem, std::string("no name server answered for 'one.test' (A)"));
        QCOMPARE(test::textOf(found->groups),
                 std::string("10.0.0.1:9100 {__meta_dns_name=one.test}\n"));
    }
};

LEVEE_TEST(DnsSourceTest)
#include "dns_source_test.moc"
