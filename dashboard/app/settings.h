// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QRect>
#include <QSettings>
#include <QString>
#include <QStringList>
#include <memory>
#include <optional>

#include "dashboard/widgets/theme.h"

namespace levee {

/// What the window looked like, in $XDG_CONFIG_HOME/levee/dashboard.ini. Without a file (transient)
/// nothing is read or written. GUI thread only.
class Settings {
public:
    static Settings ofUser();
    static Settings inFile(const QString& path);
    static Settings transient() { return Settings(nullptr); }

    ThemeChoice theme() const;
    void setTheme(ThemeChoice choice);

    /// Of the window, only when it fits one of the screens; else nothing.
    std::optional<QRect> geometry(const QList<QRect>& screens) const;
    void setGeometry(const QRect& geometry, bool isMaximized);
    bool isMaximized() const;

    QByteArray splitter(const QString& name) const;
    void setSplitter(const QString& name, const QByteArray& state);
    void forgetLayout();

private:
    explicit Settings(std::unique_ptr<QSettings> store) : store_(std::move(store)) {}
    std::unique_ptr<QSettings> store_;
};

}  // namespace levee
