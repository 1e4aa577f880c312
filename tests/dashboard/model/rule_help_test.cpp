// SPDX-License-Identifier: GPL-3.0-or-later
// Completion, explanations and drafts: what the editor knows of the rule language.
#include <QTest>
#include <algorithm>

#include "dashboard/model/rule_completion.h"
#include "dashboard/model/rule_templates.h"
#include "rules/lang/rule_parser.h"
#include "tests/support/demo_snapshot.h"
#include "tests/support/manual_time_source.h"
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
