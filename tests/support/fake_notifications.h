// SPDX-License-Identifier: Apache-2.0
// A desktop's notification service on a bus of the test's own: takes notifications and clicks them.
#pragma once

#include <QDBusConnection>
#include <QDBusMessage>
#include <QObject>
#include <QStandardPaths>
#include <QStringList>
#include <QTemporaryDir>
#include <QVariantMap>

#include "tests/support/child_process.h"

namespace levee::test {

/// A bus daemon that lives as long as this.
class PrivateBus {
public:
    /// False where there is no dbus-daemon.
    bool start() {
        const QString daemon = QStandardPaths::findExecutable(QStringLiteral("dbus-daemon"));
        if (daemon.isEmpty())
            return false;
        if (!process_.start(daemon.toStdString(),
                            {"--session", "--nofork", "--nopidfile", "--print-address",
                             "--address=unix:dir=" + dir_.path().toStdString()}))
            return false;
        address_ = QString::fromStdString(process_.readLine(std::chrono::seconds(5)));
        return !address_.isEmpty();
    }
    const QString& address() const { return address_; }

private:
    QTemporaryDir dir_;
    ChildProcess process_;
    QString address_;
};

struct ShownNotification {
    uint id = 0;
    uint replaces = 0;
    QString title;
    QString body;
    QStringList actions;
};

class FakeNotifications final : public QObject {
    Q_OBJECT
    Q_CLASSINFO("D-Bus Interface", "org.freedesktop.Notifications")
public:
    explicit FakeNotifications(const QString& address)
        : bus_(QDBusConnection::connectToBus(address, kName)) {
        isRegistered_ = bus_.isConnected() &&
                        bus_.registerObject(kPath, this, QDBusConnection::ExportAllSlots) &&
                        bus_.registerService(kInterface);
    }
    ~FakeNotifications() override {
        bus_.unregisterService(kInterface);
        bus_.unregisterObject(kPath);
        QDBusConnection::disconnectFromBus(kName);
    }

    bool isRegistered() const { return isRegistered_; }
    int count() const { return count_; }
    int capabilityCalls() const { return capabilityCalls_; }
    const ShownNotification& last() const { return last_; }
    void click(const QString& action) { tell(last_.id, action); }
    void clickOther() { tell(last_.id + 1'000, QStringLiteral("default")); }

public slots:
    QStringList GetCapabilities() {
        ++capabilityCalls_;
        return {QStringLiteral("actions"), QStringLiteral("body"), QStringLiteral("body-markup")};
    }
    uint Notify(const QString&, uint replaces, const QString&, const QString& title,
                const QString& body, const QStringList& actions, const QVariantMap&, int) {
        last_ = {replaces ? replaces : ++lastId_, replaces, title, body, actions};
        ++count_;
        return last_.id;
    }

private:
    void tell(uint id, const QString& action) {
        QDBusMessage signal =
            QDBusMessage::createSignal(kPath, kInterface, QStringLiteral("ActionInvoked"));
        signal << id << action;
        bus_.send(signal);
    }
    inline static const QString kName = QStringLiteral("the-desktop");
    inline static const QString kPath = QStringLiteral("/org/freedesktop/Notifications");
    inline static const QString kInterface = QStringLiteral("org.freedesktop.Notifications");

    QDBusConnection bus_;
    bool isRegistered_ = false;
    int count_ = 0;
    int capabilityCalls_ = 0;
    uint lastId_ = 0;
    ShownNotification last_;
};

}  // namespace levee::test
