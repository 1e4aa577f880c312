// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QString>
#include <cstdint>
#include <string>
#include <vector>

#include "shared/base/result.h"

namespace levee {

/// What a person wrote down in the middle of an incident.
struct Note {
    std::int64_t millis = 0;  ///< wall time
    std::string author;
    std::string subject;  ///< a service or an edge, or ""
    std::string text;

    bool operator==(const Note&) const = default;
};

/// The notes of this person, oldest first: one JSON object a line in a file that only grows, so
/// that a crash costs nothing that was written. GUI thread only.
class NoteBook final : public QObject {
    Q_OBJECT
public:
    static constexpr std::size_t kMost = 2'000;    ///< kept in memory and read at the start
    static constexpr int kLongestText = 2'000;     ///< characters; longer ones are cut
    static constexpr qint64 kMostBytes = 8 << 20;  ///< of the file's end that are read

    /// `path` "": notes live as long as the program. A line that cannot be read is passed over and
    /// counted.
    explicit NoteBook(QString path = {}, QObject* parent = nullptr);

    const std::vector<Note>& notes() const { return notes_; }
    int unreadable() const { return unreadable_; }
    /// Empty text is no note. An error when it cannot be written; it is kept in memory then.
    Status add(Note note);

signals:
    void changed();

private:
    void load();
    void keep(Note note);

    const QString path_;
    std::vector<Note> notes_;
    int unreadable_ = 0;
};

}  // namespace levee
