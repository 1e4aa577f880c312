// SPDX-License-Identifier: Apache-2.0
#include "rules/lang/format.h"

#include <QTest>

#include "rules/lang/diff.h"
#include "rules/lang/rule_parser.h"
#include "tests/rules/lang/corpus.h"
#include "tests/rules/lang/random_rules.h"
#include "tests/support/test_registry.h"

using namespace levee;
using namespace std::chrono_literals;

class FormatTest : public QObject {
    Q_OBJECT
private slots:
    void onlyWhatDiffersFromTheDefaultsIsPrinted() {
        Rule rule;
        rule.name = "checkout-payment";
        rule.client = "checkout";
        rule.service = "payment";
        rule.labels["team"] = "pay";
        rule.settings.mode = GuardMode::Shadow;
        rule.settings.breaker.failureShare = 0.3;
        rule.settings.breaker.maxOpenFor = 90s;
        rule.settings.fallback.body = "busy: \"later\"\n";
        QCOMPARE(QString::fromStdString(formatRules({{rule}})),
                 QString("# yaml-language-server: $schema=/usr/share/levee/schema/rules.v1.json\n"
                         "apiVersion: levee/v1\n"
                         "kind: Guard\n"
                         "metadata:\n"
                         "  name: checkout-payment\n"
                         "  labels:\n"
                         "    team: pay\n"
                         "spec:\n"
                         "  match:\n"
                         "    client: checkout\n"
                         "    service: payment\n"
                         "  mode: shadow\n"
                         "  breaker:\n"
                         "    failureShare: 30%\n"
                         "    maxOpenFor: 1m30s\n"
                         "  fallback:\n"
                         "    body: \"busy: \\\"later\\\"\\n\"\n"));
    }
    void textsThatYamlWouldMisreadAreQuoted() {
        for (const char* text :
             {"", "true", "No", "null", "12", "-", "~", "a b", "a: b", "#c", "y"})
            QVERIFY2(yamlScalar(text).starts_with('"'), text);
        for (const char* text : {"payment", "application/json", "v1.2_a-b"})
            QCOMPARE(yamlScalar(text), std::string(text));
    }
    void goodFilesMeanTheSameAfterPrinting() {
        for (const QString& name : test::filesIn("rules", "*.good.yaml")) {
            const RuleSet rules =
                parseRules(test::readData("rules/" + name.toStdString()), "f").rules;
            const ParsedRules again = parseRules(formatRules(rules), "f");
            QVERIFY2(again.diagnostics.empty(), format(again.diagnostics).c_str());
            QVERIFY(meansTheSame(rules, again.rules));
        }
    }
    void anyRuleSetMeansTheSameAfterPrinting() {
        Random random(7);
        for (int round = 0; round < 2000; ++round) {
            const RuleSet rules = test::randomRules(random);
            const std::string text = formatRules(rules);
            const ParsedRules again = parseRules(text, "f");
            QVERIFY2(!hasErrors(again.diagnostics), (format(again.diagnostics) + text).c_str());
            QVERIFY2(meansTheSame(rules, again.rules),
                     (format(diffRules(rules, again.rules)) + text).c_str());
            QCOMPARE(formatRules(again.rules), text);
        }
    }
};

LEVEE_TEST(FormatTest)
#include "format_test.moc"
