// SPDX-License-Identifier: Apache-2.0
#include "agent/cli/guard_account.h"

#include <QTest>

#include "rules/lang/rule_parser.h"
#include "tests/support/test_registry.h"

using namespace levee;

namespace {

const char* const kRules = R"(apiVersion: levee/v1
kind: Guard
metadata: {name: out}
spec: {match: {client: checkout, service: payment}, breaker: {slowerThan: 200ms}}
---
apiVersion: levee/v1
kind: Guard
metadata: {name: pay}
spec: {match: {service: payment}}
---
apiVersion: levee/v1
kind: Guard
metadata: {name: stock}
spec: {match: {service: stock}}
)";

GuardState closed() {
    GuardState guard;
    guard.subject = "checkout->payment";
    guard.rule = "out";
    guard.revision = 7;
    guard.hasBreaker = true;
    guard.breaker = BreakerState::Closed;
    guard.failureShare = 0.1;
    guard.slowShare = 0.02;
    guard.distanceToTrip = 0.8;
    guard.enforcement = Enforcement::Enforcing;
    return guard;
}

}  // namespace

class GuardAccountTest : public QObject {
    Q_OBJECT
    RuleSet rules_;
private slots:
    void initTestCase() {
        ParsedRules parsed = parseRules(kRules, "r");
        QVERIFY(!hasErrors(parsed.diagnostics));
        rules_ = std::move(parsed.rules);
    }
    void theRuleThoseThatLostAndTheNumbers() {
        QCOMPARE(
            cli::guardAccount(closed(), rules_),
            std::string(
                "  rule      out (revision 7): it is for exactly this\n"
                "  not       pay: it is for the service itself, and does not reach the calls to "
                "it\n"
                "  breaker   closed, lets 100% through; 80.0% away from opening\n"
                "            failed 10.0% (opens at 50%), slower than 200ms 2.00% (opens at 80%), "
                "once 20 calls are in 5s; or at 10 failures in a row\n"
                "  enforced  enforcing\n"));
    }
    void withoutCallsThereIsNothingToGoBy() {
        GuardState guard = closed();
        guard.failureShare = guard.distanceToTrip = kUnknown;
        QVERIFY(cli::guardAccount(guard, rules_).find("it has nothing to go by") !=
                std::string::npos);
    }
    void whatIsHeldComesFirst() {
        GuardState guard = closed();
        guard.heldBy = Override{};
        guard.heldBy->author = "ana";
        guard.heldBy->reason = "INC";
        guard.heldBy->remainingSeconds = 61;
        QVERIFY(cli::guardAccount(guard, rules_)
                    .find("  held      forced open for 1m1s by ana: INC; the rule decides after "
                          "that\n") != std::string::npos);
    }
    void everyPartOfAGuardIsToldOf() {
        GuardState guard = closed();
        guard.rate.limit = 5;
        guard.rate.key = "header:x-tenant";
        guard.rate.refused = 26;
        guard.rate.refusedRate = 2;
        guard.rate.keys = 3;
        guard.rate.mostKeys = 10000;
        guard.classes = {{"gold", 1, 12}, {"batch", 0.4, 30}};
        guard.retryShare = 0.02;
        guard.retriesAllowed = 1;
        InstanceState out;
        out.instance = "10.0.0.1:80";
        out.status = InstanceStatus::Ejected;
        out.backInSeconds = 5;
        out.reason = "5 failures in a row";
        guard.instances = {out, {}};
        const std::string text = cli::guardAccount(guard, rules_);
        for (const char* line :
             {"  rate      5/s of each header:x-tenant: 26 refused so far, 2.00 a second; 3 of "
              "10000 "
              "keys are remembered\n",
              "  classes   gold 100% let through of 12.0 a second, batch 40.0% let through of 30.0 "
              "a "
              "second\n",
              "  retries   2.00% of the calls were tried again lately; 100% may be\n",
              "  instance  10.0.0.1:80 gets nothing for 5s: 5 failures in a row\n"})
            QVERIFY2(text.find(line) != std::string::npos, text.c_str());
        guard.rate.key = "all";
        QVERIFY(cli::guardAccount(guard, rules_).find("  rate      5/s of all requests: 26") !=
                std::string::npos);
    }
    void aServiceIsToldOfItsCallsRules() {
        GuardState guard;
        guard.subject = "payment";
        guard.rule = "pay";
        const auto others = cli::rulesNotUsed(guard, rules_);
        QCOMPARE(others.size(), std::size_t{1});
        QCOMPARE(others[0].rule, std::string("out"));
        guard.rule = "default";
        QVERIFY(cli::guardAccount(guard, {}).find("none (revision 0): the defaults decide") !=
                std::string::npos);
    }
};

LEVEE_TEST(GuardAccountTest)
#include "guard_account_test.moc"
