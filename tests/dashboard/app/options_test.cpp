// SPDX-License-Identifier: Apache-2.0
#include "dashboard/app/options.h"

#include <QTest>

#include "tests/support/test_registry.h"

using namespace levee;
using namespace std::chrono_literals;

class OptionsTest : public QObject {
    Q_OBJECT
private slots:
    void withoutArgumentsTheLocalAgentIsMeant() {
        auto options = parse({});
        QVERIFY(options.isOk());
        QVERIFY(applyContext("", "contexts.yaml", *options).isOk());
        QCOMPARE(options->connect, QStringList{"127.0.0.1:7400"});
        QVERIFY(!options->theme && !options->page && !options->size);
    }
    void everythingCanBeAskedFor() {
        const auto options =
            parse({"--connect", "a:7400", "--connect", "unix:/run/levee/agent.sock", "--theme",
                   "light", "--screenshot", "out.png", "--after", "10s", "--select", "payment",
                   "--page", "service", "--size", "1600x1000", "--log-events"});
        QVERIFY2(options.isOk(), options.isOk() ? "" : options.error().message.c_str());
        QCOMPARE(options->connect.size(), 2);
        QCOMPARE(options->theme, std::optional(ThemeChoice::Light));
        QCOMPARE(options->after, std::chrono::milliseconds(10s));
        QCOMPARE(options->page, std::optional(Page::Service));
        QCOMPARE(options->size, std::optional(QSize(1600, 1000)));
        QVERIFY(options->logEvents);
    }
    void aContextNamesTheAgents() {
        const std::string yaml =
            "current: shop\ncontexts:\n  shop: {agents: [\"a:1\", \"b:2\"], production: true}\n"
            "  lab: {agents: [\"c:3\"], readOnly: true}\n";
        auto options = parse({});
        QVERIFY(applyContext(yaml, "contexts.yaml", *options).isOk());
        QCOMPARE(options->connect, (QStringList{"a:1", "b:2"}));
        QVERIFY(options->isProduction && !options->readOnly);
        options = parse({"--context", "lab"});
        QVERIFY(applyContext(yaml, "contexts.yaml", *options).isOk());
        QCOMPARE(options->connect, QStringList{"c:3"});
        QVERIFY(options->readOnly);
        options = parse({"--connect", "d:4"});  // not the current context's
        QVERIFY(applyContext(yaml, "contexts.yaml", *options).isOk());
        QCOMPARE(options->connect, QStringList{"d:4"});
        QVERIFY(options->context.isEmpty());
        options = parse({"--context", "moon"});
        const Status unknown = applyContext(yaml, "contexts.yaml", *options);
        QVERIFY(!unknown.isOk() && unknown.error().message.find("moon") != std::string::npos);
        QVERIFY(!applyContext("contexts: 7\n", "contexts.yaml", *options).isOk());
    }
    void aWrongValueIsNamedWithTheRightOnes_data() {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QString>("message");
        QTest::newRow("theme") << QStringList{"--theme", "pink"}
                               << "light, dark, contrast or system";
        QTest::newRow("page") << QStringList{"--page", "nothing"} << "topology, service";
        QTest::newRow("size") << QStringList{"--size", "10x10"} << "320 to 10000";
        QTest::newRow("address") << QStringList{"--connect", "host"} << "host:port";
        QTest::newRow("after") << QStringList{"--after", "ten"} << "--after";
        QTest::newRow("unknown") << QStringList{"--nonsense"} << "nonsense";
        QTest::newRow("stray") << QStringList{"stray"} << "unexpected argument: stray";
    }
    void aWrongValueIsNamedWithTheRightOnes() {
        QFETCH(QStringList, arguments);
        QFETCH(QString, message);
        const auto options = parse(arguments);
        QVERIFY(!options.isOk());
        QVERIFY2(QString::fromStdString(options.error().message).contains(message),
                 options.error().message.c_str());
    }
    void theVersionIsAnAnswer() {
        const auto options = parse({"--version"});
        QVERIFY(options.isOk());
        QVERIFY(options->answer.startsWith("levee-dashboard "));
    }

private:
    static Result<Options> parse(const QStringList& arguments) {
        return parseOptions(QStringList{"levee-dashboard"} + arguments);
    }
};

LEVEE_TEST(OptionsTest)
#include "options_test.moc"
