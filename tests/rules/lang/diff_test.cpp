// SPDX-License-Identifier: Apache-2.0
#include "rules/lang/diff.h"

#include <QTest>

#include "rules/lang/rule_parser.h"
#include "tests/rules/lang/random_rules.h"
#include "tests/support/test_registry.h"

using namespace levee;

namespace {

RuleSet parse(const std::string& text) {
    const ParsedRules parsed = parseRules(text, "f");
    if (hasErrors(parsed.diagnostics))
        qFatal("%s", format(parsed.diagnostics).c_str());
    return parsed.rules;
}

std::string edge(const std::string& name, const std::string& spec,
                 const std::string& metadata = {}) {
    return "---\n{apiVersion: levee/v1, kind: Guard, metadata: {name: " + name + metadata +
           "}, spec: {match: {client: a, service: " + name + "}" + spec + "}}\n";
}

QString diff(const std::string& before, const std::string& after) {
    return QString::fromStdString(format(diffRules(parse(before), parse(after))));
}

}  // namespace

class DiffTest : public QObject {
    Q_OBJECT
private slots:
    void aChangedFieldIsNamedWithBothValues() {
        QCOMPARE(diff(edge("x", ", breaker: {failureShare: 50%}"),
                      edge("x",
                           ", mode: shadow, breaker: {failureShare: 0.3, openFor: 90s, "
                           "maxOpenFor: 2m}")),
                 QString("x: spec.mode enforce -> shadow\n"
                         "x: spec.breaker.failureShare 50% -> 30%\n"
                         "x: spec.breaker.openFor 2s -> 1m30s\n"
                         "x: spec.breaker.maxOpenFor 1m -> 2m\n"));
    }
    void addedAndRemovedRulesAreNamed() {
        QCOMPARE(diff(edge("x", "") + edge("y", ""), edge("y", "") + edge("z", "")),
                 QString("- rule x\n+ rule z\n"));
    }
    void automationsAreComparedFieldByField() {
        const auto automation = [](const std::string& name, const std::string& spec) {
            return "---\n{apiVersion: levee/v1, kind: Automation, metadata: {name: " + name +
                   "}, spec: {" + spec + "}}\n";
        };
        const std::string before = automation(
            "x",
            "when: up == 0, do: [{limit: {service: a, factor: 50%}}, {shed: {service: b, "
            "class: c}}]");
        QCOMPARE(diff(before, automation("x",
                                         "when: up < 1, atMost: 5m, for: 30000ms, do: [{limit: "
                                         "{service: a, fixed: 3}}]")),
                 QString("x: spec.when \"up == 0\" -> \"up < 1\"\n"
                         "x: spec.atMost 30m -> 5m\n"
                         "x: spec.do[1] limit: {service: a, factor: 50%} -> limit: {service: a, "
                         "fixed: 3}\n"
                         "x: spec.do[2] shed: {service: b, class: c} -> (none)\n"));
        QCOMPARE(diff(before, edge("x", "")), QString("+ rule x\n- automation x\n"));
        QCOMPARE(diff("", before), QString("+ automation x\n"));
    }
    void orderSpellingAndWrittenDefaultsAreNoDifference() {
        QCOMPARE(diff(edge("x", "") + edge("y", ", breaker: {window: 5000ms}"),
                      edge("y", ", breaker: {failureShare: 0.5}") + edge("x", ", mode: enforce")),
                 QString());
    }
    void labelsAndMatchAreCompared() {
        QCOMPARE(diff(edge("x", "", ", labels: {team: pay, tier: 1}"),
                      edge("x", "", ", labels: {team: web, zone: a}")),
                 QString("x: metadata.labels.team pay -> web\n"
                         "x: metadata.labels.tier \"1\" -> (none)\n"
                         "x: metadata.labels.zone (none) -> a\n"));
        const std::string service =
            "{apiVersion: levee/v1, kind: Guard, metadata: {name: x}, spec: {match: {service: s}}}";
        QCOMPARE(diff(edge("x", ""), service),
                 QString("x: spec.match.client a -> (none)\nx: spec.match.service x -> s\n"));
    }
    void textsAreShownOnOneLineAndShortened() {
        const QString line = diff(edge("x", ", fallback: {body: \"a\\nb\"}"),
                                  edge("x", ", fallback: {body: " + std::string(500, 'z') + "}"));
        QVERIFY(line.startsWith("x: spec.fallback.body \"a\\nb\" -> zzz"));
        QVERIFY(line.endsWith("z...\n"));
        QCOMPARE(line.count('\n'), 1);
    }
    void nothingDiffersFromItself() {
        Random random(11);
        for (int round = 0; round < 200; ++round) {
            const RuleSet rules = test::randomRules(random);
            QVERIFY(diffRules(rules, rules).empty());
        }
    }
    void whatDiffersInMeaningDiffersInTheDiff() {
        Random random(12);
        for (int round = 0; round < 500; ++round) {
            Rule before;
            before.name = before.service = "x";
            Rule after = before;
            before.settings = test::randomSettings(random);
            after.settings = test::randomSettings(random);
            QCOMPARE(diffRules({{before}}, {{after}}).empty(), meansTheSame(before, after));
        }
    }
};

LEVEE_TEST(DiffTest)
#include "diff_test.moc"
