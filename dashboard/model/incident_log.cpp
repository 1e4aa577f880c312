// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/model/incident_log.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSaveFile>
#include <algorithm>

#include "dashboard/model/timeline_markdown.h"

namespace levee {
namespace {

constexpr std::int64_t kBeforeMillis = 10 * 60'000;
constexpr qint64 kMostBytes = 1 << 20;

struct IncidentText {
    Q_DECLARE_TR_FUNCTIONS(levee::IncidentLog)
};

std::string textOf(const QJsonObject& object, const char* key) {
    return object.value(QLatin1String(key))
        .toString()
        .left(IncidentLog::kLongestTitle)
        .toStdString();
}

std::int64_t millisOf(const QJsonObject& object, const char* key) {
    return static_cast<std::int64_t>(object.value(QLatin1String(key)).toDouble());
}

QString timeOf(std::int64_t millis) {
    return QDateTime::fromMSecsSinceEpoch(millis).toUTC().toString(
        QStringLiteral("yyyy-MM-dd HH:mm:ss 'UTC'"));
}

}  // namespace

IncidentLog::IncidentLog(QString path, QObject* parent) : QObject(parent), path_(std::move(path)) {
    if (!path_.isEmpty())
        load();
}

void IncidentLog::load() {
    QFile file(path_);
    if (!file.open(QIODevice::ReadOnly))
        return;
    const QJsonArray array = QJsonDocument::fromJson(file.read(kMostBytes)).array();
    for (const QJsonValue& value : array) {
        const QJsonObject object = value.toObject();
        Incident incident{textOf(object, "title"), textOf(object, "subject"),
                          textOf(object, "commander"), millisOf(object, "start"),
                          millisOf(object, "end")};
        if (incident.startMillis > 0 && incidents_.size() < kMost)
            incidents_.push_back(std::move(incident));
    }
}

Status IncidentLog::save() const {
    if (path_.isEmpty())
        return Status::ok();
    QJsonArray array;
    for (const Incident& each : incidents_)
        array.append(QJsonObject{{"title", QString::fromStdString(each.title)},
                                 {"subject", QString::fromStdString(each.subject)},
                                 {"commander", QString::fromStdString(each.commander)},
                                 {"start", static_cast<double>(each.startMillis)},
                                 {"end", static_cast<double>(each.endMillis)}});
    QDir().mkpath(QFileInfo(path_).path());
    QSaveFile file(path_);
    const bool isWritten = file.open(QIODevice::WriteOnly) &&
                           file.write(QJsonDocument(array).toJson()) >= 0 && file.commit();
    if (isWritten)
        return Status::ok();
    return Error{"the incident cannot be written to " + path_.toStdString() + ": " +
                 file.errorString().toStdString()};
}

const Incident* IncidentLog::current() const {
    return !incidents_.empty() && incidents_.back().endMillis == 0 ? &incidents_.back() : nullptr;
}

Status IncidentLog::open(Incident incident) {
    if (current())
        return Status::ok();
    incident.title = QString::fromStdString(incident.title).left(kLongestTitle).toStdString();
    incident.endMillis = 0;
    incidents_.push_back(std::move(incident));
    if (incidents_.size() > kMost)
        incidents_.erase(incidents_.begin());
    emit changed();
    return save();
}

Status IncidentLog::rename(const std::string& title) {
    if (!current() || title.empty())
        return Status::ok();
    incidents_.back().title = QString::fromStdString(title).left(kLongestTitle).toStdString();
    emit changed();
    return save();
}

Status IncidentLog::close(std::int64_t millis) {
    if (!current())
        return Status::ok();
    incidents_.back().endMillis = std::max(millis, incidents_.back().startMillis);
    emit changed();
    return save();
}

QString incidentMarkdown(const Incident& incident, const std::vector<TimelineEntry>& entries) {
    std::vector<TimelineEntry> told;
    for (const TimelineEntry& entry : entries) {
        const bool isIn = entry.millis >= incident.startMillis - kBeforeMillis &&
                          (incident.endMillis == 0 || entry.millis <= incident.endMillis);
        if (isIn)
            told.push_back(entry);
    }
    std::ranges::stable_sort(told, {}, &TimelineEntry::millis);
    const QString until =
        incident.endMillis > 0 ? timeOf(incident.endMillis) : IncidentText::tr("still open");
    QString text = QStringLiteral("# %1\n\n").arg(markdownEscaped(incident.title));
    const std::pair<QString, QString> facts[] = {
        {IncidentText::tr("Began"), timeOf(incident.startMillis)},
        {IncidentText::tr("Ended"), until},
        {IncidentText::tr("About"), markdownEscaped(incident.subject)},
        {IncidentText::tr("In command"), markdownEscaped(incident.commander)}};
    for (const auto& [name, value] : facts)
        if (!value.isEmpty())
            text += QStringLiteral("- %1: %2\n").arg(name, value);
    return text + QStringLiteral("\n## %1\n\n").arg(IncidentText::tr("Timeline")) +
           timelineMarkdown(told);
}

}  // namespace levee
