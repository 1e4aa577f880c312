// SPDX-License-Identifier: Apache-2.0
#include "rules/lang/answer_chains.h"

#include <QTest>

#include "tests/support/test_registry.h"

using namespace levee;
using namespace std::chrono_literals;

namespace {

Rule within(Duration answer, const std::string& client, const std::string& service) {
    Rule rule;
    rule.name = client.empty() ? service : client + "-" + service;
    rule.client = client;
    rule.service = service;
    rule.settings.deadline.answer = answer;
    return rule;
}

}  // namespace

class AnswerChainsTest : public QObject {
    Q_OBJECT

private slots:
    void whoWaitsLongerThanItsCallerIsToldOf() {
        const Diagnostics found =
            answerChains({{within(1s, "checkout", "payment"), within(2s, "payment", "ledger")}});
        QCOMPARE(found.size(), std::size_t{1});
        QCOMPARE(found[0].severity, Severity::Warning);
        QCOMPARE(found[0].code, std::string("answer-chain"));
        QCOMPARE(found[0].message,
                 std::string("spec.deadline.answer: payment may wait 2s for ledger, but by rule "
                             "checkout-payment an answer of payment may take 1s: it would go on "
                             "for callers who have gone; give ledger at most 1s"));
    }
    void aRuleOfTheServiceItselfCountsAndTheStrictestIsNamed() {
        const Diagnostics found =
            answerChains({{within(3s, "a", "b"), within(1500ms, "", "b"), within(2s, "b", "c")}});
        QCOMPARE(found.size(), std::size_t{1});
        QVERIFY(found[0].message.find("by rule b an answer of b may take 1s500ms") !=
                std::string::npos);
    }
    void attemptsAddUp() {
        Rule call = within(600ms, "b", "c");
        call.settings.retries.most = 1;
        QVERIFY(answerChains({{within(1s, "a", "b"), call}}).empty());
        call.settings.retries.on = RetryOn::Failure;
        const Diagnostics found = answerChains({{within(1s, "a", "b"), call}});
        QCOMPARE(found.size(), std::size_t{1});
        QVERIFY(found[0].message.find("(2 attempts of 600ms)") != std::string::npos);
        QVERIFY(found[0].message.find("give c at most 500ms") != std::string::npos);
    }
    void asLongAsTheCallerIsFine() {
        QVERIFY(answerChains({{within(1s, "a", "b"), within(1s, "b", "c")}}).empty());
        QVERIFY(answerChains({{within(1s, "a", "b"), within(5s, "x", "c")}}).empty());
        QVERIFY(answerChains({{within(Duration::zero(), "a", "b"), within(5s, "b", "c")}}).empty());
    }
    void whatIsNotEnforcedIsLeftOut() {
        for (const GuardMode mode : {GuardMode::Off, GuardMode::Shadow}) {
            Rule call = within(2s, "b", "c");
            call.settings.mode = mode;
            QVERIFY(answerChains({{within(1s, "a", "b"), call}}).empty());
        }
    }
};

LEVEE_TEST(AnswerChainsTest)
#include "answer_chains_test.moc"
