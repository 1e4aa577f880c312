// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/model/note_book.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QJsonDocument>
#include <QJsonObject>
#include <algorithm>

namespace levee {
namespace {

const QString kMillis = QStringLiteral("millis");
const QString kAuthor = QStringLiteral("author");
const QString kSubject = QStringLiteral("subject");
const QString kText = QStringLiteral("text");

QByteArray lineOf(const Note& note) {
    const QJsonObject object{{kMillis, static_cast<double>(note.millis)},
                             {kAuthor, QString::fromStdString(note.author)},
                             {kSubject, QString::fromStdString(note.subject)},
                             {kText, QString::fromStdString(note.text)}};
    return QJsonDocument(object).toJson(QJsonDocument::Compact) + '\n';
}

}  // namespace

NoteBook::NoteBook(QString path, QObject* parent) : QObject(parent), path_(std::move(path)) {
    if (!path_.isEmpty())
        load();
}

void NoteBook::load() {
    QFile file(path_);
    if (!file.open(QIODevice::ReadOnly))
        return;
    if (file.size() > kMostBytes) {
        file.seek(file.size() - kMostBytes);
        file.readLine();  // the end of a line that began before
    }
    while (!file.atEnd()) {
        const QByteArray line = file.readLine().trimmed();
        if (line.isEmpty())
            continue;
        const QJsonObject object = QJsonDocument::fromJson(line).object();
        const auto millis = static_cast<std::int64_t>(object.value(kMillis).toDouble());
        const QString text = object.value(kText).toString().left(kLongestText);
        if (millis <= 0 || text.isEmpty()) {
            ++unreadable_;
            continue;
        }
        keep({millis, object.value(kAuthor).toString().toStdString(),
              object.value(kSubject).toString().toStdString(), text.toStdString()});
    }
}

void NoteBook::keep(Note note) {
    const auto place = std::ranges::upper_bound(notes_, note.millis, {}, &Note::millis);
    notes_.insert(place, std::move(note));
    if (notes_.size() > kMost)
        notes_.erase(notes_.begin());
}

Status NoteBook::add(Note note) {
    const QString text = QString::fromStdString(note.text).trimmed().left(kLongestText);
    if (text.isEmpty())
        return Status::ok();
    note.text = text.toStdString();
    keep(note);
    emit changed();
    if (path_.isEmpty())
        return Status::ok();
    QDir().mkpath(QFileInfo(path_).path());
    QFile file(path_);
    const QByteArray line = lineOf(note);
    if (!file.open(QIODevice::WriteOnly | QIODevice::Append) || file.write(line) != line.size())
        return Error{"the note cannot be written to " + path_.toStdString() + ": " +
                     file.errorString().toStdString()};
    return Status::ok();
}

}  // namespace levee
