// SPDX-License-Identifier: Apache-2.0
#include "shared/guard/decision.h"

#include <QTest>

#include "shared/guard/guard_event.h"
#include "tests/support/test_registry.h"

using namespace levee;

namespace {

using Relation = Condition::Relation;

std::string textOf(Condition condition) {
    return Counterfactual{"passed", {std::move(condition)}, ""}.text();
}

}  // namespace

class DecisionTest : public QObject {
    Q_OBJECT
private slots:
    void aCounterfactualIsASentence() {
        const Counterfactual both{"stayed closed",
                                  {{"consecutiveFailures", Relation::AtLeast, 11},
                                   {"failureShare", Relation::Above, 0.62}},
                                  ""};
        QCOMPARE(
            both.text(),
            std::string(
                "would have stayed closed at consecutiveFailures >= 11 and failureShare > 0.62"));
        const Counterfactual given{"passed", {{"limit", Relation::AtLeast, 84}}, "at that rate"};
        QCOMPARE(given.text(), std::string("would have passed at limit >= 84, at that rate"));
        QCOMPARE((Counterfactual{"passed", {}, "at that rate"}.text()), std::string());
    }
    void valuesAreRoundedToWhereTheyStayTrue() {
        QCOMPARE(textOf({"x", Relation::AtLeast, 0.61904}),
                 std::string("would have passed at x >= 0.62"));
        QCOMPARE(textOf({"x", Relation::Above, 0.6181}),
                 std::string("would have passed at x > 0.619"));
        QCOMPARE(textOf({"x", Relation::AtMost, 0.6199}),
                 std::string("would have passed at x <= 0.619"));
        QCOMPARE(textOf({"x", Relation::AtLeast, 0.3}),
                 std::string("would have passed at x >= 0.3"));
        QCOMPARE(textOf({"x", Relation::AtMost, 100'000}),
                 std::string("would have passed at x <= 100000"));
    }
    void soManyHitsReachAShare() {
        QCOMPARE(hitsAtShare(0.5, 20), std::uint64_t{10});
        QCOMPARE(hitsAtShare(0.5, 21), std::uint64_t{11});
        QCOMPARE(hitsAtShare(0.3, 10), std::uint64_t{3});
        QCOMPARE(hitsAtShare(1, 7), std::uint64_t{7});
        QCOMPARE(hitsAtShare(1e-6, 20), std::uint64_t{1});
    }
    void aHigherLimitOrFewerHitsWouldNotHaveReachedIt() {
        const Condition higher = belowShare("failureShare", "failed", 13, 20, 0.5);
        QCOMPARE(higher.name, std::string("failureShare"));
        QCOMPARE(higher.relation, Relation::Above);
        QCOMPARE(higher.value, 0.65);
        const Condition fewer = belowShare("failureShare", "failed", 20, 20, 0.5);
        QCOMPARE(fewer.name, std::string("failed"));
        QCOMPARE(fewer.relation, Relation::AtMost);
        QCOMPARE(fewer.value, 9.0);
    }
    void theRecordIsALineOfNamesAndValues() {
        GuardEvent event;
        QCOMPARE(event.detail(), std::string());
        event.mode = GuardMode::Shadow;
        event.why.inputs = "calls=20 failed=13";
        QCOMPARE(event.detail(), std::string("mode=shadow calls=20 failed=13"));
        event.why.thresholds = "failureShare=0.5";
        event.why.distance = 0;
        QCOMPARE(event.detail(),
                 std::string("mode=shadow calls=20 failed=13 failureShare=0.5 distance=0"));
    }
};

LEVEE_TEST(DecisionTest)
#include "decision_test.moc"
