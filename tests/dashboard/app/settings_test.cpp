// SPDX-License-Identifier: Apache-2.0
#include "dashboard/app/settings.h"

#include <QTemporaryDir>
#include <QTest>

#include "tests/support/test_registry.h"

using namespace levee;

class SettingsTest : public QObject {
    Q_OBJECT
private slots:
    void whatWasSavedComesBack() {
        const QString path = dir_.filePath("a.ini");
        {
            Settings settings = Settings::inFile(path);
            settings.setTheme(ThemeChoice::Light);
            settings.setGeometry(QRect(10, 20, 800, 600), true);
            settings.setSplitter("main", "state");
        }
        const Settings settings = Settings::inFile(path);
        QCOMPARE(settings.theme(), ThemeChoice::Light);
        QCOMPARE(settings.geometry({QRect(0, 0, 1920, 1080)}),
                 std::optional(QRect(10, 20, 800, 600)));
        QVERIFY(settings.isMaximized());
        QCOMPARE(settings.splitter("main"), QByteArray("state"));
    }
    void aGeometryOffEveryScreenIsNotRestored() {
        Settings settings = Settings::inFile(dir_.filePath("b.ini"));
        settings.setGeometry(QRect(3000, 20, 800, 600), false);
        QVERIFY(!settings.geometry({QRect(0, 0, 1920, 1080)}));
        QVERIFY(settings.geometry({QRect(0, 0, 1920, 1080), QRect(1920, 0, 1920, 1080)}));
    }
    void pinsAreKeptForTheFleetThatTheyBelongTo() {
        const QString path = dir_.filePath("c.ini");
        const QStringList fleet{"b:7400", "a:7400"};
        {
            Settings settings = Settings::inFile(path);
            settings.setPins(fleet, {{"payment", QPointF(1.5, -2)}, {"web", QPointF(3, 4)}});
        }
        Settings settings = Settings::inFile(path);
        QCOMPARE(settings.pins({"a:7400", "b:7400"}).value("payment"), QPointF(1.5, -2));
        QCOMPARE(settings.pins(fleet).size(), 2);
        QVERIFY(settings.pins({"a:7400"}).isEmpty());
        settings.setPins(fleet, {});
        QVERIFY(settings.pins(fleet).isEmpty());
    }
    void noMorePinsThanTheMostAreKept() {
        Settings settings = Settings::inFile(dir_.filePath("d.ini"));
        QMap<QString, QPointF> pins;
        for (qsizetype i = 0; i < Settings::kMostPins; ++i)
            pins.insert(QStringLiteral("n%1").arg(i), {});
        settings.setPins({"a"}, pins);
        QCOMPARE(settings.pins({"a"}).size(), Settings::kMostPins);
        pins.insert("one more", {});
        settings.setPins({"a"}, pins);
        QCOMPARE(settings.pins({"a"}).size(), Settings::kMostPins);
    }
    void transientSettingsForgetEverything() {
        Settings settings = Settings::transient();
        settings.setTheme(ThemeChoice::Light);
        QCOMPARE(settings.theme(), ThemeChoice::System);
    }

private:
    QTemporaryDir dir_;
};

LEVEE_TEST(SettingsTest)
#include "settings_test.moc"
