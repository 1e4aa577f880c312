// SPDX-License-Identifier: GPL-3.0-or-later
// Against a real bus daemon of its own, on which the test plays the portal.
#include "dashboard/app/desktop_appearance.h"

#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusVariant>
#include <QProcess>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

#include "tests/support/test_registry.h"

using namespace levee;

namespace {
const QString kPath = QStringLiteral("/org/freedesktop/portal/desktop");
const QString kInterface = QStringLiteral("org.freedesktop.portal.Settings");
const QString kName = QStringLiteral("the-portal");
}  // namespace

class FakePortal final : public QObject {
    Q_OBJECT
    Q_CLASSINFO("D-Bus Interface", "org.freedesktop.portal.Settings")
public:
    uint scheme = 2;
    uint contrast = 0;

public slots:
    QDBusVariant Read(const QString& space, const QString& key) {
        if (space != QLatin1String("org.freedesktop.appearance"))
            return QDBusVariant(0U);
        const uint value = key == QLatin1String("contrast") ? contrast : scheme;
        return QDBusVariant(QVariant::fromValue(QDBusVariant(value)));
    }
};

class DesktopAppearanceTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() {
        const QString daemon = QStandardPaths::findExecutable("dbus-daemon");
        if (daemon.isEmpty())
            QSKIP("SKIP: there is no dbus-daemon");
        bus_.start(daemon, {"--session", "--nofork", "--nopidfile", "--print-address",
                            "--address=unix:dir=" + dir_.path()});
        QVERIFY(bus_.waitForReadyRead(5'000));
        address_ = QString::fromLatin1(bus_.readLine()).trimmed();
        QVERIFY(!address_.isEmpty());
    }
    void cleanupTestCase() {
        QDBusConnection::disconnectFromBus(kName);
        bus_.kill();
        bus_.waitForFinished();
    }
    void thePortalsAnswerAndItsChangesAreTold() {
        FakePortal portal;
        QDBusConnection side = QDBusConnection::connectToBus(address_, kName);
        QVERIFY(side.isConnected());
        QVERIFY(side.registerObject(kPath, &portal, QDBusConnection::ExportAllSlots));
        QVERIFY(side.registerService("org.freedesktop.portal.Desktop"));
        DesktopAppearance appearance(address_);
        QSignalSpy told(&appearance, &DesktopAppearance::changed);
        QTRY_COMPARE(told.size(), 1);
        QCOMPARE(lookOf(told), (DesktopLook{false, false}));
        tell(side, "contrast", 1);
        QTRY_COMPARE(told.size(), 2);
        QCOMPARE(lookOf(told), (DesktopLook{false, true}));
        tell(side, "color-scheme", 1);
        QTRY_COMPARE(told.size(), 3);
        QCOMPARE(lookOf(told), (DesktopLook{true, true}));
        tell(side, "accent-color", 7);  // not ours
        tell(side, "color-scheme", 0);
        QTRY_COMPARE(told.size(), 4);
        QCOMPARE(lookOf(told), (DesktopLook{std::nullopt, true}));
        side.unregisterService("org.freedesktop.portal.Desktop");
    }
    void withoutAPortalNothingIsTold() {
        DesktopAppearance appearance(address_);
        QSignalSpy told(&appearance, &DesktopAppearance::changed);
        QVERIFY(!told.wait(200));
    }
    void withoutABusNothingIsTold() {
        DesktopAppearance appearance("unix:path=" + dir_.filePath("nobody"));
        QSignalSpy told(&appearance, &DesktopAppearance::changed);
        QVERIFY(!told.wait(200));
    }

private:
    static DesktopLook lookOf(const QSignalSpy& told) {
        return told.last()[0].value<DesktopLook>();
    }
    static void tell(QDBusConnection& side, const QString& key, uint value) {
        QDBusMessage signal = QDBusMessage::createSignal(kPath, kInterface, "SettingChanged");
        signal << "org.freedesktop.appearance" << key << QVariant::fromValue(QDBusVariant(value));
        QVERIFY(side.send(signal));
    }
    QTemporaryDir dir_;
    QProcess bus_;
    QString address_;
};

LEVEE_TEST(DesktopAppearanceTest)
#include "desktop_appearance_test.moc"
