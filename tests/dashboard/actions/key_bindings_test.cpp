// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/actions/key_bindings.h"

#include <QSet>
#include <QTest>

#include "dashboard/actions/action_names.h"
#include "dashboard/actions/verbs.h"
#include "tests/support/test_registry.h"

using namespace levee;

class KeyBindingsTest : public QObject {
    Q_OBJECT
private slots:
    void everyActionHasANameAndAText() {
        const ActionRegistry actions;
        QSet<QString> names;
        for (const ActionName& each : actionNames()) {
            names << QLatin1String(each.name);
            QVERIFY(!actions[each.id].text().isEmpty());
            QCOMPARE(actionFromName(QLatin1String(each.name)), std::optional(each.id));
            QVERIFY(!wordOf(each.group).isEmpty());
        }
        QCOMPARE(names.size(), static_cast<qsizetype>(ActionId::Count));
    }
    void noTwoActionsShareAStandardKey() {
        const ActionRegistry actions;
        KeyBindings bindings;
        const Diagnostics found = readKeys("", "keys.yaml", actions, bindings);
        QVERIFY2(found.empty(), found.empty() ? "" : found.front().message.c_str());
    }
    void ownKeysReplaceTheStandardOnes() {
        ActionRegistry actions;
        KeyBindings bindings;
        const Diagnostics found = readKeys("note: Ctrl+M\npause: [K, Space]\nfit: \"\"\n",
                                           "keys.yaml", actions, bindings);
        QVERIFY2(found.empty(), found.empty() ? "" : found.front().message.c_str());
        bindKeys(bindings, actions);
        QCOMPARE(actions[ActionId::AddNote].shortcut(), QKeySequence("Ctrl+M"));
        QVERIFY(actions[ActionId::AddNote].toolTip().contains("Ctrl+M"));
        QCOMPARE(actions[ActionId::Pause].shortcuts().size(), 2);
        QVERIFY(actions[ActionId::Fit].shortcuts().isEmpty());
        QCOMPARE(actions[ActionId::PageRules].shortcut(), QKeySequence(Qt::Key_F3));
    }
    void allThatIsWrongIsSaidAtOnceWithItsPlace() {
        const ActionRegistry actions;
        KeyBindings bindings;
        const Diagnostics found =
            readKeys("fly: F9\nnote: Hyper+Q\nquit: Q\npause: L\n", "keys.yaml", actions, bindings);
        QCOMPARE(found.size(), std::size_t{4});
        QCOMPARE(found[0].code, std::string("unknown-action"));
        QCOMPARE(found[0].place.line, 1);
        QCOMPARE(found[1].code, std::string("unknown-key"));
        QCOMPARE(found[1].place.line, 2);
        QCOMPARE(found[2].code, std::string("single-letter"));
        QCOMPARE(found[3].code, std::string("shared-key"));
        QCOMPARE(found[3].place.line, 4);
        QVERIFY(found[3].message.find("live") != std::string::npos);
    }
    void whatIsNoYamlOrTooLongIsRefused() {
        const ActionRegistry actions;
        KeyBindings bindings;
        QVERIFY(!readKeys("a: [", "keys.yaml", actions, bindings).empty());
        QCOMPARE(readKeys("- a\n", "keys.yaml", actions, bindings)[0].code,
                 std::string("not-a-map"));
        const std::string most = "#" + std::string(kMostKeyBytes - 1, 'x');
        QVERIFY(readKeys(most, "keys.yaml", actions, bindings).empty());
        QCOMPARE(readKeys(most + "x", "keys.yaml", actions, bindings)[0].code,
                 std::string("too-long"));
    }
    void whatIsPrintedIsRead() {
        ActionRegistry actions;
        KeyBindings bindings;
        const Diagnostics found =
            readKeys(writeKeys(actions).toStdString(), "keys.yaml", actions, bindings);
        QVERIFY2(found.empty(), found.empty() ? "" : found.front().message.c_str());
        QCOMPARE(bindings.size(), static_cast<std::size_t>(ActionId::Count));
        for (const auto& [id, keys] : bindings)
            QCOMPARE(keys, actions[id].shortcuts());
    }
    void aVerbIsRunByItsNameOrItsBeginning() {
        QStringList ran;
        Verbs verbs;
        for (const char* name : {"page", "pause", "rollback", "roll"})
            verbs.add({name, "", "", [&ran, name](const QString& argument) {
                           ran << QString("%1|%2").arg(name, argument);
                           return QString();
                       }});
        QCOMPARE(verbs.run("pag  fleet  now"), QString());
        QCOMPARE(verbs.run("roll"), QString());
        QCOMPARE(ran, (QStringList{"page|fleet  now", "roll|"}));
        QVERIFY(verbs.run("pa").contains("page, pause"));
        QVERIFY(verbs.run("zzz").contains("zzz"));
        QVERIFY(!verbs.run("").isEmpty());
        QCOMPARE(verbs.matching("ro").size(), std::size_t{2});
    }
};

LEVEE_TEST(KeyBindingsTest)
#include "key_bindings_test.moc"
