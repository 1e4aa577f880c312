// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/app/desktop_notifier.h"

#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QVariantMap>
#include <atomic>

namespace levee {
namespace {

constexpr unsigned long kPatienceMillis = 500;
constexpr int kAnswerWithinMillis = 2'000;
constexpr int kUntilSeen = 0;  ///< it does not go by itself
const QString kService = QStringLiteral("org.freedesktop.Notifications");
const QString kPath = QStringLiteral("/org/freedesktop/Notifications");
const QString kActionKey = QStringLiteral("open");
const QString kDefaultKey = QStringLiteral("default");

QDBusMessage methodCall(const QString& method) {
    return QDBusMessage::createMethodCall(kService, kPath, kService, method);
}

}  // namespace

/// Lives on the thread of its own.
class NotificationCaller final : public QObject {
    Q_OBJECT
public:
    explicit NotificationCaller(QString address) : address_(std::move(address)) {
        static std::atomic<int> count{0};
        name_ = QStringLiteral("levee-notifier-%1").arg(++count);
    }
    ~NotificationCaller() override { QDBusConnection::disconnectFromBus(name_); }

    void start() {
        QDBusConnection bus = connection();
        if (!bus.isConnected())
            return;
        bus.connect(kService, kPath, kService, QStringLiteral("ActionInvoked"), this,
                    SLOT(onAction(uint, QString)));
        auto* watcher = new QDBusPendingCallWatcher(
            bus.asyncCall(methodCall(QStringLiteral("GetCapabilities")), kAnswerWithinMillis),
            this);
        connect(watcher, &QDBusPendingCallWatcher::finished, this, [this, watcher] {
            const QDBusPendingReply<QStringList> reply = *watcher;
            if (!reply.isError())
                readsMarkup_ = reply.value().contains(QStringLiteral("body-markup"));
            watcher->deleteLater();
        });
    }

    void show(const QString& token, const QString& title, const QString& body,
              const QString& action) {
        QDBusConnection bus = connection();
        if (!bus.isConnected())
            return;
        QDBusMessage call = methodCall(QStringLiteral("Notify"));
        const QVariantMap hints{
            {QStringLiteral("urgency"), QVariant::fromValue<uchar>(2)},
            {QStringLiteral("desktop-entry"), QStringLiteral("levee-dashboard")}};
        call << QStringLiteral("Levee") << shown_ << QStringLiteral("levee-dashboard") << title
             << (readsMarkup_ ? body.toHtmlEscaped() : body)
             << QStringList{kDefaultKey, action, kActionKey, action} << hints << kUntilSeen;
        auto* watcher = new QDBusPendingCallWatcher(bus.asyncCall(call, kAnswerWithinMillis), this);
        connect(watcher, &QDBusPendingCallWatcher::finished, this, [this, watcher, token] {
            const QDBusPendingReply<uint> reply = *watcher;
            if (!reply.isError()) {
                shown_ = reply.value();
                token_ = token;
                emit taken(token);
            }
            watcher->deleteLater();
        });
    }

signals:
    void invoked(const QString& token);
    void taken(const QString& token);

private slots:
    void onAction(uint id, const QString& key) {
        if (id == shown_ && (key == kActionKey || key == kDefaultKey))
            emit invoked(token_);
    }

private:
    QDBusConnection connection() const {
        return address_.isEmpty()
                   ? QDBusConnection::connectToBus(QDBusConnection::SessionBus, name_)
                   : QDBusConnection::connectToBus(address_, name_);
    }

    const QString address_;
    QString name_;
    bool readsMarkup_ = false;
    uint shown_ = 0;  ///< the one that the next takes the place of
    QString token_;
};

DesktopNotifier::DesktopNotifier(const QString& address, QObject* parent)
    : QObject(parent), thread_(new QThread) {
    if (address.isEmpty() && !qEnvironmentVariableIsSet("DBUS_SESSION_BUS_ADDRESS"))
        return;
    auto* caller = new NotificationCaller(address);
    caller->moveToThread(thread_);
    connect(thread_, &QThread::started, caller, &NotificationCaller::start);
    connect(thread_, &QThread::finished, caller, &QObject::deleteLater);
    connect(this, &DesktopNotifier::asked, caller, &NotificationCaller::show);
    connect(caller, &NotificationCaller::invoked, this, &DesktopNotifier::activated);
    connect(caller, &NotificationCaller::taken, this, &DesktopNotifier::shown);
    thread_->start();
}

DesktopNotifier::~DesktopNotifier() {
    thread_->quit();
    if (thread_->wait(kPatienceMillis))
        delete thread_;
}

void DesktopNotifier::show(const QString& token, const QString& title, const QString& body,
                           const QString& action) {
    emit asked(token, title, body, action);
}

}  // namespace levee

#include "desktop_notifier.moc"
