// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/app/contexts.h"

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
        QCOMPARE(contexts.current, QString("shop"));
        QCOMPARE(contexts.all.size(), std::size_t{2});
        QCOMPARE(
            *contexts.find("shop"),
            (FleetContext{"shop", {"shop-1:7400", "unix:/run/levee/agent.sock"}, true, false}));
        QVERIFY(contexts.find("lab")->isReadOnly);
        QVERIFY(!contexts.find("nowhere"));
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
