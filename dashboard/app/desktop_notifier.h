// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QString>
#include <QThread>

namespace levee {

class NotificationCaller;

/// Notifications of the desktop, by org.freedesktop.Notifications on the session's bus. Without a
/// bus or a service on it nothing happens, and show() says nothing: the window tells the same by
/// itself. All talk with the bus has a thread of its own, so that a bus that hangs holds nothing
/// up. GUI thread only.
class DesktopNotifier final : public QObject {
    Q_OBJECT
public:
    /// `address`: of the bus; "": the session's.
    explicit DesktopNotifier(const QString& address = {}, QObject* parent = nullptr);
    ~DesktopNotifier() override;

    /// Plain texts. `token` comes back with activated(); a new one takes the place of the last.
    void show(const QString& token, const QString& title, const QString& body,
              const QString& action);

signals:
    /// Somebody has clicked the notification or its action.
    void activated(const QString& token);
    /// The desktop has taken it.
    void shown(const QString& token);
    void asked(const QString& token, const QString& title, const QString& body,
               const QString& action);

private:
    QThread* thread_;  ///< left to itself where the bus does not let it end
};

}  // namespace levee
