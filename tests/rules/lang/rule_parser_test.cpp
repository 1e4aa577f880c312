// SPDX-License-Identifier: Apache-2.0
#include "rules/lang/rule_parser.h"

#include <QTest>

#include "shared/model/names.h"
#include "tests/rules/lang/corpus.h"
#include "tests/support/test_registry.h"

using namespace levee;
using namespace std::chrono_literals;

namespace {

std::string findingsOf(const std::string& text, const std::string& name) {
    std::string lines;
    for (Diagnostic diagnostic : parseRules(text, name).diagnostics) {
        diagnostic.place.file.clear();
        lines += format(diagnostic) + '\n';
    }
    return lines;
}

ParsedRules parseGood(const std::string& name) {
    return parseRules(test::readData("rules/" + name), name);
}

std::string ruleNamed(const std::string& name, const std::string& service) {
    return "apiVersion: levee/v1\nkind: Guard\nmetadata: {name: " + name +
           "}\nspec: {match: {service: " + service + "}}\n";
}

}  // namespace

class RuleParserTest : public QObject {
    Q_OBJECT
private slots:
    void everyDefectGivesExactlyItsMessages_data() {
        QTest::addColumn<QString>("actual");
        QTest::addColumn<QString>("expected");
        const auto actual = test::answers("rules", "*.bad.yaml", findingsOf);
        const auto expected = test::readTable("rules/expected.txt");
        QVERIFY(!actual.empty());
        QCOMPARE(actual.size(), expected.size());
        for (const auto& [name, lines] : actual) {
            const auto it = expected.find(name);
            QTest::newRow(name.c_str())
                << QString::fromStdString(lines)
                << (it == expected.end() ? QString() : QString::fromStdString(it->second));
        }
    }
    void everyDefectGivesExactlyItsMessages() {
        QFETCH(QString, actual);
        QFETCH(QString, expected);
        QVERIFY(!actual.isEmpty());
        QCOMPARE(actual, expected);
    }
    void goodFilesHaveNoFindings_data() {
        QTest::addColumn<QString>("name");
        for (const QString& name : test::filesIn("rules", "*.good.yaml"))
            QTest::newRow(qPrintable(name)) << name;
    }
    void goodFilesHaveNoFindings() {
        QFETCH(QString, name);
        const ParsedRules parsed = parseGood(name.toStdString());
        QCOMPARE(QString::fromStdString(format(parsed.diagnostics)), QString());
    }
    void everyFieldReachesItsSetting() {
        const ParsedRules parsed = parseGood("checkout_payment.good.yaml");
        QCOMPARE(parsed.rules.rules.size(), std::size_t{2});
        const Rule& edge = parsed.rules.rules[0];
        QCOMPARE(edge.subject(), std::string("checkout->payment"));
        QCOMPARE(edge.labels.at("tier"), std::string("1"));
        QCOMPARE(edge.annotations.size(), std::size_t{1});
        GuardSettings expected;
        expected.breaker.slowerThan = 500ms;
        expected.fallback.body = "{\"error\":\"later\"}\n";
        QVERIFY(edge.settings == expected);
        QCOMPARE(edge.place.line, 5);
        QCOMPARE(edge.place.column, 9);
        const Rule& service = parsed.rules.rules[1];
        QCOMPARE(service.subject(), std::string("payment"));
        QCOMPARE(service.settings.limiter.queue, 8);
    }
    void valuesAtTheirLimitsAreTaken() {
        const RuleSet rules = parseGood("every_limit.good.yaml").rules;
        QCOMPARE(rules.rules.size(), std::size_t{9});
        const BreakerSettings& lowest = rules.find("lowest")->settings.breaker;
        QCOMPARE(lowest.failureShare, 1e-6);
        QCOMPARE(lowest.slowerThan, Duration(1));
        QCOMPARE(lowest.maxOpenFor, Duration(100ms));
        QCOMPARE(lowest.maxOpenShare, 1e-6);
        const EjectionSettings& few = rules.find("lowest")->settings.ejection;
        QCOMPARE(few.deviations, 1);
        QCOMPARE(few.latencyFactor, 2);
        QCOMPARE(few.minimumCalls, 10U);
        QCOMPARE(rules.find("highest")->settings.ejection.maxEjectedShare, 0.5);
        QCOMPARE(rules.find("fewest-calls")->settings.breaker.windowCalls, 10U);
        QCOMPARE(rules.find("fewest-calls")->settings.ejection.deviations, -1);
        QCOMPARE(rules.find("most-calls")->settings.breaker.windowCalls, 100'000U);
        const GuardSettings& highest = rules.find("highest")->settings;
        QVERIFY(highest.mode == GuardMode::Off);
        QVERIFY(!highest.breaker.enabled);
        QCOMPARE(highest.breaker.maxOpenFor, Duration(1h));
        QCOMPARE(highest.fallback.retryAfter, Duration(1h));
        QCOMPARE(rules.find("fixed")->settings.limiter.limit, 100'000U);
        QCOMPARE(rules.find("learned")->settings.limiter.queue, -1);
        QVERIFY(rules.find("unlimited")->settings.limiter.kind == LimiterKind::Off);
    }
    void everyPublishedLimiterCanBeAskedFor() {
        const RuleSet rules = parseGood("published_limiters.good.yaml").rules;
        QCOMPARE(rules.rules.size(), std::size_t{7});
        for (const Rule& rule : rules.rules)
            QVERIFY(rule.settings.limiter.kind == limiterKindNamed(rule.name));
        QCOMPARE(rules.find("codel")->settings.limiter.limit, 100'000U);
        QCOMPARE(rules.find("aimd")->settings.limiter.minLimit, 10U);
    }
    void aTextWithoutDocumentsIsAnEmptySet() {
        QVERIFY(parseRules("", "f").rules.rules.empty());
        QVERIFY(parseRules("", "f").diagnostics.empty());
        QVERIFY(parseGood("only_comments.good.yaml").rules.rules.empty());
    }
    void documentsBesideABrokenOneAreKept() {
        const ParsedRules parsed = parseRules(
            ruleNamed("a", "x") + "---\nkind: Nothing\n---\n" + ruleNamed("b", "y"), "f");
        QVERIFY(hasErrors(parsed.diagnostics));
        QCOMPARE(parsed.rules.rules.size(), std::size_t{2});
        QVERIFY(parsed.rules.find("b") != nullptr);
    }
    void filesAreJoinedAndDuplicatesAcrossThemRefused() {
        std::vector<ParsedRules> files;
        files.push_back(parseRules(ruleNamed("a", "x"), "one.yaml"));
        files.push_back(
            parseRules(ruleNamed("b", "y") + "---\n" + ruleNamed("c", "x"), "two.yaml"));
        const ParsedRules joined = joinRules(std::move(files));
        QCOMPARE(QString::fromStdString(format(joined.diagnostics)),
                 QString("two.yaml:8:18: error: rule 'c' has the same match (x) as the rule at "
                         "one.yaml:3:18\n"));
        QCOMPARE(joined.rules.rules.size(), std::size_t{2});
    }
    void asManyAutomationsAsMayBeAndNoMore() {
        const auto named = [](std::size_t n) {
            return "---\n{apiVersion: levee/v1, kind: Automation, metadata: {name: a" +
                   std::to_string(n) +
                   "}, spec: {when: up == 0, do: [{limit: {service: s, fixed: 1}}]}}\n";
        };
        std::string text;
        for (std::size_t n = 0; n < kMostAutomations; ++n)
            text += named(n);
        const ParsedRules most = parseRules(text, "f");
        QVERIFY(most.diagnostics.empty());
        QCOMPARE(most.rules.automations.size(), kMostAutomations);
        const ParsedRules tooMany = parseRules(text + named(kMostAutomations), "f");
        QCOMPARE(format(tooMany.diagnostics),
                 std::string("f:1002:59: error: automation 'a500' is one too many; at most 500 are "
                             "run\n"));
        std::vector<ParsedRules> files;
        files.push_back(most);
        files.push_back(parseRules(named(kMostAutomations), "g"));
        QVERIFY(hasErrors(joinRules(std::move(files)).diagnostics));
    }
    void anUrlIsShownWithoutItsSecrets() {
        AutomationAction action;
        for (const auto& [url, shown] : std::vector<std::pair<std::string, std::string>>{
                 {"http://h/hook", "http://h/hook"},
                 {"https://user:secret@h:1/a@b?token=x", "https://h:1/a@b"},
                 {"http://h?token=x@y", "http://h"},
                 {"http://h/#x", "http://h/"}}) {
            action.webhook = url;
            QCOMPARE(describe(action), "notify " + shown);
        }
    }
    void messagesAreBoundedAndSayHowManyAreLeftOut() {
        std::string text;
        for (int i = 0; i < 300; ++i)
            text += "nonsense" + std::to_string(i) + ": 1\n";
        const ParsedRules parsed = parseRules(text, "f");
        // 300 unknown keys, and four fields that every rule needs.
        QCOMPARE(parsed.diagnostics.size(), std::size_t{201});
        QCOMPARE(parsed.diagnostics.back().message, std::string("104 more findings are not shown"));
        QVERIFY(parsed.diagnostics.back().severity == Severity::Error);
    }
};

LEVEE_TEST(RuleParserTest)
#include "rule_parser_test.moc"
