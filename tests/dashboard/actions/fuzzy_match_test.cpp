// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/actions/fuzzy_match.h"

#include <QTest>

#include "tests/support/test_registry.h"

using namespace levee;

class FuzzyMatchTest : public QObject {
    Q_OBJECT
private slots:
    void betterPlacesComeFirst() {
        const auto start = fuzzyMatch("pay", "payment");
        const auto word = fuzzyMatch("pay", "eu-payment");
        const auto inside = fuzzyMatch("pay", "repayment");
        const auto scattered = fuzzyMatch("pay", "plan-a-way");
        QVERIFY(start && word && inside && scattered);
        QVERIFY(*start < *word);
        QVERIFY(*word < *inside);
        QVERIFY(*inside < *scattered);
    }
    void everyWordHasToBeFoundInAnyCase() {
        QVERIFY(fuzzyMatch("ROLL rules", "Roll back the last rule changes").has_value());
        QVERIFY(!fuzzyMatch("roll zebra", "Roll back the last rule changes"));
        QVERIFY(!fuzzyMatch("paay", "payment"));
    }
    void nothingFitsEverything() {
        QVERIFY(fuzzyMatch("", "payment").has_value());
        QVERIFY(*fuzzyMatch("", "pay") < *fuzzyMatch("", "payment"));
    }
};

LEVEE_TEST(FuzzyMatchTest)
#include "fuzzy_match_test.moc"
