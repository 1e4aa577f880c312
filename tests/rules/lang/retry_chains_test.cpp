// SPDX-License-Identifier: Apache-2.0
#include "rules/lang/retry_chains.h"

#include <fmt/format.h>

#include <QTest>

#include "tests/support/test_registry.h"

using namespace levee;

namespace {

Rule calls(const std::string& client, const std::string& service, std::uint32_t most,
           RetryOn on = RetryOn::Failure) {
    Rule rule;
    rule.name = client + "-" + service;
    rule.client = client;
    rule.service = service;
    rule.settings.retries.most = most;
    rule.settings.retries.on = on;
    return rule;
}

}  // namespace

class RetryChainsTest : public QObject {
    Q_OBJECT

private slots:
    void aChainIsToldOfAtItsEnd() {
        const Diagnostics found =
            retryChains({{calls("web", "checkout", 2), calls("checkout", "payment", 1),
                          calls("payment", "ledger", 3)}});
        QCOMPARE(found.size(), std::size_t{2});
        QCOMPARE(found[0].severity, Severity::Warning);
        QVERIFY2(found[0].message.find("web->checkout (2 by rule web-checkout), checkout->payment "
                                       "(1 by rule checkout-payment): one call of web may become 6 "
                                       "at payment") != std::string::npos,
                 found[0].message.c_str());
        QVERIFY2(
            found[1].message.find("one call of web may become 24 at ledger") != std::string::npos,
            found[1].message.c_str());
    }
    void theWorstWayIsNamed() {
        const Diagnostics found =
            retryChains({{calls("a", "c", 1), calls("b", "c", 3), calls("c", "d", 1)}});
        QCOMPARE(found.size(), std::size_t{1});
        QVERIFY(found[0].message.find("one call of b may become 8 at d") != std::string::npos);
    }
    void retriesInOnePlaceAreFine() {
        QVERIFY(
            retryChains({{calls("a", "b", 3), calls("b", "c", 0), calls("c", "d", 3)}}).empty());
        QVERIFY(retryChains({{calls("a", "b", 3), calls("x", "y", 3)}}).empty());
    }
    void whatNeverArrivedIsNoLoad() {
        QVERIFY(retryChains({{calls("a", "b", 3, RetryOn::Connect), calls("b", "c", 3)}}).empty());
    }
    void aRuleThatIsOffIsLeftOut() {
        Rule off = calls("a", "b", 3);
        off.settings.mode = GuardMode::Off;
        QVERIFY(retryChains({{off, calls("b", "c", 3)}}).empty());
    }
    void circlesEnd() {
        const Diagnostics found = retryChains({{calls("a", "b", 1), calls("b", "a", 1)}});
        QCOMPARE(found.size(), std::size_t{2});
        QVERIFY(found[0].message.find("may become 4 at b") != std::string::npos);
    }
    void everybodyCallingEverybodyIsBounded() {
        RuleSet rules;
        for (int i = 0; i < 25; ++i)
            for (int j = 0; j < 25; ++j)
                if (i != j)
                    rules.rules.push_back(calls(fmt::format("s{}", i), fmt::format("s{}", j), 3));
        const Diagnostics found = retryChains(rules);
        QCOMPARE(found.size(), std::size_t{600});
        QVERIFY(found[0].message.find("may become 256 at") != std::string::npos);
    }
};

LEVEE_TEST(RetryChainsTest)
#include "retry_chains_test.moc"
