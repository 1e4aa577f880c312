// SPDX-License-Identifier: Apache-2.0
// A real keychain: GNOME's, on a bus and in a home of the test's own.
#include <QDBusConnectionInterface>
#include <QDirIterator>
#include <QTest>

#include "dashboard/app/token_keeper.h"
#include "tests/support/child_process.h"
#include "tests/support/fake_notifications.h"
#include "tests/support/test_registry.h"

using namespace levee;

namespace {

constexpr const char* kToken = "0123456789abcdef-first";
constexpr const char* kOther = "0123456789abcdef-second";

}  // namespace

class KeychainTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() {
        const QString program = QStandardPaths::findExecutable("gnome-keyring-daemon");
        if (program.isEmpty())
            QSKIP("SKIP: there is no gnome-keyring-daemon (Debian: gnome-keyring)");
        if (!bus_.start())
            QSKIP("SKIP: there is no dbus-daemon");
        qputenv("DBUS_SESSION_BUS_ADDRESS", bus_.address().toUtf8());
        for (const char* name : {"HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR", "XDG_CACHE_HOME"})
            qputenv(name, home_.path().toUtf8());
        for (const char* name : {"XDG_CURRENT_DESKTOP", "DESKTOP_SESSION", "KDE_FULL_SESSION"})
            qunsetenv(name);
        QVERIFY(keyring_.start(program.toStdString(),
                               {"--foreground", "--unlock", "--components=secrets"}));
        QVERIFY(keyring_.write("of the test"));
        keyring_.closeInput();
        QDBusConnection bus = QDBusConnection::connectToBus(bus_.address(), "keychain-test");
        QTRY_VERIFY_WITH_TIMEOUT(bus.interface()->isServiceRegistered("org.freedesktop.secrets"),
                                 10'000);
    }
    void aTokenIsKeptReadAndReplaced() {
        QVERIFY(keepToken("shop", kToken));
        QCOMPARE(readKeptToken("shop").value(), std::string(kToken));
        QVERIFY(keepToken("shop-eu", kOther));
        QCOMPARE(readKeptToken("shop").value(), std::string(kToken));
        QVERIFY(keepToken("shop", kOther));
        QCOMPARE(readKeptToken("shop").value(), std::string(kOther));
    }
    void oneThatWasNeverKeptIsAskedFor() {
        const auto token = readKeptToken("nobody");
        QVERIFY(!token);
        QVERIFY2(token.error().message.find("--store-token nobody") != std::string::npos,
                 token.error().message.c_str());
    }
    void noFileHasItInPlainText() {
        QVERIFY(keepToken("shop", kToken));
        int files = 0;
        for (QDirIterator it(home_.path(), QDir::Files | QDir::Hidden,
                             QDirIterator::Subdirectories);
             it.hasNext();) {
            QFile file(it.next());
            QVERIFY(file.open(QIODevice::ReadOnly));
            QVERIFY2(!file.readAll().contains(kToken), qPrintable(file.fileName()));
            files += file.fileName().endsWith(".keyring");
        }
        QVERIFY2(files > 0, "a keychain keeps things");
    }

private:
    QTemporaryDir home_;
    test::PrivateBus bus_;
    test::ChildProcess keyring_;
};

LEVEE_TEST(KeychainTest)
#include "keychain_test.moc"
