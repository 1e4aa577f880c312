// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QMap>
#include <QPointF>
#include <QRect>
#include <QSettings>
#include <QString>
#include <QStringList>
#include <memory>
#include <optional>
#include <vector>

#include "dashboard/model/saved_views.h"
#include "dashboard/widgets/theme.h"

namespace levee {

inline const QString kKeysFile = QStringLiteral("keys.yaml");

/// What the window looked like, in $XDG_CONFIG_HOME/levee/dashboard.ini. Without a file (transient)
/// nothing is read or written. GUI thread only.
class Settings {
public:
    static Settings ofUser();
    static Settings inFile(const QString& path);
    static Settings transient() { return Settings(nullptr); }

    bool isTransient() const { return !store_; }
    /// Of a file in $XDG_STATE_HOME/levee: what the person made, not how the window looks.
    static QString stateFile(const QString& name);
    /// Of a file in $XDG_CONFIG_HOME/levee: what the person wrote.
    static QString configFile(const QString& name);

    ThemeChoice theme() const;
    void setTheme(ThemeChoice choice);
    /// Whether alerts are told by the desktop too; true unless switched off.
    bool notifies() const;
    void setNotifies(bool on);

    /// Of the window, only when it fits one of the screens; else nothing.
    std::optional<QRect> geometry(const QList<QRect>& screens) const;
    void setGeometry(const QRect& geometry, bool isMaximized);
    bool isMaximized() const;

    /// What was looked at when the window was closed: a link.
    QString lastView() const;
    void setLastView(const QString& link);

    /// Saved views, by name.
    std::vector<SavedView> views() const;
    void setViews(const std::vector<SavedView>& views);
    /// The windows beside the first one that were open: what they show, and where they stood.
    struct SideView {
        QString link;
        QRect geometry;
        bool operator==(const SideView&) const = default;
    };
    std::vector<SideView> sideViews() const;
    void setSideViews(const std::vector<SideView>& views);

    /// Where a person put services on the map of this fleet: its agents' addresses. At most
    /// kMostPins are kept.
    static constexpr qsizetype kMostPins = 2'000;
    QMap<QString, QPointF> pins(const QStringList& fleet) const;
    void setPins(const QStringList& fleet, const QMap<QString, QPointF>& pins);
    QByteArray splitter(const QString& name) const;
    void setSplitter(const QString& name, const QByteArray& state);
    void forgetLayout();

private:
    explicit Settings(std::unique_ptr<QSettings> store) : store_(std::move(store)) {}
    std::unique_ptr<QSettings> store_;
};

}  // namespace levee
