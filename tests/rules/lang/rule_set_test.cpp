// SPDX-License-Identifier: Apache-2.0
#include "rules/lang/rule_set.h"

#include <QTest>

#include "tests/support/test_registry.h"

using namespace levee;

class RuleSetTest : public QObject {
    Q_OBJECT
    static RuleSet sample() {
        RuleSet set;
        set.rules.push_back({"edge", "checkout", "payment", {}, {}, {}, {}});
        set.rules.push_back({"service", "", "payment", {}, {}, {}, {}});
        set.rules.push_back({"other", "web", "cart", {}, {}, {}, {}});
        return set;
    }
private slots:
    void anEdgeFindsOnlyItsOwnRule() {
        const RuleSet set = sample();
        QCOMPARE(set.match("checkout", "payment")->name, std::string("edge"));
        QVERIFY(set.match("web", "payment") == nullptr);
    }
    void aServiceFindsOnlyItsOwnRule() {
        const RuleSet set = sample();
        QCOMPARE(set.match("", "payment")->name, std::string("service"));
        QVERIFY(set.match("", "cart") == nullptr);
    }
    void thePlaceIsNoPartOfTheMeaning() {
        RuleSet moved = sample();
        moved.rules[0].place.line = 9;
        QVERIFY(meansTheSame(sample(), moved));
        moved.rules[0].settings.breaker.probes = 3;
        QVERIFY(!meansTheSame(sample(), moved));
        moved.rules.pop_back();
        QVERIFY(!meansTheSame(sample(), moved));
    }
};

LEVEE_TEST(RuleSetTest)
#include "rule_set_test.moc"
