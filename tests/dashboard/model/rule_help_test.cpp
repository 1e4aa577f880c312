// SPDX-License-Identifier: GPL-3.0-or-later
// Completion, explanations and drafts: what the editor knows of the rule language.
#include <QFile>
#include <QRegularExpression>
#include <QTest>
#include <algorithm>

#include "dashboard/model/rule_completion.h"
#include "dashboard/model/rule_templates.h"
#include "rules/lang/rule_parser.h"
#include "tests/support/demo_snapshot.h"
#include "tests/support/manual_time_source.h"
#include "tests/support/source_paths.h"
#include "tests/support/test_registry.h"

using namespace levee;

class RuleHelpTest : public QObject {
    Q_OBJECT
private slots:
    void keysFollowFromWhereTheyStand() {
        QVERIFY(words("").contains("apiVersion: "));
        QVERIFY(words("").contains("spec:"));
        QVERIFY(words("metadata:\n  ").contains("name: "));
        const QStringList ofSpec = words("spec:\n  ");
        QVERIFY(ofSpec.contains("match:") && ofSpec.contains("breaker:") &&
                ofSpec.contains("mode: "));
        QVERIFY(!ofSpec.contains("failureShare: "));
        QCOMPARE(words("spec:\n  breaker:\n    fai"), QStringList{"failureShare: "});
        QVERIFY(words("---\n").contains("kind: "));
    }
    void valuesFollowFromTheField() {
        QCOMPARE(words("apiVersion: "), QStringList{"levee/v1"});
        QCOMPARE(words("spec:\n  mode: "), (QStringList{"off", "shadow", "enforce"}));
        QCOMPARE(words("spec:\n  breaker:\n    enabled: t"), QStringList{"true"});
        QCOMPARE(words("spec:\n  match:\n    service: pay"), QStringList{"payment"});
        QVERIFY(words("spec:\n  limiter:\n    queue: ").contains("auto"));
        QVERIFY(words("# spec").isEmpty());
    }
    void automationsAreCompletedFromTheirOwnTable() {
        const QString head = "apiVersion: levee/v1\nkind: Automation\nmetadata: {name: a}\nspec:\n";
        const QStringList ofSpec = words(head + "  ");
        QVERIFY(ofSpec.contains("when: ") && ofSpec.contains("for: ") && ofSpec.contains("do:"));
        QVERIFY(!ofSpec.contains("breaker:") && !ofSpec.contains("match:"));
        QCOMPARE(words(head + "  mode: "), (QStringList{"off", "shadow", "enforce"}));
        const QStringList actions = words(head + "  do:\n    - ");
        QVERIFY(actions.contains("limit: ") && actions.contains("notify: "));
        QCOMPARE(words(head + "  do:\n    - limit: {service: pay"), QStringList{"payment"});
        QVERIFY(words(head + "  do:\n    - limit: {service: payment, ").contains("factor: "));
        QVERIFY(words(head + "  do:\n    - limit:\n        ").contains("factor: "));
        QVERIFY(!explainRule(head + "  when: up == 0\n", 5).isEmpty());
        QVERIFY(!explainRule(head + "  do:\n    - shed: {service: payment}\n", 6).isEmpty());
        // The next document is of another kind.
        QVERIFY(words(head + "---\nkind: Guard\nspec:\n  ").contains("breaker:"));
        QVERIFY(words("kind: Guard\nspec:\n  match: {client: pay").contains("payment"));
    }
    void testsAndPacksAreCompletedToo() {
        QVERIFY(words("kind: ").contains("AutomationTest") && words("kind: ").contains("Pack"));
        const QString test = "kind: AutomationTest\nspec:\n";
        QVERIFY(words(test + "  ").contains("series:"));
        QVERIFY(!words(test + "  ").contains("breaker:"));
        QCOMPARE(words(test + "  expect:\n    - {at: 1m, fi"), QStringList{"firing: "});
        const QString pack = "kind: Pack\nspec:\n";
        QCOMPARE(words(pack + "  signals:\n    - name: a\n      unit: sec"),
                 QStringList{"seconds"});
        QVERIFY(words("kind: Pack\nmetadata:\n  ").contains("title: "));
    }
    /// The completion knows every key that the packs and their tests really use.
    void everyKeyOfThePacksIsExplained() {
        for (const char* name : {"pack.yaml", "tests.yaml"}) {
            QFile file(QStringLiteral(LEVEE_SOURCE_DIR "/rules/packs/redis/%1").arg(name));
            QVERIFY2(file.open(QIODevice::ReadOnly), qPrintable(file.fileName()));
            const QString text = QString::fromUtf8(file.readAll());
            const QStringList lines = text.split('\n');
            static const QRegularExpression kKey("^ *(- )?[{]?[a-zA-Z]+:( |$)");
            bool isInText = false;  // the lines of `scrape: |`
            int seen = 0;
            for (int i = 0; i < lines.size(); ++i) {
                if (lines[i].contains("scrape: |"))
                    isInText = true;
                else if (lines[i].startsWith("  signals:"))
                    isInText = false;
                if (!kKey.match(lines[i]).hasMatch() || lines[i].contains('{') ||
                    (isInText && !lines[i].contains("scrape: |")))
                    continue;
                ++seen;
                const bool isSection = lines[i].trimmed() == "spec:";
                QVERIFY2(isSection || !explainRule(text, i + 1).isEmpty(), qPrintable(lines[i]));
            }
            QVERIFY(seen > 10);
        }
    }
    void aKeyIsExplainedWithRangeAndDefault() {
        const QString text = "spec:\n  breaker:\n    failureShare: 20%\n  nonsense: 1\n";
        const QString doc = explainRule(text, 3);
        QVERIFY(doc.contains("100%"));
        QVERIFY(doc.contains("default"));
        QVERIFY(!explainRule(text, 2).isEmpty());
        QVERIFY(explainRule(text, 4).isEmpty());
        QVERIFY(explainRule(text, 99).isEmpty());
    }
    void brokenTextsBreakNothing() {
        for (const QString& text :
             {QString(":"), QString("  \n :\n"), QString(5'000, ' '), QString("a\tb: {")})
            for (int line = 0; line < 4; ++line)
                for (int column = 0; column < 8; ++column) {
                    (void)completeRule(text, line, column, {});
                    (void)explainRule(text, line);
                }
    }
    void everyDraftIsAValidRule() {
        TopologyStore store(time_);
        for (const bool isMeasured : {false, true}) {
            if (isMeasured)
                show(store);
            for (const Selection& about :
                 {Selection::ofNode("payment"), Selection::ofEdge("checkout", "payment"),
                  Selection::ofNode("true"), Selection::ofEdge("7", "no")}) {
                const auto templates = ruleTemplates(store, about);
                QVERIFY(templates.size() >= 2);
                for (const RuleTemplate& each : templates) {
                    const auto parsed = parseRules(each.text.toStdString(), "draft.yaml");
                    QString problems;
                    for (const Diagnostic& found : parsed.diagnostics)
                        if (found.severity == Severity::Error)
                            problems += QString::fromStdString(found.message) + '\n';
                    QVERIFY2(problems.isEmpty(), qPrintable(problems + each.text));
                    QCOMPARE(parsed.rules.rules.size(), std::size_t{1});
                    QCOMPARE(parsed.rules.rules[0].subject(), about.subject());
                }
            }
        }
        QVERIFY(ruleTemplates(store, {}).empty());
        QVERIFY(ruleTemplates(store, Selection::ofNode("redis:6379")).empty());
        QVERIFY(ruleTemplates(store, Selection::ofEdge("a\n: b", "payment")).empty());
    }
    void aDraftTakesTheMeasuredLimit() {
        TopologyStore store(time_);
        show(store);
        const QString text = ruleTemplates(store, Selection::ofNode("payment")).front().text;
        QVERIFY2(text.contains("limit: 12"), qPrintable(text));
        QVERIFY(text.contains("76 requests/s"));
    }
    void aDocumentIsAppended() {
        QCOMPARE(withDocument(" \n", "b\n"), QString("b\n"));
        QCOMPARE(withDocument("a", "b\n"), QString("a\n---\nb\n"));
    }

private:
    static QStringList words(const QString& text) {
        const QStringList lines = text.split('\n');
        QStringList words;
        for (const RuleWord& each :
             completeRule(text, static_cast<int>(lines.size()),
                          static_cast<int>(lines.last().size()) + 1, {"payment", "ledger"}))
            words << each.word;
        return words;
    }
    static void show(TopologyStore& store) {
        const AgentSnapshot snapshot = test::demoSnapshot(700);
        FleetSource source;
        source.snapshot = &snapshot;
        source.agent.hasSnapshot = true;
        source.agent.info = snapshot.agent;
        store.setFleet(std::make_shared<FleetView>(mergeFleet({source})));
    }
    test::ManualTimeSource time_;
};

LEVEE_TEST(RuleHelpTest)
#include "rule_help_test.moc"
