// SPDX-License-Identifier: Apache-2.0
#include "tests/support/loadgen/options.h"

#include <QTest>

#include "tests/support/test_registry.h"

using namespace levee;
using namespace levee::loadgen;
using namespace std::chrono_literals;

namespace {

Result<std::optional<Options>> parse(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"--url", "http://127.0.0.1:8080/buy?x=1"});
    return parseOptions(arguments);
}

}  // namespace

class OptionsTest : public QObject {
    Q_OBJECT
private slots:
    void aUrlIsTakenApart() {
        const Url url = parseUrl("http://shop.local:8080/buy?x=1").value();
        QCOMPARE(url.host, std::string("shop.local"));
        QCOMPARE(url.port, std::string("8080"));
        QCOMPARE(url.path, std::string("/buy?x=1"));
        QCOMPARE(url.authority, std::string("shop.local:8080"));
        QCOMPARE(parseUrl("http://[::1]:99").value().host, std::string("::1"));
        QCOMPARE(parseUrl("http://a?q").value().path, std::string("/?q"));
        QCOMPARE(parseUrl("http://a").value().port, std::string("80"));
    }
    void aBadUrlIsRefused_data() {
        QTest::addColumn<QString>("text");
        for (const char* text : {"https://a/", "a:80", "http://", "http://:80/", "http://a:0/",
                                 "http://a:65536/", "http://a:b/", "http://a/ b"})
            QTest::newRow(text) << text;
    }
    void aBadUrlIsRefused() {
        QFETCH(QString, text);
        const auto result = parseUrl(text.toStdString());
        QVERIFY(!result);
        QVERIFY(result.error().message.find("http://HOST") != std::string::npos);
    }
    void aRateIsOneStepWithoutEnd() {
        const Options o = *parse({"--rate", "250.5", "--duration", "0"}).value();
        QCOMPARE(o.steps.size(), std::size_t{1});
        QCOMPARE(o.steps[0].rate, 250.5);
        QCOMPARE(o.duration, Duration::zero());
    }
    void stepsMakeUpTheDuration() {
        const Options o = *parse({"--step", "10s:100", "--step", "1m:5"}).value();
        QCOMPARE(o.duration, Duration(70s));
        QCOMPARE(o.steps[1].rate, 5.0);
        QCOMPARE(parse({"--step", "10s:100", "--duration", "3s"}).value()->duration, Duration(3s));
    }
    void theRequestCarriesHeadersAndBody() {
        const Options o = *parse({"--rate", "1", "--method", "POST", "--header", "X-Priority: vip",
                                  "--body", "{}"})
                               .value();
        QCOMPARE(o.requestText(), std::string("POST /buy?x=1 HTTP/1.1\r\nHost: 127.0.0.1:8080\r\n"
                                              "User-Agent: levee-loadgen\r\nX-Priority: vip\r\n"
                                              "Content-Length: 2\r\n\r\n{}"));
    }
    void badArgumentsAreRefusedByName_data() {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QString>("part");
        const auto row = [](const char* name, const QStringList& arguments, const char* part) {
            QTest::newRow(name) << arguments << part;
        };
        row("no rate", {}, "--rate or --step");
        row("both", {"--rate", "1", "--step", "1s:1"}, "not both");
        row("negative rate", {"--rate", "-1"}, "--rate '-1'");
        row("rate past its bound", {"--rate", "1000001"}, "--rate '1000001'");
        row("rate that is no number", {"--rate", "nan"}, "--rate 'nan'");
        row("step without rate", {"--step", "10s"}, "LENGTH:RATE");
        row("bare duration", {"--rate", "1", "--duration", "5"}, "--duration");
        row("warm-up without rest", {"--rate", "1", "--duration", "5s", "--warmup", "5s"},
            "--warmup");
        row("arrivals", {"--rate", "1", "--arrivals", "odd"}, "poisson or even");
        row("no connections", {"--rate", "1", "--max-connections", "0"}, "--max-connections");
        row("header", {"--rate", "1", "--header", "X: a\r\nY: b"}, "--header");
        row("timeout", {"--rate", "1", "--timeout", "0s"}, "--timeout");
        row("unknown", {"--speed", "1"}, "--speed");
        row("value missing", {"--rate"}, "--rate needs a value");
    }
    void badArgumentsAreRefusedByName() {
        QFETCH(QStringList, arguments);
        QFETCH(QString, part);
        std::vector<std::string> list;
        for (const QString& argument : arguments)
            list.push_back(argument.toStdString());
        const auto result = parse(list);
        QVERIFY(!result);
        QVERIFY2(result.error().message.find(part.toStdString()) != std::string::npos,
                 result.error().message.c_str());
    }
    void helpIsNotAnError() { QVERIFY(!parseOptions({"--help"}).value()); }
};

LEVEE_TEST(OptionsTest)
#include "options_test.moc"
