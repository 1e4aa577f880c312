// SPDX-License-Identifier: Apache-2.0
#include "shared/contexts/contexts.h"

#include <QTest>

#include "tests/support/test_registry.h"

using namespace levee;

class ContextsTest : public QObject {
    Q_OBJECT
private slots:
    void theyAreRead() {
        Contexts contexts;
        const Diagnostics found = readContexts(
            "current: shop\ncontexts:\n"
            "  shop: {agents: [\"shop-1:7400\", \"unix:/run/levee/agent.sock\"], production: "
            "true}\n"
            "  lab: {agents: [\"127.0.0.1:7400\"], readOnly: true}\n",
            "contexts.yaml", contexts);
        QVERIFY2(found.empty(), found.empty() ? "" : found[0].message.c_str());
        QCOMPARE(contexts.current, std::string("shop"));
        QCOMPARE(contexts.all.size(), std::size_t{2});
        QCOMPARE(
            *contexts.find("shop"),
            (FleetContext{
                "shop", {"shop-1:7400", "unix:/run/levee/agent.sock"}, true, false, false, {}}));
        QVERIFY(contexts.find("lab")->isReadOnly);
        QVERIFY(!contexts.find("nowhere"));
    }
    void howTheAgentsAreReachedIsRead() {
        Contexts contexts;
        const Diagnostics found = readContexts(
            "contexts:\n  a:\n    agents: [\"h:1\"]\n"
            "    tls: {ca_file: ca.pem, cert_file: /x/me.pem, key_file: me.key, server_name: s}\n"
            "    token_file: t\n  b: {agents: [\"127.0.0.1:1\"], token: keychain}\n",
            "/home/ana/.config/levee/contexts.yaml", contexts);
        QVERIFY2(found.empty(), format(found).c_str());
        const std::string beside = "/home/ana/.config/levee/";
        QCOMPARE(contexts.find("a")->access,
                 (wire::AgentAccess{beside + "ca.pem", "/x/me.pem", beside + "me.key", "s",
                                    beside + "t", ""}));
        QVERIFY(!contexts.find("a")->isTokenInKeychain && contexts.find("b")->isTokenInKeychain);
        QCOMPARE(contexts.naming("127.0.0.1:1"), contexts.find("b"));
        QCOMPARE(contexts.naming("h:2"), nullptr);
    }
    void whatWouldNotBeSafeIsRefused_data() {
        QTest::addColumn<QString>("context");
        QTest::addColumn<QString>("says");
        QTest::newRow("readable token") << "{agents: [\"h:1\"], token_file: t}"
                                        << "readable on its way to h:1";
        QTest::newRow("readable token of the keychain") << "{agents: [\"h:1\"], token: keychain}"
                                                        << "readable on its way to h:1";
        QTest::newRow("no key") << "{agents: [\"h:1\"], tls: {cert_file: c}}"
                                << "without its key";
        QTest::newRow("no check")
            << "{agents: [\"h:1\"], tls: {ca_file: c, insecure_skip_verify: true}}"
            << "insecure_skip_verify";
        QTest::newRow("two tokens") << "{agents: [\"unix:/a\"], token_file: t, token: keychain}"
                                    << "keep one";
        QTest::newRow("token in the file") << "{agents: [\"unix:/a\"], token: abc}"
                                           << "keychain";
    }
    void whatWouldNotBeSafeIsRefused() {
        QFETCH(QString, context);
        QFETCH(QString, says);
        Contexts contexts;
        const std::string text =
            format(readContexts("contexts:\n  a: " + context.toStdString(), "c.yaml", contexts));
        QVERIFY2(QString::fromStdString(text).contains(says), text.c_str());
        QVERIFY(text.starts_with("c.yaml:2:"));
    }
    void anAddressHasAHostAndAPortOrAPath() {
        for (const char* right : {"a:1", "10.0.0.1:7400", "[::1]:7400", "unix:/run/x"})
            QVERIFY2(isAgentAddress(right), right);
        for (const char* wrong : {"", "a", "a:", ":1", "a:b", "a b:1", "a:123456", "http://a:1",
                                  "[::1]", "[g]:1", "::1:7400", "unix:"})
            QVERIFY2(!isAgentAddress(wrong), wrong);
    }
    void nothingIsNoError() {
        Contexts contexts;
        QVERIFY(readContexts("# later\n", "contexts.yaml", contexts).empty());
        QVERIFY(contexts.all.empty());
    }
    void allMistakesAreSaidWithTheirPlaces() {
        Contexts contexts;
        const Diagnostics found = readContexts(
            "current: sho\ncontexts:\n  shop: {agents: [\"http://x\"], produktion: true}\n"
            "  lab: {readOnly: maybe}\n",
            "contexts.yaml", contexts);
        QStringList all;
        for (const Diagnostic& each : found)
            all << QString("%1: %2").arg(each.place.line).arg(QString::fromStdString(each.message));
        const QString text = all.join('\n');
        QVERIFY2(found.size() == 5, qPrintable(text));
        QVERIFY(text.contains("1: current: there is no context \"sho\""));
        QVERIFY(text.contains("\"http://x\" is no address"));
        QVERIFY(text.contains("produktion") && text.contains("production"));
        QVERIFY(text.contains("4: ") && text.contains("agents"));
        QVERIFY(text.contains("maybe"));
    }
    void theBoundOfAgentsHolds() {
        for (const int more : {0, 1}) {
            std::string list;
            for (std::size_t i = 0; i < kMostContextAgents + static_cast<std::size_t>(more); ++i)
                list += "\"h:" + std::to_string(i + 1) + "\",";
            Contexts contexts;
            const auto found =
                readContexts("contexts: {a: {agents: [" + list + "]}}", "c.yaml", contexts);
            QCOMPARE(found.size(), static_cast<std::size_t>(more));
        }
    }
};

LEVEE_TEST(ContextsTest)
#include "contexts_test.moc"
