// SPDX-License-Identifier: GPL-3.0-or-later
// Against a real bus daemon of its own, on which the test plays the desktop's notifications.
#include "dashboard/app/desktop_notifier.h"

#include <QDBusConnection>
#include <QDBusMessage>
#include <QProcess>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>
#include <QVariantMap>

#include "tests/support/fake_notifications.h"
#include "tests/support/test_registry.h"

using namespace levee;

class DesktopNotifierTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() {
        if (!bus_.start())
            QSKIP("SKIP: there is no dbus-daemon");
    }
    void aNotificationIsShownAndItsClickComesBack() {
        test::FakeNotifications desktop(bus_.address());
        QVERIFY(desktop.isRegistered());
        DesktopNotifier notifier(bus_.address());
        QSignalSpy shown(&notifier, &DesktopNotifier::shown);
        QSignalSpy activated(&notifier, &DesktopNotifier::activated);
        // Until it knows what the desktop reads, it is plain text; this desktop reads markup.
        QTRY_COMPARE(desktop.capabilityCalls(), 1);
        notifier.show("a->b", "a → b", "opened: 1 < 2 & more", "What to do");
        QTRY_COMPARE(shown.size(), 1);
        QCOMPARE(desktop.last().title, QString("a → b"));
        QVERIFY(desktop.last().body.startsWith("opened: 1 "));
        QCOMPARE(desktop.last().actions,
                 (QStringList{"default", "What to do", "open", "What to do"}));
        desktop.click("open");
        QTRY_COMPARE(activated.size(), 1);
        QCOMPARE(activated[0][0].toString(), QString("a->b"));
        // The next takes the place of the last; a click on one that is gone is nobody's.
        const uint first = desktop.last().id;
        notifier.show("c", "c", "failing", "What to do");
        QTRY_COMPARE(shown.size(), 2);
        QCOMPARE(desktop.last().replaces, first);
        desktop.clickOther();
        desktop.click("default");
        QTRY_COMPARE(activated.size(), 2);
        QCOMPARE(activated[1][0].toString(), QString("c"));
    }
    void markupOfOthersIsShownAsText() {
        test::FakeNotifications desktop(bus_.address());
        DesktopNotifier notifier(bus_.address());
        QSignalSpy shown(&notifier, &DesktopNotifier::shown);
        QTRY_COMPARE(desktop.capabilityCalls(), 1);
        // The answer to the first call is in before that to the second.
        notifier.show("x", "x", "plain", "Open");
        QTRY_COMPARE(shown.size(), 1);
        notifier.show("x", "x", "<b>big</b>", "Open");
        QTRY_COMPARE(shown.size(), 2);
        QCOMPARE(desktop.last().body, QString("&lt;b&gt;big&lt;/b&gt;"));
    }
    void withoutADesktopNothingIsShownAndNothingHangs() {
        DesktopNotifier notifier(bus_.address());
        QSignalSpy shown(&notifier, &DesktopNotifier::shown);
        notifier.show("x", "x", "failing", "Open");
        QVERIFY(!shown.wait(200));
        DesktopNotifier nowhere("unix:path=/nonexistent/bus");
        nowhere.show("x", "x", "failing", "Open");
    }

private:
    test::PrivateBus bus_;
};

LEVEE_TEST(DesktopNotifierTest)
#include "desktop_notifier_test.moc"
