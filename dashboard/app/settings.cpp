// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/app/settings.h"

#include <QCryptographicHash>
#include <QDir>
#include <algorithm>

namespace levee {
namespace {

const QString kTheme = QStringLiteral("appearance/theme");
const QString kGeometry = QStringLiteral("window/geometry");
const QString kNotify = QStringLiteral("notifications/desktop");
const QString kMaximized = QStringLiteral("window/maximized");
const QString kLastView = QStringLiteral("window/view");
const QString kViews = QStringLiteral("views");
const QString kSideViews = QStringLiteral("windows");
const QString kName = QStringLiteral("name");
const QString kLink = QStringLiteral("link");
const QString kPlace = QStringLiteral("geometry");
constexpr int kMostSideViews = 8;
const QString kLayout = QStringLiteral("layout");

/// Addresses have slashes in them, which would be groups.
QString pinsKey(QStringList fleet) {
    fleet.sort();
    const QByteArray name = QCryptographicHash::hash(fleet.join(QLatin1Char('\n')).toUtf8(),
                                                     QCryptographicHash::Sha256);
    return QStringLiteral("pins/") + QString::fromLatin1(name.toHex().left(16));
}

}  // namespace

Settings Settings::ofUser() {
    return Settings(std::make_unique<QSettings>(QSettings::IniFormat, QSettings::UserScope,
                                                QStringLiteral("levee"),
                                                QStringLiteral("dashboard")));
}

Settings Settings::inFile(const QString& path) {
    return Settings(std::make_unique<QSettings>(path, QSettings::IniFormat));
}

QString Settings::stateFile(const QString& name) {
    QString home = qEnvironmentVariable("XDG_STATE_HOME");
    if (home.isEmpty())
        home = QDir::homePath() + QStringLiteral("/.local/state");
    return home + QStringLiteral("/levee/") + name;
}

QString Settings::configFile(const QString& name) {
    QString home = qEnvironmentVariable("XDG_CONFIG_HOME");
    if (home.isEmpty())
        home = QDir::homePath() + QStringLiteral("/.config");
    return home + QStringLiteral("/levee/") + name;
}

ThemeChoice Settings::theme() const {
    const QString name = store_ ? store_->value(kTheme).toString() : QString();
    if (name == QLatin1String("dark"))
        return ThemeChoice::Dark;
    if (name == QLatin1String("contrast"))
        return ThemeChoice::HighContrast;
    return name == QLatin1String("light") ? ThemeChoice::Light : ThemeChoice::System;
}

void Settings::setTheme(ThemeChoice choice) {
    if (!store_)
        return;
    const char* name = choice == ThemeChoice::Dark           ? "dark"
                       : choice == ThemeChoice::Light        ? "light"
                       : choice == ThemeChoice::HighContrast ? "contrast"
                                                             : "system";
    store_->setValue(kTheme, QString::fromLatin1(name));
}

bool Settings::notifies() const {
    return !store_ || store_->value(kNotify, true).toBool();
}

void Settings::setNotifies(bool on) {
    if (store_)
        store_->setValue(kNotify, on);
}

std::optional<QRect> Settings::geometry(const QList<QRect>& screens) const {
    const QRect saved = store_ ? store_->value(kGeometry).toRect() : QRect();
    const bool fits =
        std::ranges::any_of(screens, [&](const QRect& screen) { return screen.contains(saved); });
    return saved.isValid() && fits ? std::optional(saved) : std::nullopt;
}

void Settings::setGeometry(const QRect& geometry, bool isMaximized) {
    if (!store_)
        return;
    store_->setValue(kGeometry, geometry);
    store_->setValue(kMaximized, isMaximized);
}

bool Settings::isMaximized() const {
    return store_ && store_->value(kMaximized).toBool();
}

QString Settings::lastView() const {
    return store_ ? store_->value(kLastView).toString() : QString();
}

void Settings::setLastView(const QString& link) {
    if (store_)
        store_->setValue(kLastView, link);
}

std::vector<SavedView> Settings::views() const {
    std::vector<SavedView> views;
    if (!store_)
        return views;
    const int count = store_->beginReadArray(kViews);
    for (int i = 0; i < count && i < static_cast<int>(SavedViews::kMostViews); ++i) {
        store_->setArrayIndex(i);
        views.push_back({store_->value(kName).toString(), store_->value(kLink).toString()});
    }
    store_->endArray();
    return views;
}

void Settings::setViews(const std::vector<SavedView>& views) {
    if (!store_)
        return;
    store_->remove(kViews);
    store_->beginWriteArray(kViews, static_cast<int>(views.size()));
    for (std::size_t i = 0; i < views.size(); ++i) {
        store_->setArrayIndex(static_cast<int>(i));
        store_->setValue(kName, views[i].name);
        store_->setValue(kLink, views[i].link);
    }
    store_->endArray();
}

std::vector<Settings::SideView> Settings::sideViews() const {
    std::vector<SideView> views;
    if (!store_)
        return views;
    const int count = store_->beginReadArray(kSideViews);
    for (int i = 0; i < count && i < kMostSideViews; ++i) {
        store_->setArrayIndex(i);
        views.push_back({store_->value(kLink).toString(), store_->value(kPlace).toRect()});
    }
    store_->endArray();
    return views;
}

void Settings::setSideViews(const std::vector<SideView>& views) {
    if (!store_)
        return;
    store_->remove(kSideViews);
    store_->beginWriteArray(kSideViews, static_cast<int>(views.size()));
    for (std::size_t i = 0; i < views.size(); ++i) {
        store_->setArrayIndex(static_cast<int>(i));
        store_->setValue(kLink, views[i].link);
        store_->setValue(kPlace, views[i].geometry);
    }
    store_->endArray();
}

QMap<QString, QPointF> Settings::pins(const QStringList& fleet) const {
    QMap<QString, QPointF> pins;
    if (!store_)
        return pins;
    const QVariantMap saved = store_->value(pinsKey(fleet)).toMap();
    for (auto it = saved.begin(); it != saved.end() && pins.size() < kMostPins; ++it)
        if (it->canConvert<QPointF>())
            pins.insert(it.key(), it->toPointF());
    return pins;
}

void Settings::setPins(const QStringList& fleet, const QMap<QString, QPointF>& pins) {
    if (!store_)
        return;
    QVariantMap saved;
    for (auto it = pins.begin(); it != pins.end() && saved.size() < kMostPins; ++it)
        saved.insert(it.key(), it.value());
    if (saved.isEmpty())
        store_->remove(pinsKey(fleet));
    else
        store_->setValue(pinsKey(fleet), saved);
}

QByteArray Settings::splitter(const QString& name) const {
    return store_ ? store_->value(kLayout + QLatin1Char('/') + name).toByteArray() : QByteArray();
}

void Settings::setSplitter(const QString& name, const QByteArray& state) {
    if (store_)
        store_->setValue(kLayout + QLatin1Char('/') + name, state);
}

void Settings::forgetLayout() {
    if (store_)
        store_->remove(kLayout);
}

}  // namespace levee
