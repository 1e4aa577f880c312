// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/views/find_box.h"

#include <QLineEdit>
#include <QSignalSpy>
#include <QTest>

#include "dashboard/views/themed_label.h"
#include "dashboard/widgets/theme.h"
#include "tests/support/test_registry.h"

using namespace levee;

class FindBoxTest : public QObject {
    Q_OBJECT
private slots:
    void init() {
        box_ = std::make_unique<FindBox>(themes_, "Find", "err > 1%");
        box_->setVocabulary([] { return QueryVocabulary{{"payment", "redis:6379"}, {}, {}}; });
        box_->resize(700, 40);
        box_->show();
        box_->edit().setFocus();
    }
    void cleanup() { box_.reset(); }

    void aRightExpressionIsToldWhileItIsTyped() {
        QSignalSpy spy(box_.get(), &FindBox::queryChanged);
        QTest::keyClicks(&box_->edit(), "failing");
        QVERIFY(!box_->hasError());
        QVERIFY(spy.count() >= 1);
        box_->setCount(7, 143);
        QVERIFY(note().contains("7 of 143"));
    }
    void aWrongOneChangesNothingAndSaysWhereItIsWrong() {
        QSignalSpy spy(box_.get(), &FindBox::queryChanged);
        box_->setText("hosts:x");
        QVERIFY(box_->hasError());
        QCOMPARE(spy.count(), 0);
        QVERIFY(note().contains("hosts"));
        box_->setText("host:x");
        QVERIFY(!box_->hasError());
        QCOMPARE(spy.count(), 1);
    }
    void tabTakesTheFirstWordThatIsOffered() {
        QTest::keyClicks(&box_->edit(), "pay");
        QTest::keyClick(&box_->edit(), Qt::Key_Tab);
        QCOMPARE(box_->text(), QString("payment"));
        QTest::keyClicks(&box_->edit(), " or redi");
        QTest::keyClick(&box_->edit(), Qt::Key_Tab);
        QCOMPARE(box_->text(), QString("payment or \"redis:6379\""));
        QVERIFY(!box_->hasError());
    }
    void enterStepsThroughMatches() {
        QSignalSpy spy(box_.get(), &FindBox::stepRequested);
        box_->setText("failing");
        QTest::keyClick(&box_->edit(), Qt::Key_Return);
        QTest::keyClick(&box_->edit(), Qt::Key_Return, Qt::ShiftModifier);
        QCOMPARE(spy.count(), 2);
        QCOMPARE(spy[0][0].toBool(), true);
        QCOMPARE(spy[1][0].toBool(), false);
    }
    void escapeClearsAndThenLeaves() {
        QSignalSpy spy(box_.get(), &FindBox::left);
        box_->setText("failing");
        QTest::keyClick(&box_->edit(), Qt::Key_Escape);
        QCOMPARE(box_->text(), QString());
        QCOMPARE(spy.count(), 0);
        QTest::keyClick(&box_->edit(), Qt::Key_Escape);
        QCOMPARE(spy.count(), 1);
    }

private:
    QString note() const { return box_->findChild<ThemedLabel*>()->text(); }

    ThemeController themes_{ThemeChoice::Dark};
    std::unique_ptr<FindBox> box_;
};

LEVEE_TEST(FindBoxTest)
#include "find_box_test.moc"
