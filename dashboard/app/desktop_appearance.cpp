// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/app/desktop_appearance.h"

#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QDBusVariant>
#include <atomic>

namespace levee {
namespace {

constexpr unsigned long kPatienceMillis = 500;
constexpr int kAnswerWithinMillis = 2'000;
const QString kService = QStringLiteral("org.freedesktop.portal.Desktop");
const QString kPath = QStringLiteral("/org/freedesktop/portal/desktop");
const QString kInterface = QStringLiteral("org.freedesktop.portal.Settings");
const QString kNamespace = QStringLiteral("org.freedesktop.appearance");
const QString kScheme = QStringLiteral("color-scheme");
const QString kContrast = QStringLiteral("contrast");

/// A portal wraps what it reads into a variant of its own.
QVariant unwrapped(QVariant value) {
    while (value.canConvert<QDBusVariant>())
        value = value.value<QDBusVariant>().variant();
    return value;
}

}  // namespace

/// Lives on the thread of its own.
class PortalReader final : public QObject {
    Q_OBJECT
public:
    explicit PortalReader(QString address) : address_(std::move(address)) {
        static std::atomic<int> count{0};
        name_ = QStringLiteral("levee-appearance-%1").arg(++count);
    }
    ~PortalReader() override { QDBusConnection::disconnectFromBus(name_); }

    void start() {
        QDBusConnection bus =
            address_.isEmpty() ? QDBusConnection::connectToBus(QDBusConnection::SessionBus, name_)
                               : QDBusConnection::connectToBus(address_, name_);
        if (!bus.isConnected())
            return;
        qRegisterMetaType<QDBusVariant>();  // or the slot's parameter is not known yet
        bus.connect(kService, kPath, kInterface, QStringLiteral("SettingChanged"), this,
                    SLOT(onChanged(QString, QString, QDBusVariant)));
        for (const QString& key : {kScheme, kContrast})
            read(bus, key);
    }

signals:
    void told(const levee::DesktopLook& look);

private slots:
    void onChanged(const QString& space, const QString& key, const QDBusVariant& value) {
        if (space == kNamespace)
            take(key, value.variant());
    }

private:
    void read(QDBusConnection& bus, const QString& key) {
        QDBusMessage call =
            QDBusMessage::createMethodCall(kService, kPath, kInterface, QStringLiteral("Read"));
        call << kNamespace << key;
        auto* watcher = new QDBusPendingCallWatcher(bus.asyncCall(call, kAnswerWithinMillis), this);
        connect(watcher, &QDBusPendingCallWatcher::finished, this, [this, key, watcher] {
            const QDBusPendingReply<QDBusVariant> reply = *watcher;
            if (!reply.isError())
                take(key, reply.value().variant());
            watcher->deleteLater();
        });
    }
    void take(const QString& key, const QVariant& value) {
        const uint number = unwrapped(value).toUInt();
        const DesktopLook before = look_;
        if (key == kScheme)  // 1: dark, 2: light, 0: no preference
            look_.isDark = number == 1   ? std::optional(true)
                           : number == 2 ? std::optional(false)
                                         : std::nullopt;
        else if (key == kContrast)
            look_.wantsContrast = number == 1;
        if (look_ != before)
            emit told(look_);
    }

    const QString address_;
    QString name_;
    DesktopLook look_;
};

DesktopAppearance::DesktopAppearance(const QString& address, QObject* parent)
    : QObject(parent), thread_(new QThread) {
    if (address.isEmpty() && !qEnvironmentVariableIsSet("DBUS_SESSION_BUS_ADDRESS"))
        return;
    qRegisterMetaType<DesktopLook>();
    auto* reader = new PortalReader(address);
    reader->moveToThread(thread_);
    connect(thread_, &QThread::started, reader, &PortalReader::start);
    connect(thread_, &QThread::finished, reader, &QObject::deleteLater);
    connect(reader, &PortalReader::told, this, &DesktopAppearance::changed);
    thread_->start();
}

DesktopAppearance::~DesktopAppearance() {
    thread_->quit();
    if (thread_->wait(kPatienceMillis))
        delete thread_;
}

}  // namespace levee

#include "desktop_appearance.moc"
