// SPDX-License-Identifier: GPL-3.0-or-later
// What stands beside an edit before it is applied: the difference of the texts, and what its rules
// did in shadow.
#include <QTest>

#include "dashboard/model/rule_text_diff.h"
#include "dashboard/model/shadow_results.h"
#include "tests/support/test_registry.h"

using namespace levee;
using Kind = RuleDiffLine::Kind;

namespace {

QString rule(const QString& name, const QString& mode) {
    return QStringLiteral(
               "apiVersion: levee/v1\nkind: Guard\nmetadata: {name: %1}\nspec:\n  match: {service: "
               "%1}\n  mode: %2\n")
        .arg(name, mode);
}

FleetGuard guard(const std::string& host, const std::string& subject, const std::string& name,
                 double refused, GuardMode mode = GuardMode::Shadow) {
    FleetGuard entry;
    entry.host = host;
    entry.guard.subject = subject;
    entry.guard.rule = name;
    entry.guard.mode = mode;
    entry.guard.wouldHaveShed = refused;
    return entry;
}

}  // namespace

class RuleReviewTest : public QObject {
    Q_OBJECT
private slots:
    void aDifferenceTellsEachLineOnce() {
        const QString before = "a\nb\nc\nd\ne\nf\ng\nh\n";
        const QString after = "a\nb\nc\nd\nE\nf\ng\nh\n";
        const std::vector<RuleDiffLine> expected = {
            {Kind::Place, 2, {}}, {Kind::Same, 2, "b"},    {Kind::Same, 3, "c"},
            {Kind::Same, 4, "d"}, {Kind::Removed, 5, "e"}, {Kind::Added, 5, "E"},
            {Kind::Same, 6, "f"}, {Kind::Same, 7, "g"},    {Kind::Same, 8, "h"}};
        const auto diff = ruleTextDiff(before, after);
        QCOMPARE(diff.size(), expected.size());
        for (std::size_t i = 0; i < diff.size(); ++i)
            QVERIFY2(diff[i] == expected[i],
                     qPrintable(QString("%1: %2 %3").arg(i).arg(diff[i].number).arg(diff[i].text)));
    }
    void sameTextsDifferInNothingAndEmptyOnesInAll() {
        QVERIFY(ruleTextDiff("a\n", "a\n").empty());
        QVERIFY(ruleTextDiff("", "").empty());
        const auto added = ruleTextDiff("", "-- a\n++ b\n");
        QCOMPARE(std::ranges::count(added, Kind::Added, &RuleDiffLine::kind), 2);
        QCOMPARE(added.back().text, QString("++ b"));
        QCOMPARE(added.back().number, 2);
        const auto removed = ruleTextDiff("-- a\n", "");
        QCOMPARE(removed.back(), (RuleDiffLine{Kind::Removed, 1, "-- a"}));
        // A last line without an end is a line.
        QCOMPARE(ruleTextDiff("a", "b").back().text, QString("b"));
    }
    void shadowIsSummedByRule() {
        FleetGuard open = guard("b", "shop->pay", "pay", 10);
        open.guard.hasBreaker = true;
        open.guard.breaker = BreakerState::Open;
        const auto results =
            shadowResults({guard("a", "pay", "pay", 30), open, guard("a", "other", "quiet", 0),
                           guard("a", "loud", "loud", 99, GuardMode::Enforce)});
        QCOMPARE(results.size(), std::size_t{2});
        QCOMPARE(results[0].rule, std::string("pay"));
        QCOMPARE(results[0].subjects, (std::vector<std::string>{"pay", "shop->pay"}));
        QCOMPARE(results[0].hosts, std::size_t{2});
        QCOMPARE(results[0].wouldHaveRefused, 40.0);
        QVERIFY(results[0].wouldBeOpen);
        QCOMPARE(results[1].rule, std::string("quiet"));
        QVERIFY(!results[1].wouldBeOpen);
    }
    void anEditThatEnforcesWhatWasInShadowIsSeen() {
        const QString shadow = rule("pay", "shadow") + "---\n" + rule("loud", "enforce");
        const QString enforced = rule("pay", "enforce") + "---\n" + rule("loud", "enforce");
        QCOMPARE(leavingShadow(shadow, enforced), (std::vector<std::string>{"pay"}));
        QVERIFY(leavingShadow(enforced, shadow).empty());
        QVERIFY(leavingShadow(shadow, shadow).empty());
        QVERIFY(leavingShadow(shadow, enforced + "nonsense: 1\n").empty());
        QVERIFY(leavingShadow({}, enforced).empty());
    }
    void theRuleInShadowIsKnownAtItsNameAndItsMode() {
        const QString text = rule("pay", "shadow") + "---\n" + rule("loud", "enforce");
        QCOMPARE(shadowRuleAt(text, 3), QString("pay"));
        QCOMPARE(shadowRuleAt(text, 6), QString("pay"));
        QCOMPARE(shadowRuleAt(text, 2), QString());
        QCOMPARE(shadowRuleAt(text, 10), QString("loud"));
        QCOMPARE(shadowRuleAt(text, 13), QString());  // it is enforced
        for (const int line : {0, -1, 99})
            QCOMPARE(shadowRuleAt(text, line), QString());
        QCOMPARE(shadowRuleAt("mode: shadow", 1), QString());
    }
};

LEVEE_TEST(RuleReviewTest)
#include "rule_review_test.moc"
