// SPDX-License-Identifier: Apache-2.0
#include "dashboard/model/saved_views.h"

#include <QSignalSpy>
#include <QTest>

#include "tests/support/test_registry.h"

using namespace levee;

class SavedViewsTest : public QObject {
    Q_OBJECT
private slots:
    void viewsAreKeptByName() {
        SavedViews views;
        QSignalSpy changes(&views, &SavedViews::changed);
        QCOMPARE(views.save(" payments ", "levee://view/rules"), QString());
        QCOMPARE(views.save("caches", "levee://view/fleet"), QString());
        QCOMPARE(views.save("payments", "levee://view/service"), QString());
        QCOMPARE(views.all(), (std::vector<SavedView>{{"caches", "levee://view/fleet"},
                                                      {"payments", "levee://view/service"}}));
        QCOMPARE(views.find("payments ")->link, QString("levee://view/service"));
        QCOMPARE(views.find("Payments"), nullptr);
        QCOMPARE(views.remove("caches"), QString());
        QVERIFY(views.remove("caches").contains("caches"));
        QCOMPARE(changes.size(), 4);
        SavedViews again;
        again.load(views.all());
        QCOMPARE(again.all(), views.all());
    }
    void aNameHasBounds() {
        SavedViews views;
        QVERIFY(!views.save(" ", "x").isEmpty());
        QVERIFY(!views.save("a\nb", "x").isEmpty());
        QCOMPARE(views.save(QString(SavedViews::kLongestName, 'a'), "x"), QString());
        QVERIFY(!views.save(QString(SavedViews::kLongestName + 1, 'a'), "x").isEmpty());
    }
    void theirNumberHasABound() {
        SavedViews views;
        for (std::size_t i = 0; i < SavedViews::kMostViews; ++i)
            QCOMPARE(views.save(QString::number(i), "x"), QString());
        QVERIFY(views.save("one more", "x").contains("delete"));
        QCOMPARE(views.save("7", "another"), QString());
        QCOMPARE(views.all().size(), SavedViews::kMostViews);
    }
};

LEVEE_TEST(SavedViewsTest)
#include "saved_views_test.moc"
