// SPDX-License-Identifier: Apache-2.0
#include "dashboard/views/themed_label.h"

#include <QTest>

#include "dashboard/widgets/theme.h"
#include "tests/support/test_registry.h"

using namespace levee;

class ThemedLabelTest : public QObject {
    Q_OBJECT
private slots:
    void controlCharactersAndOverridesAreNotDrawn() {
        ThemeController themes(ThemeChoice::Dark);
        ThemedLabel label(themes, TextTone::Normal, QString::fromUtf8("a\tb\u202e"));
        QVERIFY(!label.text().contains('\t') && !label.text().contains(QChar(0x202E)));
    }
    void aWrappedTextTakesTheHeightThatItNeeds() {
        ThemeController themes(ThemeChoice::Dark);
        ThemedLabel label(themes, TextTone::Normal, "one", ThemedLabel::Overflow::Wrap);
        label.resize(200, 20);
        label.show();
        const int one = label.minimumSizeHint().height();
        label.setText("one\ntwo\nthree\nfour");
        QVERIFY(label.minimumSizeHint().height() >= 4 * one - 4);
        label.setText(QString("word ").repeated(60));
        const int wide = label.minimumSizeHint().height();
        label.resize(100, 20);
        QVERIFY(label.minimumSizeHint().height() > wide);
    }
};

LEVEE_TEST(ThemedLabelTest)
#include "themed_label_test.moc"
