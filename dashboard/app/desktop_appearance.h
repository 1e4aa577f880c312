// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QString>
#include <QThread>

#include "dashboard/widgets/theme.h"

namespace levee {

/// Asks the desktop's settings portal for its colours (org.freedesktop.appearance: color-scheme,
/// contrast), now and whenever they change. All talk with the bus is on a thread of its own: a bus
/// that hangs costs the window nothing. Without a bus, or a portal, nothing is ever told. The
/// interface is for the GUI thread only.
class DesktopAppearance final : public QObject {
    Q_OBJECT
public:
    /// `address` "": the session bus of the environment.
    explicit DesktopAppearance(const QString& address = {}, QObject* parent = nullptr);
    ~DesktopAppearance() override;

signals:
    void changed(const levee::DesktopLook& look);

private:
    QThread* thread_;  ///< outlives this when the bus hangs at the end
};

}  // namespace levee
