// SPDX-License-Identifier: Apache-2.0
#include "shared/base/diagnostic.h"

#include <QTest>

#include "tests/support/test_registry.h"

using namespace levee;

class DiagnosticTest : public QObject {
    Q_OBJECT
private slots:
    void namesThePlaceOnce() {
        QCOMPARE(format(Diagnostic{Severity::Error, "c", "bad", {"a.yaml", 3, 7, 0}}),
                 std::string("a.yaml:3:7: error: bad"));
        QCOMPARE(format(Diagnostic{Severity::Warning, "c", "bad", {"a.yaml", 0, 0, 0}}),
                 std::string("a.yaml: warning: bad"));
        QCOMPARE(format(Diagnostic{Severity::Error, "c", "bad", {}}), std::string("error: bad"));
    }
    void warningsAreNotErrors() {
        QVERIFY(!hasErrors({Diagnostic{Severity::Warning, "", "", {}}}));
        QVERIFY(hasErrors({Diagnostic{Severity::Warning, "", "", {}}, Diagnostic{}}));
    }
};

LEVEE_TEST(DiagnosticTest)
#include "diagnostic_test.moc"
