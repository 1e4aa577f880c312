// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/widgets/rule_edit.h"

#include <QSignalSpy>
#include <QTest>

#include "dashboard/widgets/theme.h"
#include "tests/support/test_registry.h"

using namespace levee;

class RuleEditTest : public QObject {
    Q_OBJECT
private slots:
    void settingTextIsNotAnEdit() {
        RuleEdit edit(themes_);
        const QSignalSpy spy(&edit, &RuleEdit::textEdited);
        edit.setText("kind: RateLimit\n");
        QCOMPARE(edit.text(), QString("kind: RateLimit\n"));
        QCOMPARE(spy.count(), 0);
        QVERIFY(!edit.isModified());
    }
    void typingIsAnEdit() {
        RuleEdit edit(themes_);
        edit.setText("a: 1\n");
        const QSignalSpy spy(&edit, &RuleEdit::textEdited);
        QTest::keyClicks(edit.focusProxy(), "x");
        QVERIFY(spy.count() >= 1);
        QVERIFY(edit.isModified());
    }
    void aReadOnlyTextCanStillBeReplacedByTheProgram() {
        RuleEdit edit(themes_);
        edit.setReadOnly(true);
        edit.setText("a: 1\n");
        QCOMPARE(edit.text(), QString("a: 1\n"));
        QTest::keyClicks(edit.focusProxy(), "x");
        QCOMPARE(edit.text(), QString("a: 1\n"));
    }
    void marksAnywhereBreakNothing() {
        RuleEdit edit(themes_);
        edit.resize(400, 300);
        edit.setText(QString::fromUtf8("名: 支付\nb: 2\n"));
        Diagnostics diagnostics{{Severity::Error, "x", "beyond", {"", 99, 99, 99}},
                                {Severity::Error, "x", "nowhere", {}},
                                {Severity::Warning, "x", "inside a character", {"", 1, 2, 1}}};
        diagnostics.resize(500, {Severity::Info, "x", std::string(5000, 'm'), {"", 2, 1, 0}});
        edit.setDiagnostics(diagnostics);
        edit.setAnnotationsVisible(false);
        edit.setText({});
        edit.setDiagnostics(diagnostics);
        QVERIFY(!edit.grab().isNull());
    }
    void goingToALineMovesTheCursor() {
        RuleEdit edit(themes_);
        edit.setText("a: 1\nb: 2\nc: 3\n");
        edit.goTo(2, 4);
        QCOMPARE(edit.cursorLine(), 2);
        edit.goTo(1000, 1);
        QCOMPARE(edit.cursorLine(), 4);
    }

private:
    ThemeController themes_{ThemeChoice::Dark};
};

LEVEE_TEST(RuleEditTest)
#include "rule_edit_test.moc"
