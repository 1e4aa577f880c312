// SPDX-License-Identifier: Apache-2.0
#include "agent/control/live_lint.h"

#include <QTest>

#include "rules/lang/rule_parser.h"
#include "tests/support/test_registry.h"

using namespace levee;

class LiveLintTest : public QObject {
    Q_OBJECT
    LiveFacts facts_;
    TrafficPeak peak_;

    /// The finding on a rule with this spec; "" for none.
    std::string lint(const std::string& spec) {
        const auto parsed = parseRules(
            "apiVersion: levee/v1\nkind: Guard\nmetadata: {name: r}\nspec: {" + spec + "}\n",
            "r.yaml");
        if (hasErrors(parsed.diagnostics))
            return "unusable: " + format(parsed.diagnostics);
        const Diagnostics found = lintLive(parsed.rules, facts_);
        return found.empty() ? "" : found[0].code + ": " + format(found[0]);
    }
    ConditionReading reading_;

    std::string lintAutomation(const std::string& action, const std::string& more = {}) {
        const auto parsed = parseRules(
            "apiVersion: levee/v1\nkind: Automation\nmetadata: {name: r}\nspec:\n  when: lag > "
            "5\n" +
                more + "  do: [{" + action + "}]\n",
            "r.yaml");
        if (hasErrors(parsed.diagnostics))
            return "unusable: " + format(parsed.diagnostics);
        const Diagnostics found = lintLive(parsed.rules, facts_);
        return found.empty() ? "" : found[0].code + ": " + format(found[0]);
    }
private slots:
    void init() {
        facts_ = {};
        facts_.guards.resize(2);
        facts_.guards[0].subject = "checkout->payment";
        facts_.guards[1].subject = "payment";
        facts_.guards[1].inFlight = 3;
        facts_.nodes.resize(1);
        facts_.nodes[0].name = "payment";
        facts_.nodes[0].instances = 3;
        facts_.peak = [this](const std::string&) { return peak_; };
        peak_ = {};
    }
    void aRuleThatMatchesNothing() {
        const std::string found = lint("match: {client: checkout, service: paymant}");
        QVERIFY2(found.starts_with("live-no-match: r.yaml:3:18: warning: rule r is for "
                                   "checkout->paymant"),
                 found.c_str());
        QVERIFY(found.ends_with("is checkout->payment meant?"));
        QCOMPARE(lint("match: {client: checkout, service: payment}"), std::string());
    }
    void minimumCallsThatAreNeverReached() {
        const std::string spec = "match: {client: checkout, service: payment}";
        QCOMPARE(lint(spec), std::string());  // nothing is known
        peak_.requestRate = 4;                // 20 calls in 5 s
        QCOMPARE(lint(spec), std::string());
        peak_.requestRate = 3.9;
        const std::string found = lint(spec);
        QVERIFY2(found.find("live-unreachable") == 0, found.c_str());
        QVERIFY(found.find("only 10 failures in a row open the breaker; lower it to 19") !=
                std::string::npos);
        QCOMPARE(lint(spec + ", breaker: {windowCalls: 50}"), std::string());
        QVERIFY(lint(spec + ", breaker: {consecutiveFailures: 0}").find("never opens") !=
                std::string::npos);
    }
    void aLimitBelowTodaysPeak() {
        const std::string spec = "match: {service: payment}, limiter: {kind: fixed, limit: ";
        peak_.concurrency = 10;
        QCOMPARE(lint(spec + "10}"), std::string());
        QVERIFY(lint(spec + "9}").find("live-below-peak") == 0);
        facts_.guards[1].inFlight = 11;
        QVERIFY(lint(spec + "10}").find("raise it to 11 or more") != std::string::npos);
        QVERIFY(
            lint("match: {service: payment}, limiter: {max: 5}").find("spec.limiter.max is 5") !=
            std::string::npos);
        QCOMPARE(lint("match: {service: payment}, mode: off, limiter: {max: 5}"), std::string());
    }
    void theShareOfASmallGroup() {
        const std::string spec =
            "match: {client: checkout, service: payment}, ejection: {enabled: true}";
        QVERIFY(lint(spec).find("one of the 3 instances of payment is 33%") != std::string::npos);
        facts_.nodes[0].instances = 4;
        QCOMPARE(lint(spec), std::string());
        facts_.nodes[0].instances = 1;
        QVERIFY(lint(spec).find("a single instance") != std::string::npos);
    }
    void whatIsHeldByHandDecidesFirst() {
        facts_.guards[1].heldBy = Override{};
        facts_.guards[1].heldBy->subject = "payment";
        facts_.guards[1].heldBy->author = "ana";
        facts_.guards[1].heldBy->remainingSeconds = 90;
        QVERIFY(lint("match: {service: payment}").find("by hand for another 1m30s (ana: )") !=
                std::string::npos);
    }
    void anAutomationWithoutData() {
        facts_.condition = [this](const promql::Expression&) { return reading_; };
        reading_.state = ConditionState::False;
        const std::string act = "open: {client: checkout, service: payment}";
        facts_.guards[0].hasBreaker = true;
        QCOMPARE(lintAutomation(act), std::string());
        reading_.state = ConditionState::Absent;
        reading_.detail = "no data of lag";
        const std::string found = lintAutomation(act);
        QVERIFY2(found.starts_with("live-no-data: r.yaml:5:9: warning: spec.when: no data of lag"),
                 found.c_str());
        reading_.state = ConditionState::Failed;
        reading_.detail = "too many";
        QVERIFY(lintAutomation(act).find("cannot be evaluated: too many") != std::string::npos);
        QCOMPARE(lintAutomation(act, "  mode: \"off\"\n"), std::string());
    }
    void anAutomationThatCannotActHere() {
        facts_.guards[0].hasBreaker = true;
        facts_.guards[1].hasLimit = true;
        facts_.guards[1].limit = 40;
        QCOMPARE(lintAutomation("limit: {service: payment, factor: 50%}"), std::string());
        QVERIFY(lintAutomation("limit: {service: paymant, fixed: 5}")
                    .find("limit paymant: no listener of this agent is for paymant: here it does "
                          "nothing; is payment meant?") != std::string::npos);
        QVERIFY(lintAutomation("shed: {service: payment, class: batch}")
                    .find("live-refused: r.yaml:3:18: warning: shed payment batch: payment has no "
                          "priority classes in force") == 0);
        facts_.guards[1].classes = {{"gold", 1, 0}, {"batch", 1, 0}};
        QCOMPARE(lintAutomation("shed: {service: payment, class: batch}"), std::string());
        facts_.overrides.protectedServices = {"payment"};
        QVERIFY(lintAutomation("limit: {service: payment, fixed: 5}")
                    .find("no automation acts on it") != std::string::npos);
        facts_.overrides = {};
        facts_.overrides.maxTtl = std::chrono::minutes(10);
        QVERIFY(lintAutomation("limit: {service: payment, fixed: 5}")
                    .find("override.max_ttl of this agent is 10m") != std::string::npos);
        QCOMPARE(lintAutomation("notify: {webhook: \"http://h\"}", "  atMost: 10m\n"),
                 std::string());
    }
};

LEVEE_TEST(LiveLintTest)
#include "live_lint_test.moc"
