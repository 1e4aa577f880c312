// SPDX-License-Identifier: Apache-2.0
#include "agent/trial/guard_test_file.h"

#include <QTest>

#include "tests/rules/lang/corpus.h"
#include "tests/support/test_registry.h"

using namespace levee;
using namespace std::chrono_literals;

class GuardTestFileTest : public QObject {
    Q_OBJECT
private slots:
    void everyDefectIsToldAtItsPlace() {
        const auto found = test::answers(
            "trial", "*.bad.yaml", [](const std::string& text, const std::string& name) {
                return format(trial::parseGuardTests(text, name).diagnostics);
            });
        QVERIFY(found.size() > 40);
        const auto expected = test::readTable("trial/expected.txt");
        for (const auto& [name, lines] : found) {
            QVERIFY2(!lines.empty(), name.c_str());
            QVERIFY2(expected.contains(name), name.c_str());
            QCOMPARE(lines, expected.at(name));
        }
    }
    void rulesAndTestsStandTogether() {
        const auto file =
            trial::parseGuardTests(test::readData("trial/payment.good.yaml"), "payment.yaml");
        QCOMPARE(format(file.diagnostics), std::string());
        QCOMPARE(file.rules.rules.size(), std::size_t{1});
        QCOMPARE(file.tests.size(), std::size_t{3});
        const trial::GuardTest& dark = file.tests[0];
        QCOMPARE(dark.length(), Duration(25s));
        QCOMPARE(dark.traffic[1].rate, 100.0);  // as in the phase before
        QCOMPARE(trial::describe(dark.expect[1]),
                 std::string("breaker opens within 300ms from 10s"));
        QCOMPARE(dark.expect[1].place.line, 19);
    }
    void aTestHasAnEnd() {
        std::string text;
        for (std::size_t i = 0; i <= trial::kMostTests; ++i)
            text +=
                "apiVersion: levee/v1\nkind: GuardTest\nmetadata: {name: a}\nspec: {guard: "
                "{service: a}, traffic: [{for: 1s, rate: 1/s}], expect: [{shed: 0%..0%}]}\n---\n";
        const auto tooMany = trial::parseGuardTests(text, "f");
        QVERIFY(format(tooMany.diagnostics).find("1001 tests; at most 1000") != std::string::npos);
    }
};

LEVEE_TEST(GuardTestFileTest)
#include "guard_test_file_test.moc"
