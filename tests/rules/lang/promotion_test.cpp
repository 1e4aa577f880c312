// SPDX-License-Identifier: Apache-2.0
#include "rules/lang/promotion.h"

#include <QTest>

#include "rules/lang/rule_parser.h"
#include "tests/support/test_registry.h"

using namespace levee;

namespace {

const std::string kRules = R"(# The payment team's.

apiVersion: levee/v1
kind: Guard
metadata: {name: pay}
spec:
  match: {service: payment}   # the till
---
apiVersion: levee/v1
kind: Guard
metadata: {name: out}
spec: {match: {client: checkout, service: payment}, breaker: {openFor: 3s}}
)";

Override limit(std::uint32_t number) {
    Override held;
    held.subject = "payment";
    held.kind = OverrideKind::Limit;
    held.limit = number;
    return held;
}

const Rule* find(const ParsedRules& parsed, const std::string& name) {
    return parsed.rules.find(name);
}

}  // namespace

class PromotionTest : public QObject {
    Q_OBJECT
private slots:
    void aLineIsAddedAndEverythingElseStays() {
        const auto made = promoteOverride({{"a.yaml", kRules}}, limit(20));
        QVERIFY(made.isOk());
        std::string expected = kRules;
        expected.insert(expected.find("  match"), "  limiter: {kind: fixed, limit: 20}\n");
        QCOMPARE(made->at("a.yaml"), expected);
        // What is there already is written anew.
        const auto again = promoteOverride(*made, limit(30));
        const ParsedRules parsed = parseRules(again->at("a.yaml"), "a");
        QCOMPARE(format(parsed.diagnostics), std::string());
        QCOMPARE(find(parsed, "pay")->settings.limiter.limit, 30U);
        QVERIFY(again->at("a.yaml").starts_with("# The payment"));
    }
    void aRuleOnOneLineIsWrittenAnew() {
        Override held;
        held.subject = "checkout->payment";
        held.kind = OverrideKind::ForceClosed;
        const auto made = promoteOverride({{"a.yaml", kRules}}, held);
        const ParsedRules parsed = parseRules(made->at("a.yaml"), "a");
        QVERIFY(!find(parsed, "out")->settings.breaker.enabled);
        QCOMPARE(find(parsed, "out")->settings.breaker.openFor, Duration(std::chrono::seconds(3)));
        QVERIFY(made->at("a.yaml").find("# the till") != std::string::npos);
    }
    void whereThereIsNoRuleAFileIsMade() {
        Override held = limit(5);
        held.subject = "stock";
        const auto made = promoteOverride({{"a.yaml", kRules}}, held);
        QCOMPARE(made->size(), std::size_t{2});
        QCOMPARE(find(parseRules(made->at("stock.yaml"), "s"), "stock")->settings.limiter.limit,
                 5U);
    }
    void noRuleHoldsABreakerOpen() {
        Override held;
        held.subject = "checkout->payment";
        QVERIFY(promoteOverride({}, held).error().message.find("no rule says that") !=
                std::string::npos);
    }
    void whatAnAutomationHoldsAndAShedClassAreNoRules() {
        Override held = limit(20);
        held.author = "automation:full";
        QVERIFY(promoteOverride({}, held).error().message.find("is a rule already") !=
                std::string::npos);
        held.author = "ana";
        held.kind = OverrideKind::Shed;
        held.className = "batch";
        QVERIFY(promoteOverride({}, held).error().message.find("refusing class batch") !=
                std::string::npos);
    }
    void automationsGoBackIntoTheirFilesToo() {
        const std::string automation =
            "apiVersion: levee/v1\nkind: Automation\nmetadata: {name: full}\nspec: {when: up == 0, "
            "do: [{limit: {service: payment, fixed: 3}}]}\n";
        const std::string inForce = kRules + "---\n" + automation;
        const auto made = promoteRevision({{"a.yaml", kRules}}, inForce);
        QVERIFY(made.isOk());
        QCOMPARE(made->at("a.yaml"), kRules);
        QCOMPARE(parseRules(made->at("full.yaml"), "f").rules.automations.size(), std::size_t{1});
        QVERIFY(*promoteRevision(*made, inForce) == *made);
        const auto gone = promoteRevision(*made, kRules);
        QVERIFY(parseRules(gone->at("full.yaml"), "f").rules.automations.empty());
        // One that is called like the subject of a hold is no rule to change.
        QCOMPARE(promoteOverride(*made, limit(20))->at("full.yaml"), made->at("full.yaml"));
    }
    void wrongFilesArePutRightFirst() {
        QVERIFY(
            promoteOverride({{"a.yaml", "kind: ["}}, limit(1)).error().message.find("a.yaml:1:") !=
            std::string::npos);
    }
    void aRevisionGoesBackIntoItsFiles() {
        const std::string inForce = R"(apiVersion: levee/v1
kind: Guard
metadata: {name: pay}
spec: {match: {service: payment}, limiter: {max: 50}}
---
# new
apiVersion: levee/v1
kind: Guard
metadata: {name: more}
spec: {match: {service: stock}}
)";
        const auto made = promoteRevision({{"a.yaml", kRules}}, inForce);
        QVERIFY(made.isOk());
        const ParsedRules a = parseRules(made->at("a.yaml"), "a");
        QCOMPARE(a.rules.rules.size(), std::size_t{1});
        QCOMPARE(find(a, "pay")->settings.limiter.maxLimit, 50U);
        QVERIFY(made->at("more.yaml").find("# new") != std::string::npos);
        QCOMPARE(parseRules(made->at("more.yaml"), "m").rules.rules.size(), std::size_t{1});
        QVERIFY(*promoteRevision(*made, inForce) == *made);
    }
};

LEVEE_TEST(PromotionTest)
#include "promotion_test.moc"
